"""Labels doubtful mutants: short paired trainings of a mutant against its healthy form.

Ten noisy prototypes of the model's input shape, 200 steps, Adam, best of four step sizes, three paired seeds (or as many as the second
argument says). Prints, per model and seed, the smoothed loss after the last step as mutant/healthy, and the interval (Student, 95 %) of their
geometric mean ratio; a mutant whose interval lies above 1 is a fault.
"""

import math
import statistics
import sys

import torch
from torch import nn

torch.set_num_threads(1)
STEPS = 200
RATES = (1e-4, 3e-4, 1e-3, 3e-3)
SEEDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
# Student's t, 0.975 quantile, by number of seeds.
T = {3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 8: 2.365, 10: 2.262}


def he(layer):
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer


def lenet(bias):
    convs = [he(nn.Conv2d(1, 6, 5, padding=2)), he(nn.Conv2d(6, 16, 5))]
    dense = [he(nn.Linear(400, 120)), he(nn.Linear(120, 84))]
    for layer in convs + dense:
        nn.init.constant_(layer.bias, bias)
    head = nn.Linear(84, 10)
    nn.init.xavier_uniform_(head.weight)
    nn.init.zeros_(head.bias)
    pool = [nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(convs[0], *pool, convs[1], *pool, nn.Flatten(), dense[0], nn.ReLU(), dense[1], nn.ReLU(), head), (1, 28, 28)


def two_sigmoids(activation):
    """Cao-Ding-Yu/Deep-learning, LeNet/model.py: PyTorch's default, two squashed convolutions, linear layers after them."""
    convs = [nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)]
    dense = [nn.Flatten(), nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)]
    return nn.Sequential(convs[0], activation(), nn.AvgPool2d(2), convs[1], activation(), nn.AvgPool2d(2), *dense), (1, 28, 28)


def mlp(width, depth, change=None, activation=nn.ReLU):
    layers = [he(nn.Linear(width, width)) for _ in range(depth)]
    if change is not None:
        change(layers)
    head = nn.Linear(width, 10)
    nn.init.xavier_uniform_(head.weight)
    nn.init.zeros_(head.bias)
    return nn.Sequential(*[m for layer in layers for m in (layer, activation())], head), (width,)


def constant(value, where=1):
    return lambda layers: nn.init.constant_(layers[where].weight, value)


def small(factor, where=1):
    """One kernel drawn as He's, times a factor."""

    def change(layers):
        layers[where].weight.data.mul_(factor)

    return change


def sigmoid(layers):
    for layer in layers:
        nn.init.xavier_uniform_(layer.weight)


CASES = {
    "lenet-bias-1": (lambda: lenet(-1.0), lambda: lenet(0.0)),
    "lenet-bias-3": (lambda: lenet(-3.0), lambda: lenet(0.0)),
    "lenet-two-sigmoids": (lambda: two_sigmoids(nn.Sigmoid), lambda: two_sigmoids(nn.Tanh)),
    "small-constant": (lambda: mlp(64, 4, constant(0.001)), lambda: mlp(64, 4)),
    "constant-0.01": (lambda: mlp(64, 4, constant(0.01)), lambda: mlp(64, 4)),
    "constant-0.2": (lambda: mlp(64, 4, constant(0.2)), lambda: mlp(64, 4)),
    "wide-constant-0.0005-d2": (lambda: mlp(256, 10, constant(0.0005)), lambda: mlp(256, 10)),
    "wide-constant-0.0005-d9": (lambda: mlp(256, 10, constant(0.0005, 8)), lambda: mlp(256, 10)),
    "wide-small-0.006-d2": (lambda: mlp(256, 10, small(0.006)), lambda: mlp(256, 10)),
    "wide-small-0.006-d9": (lambda: mlp(256, 10, small(0.006, 8)), lambda: mlp(256, 10)),
    "sigmoid-3": (lambda: mlp(64, 3, sigmoid, nn.Sigmoid), lambda: mlp(64, 3, sigmoid, nn.Tanh)),
}


def final_loss(make, seed, rate):
    torch.manual_seed(seed)
    model, shape = make()
    generator = torch.Generator().manual_seed(1000 + seed)
    prototypes = torch.randn(10, *shape, generator=generator)
    strength = 1.5 / prototypes[0].numel() ** 0.25
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for step in range(STEPS):
        y = torch.randint(10, (64,), generator=generator)
        x = torch.randn(64, *shape, generator=generator) + strength * prototypes[y]
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        smooth = loss.item() if step == 0 else 0.9 * smooth + 0.1 * loss.item()
    return smooth


for name, (bad, good) in CASES.items():
    if len(sys.argv) > 1 and sys.argv[1] not in name:
        continue
    finals = [[min(final_loss(make, seed, rate) for rate in RATES) for make in (bad, good)] for seed in range(1, SEEDS + 1)]
    logs = [math.log(b / g) for b, g in finals]
    mean, half = statistics.mean(logs), T[SEEDS] * statistics.stdev(logs) / math.sqrt(SEEDS)
    ratio = f"ratio {math.exp(mean):.2f} [{math.exp(mean - half):.2f}, {math.exp(mean + half):.2f}]"
    print(name, " ".join(f"{b:.3f}/{g:.3f}" for b, g in finals), ratio, flush=True)
