"""The graph that a watched pass leaves: layers, calls of them, and what each tensor is of it."""

import torch


class Ref:
    """What a tensor is: output `output` of node `node`; `axis` is the axis of its units."""

    __slots__ = ("node", "output", "axis")

    def __init__(self, node, output, axis):
        self.node, self.output, self.axis = node, output, axis


class Layer:
    """A layer of the graph: what it is, its weights, the module that runs it and where a function call stands."""

    def __init__(self, id, kind, class_name, module):
        self.id, self.kind, self.class_name, self.module = id, kind, class_name, module
        self.config, self.weights, self.frames, self.activation, self.calls = {}, [], [], None, 0


class Node:
    """A call of a layer. `axis` is the axis of the units of its output."""

    __slots__ = ("id", "layer", "inputs", "shapes", "axis")

    def __init__(self, id, layer, inputs, shapes, axis):
        self.id, self.layer, self.inputs, self.shapes, self.axis = id, layer, inputs, shapes, axis


class Part:
    """
    A tensor inside a layer that is tapped besides its output: a TapStats quantity and name (src/model/measurement.ts). `batch` is its axis
    of samples, units stand last; `activation` says what is flat in it. `given` is what went in and the bias that was added.
    """

    __slots__ = ("quantity", "name", "tensor", "batch", "activation", "given")

    def __init__(self, quantity, name, tensor, batch=0, activation=None, given=None):
        self.quantity, self.name, self.tensor, self.batch = quantity, name, tensor, batch
        self.activation, self.given = activation, given


def ref_of(value):
    """The Ref of a tensor, if it has one."""
    return getattr(value, "_initscope", None) if isinstance(value, torch.Tensor) else None


def tensors_in(value, depth=0):
    """The tensors of nested tuples, lists and dicts (packed sequences too)."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)) and depth < 4:
        for item in value:
            yield from tensors_in(item, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        for item in value.values():
            yield from tensors_in(item, depth + 1)


def axis_after(name, args, axis, before, tensor):
    """The axis of the units after a reshaping of a tensor of shape `before`."""
    rank = len(before) if before else 0
    if (
        name in ("transpose", "swapaxes", "swapdims")
        and len(args) == 3
        and all(isinstance(a, int) for a in args[1:])
    ):
        a, b = (i % rank for i in args[1:])
        at = axis % rank
        return b if at == a else a if at == b else at
    if name == "permute":
        order = args[1] if len(args) == 2 and isinstance(args[1], (tuple, list)) else args[1:]
        if len(order) == rank and all(isinstance(i, int) for i in order):
            return [i % rank for i in order].index(axis % rank)
    if (
        axis % max(1, rank) == 1
        and tensor.dim() > 2
        and tensor.dim() >= rank
        and tensor.shape[1] == before[1]
    ):
        return 1
    if tensor.dim() == rank and axis % rank < rank and tensor.shape == before:
        return axis
    return -1
