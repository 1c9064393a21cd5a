"""Short trainings of a PyTorch model on a seeded task, as src/engine/probe.ts makes them for the models it runs itself."""

import copy
import math

import torch

from . import losses
from .heads import pick_output
from .loss_forms import FORMS

TRAINING, HELD_OUT, HIDDEN = 16, 4, 16


class Stopped(Exception):
    """The caller does not want it any more."""


class Solution:
    """A trained model: its run as a plain dict, its state, and its outputs on the held-out samples."""

    def __init__(self, run, model, outputs):
        self.run, self.model, self.outputs = run, model, outputs
        self.weights = [p.detach().clone() for p in model.parameters() if p.requires_grad]


class Training:
    """Trains one starting point (`laws`) with one optimizer. The task, y = A·tanh(B·x), is the same for every start and seed."""

    def __init__(self, root, request, on_step, cancelled):
        self.root, self.batch, self.steps = root, request["batch"], request["steps"]
        # Numbers that trainings give must not hang on what the session measured before.
        torch.set_num_threads(root.threads(self.batch))
        self.laws = root.laws(request.get("laws") or [])
        self.adam, self.on_step, self.cancelled = request["optimizer"] == "adam", on_step, cancelled
        loss = request.get("loss") or root.loss
        self.form, self.from_logits = FORMS[loss["id"]], loss["fromLogits"]
        generator = torch.Generator().manual_seed(12345)
        inputs = [
            [feed.make(self.batch, generator) for feed in root.feeds] for _ in range(TRAINING + HELD_OUT)
        ]
        model = self._model(1)
        with torch.no_grad():
            z = self._logits(model, inputs[0])
        teacher = Teacher(self.form, inputs[0], z.shape, generator)
        batches = [(values, teacher.targets(values)) for values in inputs]
        self.training, self.held_out = batches[:TRAINING], batches[TRAINING:]

    def _model(self, seed):
        model = self.root.drawn(seed, self.laws)
        for module in model.modules():
            if "Dropout" in type(module).__name__ and hasattr(module, "p"):
                module.p = 0.0
            if isinstance(getattr(module, "dropout", None), float):
                module.dropout = 0.0
        return model

    def _logits(self, model, values):
        with self.root.session.device_mode:
            tensor, _name = pick_output(model(*values))
        z = losses.as_logits(tensor, self.form, self.from_logits, self.root.output_axis)
        return z.float() if z.dim() else z.reshape(1, 1)

    def _loss(self, model, batch):
        values, target = batch
        z = self._logits(model, values)
        return losses.loss_sum(self.form, z, target) / self.batch, z

    def evaluate(self, model):
        """Mean loss over the held-out samples, and the outputs."""
        with torch.no_grad():
            found = [self._loss(model, batch) for batch in self.held_out]
        return sum(float(loss) for loss, _z in found) / len(found), torch.cat([z for _loss, z in found])

    def step(self, model, optimizer, batch):
        """One step on a batch; the loss before it. Where that is not finite nothing is moved."""
        optimizer.zero_grad(set_to_none=True)
        loss, _z = self._loss(model, batch)
        value = float(loss.detach())
        if math.isfinite(value):
            loss._initscope_backward()
            optimizer.step()
        return value

    def train(self, seed, rate):
        """One training from a seed's draw."""
        model = self._model(seed)
        parameters = [p for p in model.parameters() if p.requires_grad]
        optimizer = (torch.optim.Adam if self.adam else torch.optim.SGD)(parameters, lr=rate)
        order = torch.randint(0, TRAINING, (self.steps,), generator=torch.Generator().manual_seed(seed))
        values = []
        for index in order.tolist():
            if self.cancelled():
                raise Stopped
            values.append(self.step(model, optimizer, self.training[index]))
            self.on_step()
            if not math.isfinite(values[-1]):
                break
        held_out, outputs = self.evaluate(model)
        run = {"seed": seed, "rate": rate, "losses": values, "heldOut": held_out}
        return Solution(run, model, outputs)

    def run(self, rates, seeds):
        """ProbeRuns: every rate on the first seed, the best of them on all."""
        tried = [self.train(seeds[0], rate) for rate in rates]
        best = min(tried, key=lambda s: s.run["heldOut"] if math.isfinite(s.run["heldOut"]) else math.inf)
        solutions = [best] + [self.train(seed, best.run["rate"]) for seed in seeds[1:]]
        return {
            "rate": best.run["rate"],
            "tried": [s.run for s in tried],
            "runs": [s.run for s in solutions],
            "pairs": [self._pair(best, other) for other in solutions[1:]],
            "uninformed": losses.uninformed(self.form, torch.cat([t for _v, t in self.held_out])),
        }

    def _pair(self, one, other):
        """A SolutionPair."""
        if self.form == "softmax":
            apart = float((one.outputs.argmax(-1) != other.outputs.argmax(-1)).float().mean())
        elif self.form == "sigmoid":
            apart = float(((one.outputs > 0) != (other.outputs > 0)).float().mean())
        else:
            mean = (one.outputs.square().mean() + other.outputs.square().mean()) / 2
            apart = float(((one.outputs - other.outputs).square().mean() / mean.clamp_min(1e-30)).sqrt())
        squares = lambda tensors: sum(float(t.double().square().sum()) for t in tensors)
        norms = squares(one.weights) + squares(other.weights)
        between = squares([a - b for a, b in zip(one.weights, other.weights)])
        return {
            "seeds": [one.run["seed"], other.run["seed"]],
            "disagreement": apart,
            "distance": math.sqrt(between / (norms / 2)) if norms > 0 else 0.0,
            "barrier": self._barrier(one, other),
        }

    def _barrier(self, one, other):
        model = copy.deepcopy(one.model)
        parameters = [p for p in model.parameters() if p.requires_grad]
        highest = 0.0
        middle = (one.run["heldOut"] + other.run["heldOut"]) / 2
        for share in (0.25, 0.5, 0.75):
            with torch.no_grad():
                for parameter, a, b in zip(parameters, one.weights, other.weights):
                    parameter.copy_((1 - share) * a + share * b)
            highest = max(highest, self.evaluate(model)[0] - middle)
        return highest


class Teacher:
    """A fixed random function of the inputs in the shape of the logits (src/engine/teacher.ts)."""

    def __init__(self, form, values, shape, generator):
        self.form, self.shape = form, tuple(shape[1:])
        width = self._features(values).shape[1]
        self.b = torch.randn(width, HIDDEN, generator=generator) * (2 / math.sqrt(width))
        self.a = torch.randn(HIDDEN, math.prod(self.shape), generator=generator) * (2 / math.sqrt(HIDDEN))

    def _features(self, values):
        rows = []
        for value in values:
            if not isinstance(value, torch.Tensor) or value.dim() == 0:
                continue
            flat = value.reshape(value.shape[0], -1).float()
            rows.append(flat if value.is_floating_point() else torch.sign(torch.sin(flat * 12.9898 + 0.5)))
        rows = [row for row in rows if row.shape[0] == rows[0].shape[0]]
        return torch.cat(rows, 1)

    def targets(self, values):
        """Classes, 0/1, or values of mean square near 1."""
        y = torch.tanh(self._features(values) @ self.b) @ self.a
        if y.numel() % max(1, math.prod(self.shape)):
            raise LookupError("the output does not keep the batch")
        y = y.reshape(-1, *self.shape)
        if self.form == "softmax":
            return y.argmax(-1)
        return (y > 0).float() if self.form == "sigmoid" else y
