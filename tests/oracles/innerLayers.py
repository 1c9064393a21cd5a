"""
Recurrences and attention that the probe takes apart, against steps written out by hand: prints the largest difference of every compared
quantity, relative to its size, by case.
"""

import json
import math
import sys

sys.path.insert(0, sys.argv[1])

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from initscope_probe import statistics as S
from initscope_probe.capture import Capture
from initscope_probe.places import Files
from initscope_probe.taps import Taps

STEPS, BATCH, WIDTH = 6, 4, 5
differences = {}


def compare(case, what, found, wanted):
    """Keeps the largest relative difference of the numbers of two statistics; what rounds to 0 in a gradient is the operation's affair."""
    numbers = ("mean", "std", "rms", "min", "max") + (() if "gradient" in what else ("zeros",))
    size = max(abs(wanted["rms"]), 1e-12)
    worst = max(abs(found[key] - wanted[key]) / size for key in numbers)
    differences.setdefault(case, {})[what] = worst if found["count"] == wanted["count"] else math.inf


def watched(model, *given):
    """Taps and output of a pass, after the backward pass of a sum that weighs every entry differently."""
    taps = Taps(BATCH)
    capture = Capture(model, Files(__file__, "", "."), taps.record, taps.part)
    for i, value in enumerate(given):
        capture.add_input(f"x{i}", value)
    with capture:
        out = model(*given)
    weighed(out).backward()
    return {(e["layer"], e["quantity"], e.get("name")): e for e in taps.entries}, out


def weighed(out):
    weights = torch.linspace(-1, 2, out.numel()).reshape(out.shape)
    return (out * weights).sum()


def against(case, taps, made):
    """Compares every tensor made by hand, and its gradient, with the tap of its name."""
    for key, (tensor, gradient) in made.items():
        compare(case, f"{key} value", taps[key]["value"], S.tensor_stats(tensor))
        if gradient:
            compare(case, f"{key} gradient", taps[key]["gradient"], S.tensor_stats(tensor.grad))


def keep(made, key, tensor, gradient=True):
    if gradient:
        tensor.retain_grad()
    made[key] = (tensor, gradient)
    return tensor


def cell(kind, z, h, c, recurrent, bias):
    """One step: output, cell state and gates."""
    r = h @ recurrent.T + bias
    if kind == "LSTM":
        i, f, g, o = (z + r).chunk(4, -1)
        i, f, o = i.sigmoid(), f.sigmoid(), o.sigmoid()
        c = f * c + i * g.tanh()
        return o * c.tanh(), c, {"input": i, "forget": f, "output": o}
    if kind == "GRU":
        zr, zu, zn = z.chunk(3, -1)
        rr, ru, rn = r.chunk(3, -1)
        reset, update = (zr + rr).sigmoid(), (zu + ru).sigmoid()
        return (1 - update) * (zn + reset * rn).tanh() + update * h, c, {"reset": reset, "update": update}
    return torch.relu(z + r), c, {}


def by_hand(kind, rnn, x, lengths, made):
    """The output of all levels and directions [samples, steps, units]; steps after a sample's end are 0 and change nothing."""
    for level in range(rnn.num_layers):
        sides = []
        for side in ("", "_reverse") if rnn.bidirectional else ("",):
            get = lambda name: getattr(rnn, f"{name}_l{level}{side}")
            id = f"rnn.l{level}{side}" if rnn.num_layers > 1 or rnn.bidirectional else "rnn"
            packed = lengths is not None
            rows = [x[:, t] for t in range(STEPS)]
            z = [row @ get("weight_ih").T + get("bias_ih") for row in rows]
            h, c = torch.zeros(BATCH, rnn.hidden_size), torch.zeros(BATCH, rnn.hidden_size)
            outs, gates, order = {}, {}, list(range(STEPS))
            every = torch.stack(z, 1)
            every.retain_grad()
            for t in reversed(order) if side else order:
                lives = torch.ones(BATCH, 1) if lengths is None else (t < lengths).float()[:, None]
                new, after, gate = cell(kind, every[:, t], h, c, get("weight_hh"), get("bias_hh"))
                h, c = lives * new + (1 - lives) * h, lives * after + (1 - lives) * c
                if not packed and t in (0, STEPS - 1):
                    first = (t == 0) != bool(side)
                    keep(made, (id, "activation", "first step" if first else "last step"), h)
                outs[t], gates[t] = h * lives, gate
            for name in gates[0]:
                value = torch.stack([gates[t][name] for t in order], 1)
                keep(made, (id, "gate", name), value if not packed else alive(value, lengths), False)
            if not packed:
                made[id, "preActivation", None] = (every, True)
            whole = torch.stack([outs[t] for t in order], 1)
            if not packed:
                keep(made, (id, "activation", None), whole)
            sides.append(whole)
        x = torch.cat(sides, -1)
    return x


def alive(value, lengths):
    """The rows of steps that count."""
    return torch.cat([value[b, : lengths[b]] for b in range(BATCH)])


class Padded(nn.Module):
    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn

    def forward(self, x):
        return self.rnn(x)[0]


class Packed(Padded):
    def forward(self, x):
        packed = pack_padded_sequence(x, self.lengths, batch_first=True, enforce_sorted=False)
        return pad_packed_sequence(self.rnn(packed)[0], batch_first=True, total_length=STEPS)[0]


class Last(Padded):
    def forward(self, x):
        return self.rnn(x)[1][0][-1]


class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        self.attend = nn.MultiheadAttention(8, 2, dropout=0.3, batch_first=True)
        nn.init.normal_(self.attend.in_proj_bias)

    def forward(self, x):
        mask = torch.full((STEPS, STEPS), float("-inf")).triu(1)
        return self.attend(x, x, x, attn_mask=mask, need_weights=False)[0]


generator = torch.manual_seed(3)
lengths = torch.tensor([3, 6, 1, 4])
for kind in ("LSTM", "GRU", "RNN"):
    for levels, both in ((1, False), (2, True)):
        more = {"nonlinearity": "relu"} if kind == "RNN" else {}
        rnn = getattr(nn, kind)(WIDTH, 7, num_layers=levels, bidirectional=both, batch_first=True, **more)
        for form in (Padded, Packed):
            case = f"{form.__name__} {kind} {levels}{' both' if both else ''}"
            model, made = form(rnn), {}
            model.lengths = lengths
            x = torch.randn(BATCH, STEPS, WIDTH)
            rnn.zero_grad()
            taps, out = watched(model, x)
            grads = [p.grad.clone() for p in rnn.parameters()]
            rnn.zero_grad()
            wanted = by_hand(kind, rnn, x.clone().requires_grad_(), lengths if form is Packed else None, made)
            weighed(wanted).backward()
            compare(case, "output", S.tensor_stats(out - wanted.detach() + 1), S.tensor_stats(torch.ones_like(out)))
            for (name, parameter), grad in zip(rnn.named_parameters(), grads):
                compare(case, f"{name} gradient", S.tensor_stats(grad), S.tensor_stats(parameter.grad))
            against(case, taps, made)

rnn = nn.LSTM(WIDTH, 7, num_layers=2, batch_first=True, dropout=0.5)
x = torch.randn(BATCH, STEPS, WIDTH)
taps, out = watched(Last(rnn), x)
made = {}
rnn.zero_grad()
wanted = by_hand("LSTM", rnn, x.clone().requires_grad_(), None, made)[:, -1]
weighed(wanted).backward()
compare("state", "output", S.tensor_stats(out), S.tensor_stats(wanted))
against("state", taps, made)

model, made = Attending(), {}
x = torch.randn(BATCH, STEPS, 8)
taps, out = watched(model, x)
model.zero_grad()
attend = model.attend
q, k, v = (x @ attend.in_proj_weight.T + attend.in_proj_bias).chunk(3, -1)
for name, tensor in (("query", q), ("key", k), ("value", v)):
    keep(made, ("attend", "preActivation", name), tensor)
heads = lambda t: t.reshape(BATCH, STEPS, 2, 4).transpose(1, 2)
logits = keep(made, ("attend", "logits", None), heads(q) @ heads(k).transpose(-1, -2) / 2, False)
weights = (logits + torch.full((STEPS, STEPS), float("-inf")).triu(1)).softmax(-1)
wanted = (weights @ heads(v)).transpose(1, 2).reshape(BATCH, STEPS, 8) @ attend.out_proj.weight.T + attend.out_proj.bias
keep(made, ("attend", "activation", None), wanted)
weighed(wanted).backward()
compare("attention", "output", S.tensor_stats(out), S.tensor_stats(wanted))
against("attention", taps, made)

encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
taps, _out = watched(encoder, torch.randn(BATCH, STEPS, 8))
names = sorted({layer for layer, _quantity, _name in taps})
logits = sum(quantity == "logits" for _layer, quantity, _name in taps)
print(json.dumps({"differences": differences, "encoder": names, "logits": logits}))
