"""Statistics of every node of a pass and of its gradient, as TapStats."""

import torch

from . import operations as ops
from . import statistics as S
from .unit_statistics import tap_stats

WEIGHTED = {"dense", "conv", "convTranspose"}


class Taps:
    """Collects while a Capture runs: give `record` as its `on_node`, `part` as its `on_part`."""

    def __init__(self, batch):
        self.batch = batch
        self.entries = []
        self.rms = {}

    def input(self, node, tensor):
        """Taps an input of real numbers."""
        if tensor.is_floating_point():
            stats = S.tensor_stats(tensor)
            self.rms[node] = stats["rms"]
            self.entries.append({"node": node, "layer": node, "quantity": "activation", "value": stats})

    def record(self, node, tensor, sources, _owned):
        """Reads a node's output now and its gradient when it comes back. No function mode sees what is computed for it."""
        with torch._C.DisableTorchFunction(), torch.no_grad():
            entries = self._entries(node, tensor)
        self.entries.extend(entries)
        if tensor.requires_grad:
            tensor.register_hook(lambda gradient: self._gradient(entries, gradient))

    def _entries(self, node, tensor):
        layer = node.layer
        activation = layer.activation["id"] if layer.activation else None
        entry = {"node": node.id, "layer": layer.id}
        if tensor.dim() < 2 or tensor.numel() == 0:
            entry["value"] = S.tensor_stats(tensor)
        else:
            axis = node.axis if -tensor.dim() <= node.axis < tensor.dim() else -1
            flat = ops.FLAT.get(activation)
            entry["value"], entry["units"] = tap_stats(tensor, axis, activation in ops.RECTIFIERS, flat)
            if activation == "softmax":
                entry["units"]["saturated"] = float((tensor.detach().amax(-1) > 0.97).float().mean())
        self.rms[node.id] = entry["value"]["rms"]
        before = node.inputs[0]["node"] if node.inputs else None
        entries = [dict(entry, quantity="activation")]
        if layer.kind in WEIGHTED:
            pre = dict(entry, quantity="preActivation")
            if self.rms.get(before) is not None:
                pre["inputRms"] = self.rms[before]
            bias = next((w for w in layer.weights if w.name == "bias"), None)
            if bias is not None:
                pre["biasMean"] = float(bias.parameter.detach().mean())
            entries.insert(0, pre)
        return entries

    def part(self, node, part):
        """Reads a tensor inside a node, and its gradient when it comes back."""
        with torch._C.DisableTorchFunction(), torch.no_grad():
            entry = self._part(node, part)
        self.entries.append(entry)
        if part.tensor.requires_grad:
            part.tensor.register_hook(lambda gradient: self._gradient([entry], gradient))

    def _part(self, node, part):
        entry = {"node": node.id, "layer": node.layer.id, "quantity": part.quantity}
        if part.name is not None:
            entry["name"] = part.name
        if part.tensor.dim() < 2 or part.tensor.numel() == 0:
            entry["value"] = S.tensor_stats(part.tensor)
        else:
            flat = ops.FLAT.get(part.activation["id"] if part.activation else None)
            entry["value"], entry["units"] = tap_stats(part.tensor.movedim(part.batch, 0), -1, False, flat)
        if part.given is not None:
            x, bias = part.given
            entry["inputRms"] = float(x.detach().float().square().mean().sqrt())
            if bias is not None:
                entry["biasMean"] = float(bias.detach().mean())
        return entry

    def steps(self, layers):
        """After the pass back: the first and the last step of every cell that the file itself calls step by step, named as a recurrence's are."""
        for layer in layers:
            if layer.kind != "opaque" or all(weight.part != "recurrent" for weight in layer.weights):
                continue
            calls = [e for e in self.entries if e["layer"] == layer.id and "gradient" in e]
            if len(calls) > 1:
                ends = zip(("first step", "last step"), (calls[0], calls[-1]))
                self.entries += [dict(call, name=name) for name, call in ends]

    def _gradient(self, entries, gradient):
        stats = S.tensor_stats(gradient)
        norm = S.gradient_norm(stats, self.batch)
        for entry in entries:
            entry.update(gradient=stats, gradientNorm=norm)
