"""
Recurrent layers of PyTorch, taken apart: every layer and direction of an nn.LSTM, nn.GRU or nn.RNN is a layer of the graph, run by PyTorch's own
operation with the module's own weights, so that values and gradients are those of the whole.

What is tapped stands where src/engine/layers/recurrence.ts taps: x·W + b of all steps, the states after the first and the last step, the gates.
Not observed: the gradient at x·W + b above WIDEST units of gates, first and last step of packed sequences.
"""

import torch
from torch.nn import functional as F

from . import operations as ops
from . import weights as W
from .graph import Part, Ref, ref_of

GATES = {"lstm": ("input", "forget", None, "output"), "gru": ("reset", "update", None)}
# x·W + b goes into PyTorch's operation by way of an identity matrix of this many rows at most.
WIDEST = 2048


class Call:
    """The arguments of torch.lstm, gru, rnn_tanh or rnn_relu, for padded sequences or packed ones; None of `of` when they are others."""

    @classmethod
    def of(cls, func, name, args, kwargs):
        """The call; None where it is not of the form that torch.nn's modules use."""
        if (
            kwargs
            or len(args) != 9
            or not isinstance(args[3 if isinstance(args[3], (list, tuple)) else 2], (list, tuple))
        ):
            return None
        return cls(func, name, args)

    def __init__(self, func, name, args):
        self.func, self.name = func, name
        packed = isinstance(args[3], (list, tuple))
        self.data, self.sizes = args[0], args[1].tolist() if packed else None
        self.sizes_tensor = args[1] if packed else None
        hx, weights, self.has_biases, self.layers = args[2:6] if packed else args[1:5]
        self.train, self.both = (args[7], args[8]) if packed else (args[6], args[7])
        self.batch_first = False if packed else args[8]
        self.states = list(hx) if isinstance(hx, (list, tuple)) else [hx]
        self.directions = 2 if self.both else 1
        per = len(weights) // (self.layers * self.directions)
        self.weights = [weights[i * per : (i + 1) * per] for i in range(self.layers * self.directions)]

    def run(self, data, states, weights, packed):
        """One layer in one direction, steps first: its output and states."""
        hx = tuple(states) if len(states) > 1 else states[0]
        tail = (weights, self.has_biases, 1, 0.0, self.train, False)
        out, *after = (
            self.func(data, self.sizes_tensor, hx, *tail) if packed else self.func(data, hx, *tail, False)
        )
        return out, after


def taken_apart(capture, func, name, args, kwargs):
    """What the operation gives, its layers and directions nodes of the graph; None where it cannot be taken apart."""
    call = Call.of(func, name, args, kwargs)
    if call is None:
        return None
    module = capture.module
    base = capture.names.get(id(module), "") or type(module).__name__.lower()
    given = [t for t in call.states if ref_of(t) is not None]
    turn = (lambda t: t) if call.sizes or not call.batch_first else (lambda t: t.transpose(0, 1))
    x, source = turn(call.data), ref_of(call.data)
    finals = []
    for level in range(call.layers):
        outs = []
        for direction in range(call.directions):
            index = level * call.directions + direction
            suffix = f".l{level}" if call.layers * call.directions > 1 else ""
            layer = _layer(capture, call, f"{base}{suffix}{'_reverse' if direction else ''}", module, index)
            states = [state[index : index + 1] for state in call.states]
            run = _Direction(call, index, direction == 1, x, states, capture.on_part is not None)
            node = capture.add_node(layer, [source, *map(ref_of, given)], [run.shape()], -1, run.shown)
            for part in run.parts:
                capture.tap(node, part)
            if capture.on_node is not None:
                capture.on_node(node, run.shown, [call.data], [])
            outs.append((node, run))
            finals.append(run.final())
        x, source = _joined(capture, base, level, module, outs)
    whole = turn(x)
    whole._initscope = source
    states = [torch.cat(parts) for parts in zip(*finals)]
    last = outs[-1][0]
    states[0]._initscope = Ref(last.id, 0, -1)
    return whole, *states


def _layer(capture, call, id, module, index):
    """The layer of one direction with its weights, as a layer of one level in one direction has them."""
    layer = capture.layer(id, ops.RECURRENT[call.name], type(module).__name__, module)
    if not layer.weights:
        kernel, recurrent, *others = call.weights[index]
        biases, projections = (others[:2], others[2:]) if call.has_biases else ([], others)
        layer.weights = W.recurrence(kernel, recurrent, biases, projections, capture.parameters)
        units = recurrent.shape[0] // len(GATES.get(call.name, (None,)))
        layer.config = W.recurrent_config(units, call.has_biases)
        layer.activation = {"id": "relu" if call.name == "rnn_relu" else "tanh", "params": {}}
        layer.activation["written"] = layer.activation["id"]
    return layer


def _joined(capture, base, level, module, outs):
    """The output of a level (steps first) and what it is; both directions side by side."""
    if len(outs) == 1:
        node, run = outs[0]
        return run.output(), Ref(node.id, 0, -1)
    layer = capture.layer(f"{base}.l{level}_both", "concatenate", "Concatenate", module)
    layer.config = {"axis": -1}
    whole = torch.cat([run.shown for _node, run in outs], -1)
    refs = [Ref(node.id, 0, -1) for node, _run in outs]
    shape = [*outs[0][1].shape()[:-1], whole.shape[-1]]
    node = capture.add_node(layer, refs, [shape], -1, whole)
    if capture.on_node is not None:
        capture.on_node(node, whole, [run.shown for _node, run in outs], [])
    packed = outs[0][1].packed
    return whole if packed else whole.transpose(0, 1), Ref(node.id, 0, -1)


class _Direction:
    """One layer in one direction: its output `shown` (samples first where it is not packed) and what is tapped inside."""

    def __init__(self, call, index, reverse, x, states, watched):
        self.call, self.reverse, self.packed = call, reverse, call.sizes is not None
        self.order = _reversed_rows(call.sizes) if self.packed and reverse else None
        kernel, recurrent, *others = call.weights[index]
        bias = others[0] if call.has_biases else None
        self.parts, self.start = [], states[0][0]
        data = self._turned(x)
        z = F.linear(data, kernel, bias)
        through, weights = data, call.weights[index]
        if z.shape[-1] <= WIDEST:
            one = torch.eye(z.shape[-1], dtype=z.dtype, device=z.device)
            none = [torch.zeros_like(others[0])] if call.has_biases else []
            through, weights = z, [one, recurrent, *none, *others[len(none) :]]
        batch = 0 if self.packed else 1
        seen = z if through is z else z.detach()
        self.parts.append(Part("preActivation", None, seen, batch, given=(x, bias)))
        out = self._steps(through, states, weights)
        self.shown = self._turned(out) if self.packed else self._turned(out).transpose(0, 1)
        if watched:
            with torch.no_grad():
                self._gates(z, out, recurrent, others[1] if call.has_biases else None, batch)

    def _turned(self, rows):
        """Steps in the order taken, and back."""
        if not self.reverse:
            return rows
        return rows[self.order] if self.packed else rows.flip(0)

    def _steps(self, data, states, weights):
        """The outputs of all steps in the order taken; first and last apart, so that all that goes through them is seen."""
        call = self.call
        if self.packed or data.shape[0] < 2:
            out, self.after = call.run(data, states, weights, self.packed)
            return out
        first, states = call.run(data[:1], states, weights, False)
        outs, states = [first], [first, *states[1:]]
        if data.shape[0] > 2:
            middle, states = call.run(data[1:-1], states, weights, False)
            outs.append(middle)
        last, self.after = call.run(data[-1:], states, weights, False)
        self.parts += [Part("activation", "first step", first, 1), Part("activation", "last step", last, 1)]
        return torch.cat([*outs, last])

    def _gates(self, z, out, recurrent, bias, batch):
        names = GATES.get(self.call.name)
        if names is None:
            return
        if self.packed:
            sizes, at, before = self.call.sizes, 0, [self.start[: self.call.sizes[0]]]
            for size, following in zip(sizes, sizes[1:]):
                before.append(out[at : at + following])
                at += size
            before = torch.cat(before)
        else:
            before = torch.cat([self.start[None], out[:-1]])
        sums = (z + F.linear(before, recurrent, bias)).chunk(len(names), -1)
        sigmoid = {"id": "sigmoid", "params": {}, "written": "sigmoid"}
        for name, value in zip(names, sums):
            if name is not None:
                self.parts.append(Part("gate", name, torch.sigmoid(value), batch, sigmoid))

    def shape(self):
        """[samples, steps, units], as the engine's recurrences have it."""
        steps = len(self.call.sizes) if self.packed else self.shown.shape[1]
        return [None, steps, self.shown.shape[-1]]

    def output(self):
        """The output steps first (packed: its rows)."""
        return self.shown if self.packed else self.shown.transpose(0, 1)

    def final(self):
        """The states after the last step taken; the first is a part of the output, whose gradient is then the layer's."""
        if self.packed:
            rows = _last_rows(self.call.sizes)
            state = self.shown[: len(rows)] if self.reverse else self.shown[rows]
        else:
            state = self.shown[:, 0 if self.reverse else -1]
        return [state[None], *self.after[1:]]


def _offsets(sizes):
    at, found = 0, []
    for size in sizes:
        found.append(at)
        at += size
    return found


def _lengths(sizes):
    return [sum(1 for size in sizes if size > sample) for sample in range(sizes[0])]


def _last_rows(sizes):
    """Row of every sample's last step in a packed sequence."""
    offsets = _offsets(sizes)
    return [offsets[length - 1] + sample for sample, length in enumerate(_lengths(sizes))]


def _reversed_rows(sizes):
    """The rows of a packed sequence with every sample's steps in reverse; its own inverse."""
    offsets, lengths = _offsets(sizes), _lengths(sizes)
    return [offsets[lengths[s] - 1 - step] + s for step, size in enumerate(sizes) for s in range(size)]
