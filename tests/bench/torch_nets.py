"""The networks of nets.ts in PyTorch."""

import torch
from torch import nn


def he(module):
    """Keras's HeNormal for kernels of the layers that the bench's files give it; other layers keep PyTorch's."""
    for part in module.modules():
        if isinstance(part, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(part.weight)
    return module


def mlp(depth=9, width=512, inputs=784):
    sizes = [inputs, *[width] * depth]
    body = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*body, nn.Linear(width, 10)), (inputs,)


def lenet():
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    return net, (1, 28, 28)


def vgg11():
    layers, channels = [], 3
    for size in (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0):
        if size == 0:
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, size, 3, padding=1), nn.ReLU()]
            channels = size
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 10)), (3, 32, 32)


def norm_conv(a, b, kernel, stride, groups=1):
    return [nn.Conv2d(a, b, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(b)]


class Add(nn.Module):
    def forward(self, a, b):
        return a + b


class Residual(nn.Module):
    def __init__(self, branch, skip=None, relu=True):
        super().__init__()
        self.branch, self.skip, self.add = nn.Sequential(*branch), skip or nn.Sequential(), Add()
        self.relu = nn.ReLU() if relu else nn.Sequential()

    def forward(self, x):
        return self.relu(self.add(self.branch(x), self.skip(x)))


def resnet18():
    body, a = [*norm_conv(3, 64, 3, 1), nn.ReLU()], 64
    for b, first in ((64, 1), (128, 2), (256, 2), (512, 2)):
        for stride in (first, 1):
            branch = [*norm_conv(a, b, 3, stride), nn.ReLU(), *norm_conv(b, b, 3, 1)]
            body.append(Residual(branch, None if stride == 1 and a == b else nn.Sequential(*norm_conv(a, b, 1, stride))))
            a = b
    return nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10)), (3, 32, 32)


def resnet50():
    body, a = [*norm_conv(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for b, blocks, first in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(blocks):
            stride = first if block == 0 else 1
            branch = [*norm_conv(a, b, 1, 1), nn.ReLU(), *norm_conv(b, b, 3, stride), nn.ReLU(), *norm_conv(b, 4 * b, 1, 1)]
            body.append(Residual(branch, None if a == 4 * b else nn.Sequential(*norm_conv(a, 4 * b, 1, stride))))
            a = 4 * b
    return nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(a, 1000)), (3, 224, 224)


def mobilenetV2():
    body, a = [*norm_conv(3, 32, 3, 2), nn.ReLU6()], 32
    for expand, b, blocks, first in (
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
        for block in range(blocks):
            stride, wide = first if block == 0 else 1, expand * a
            grow = [*norm_conv(a, wide, 1, 1), nn.ReLU6()] if expand > 1 else []
            branch = [*grow, *norm_conv(wide, wide, 3, stride, wide), nn.ReLU6(), *norm_conv(wide, b, 1, 1)]
            body.append(Residual(branch, relu=False) if stride == 1 and a == b else nn.Sequential(*branch))
            a = b
    body += [*norm_conv(a, 1280, 1, 1), nn.ReLU6(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, 10)]
    return nn.Sequential(*body), (3, 96, 96)


class Tap(nn.Module):
    """A place to hook."""

    def forward(self, x):
        return x


class OpenLstm(nn.Module):
    """An LSTM whose gates can be hooked: all steps projected at once, then a loop, as our engine does it."""

    def __init__(self, inputs, units, sequences):
        super().__init__()
        self.project, self.recurrent = nn.Linear(inputs, 4 * units), nn.Linear(units, 4 * units, bias=False)
        self.gates = nn.ModuleList(Tap() for _ in range(3))
        for gate in self.gates:
            gate.value_only = True
        self.first, self.last, self.out, self.units, self.sequences = Tap(), Tap(), Tap(), units, sequences

    def forward(self, x):
        z = self.project(x).unbind(1)
        h = c = x.new_zeros(x.shape[0], self.units)
        outputs, seen = [], []
        for time_step, step in enumerate(z):
            i, f, g, o = (step + self.recurrent(h)).chunk(4, -1)
            gates = i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
            c = f * c + i * torch.tanh(g)
            h = o * torch.tanh(c)
            if time_step in (0, len(z) - 1):
                h = (self.first if time_step == 0 else self.last)(h)
            outputs.append(h)
            seen.append(gates)
        for tap, gate in zip(self.gates, zip(*seen)):
            tap(torch.stack(gate, 1))
        return self.out(torch.stack(outputs, 1) if self.sequences else h)


class FusedLstm(nn.Module):
    def __init__(self, inputs, units, sequences):
        super().__init__()
        self.lstm, self.out, self.sequences = nn.LSTM(inputs, units, batch_first=True), Tap(), sequences

    def forward(self, x):
        y = self.lstm(x)[0]
        return self.out(y if self.sequences else y[:, -1])


def lstm(kind=OpenLstm):
    return nn.Sequential(kind(256, 256, True), kind(256, 256, False), nn.Linear(256, 10)), (64, 256)


def fusedLstm():
    return lstm(FusedLstm)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -0.5
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.logits = Tap()

    def forward(self, x):
        split = lambda t: t.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        weights = self.logits(q * self.scale @ k.transpose(-1, -2)).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).flatten(2))


class MeanOfSteps(nn.Module):
    def forward(self, x):
        return x.mean(1)


def transformer():
    body = []
    for _ in range(6):
        body += [Residual([nn.LayerNorm(256), Attention(256, 8)], relu=False),
                 Residual([nn.LayerNorm(256), nn.Linear(256, 1024), nn.GELU(), nn.Linear(1024, 256)], relu=False)]
    return nn.Sequential(*body, nn.LayerNorm(256), MeanOfSteps(), nn.Linear(256, 10)), (64, 256)


NETS = {f.__name__: f for f in (mlp, lenet, vgg11, resnet18, resnet50, mobilenetV2, lstm, fusedLstm, transformer)}
