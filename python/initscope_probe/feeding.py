"""The inputs of a model: shapes from the caller, a call site, or trials; and batches of them."""

import torch

from . import hints as H
from . import inputs as I
from . import trials

TRIAL = 2


class Feed:
    """One input: its shape with a batch of 2 at `axis`, its dtype, and for ids the vocabulary. `fixed` values go in as they are."""

    def __init__(self, name, shape, dtype=torch.float32, vocabulary=None, fixed=None):
        self.name, self.shape, self.dtype, self.vocabulary, self.fixed = (
            name,
            tuple(shape),
            dtype,
            vocabulary,
            fixed,
        )
        self.axis = next((i for i, s in enumerate(self.shape[:2]) if s == TRIAL), None)
        # A square of the batch (an adjacency of the samples): the second axis grows with the first.
        self.square = False

    def make(self, batch, generator=None):
        """A batch: N(0,1), uniform ids, True, or the fixed value."""
        if self.fixed is not None:
            return self.fixed(batch)
        shape = list(self.shape)
        if self.axis is not None:
            shape[self.axis] = batch
        if self.square:
            shape[1] = batch
        if self.dtype in (torch.long, torch.int32):
            return torch.randint(0, max(1, int(self.vocabulary or 2)), shape, generator=generator).to(
                self.dtype
            )
        if self.dtype == torch.bool:
            return torch.ones(shape, dtype=torch.bool)
        return torch.randn(shape, generator=generator, dtype=torch.float32).to(self.dtype)

    def spec(self, node, assumed):
        """The InputSpec; the batch stands first."""
        rest = [s for i, s in enumerate(self.shape) if i != self.axis]
        result = {"node": node, "name": self.name, "shape": [None, *rest], "values": "real"}
        if self.dtype in (torch.long, torch.int32):
            result.update(values="ids", vocabulary=int(self.vocabulary or 2))
        if assumed:
            result["assumed"] = assumed
        return result


def _feed(name, spec):
    if spec == "None":
        return Feed(name, (), fixed=lambda _batch: None)
    if spec[0] in ("tuple", "tuple2"):
        layers_first = tuple(spec[1])
        axis = 1 if spec[0] == "tuple" else 0

        def states(batch):
            shape = list(layers_first)
            shape[axis] = batch
            return (torch.zeros(shape), torch.zeros(shape))

        return Feed(name, (), fixed=states)
    shape, dtype, top = spec
    if top == "len":
        return Feed(name, (), fixed=lambda batch: torch.full([batch, *shape[1:]], 8))
    return Feed(name, shape, dtype, top)


def given_feeds(model, shapes):
    """Feeds of the caller's shapes (without the batch), by parameter name or '' for the first; None when none are given."""
    if not shapes:
        return None
    required, variable = I.params(model)
    names = [p.name for p in required] or [p.name for p in variable] or ["input"]
    tables = [m for m in model.modules() if isinstance(m, torch.nn.Embedding)]
    first = I.first_layers(model)
    real = _precision(model)
    feeds = []
    for i, name in enumerate(names):
        shape = shapes.get(name, shapes.get("") if i == 0 else None)
        if shape is None:
            return None
        ids = bool(first) and isinstance(first[0], torch.nn.Embedding)
        top = min((t.num_embeddings for t in tables), default=None)
        feeds.append(Feed(name, (TRIAL, *shape), torch.long if ids else real, top))
    return feeds


def site_feeds(model, values):
    """Feeds from the tensors that the file itself passes to the model."""
    required, variable = I.params(model)
    names = [p.name for p in required + variable] + [f"input{i}" for i in range(9)]
    tables = [m.num_embeddings for m in model.modules() if isinstance(m, torch.nn.Embedding)]
    feeds = []
    for name, value in zip(names, values):
        if not isinstance(value, torch.Tensor):
            feeds.append(Feed(name, (), fixed=lambda _batch, v=value: v))
            continue
        shape = (TRIAL, *value.shape[1:]) if value.dim() else ()
        top = max(
            [
                int(value.max()) + 1 if value.numel() and not value.is_floating_point() else 0,
                min(tables, default=0),
            ]
        )
        feeds.append(Feed(name, shape, value.dtype, top))
    return feeds


def found_feeds(model, loader, budget):
    """Feeds by hints and trials: (feeds, one line how). Raises LookupError with the most telling failure."""

    def evaluate(node):
        import ast

        return eval(compile(ast.Expression(node), "<hint>", "eval"), dict(loader.ns))

    written = H.file_hints(loader.src, loader.tree, evaluate)
    found, names, how = trials.infer(model, written, budget)
    specs = trials.settle(model, [_of_dtype(spec, model) for spec in found])
    feeds = [_feed(n, s) for n, s in zip(names + [f"input{i}" for i in range(9)], specs)]
    return squared(model, feeds), how


def _of_dtype(spec, model):
    """A spec of real numbers in the precision of the model's parameters."""
    if isinstance(spec, tuple) and len(spec) == 3 and spec[1] == torch.float32:
        return (spec[0], _precision(model), spec[2])
    return spec


def _precision(model):
    return next((p.dtype for p in model.parameters() if p.is_floating_point()), torch.float32)


def squared(model, feeds):
    """The feeds, those whose second axis must be the batch too marked so: where three samples pass only then."""
    candidates = [feed for feed in feeds if feed.shape == (TRIAL, TRIAL) and feed.axis == 0]
    if len(feeds) < 2 or not candidates or _passes(model, feeds):
        return feeds
    for feed in candidates:
        feed.square = True
    if not _passes(model, feeds):
        for feed in candidates:
            feed.square = False
    return feeds


def _passes(model, feeds):
    try:
        with torch.no_grad():
            model(*[feed.make(TRIAL + 1) for feed in feeds])
    except Exception:
        return False
    return True
