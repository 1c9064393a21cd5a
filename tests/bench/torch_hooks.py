"""Seconds that PyTorch takes for forward + backward with hooks that give our statistics, on the bench's networks; prints JSON.

`cold`: from the start of this process, import included, to the end of the first hooked pass. `warm`: the fastest of the
repetitions. `bare`: the same without hooks. Usage: torch_hooks.py NET [--threads N] [--repeat N]"""

import time

START = time.perf_counter()
import argparse
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "python"))
import torch
from torch import nn

from initscope_probe import losses, statistics as S


def mlp():
    sizes = [784, *[512] * 9]
    body = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*body, nn.Linear(512, 10)), (64, 784)


def lenet():
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    return net, (64, 1, 28, 28)


def vgg11():
    layers, channels = [], 3
    for size in (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"):
        if size == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, size, 3, padding=1), nn.ReLU()]
            channels = size
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 10)), (8, 3, 32, 32)


class Block(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b)
        self.conv2, self.bn2 = nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b)
        self.relu1, self.relu2 = nn.ReLU(), nn.ReLU()
        self.down = nn.Sequential() if stride == 1 and a == b else nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(y + self.down(x))


def resnet18():
    body, a = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
    for b, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        body += [Block(a, b, stride), Block(b, b, 1)]
        a = b
    return nn.Sequential(*body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10)), (8, 3, 32, 32)


NETS = {f.__name__: f for f in (mlp, lenet, vgg11, resnet18)}


def hooked(model):
    """Hooks on every leaf: statistics of value and gradient, over all values and over units."""
    seen = []

    def record(module, _args, out):
        axis = 1 if out.dim() == 4 else -1
        entry = {"value": S.tensor_stats(out), "units": S.unit_stats(out, axis, isinstance(module, nn.ReLU))}
        seen.append(entry)

        def back(gradient):
            entry["gradient"] = S.tensor_stats(gradient)
        out.register_hook(back)

    handles = [m.register_forward_hook(record) for m in model.modules() if not list(m.children())]
    return seen, handles


def one_pass(model, x, target, hooks):
    model.zero_grad(set_to_none=True)
    seen, handles = hooked(model) if hooks else ([], [])
    begin = time.perf_counter()
    losses.loss_sum("softmax", model(x), target).backward()
    if hooks:
        for p in model.parameters():
            seen.append((S.tensor_stats(p), S.tensor_stats(p.grad), S.distinct_share(p, 0), S.fingerprint(p)))
    seconds = time.perf_counter() - begin
    for handle in handles:
        handle.remove()
    return seconds


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("net", choices=list(NETS))
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--repeat", type=int, default=7)
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(1)
    model, shape = NETS[chosen.net]()
    x, target = torch.randn(shape), torch.randint(0, 10, (shape[0],))
    first = one_pass(model, x, target, True)
    cold = time.perf_counter() - START
    warm = [one_pass(model, x, target, True) for _ in range(chosen.repeat)]
    bare = [one_pass(model, x, target, False) for _ in range(chosen.repeat)]
    print(json.dumps({"net": chosen.net, "shape": shape, "threads": chosen.threads, "torch": torch.__version__, "cold": cold,
                      "first": first, "warm": min(warm), "bare": min(bare)}))
