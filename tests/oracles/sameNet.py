"""One net with the same weights in PyTorch and in Keras on the same rows: statistics of the probe by both, and files for our own engine."""

import json
import sys

sys.path.insert(0, sys.argv[1])
folder = sys.argv[2]

import keras
import numpy as np
import torch
from torch import nn

from initscope_probe import keras_backend
from initscope_probe.capture import Capture
from initscope_probe.keras_graph import named_layers
from initscope_probe.keras_measure import Tap, tap_entries
from initscope_probe.places import Files
from initscope_probe.taps import Taps

generator = np.random.default_rng(7)
rows = generator.standard_normal((64, 20)).astype("float32")
sizes = {"first": (20, 32), "second": (32, 24), "out": (24, 10)}
kernels = {
    name: (generator.standard_normal(size) * 1.4 / size[0] ** 0.5).astype("float32") for name, size in sizes.items()
}
biases = {name: (generator.standard_normal(size[1]) * 0.1).astype("float32") for name, size in sizes.items()}

net = nn.Sequential()
for name, (start, end) in sizes.items():
    layer = nn.Linear(start, end)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(kernels[name].T.copy()))
        layer.bias.copy_(torch.from_numpy(biases[name]))
    net.add_module(name, layer)
    if name != "out":
        net.add_module(f"{name}_act", nn.ReLU() if name == "first" else nn.Tanh())
taps = Taps(64)
capture = Capture(net, Files(__file__, "", folder), taps.record)
given = torch.from_numpy(rows)
capture.add_input("input", given)
with capture:
    net(given)

inputs = keras.Input((20,), name="input")
x = inputs
for name, activation in (("first", "relu"), ("second", "tanh"), ("out", None)):
    x = keras.layers.Dense(sizes[name][1], activation=activation, name=name)(x)
model = keras.Model(inputs, x)
for name in sizes:
    model.get_layer(name).set_weights([kernels[name], biases[name]])
model.save(f"{folder}/net.keras")
for layer, stddev in (("first", 1.5), ("second", 3.0), ("out", 0.2)):
    model.get_layer(layer).kernel_initializer = keras.initializers.RandomNormal(stddev=stddev)
with open(f"{folder}/faulty.json", "w", encoding="utf-8") as file:
    file.write(model.to_json())
np.save(f"{folder}/rows.npy", rows)
traced = keras_backend.traced(keras, model, rows, list(named_layers(model)), Tap)
entries = [entry for tap in traced.taps for entry in tap_entries(tap, traced, 64)]


def told(entry):
    """What is compared of a tap."""
    return {**{k: entry["value"][k] for k in ("mean", "std", "rms", "min", "max", "zeros")}, "units": entry.get("units")}


print(
    json.dumps(
        {
            "torch": {f"{e['layer']} {e['quantity']}": told(e) for e in taps.entries},
            "keras": {f"{e['layer']} {e['quantity']}": told(e) for e in entries},
        }
    )
)
