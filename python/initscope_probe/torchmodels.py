"""Builds, reads and measures PyTorch models: every seed builds the model anew, so that custom initialization is honoured."""

import contextlib
import math
import os

import torch

from . import losses
from . import statistics as S
from .capture import Capture
from .failures import NotRun
from .feeding import found_feeds, given_feeds, site_feeds
from .heads import pick_output
from .laws import apply_laws
from .limits import Limit, TooLong
from .loss_forms import FORMS
from .modelspec import model_spec
from .taps import Taps
from .unit_statistics import distinct_share
from .whole import home, whole

# Multiplications of a forward pass from which more threads are worth it.
THREADED = 2e8
# How much longer than the time for trials the last of them may take.
TRIALS_OVER = 1.6


class TorchModel:
    """One root of a file: how it is built, fed and measured."""

    capture = Capture

    def __init__(self, session, candidate, name, id):
        self.session, self.candidate, self.name, self.id = session, candidate, name, id
        self.feeds, self.assumed, self.loss, self.paths = None, None, None, {}
        self.work, self.output_axis, self.was_read = 0, -1, False

    def build(self, seed):
        """The model for a seed, its modules named, in training mode. Who built and drew what is recorded until its spec is read."""
        session = self.session
        session.seed(seed)
        with session.device_mode, Limit(session.limits["build"]):
            with contextlib.nullcontext() if self.was_read else session.recorder:
                model = session.finder.build(self.candidate)
        model.train()
        if any(p.dtype in (torch.float16, torch.bfloat16) for p in model.parameters()):
            model = model.float()
        for name, module in model.named_modules():
            object.__setattr__(module, "_initscope_path", name)
        return model

    def drawn(self, seed, laws):
        """The model for a seed, parameters of these paths under other laws."""
        model = self.build(seed)
        apply_laws(model, laws, seed)
        return model

    def laws(self, asked):
        """Laws by path, of those that a caller gives by layer and weight."""
        keys = [((each["layer"], each["weight"]), each["law"]) for each in asked]
        return {self.paths[key]: law for key, law in keys if key in self.paths}

    def engine(self):
        """What measured it, for the Measurement."""
        return {"name": "PyTorch", "version": torch.__version__, "backend": "python", "kernels": "torch"}

    def find_feeds(self, shapes):
        """Decides the inputs, on a model that is let go of."""
        self.feed(self.drawn(1, {}), shapes)

    def feed(self, model, shapes):
        """Decides the inputs of a model: the caller's shapes, the file's own call, else trials."""
        feeds = given_feeds(model, shapes)
        if feeds is not None:
            self.feeds, self.assumed = feeds, None
            return
        site = None
        try:
            with Limit(10):
                site = self.session.finder.site_inputs(self.candidate)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
        if site is not None:
            values, line = site
            feeds = site_feeds(model, values)
            if self._runs(model, feeds):
                self.feeds, self.assumed = feeds, f"input shape as in the call on line {line}"
                return
        with Limit(self.session.limits["trials"] * TRIALS_OVER):
            self.feeds, how = found_feeds(model, self.session.loader, self.session.limits["trials"])
        shown = ", ".join(f"{f.name} {tuple(f.shape[1:])}" for f in self.feeds if f.fixed is None)
        self.assumed = f"input {shown}: {how}"

    def _runs(self, model, feeds):
        try:
            with Limit(20), torch.no_grad():
                model(*[f.make(2) for f in feeds])
            return True
        except TooLong as error:
            raise NotRun(f"its forward ran longer than {error.seconds:g} s", hangs=True) from None
        except Exception:
            return False

    def _forward(self, model, batch, on_node, taps=None, generator=None):
        part = taps.part if taps is not None else None
        capture = self.capture(model, self.session.files, on_node, part)
        values = [feed.make(batch, generator) for feed in self.feeds]
        for feed, value in zip(self.feeds, values):
            if isinstance(value, torch.Tensor) and feed.fixed is None:
                capture.add_input(feed.name, value)
                if taps is not None:
                    taps.input(capture.nodes[-1].id, value)
        with capture:
            output = model(*values)
        return capture, output

    def spec(self, model, facts):
        """The ModelSpec, from one pass over two samples."""
        with torch.no_grad(), Limit(self.session.limits["pass"]):
            capture, output = self._forward(model, 2, None)
            inputs = [
                feed.spec(node.id, self.assumed)
                for feed, node in zip(
                    [f for f in self.feeds if f.fixed is None],
                    [n for n in capture.nodes if n.layer.kind == "input"],
                )
            ]
            spec = model_spec(
                model, self.name, capture, inputs, output, self.session.recorder, self.session.files, facts
            )
        for layer in capture.layers.values():
            self.paths.update({(layer.id, w.name): w.path for w in layer.weights if w.path})
        self.output_axis = axis_of(pick_output(output)[0])
        self.work = sum(
            math.prod(s for s in shape if s) * max([w.effective[0] for w in node.layer.weights] or [1])
            for node in capture.nodes
            for shape in node.shapes
        )
        self.loss = spec["outputs"][0]["loss"] if spec["outputs"] else None
        self.was_read = True
        return spec

    def measure(self, seed, batch, laws, loss, name=None):
        """A SeedMeasurement, and what could not be measured."""
        torch.set_num_threads(self.threads(batch))
        model = self.drawn(seed, self.laws(laws))
        generator = torch.Generator().manual_seed(seed * 7919 + 1)
        taps = Taps(batch)
        stats, left = [], []
        with Limit(self.session.limits["pass"]):
            capture, output = self._forward(model, batch, taps.record, taps, generator)
            tensor, picked = pick_output(output)
            if tensor is not None and tensor.requires_grad:
                stats = [self._backward(tensor, name or picked, loss or self.loss, generator)]
        taps.steps(capture.layers.values())
        weights = self.weights(capture)
        return {"seed": seed, "taps": taps.entries, "weights": weights, "losses": stats}, left

    def weights(self, capture):
        """WeightStats of every weight."""
        return [weight_stats(layer, weight) for layer in capture.layers.values() for weight in layer.weights]

    def threads(self, batch):
        """One thread where a pass is so small that starting others takes longer than it."""
        many = max(1, (os.cpu_count() or 1) // self.session.ranks)
        return many if self.work * batch > THREADED else 1

    def _backward(self, tensor, name, loss, generator):
        form = FORMS[loss["id"]]
        z = losses.as_logits(tensor, form, loss["fromLogits"], axis_of(tensor))
        if z.dim() == 0:
            tensor._initscope_backward()
            return losses.loss_stats(name, loss["id"], "squared", z.reshape(1, 1))
        target = losses.targets(form, z, generator)
        total = losses.loss_sum(form, z.float(), target)
        total._initscope_backward()
        return losses.loss_stats(name, loss["id"], form, z)


def axis_of(tensor):
    """The axis of the units of a captured tensor."""
    ref = getattr(tensor, "_initscope", None)
    return ref.axis if ref is not None else -1


def weight_stats(layer, weight, wanted=True):
    """WeightStats of one parameter as drawn, and of its gradient; None where they are not wanted here, but gathered for another rank."""
    parameter = home(weight.parameter)
    value = whole(parameter)
    gradient = None if parameter.grad is None else whole(parameter.grad)
    if not wanted:
        return None
    result = {
        "layer": layer.id,
        "weight": weight.name,
        "value": S.tensor_stats(value),
        "distinctUnits": distinct_share(value, weight.axis),
        "fingerprint": S.fingerprint(value),
    }
    if gradient is not None:
        result["gradient"] = S.tensor_stats(gradient)
    return result
