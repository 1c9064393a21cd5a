"""Trial passes: real ones while they are few and small, then on fake tensors (no memory, no time)."""

import contextlib
import itertools
import re
import time

import torch
from torch import nn

from . import trial_inputs as T
from .failures import NotRun
from .inputs import first_layers, make, mk, params, second
from .limits import TooLong

# Importing fake tensors costs more than a few real passes of a small model.
SMALL = 2_000_000
REAL_TRIES = 8
# Combinations of further inputs that are tried with each first one.
MOST, MOST_IDS, MOST_RANK = 60, 20, 6
WANTS_IDS = re.compile("long, int, byte|scalar types: Long|dtype.*Long|Long, Int")
WANTS_RANK = re.compile(r"(?:not enough|too many) values to unpack \(expected (\d)")


def settle(model, specs):
    """one real forward; random ids that are out of range of some table are lowered"""
    for hi in (None, 2, 1):
        s2 = [
            s
            if (isinstance(s, str) or s[0] in ("tuple", "tuple2") or s[1] != torch.long or s[2] == "len")
            else (s[0], s[1], s[2] if hi is None else min(hi, s[2]))
            for s in specs
        ]
        try:
            with torch.no_grad():
                model(*[mk(s) for s in s2])
            return s2
        except IndexError:
            continue
    return specs


def infer(model, hints, budget):
    """Inputs that the model's forward takes: (specs, names, how). Raises NotRun with the most telling failure."""
    trials = Trials(model, budget)
    training = model.training
    model.train()
    try:
        specs, how = trials.search(hints)
    finally:
        model.train(training)
    return specs, trials.names, how


class Trials:
    """A search for inputs, candidate after candidate, until one passes or the time is over."""

    def __init__(self, model, budget):
        self.model, self.end = model, time.monotonic() + budget
        self.small = sum(p.numel() for p in model.parameters()) < SMALL
        self.dtype = next((p.dtype for p in model.parameters() if p.is_floating_point()), torch.float32)
        self.required, variable = params(model)
        self.names = [p.name for p in self.required] or [p.name for p in variable[:1]]
        self.layers = first_layers(model)
        self.tries, self.failures, self.weak = 0, [], None

    def search(self, hints):
        """The first inputs that pass, and how they were found; else those that run but lose the batch on the way."""
        if not self.names:
            raise NotRun("its forward takes no inputs")
        try:
            found = self._search(T.candidates(self.model, hints, self.layers))
        except TooLong as error:
            if self.weak is None:
                raise NotRun(f"its forward ran longer than {error.seconds:g} s", hangs=True) from None
            found = None
        if found is None and self.weak is not None:
            found = self.weak, "runs, but the batch does not survive"
        if found is None:
            first = type(self.layers[0]).__name__ if self.layers else None
            raise NotRun(
                f"{self.failures[0] if self.failures else 'no candidate'} [{self.tries} tries;"
                f" first layer {first}; forward({', '.join(self.names)})]"
            )
        return found

    def _search(self, candidates):
        found = self.first(candidates, MOST if len(self.required) <= 2 else 1)
        if found is None:
            found = self._joined()
        if found is None and any(map(WANTS_IDS.search, self.failures)) and not self._starts_with_ids():
            found = self.first(T.ids(self.model), MOST_IDS)
        ranks = [int(match[1]) for match in map(WANTS_RANK.search, self.failures) if match]
        if found is None and any(ranks):
            found = self.first(T.of_rank(next(filter(None, ranks)), self.layers), MOST_RANK)
        if found is None and len(self.required) == 1:
            found = self.first(T.sizes(self.layers), 1)
        if found is None and len(self.required) > 2:
            found = self.first(candidates, MOST)
        return found

    def _joined(self):
        """Inputs that are joined before a first matrix, which says how many values they have together; drawn alike, their shares change nothing."""
        first, count = (self.layers or [None])[0], len(self.required)
        if not isinstance(first, nn.Linear) or not 1 < count < first.in_features:
            return None
        specs = [((2, first.in_features - count + 1), torch.float32, None)]
        specs += [((2, 1), torch.float32, None)] * (count - 1)
        if not self.attempt(specs):
            return None
        return specs, f"joined to {first.in_features} values, whose shares are not known"

    def _starts_with_ids(self):
        return bool(self.layers) and isinstance(self.layers[0], nn.Embedding)

    def first(self, candidates, most):
        """The first of the candidates that the model takes, with at most so many combinations of further inputs each."""
        for *spec, how in candidates:
            spec = tuple(spec)
            rest = [second(p, spec, self.model) for p in self.required[1:]]
            for more in itertools.islice(itertools.product(*rest), most):
                if time.monotonic() > self.end:
                    return None
                if self.attempt([spec, *more]):
                    return [spec, *more], how
        return None

    def attempt(self, specs):
        """Whether the model takes these inputs and keeps their batch. What a forward stored on its modules is undone:
        fakes must not leak into the next pass."""
        restore = _restorer(self.model)
        try:
            try:
                return self._keeps_batch(specs, True)
            except Exception as error:
                self._failed(error)
                if not _of_fakes(error):
                    return False
            restore()
            try:
                return self._keeps_batch(specs, False)
            except Exception as error:
                self._failed(error)
                return False
        finally:
            restore()

    def _failed(self, error):
        if isinstance(error, TooLong):
            raise error
        self.failures.append(f"{type(error).__name__}: {error}"[:300])

    def _keeps_batch(self, specs, fake):
        kept = self._run(specs, fake)
        if not kept and self.weak is None:
            self.weak = specs
        return kept

    def _run(self, specs, fake):
        """One pass; whether its output has the batch among its first axes."""
        self.tries += 1
        mode = contextlib.nullcontext()
        if fake and not (self.small and self.tries <= REAL_TRIES):
            from torch._subclasses.fake_tensor import FakeTensorMode

            mode = FakeTensorMode(allow_non_fake_inputs=True)
        values = [self._value(spec) for spec in specs]
        with mode, torch.no_grad():
            output = self.model(*[_within(mode, value) for value in values])
        batch = values[0].shape[0] if isinstance(values[0], torch.Tensor) and values[0].dim() else None
        found = torch.utils._pytree.tree_flatten(output)[0]
        found = [each for each in found if isinstance(each, torch.Tensor) and each.dim()]
        return batch is None or not found or any(batch in each.shape[:2] for each in found)

    def _value(self, spec):
        """A value for a spec, real numbers in the precision of the model."""
        if isinstance(spec, str) or spec[0] in ("tuple", "tuple2") or spec[2] == "len":
            return mk(spec)
        return make((spec[0], self.dtype if spec[1] == torch.float32 else spec[1], spec[2]))


def _within(mode, value):
    """The value as a tensor of the mode of a pass."""
    if isinstance(mode, contextlib.nullcontext):
        return value
    if isinstance(value, tuple):
        return tuple(_within(mode, each) for each in value)
    return mode.from_tensor(value) if isinstance(value, torch.Tensor) else value


def _of_fakes(error):
    """Whether a pass failed because its tensors were fakes."""
    name, text = type(error).__name__, str(error)
    marks = ("Fake", "DataDependent", "DynamicOutput", "Unsupported")
    return any(mark in name for mark in marks) or "fake" in text.lower() or "numpy" in text


def _restorer(model):
    """What undoes everything that a forward stores on its modules."""
    kept = [
        (m, dict(m.__dict__), dict(m._buffers), dict(m._modules))
        for m in model.modules()
        if not isinstance(m, torch.jit.ScriptModule)
    ]

    def restore():
        for m, own, buffers, modules in kept:
            m.__dict__.clear()
            m.__dict__.update(own)
            m._buffers.clear()
            m._buffers.update(buffers)
            m._modules.clear()
            m._modules.update(modules)

    return restore
