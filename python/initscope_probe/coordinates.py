"""The coordinate check: rms of every activation, and of its change after a few steps, as src/engine/coordinates.ts."""

import math

import torch

from .capture import Capture
from .taps import WEIGHTED
from .training import Stopped, Training


class Coordinates(Training):
    """A few steps on one batch of the task, from every seed's draw."""

    def look(self, model):
        """Copies of every node's output on the batch, in the order of the graph."""
        seen = {}

        def keep(node, tensor, _sources, _owned):
            quantity = "preActivation" if node.layer.kind in WEIGHTED else "activation"
            with torch._C.DisableTorchFunction(), torch.no_grad():
                seen[node.id, node.layer.id, quantity] = tensor.detach().clone()

        capture = Capture(model, self.root.session.files, keep)
        values, _target = self.training[0]
        for feed, value in zip(self.root.feeds, values):
            if isinstance(value, torch.Tensor) and feed.fixed is None:
                value.__dict__.pop("_initscope", None)
                capture.add_input(feed.name, value)
        with torch.no_grad(), capture:
            model(*values)
        return seen

    def of_seed(self, seed, rate):
        """A CoordinateRun."""
        model = self._model(seed)
        before = self.look(model)
        parameters = [p for p in model.parameters() if p.requires_grad]
        optimizer = (torch.optim.Adam if self.adam else torch.optim.SGD)(parameters, lr=rate)
        losses = []
        while len(losses) < self.steps and all(map(math.isfinite, losses)):
            if self.cancelled():
                raise Stopped
            losses.append(self.step(model, optimizer, self.training[0]))
            self.on_step()
        after = self.look(model)
        finite = all(map(math.isfinite, losses))
        coordinates = []
        for (node, layer, quantity), value in before.items():
            other = after.get((node, layer, quantity))
            same = other is not None and other.shape == value.shape
            update = rms(other - value) if finite and same else math.nan
            coordinates.append(
                {"node": node, "layer": layer, "quantity": quantity, "rms": rms(value), "update": update}
            )
        return {"seed": seed, "coordinates": coordinates, "losses": losses}


def rms(tensor):
    """Root mean square over all entries."""
    return float(tensor.double().square().mean().sqrt()) if tensor.numel() else math.nan


def coordinates(session, request, progress, cancelled):
    """CoordinateRuns of every seed; None when cancelled."""
    root, seeds, done = session.models[request["model"]], request["seeds"], [0]
    if not hasattr(root, "find_feeds"):
        raise LookupError("a Keras model with a call of its own is not trained here yet")
    total = len(seeds) * request["steps"]

    def on_step():
        done[0] += 1
        progress(min(done[0], total), total)

    try:
        check = Coordinates(root, request, on_step, cancelled)
        return [check.of_seed(seed, request["rate"]) for seed in seeds]
    except Stopped:
        return None
