"""Measures a PyTorch MLP and a CNN with plain hooks and prints ModelSpec and Measurement as JSON (one object per net).

The waist knows no framework: nothing here is TensorFlow.js's. Usage: hooks.py [--init he|normal|zeros] [--seeds N] [--batch N]"""

import argparse
import json
import math
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "python"))
import torch
from torch import nn

from initscope_probe import losses, statistics as S, unit_statistics as U


def mlp():
    sizes = [64, *[128] * 9]
    body = [m for a, b in zip(sizes, sizes[1:]) for m in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*body, nn.Linear(128, 10)), [64]


def cnn():
    body = [m for a, b in ((3, 16), (16, 32), (32, 32)) for m in (nn.Conv2d(a, b, 3, padding=1), nn.ReLU())]
    return nn.Sequential(*body, nn.Flatten(), nn.Linear(32 * 64, 10)), [3, 8, 8]


LAWS = {
    "he": (lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"), "kaimingNormal", {"a": 0, "mode": "fanIn", "nonlinearity": "relu"}),
    "normal": (lambda w: nn.init.normal_(w, 0, 1), "randomNormal", {"mean": 0, "stddev": 1}),
    "zeros": (nn.init.zeros_, "zeros", {}),
}


def place(name, kind="layer"):
    return {"file": f"{name}.py", "range": {"start": 0, "end": 0}, "kind": kind}


def weight(name, part, shape, fans, initializer):
    return {"name": name, "part": part, "shape": shape, "initializer": initializer, "fanIn": fans[0], "fanOut": fans[1],
            "effectiveFanIn": fans[0], "effectiveFanOut": fans[1], "trainable": True, "unitAxis": -1, "key": f"{name}_initializer"}


def layer_spec(net, name, module, init):
    kinds = {nn.Linear: "dense", nn.Conv2d: "conv", nn.ReLU: "activation", nn.Flatten: "flatten"}
    spec = {"id": name, "name": name, "className": type(module).__name__, "kind": kinds[type(module)], "config": {}, "weights": [],
            "roles": ["hidden"], "origins": [place(net)], "trainable": True}
    if isinstance(module, nn.ReLU):
        spec["activation"] = {"id": "relu", "params": {"negative_slope": 0}, "written": "nn.ReLU"}
        spec["config"] = {"axis": -1}
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        field = math.prod(module.weight.shape[2:])
        out, inner = module.weight.shape[:2]
        _, law, params = LAWS[init]
        made = {"id": law, "params": params, "seed": None, "written": law}
        zeros = {"id": "zeros", "params": {}, "seed": None, "written": "zeros"}
        shape = [*module.weight.shape[2:], inner, out]
        spec["weights"] = [weight("kernel", "kernel", shape, (inner * field, out * field), made), weight("bias", "bias", [out], (out, out), zeros)]
        spec["config"] = {"units": out, "useBias": True} if field == 1 else {
            "rank": 2, "filters": out, "kernelSize": [3, 3], "strides": [1, 1], "padding": "same", "dataFormat": "channelsFirst",
            "dilation": [1, 1], "groups": 1, "useBias": True}
    return spec


def model_spec(net, model, inputs, shapes, init):
    names = [name for name, _ in model.named_children()]
    layers = [layer_spec(net, name, module, init) for name, module in model.named_children()]
    layers[-1]["roles"] = ["head"]
    source = {"id": "input", "name": "input", "className": "Input", "kind": "input", "config": {"shape": inputs, "dtype": "float32"},
              "weights": [], "roles": ["input"], "origins": [place(net)], "trainable": True}
    nodes = [{"id": "input", "layer": "input", "inputs": [], "outputs": [[None, *inputs]]}]
    for name, before in zip(names, ["input", *names]):
        nodes.append({"id": name, "layer": name, "inputs": [{"node": before, "output": 0}], "outputs": [shapes[name]]})
    total = sum(p.numel() for p in model.parameters())
    loss = {"id": "sparse_categorical_crossentropy", "fromLogits": True, "written": "cross_entropy", "from": "file"}
    return {"id": net, "name": net, "file": f"{net}.py", "format": "python", "framework": f"PyTorch {torch.__version__}",
            "semantics": {"value": "pytorch", "from": "the script"}, "graph": "full", "executable": False, "layers": [source, *layers],
            "nodes": nodes, "inputs": [{"node": "input", "name": "input", "shape": [None, *inputs], "values": "real"}],
            "outputs": [{"ref": {"node": names[-1], "output": 0}, "name": names[-1], "shape": [None, 10], "loss": loss}],
            "parameters": {"total": total, "trainable": total}, "savedWeights": False, "origin": place(net), "problems": [], "contentHash": ""}


def measure(build, init, seed, batch):
    torch.manual_seed(seed)
    model, inputs = build()
    for module in model:
        if hasattr(module, "weight"):
            LAWS[init][0](module.weight)
            nn.init.zeros_(module.bias)
    taps, shapes = [], {}

    def hook(name, module):
        def record(_module, args, out):
            shapes[name] = [None, *out.shape[1:]]
            axis = 1 if out.dim() == 4 else -1
            relu = isinstance(module, nn.ReLU)
            base = {"node": name, "layer": name, "value": S.tensor_stats(out), "units": U.unit_stats(out, axis, relu)}
            weighted = hasattr(module, "weight")
            if weighted:
                base["inputRms"] = S.tensor_stats(args[0])["rms"]
            mine = [dict(base, quantity=q) for q in (["preActivation", "activation"] if weighted else ["activation"])]
            taps.extend(mine)
            if out.requires_grad:
                def back(gradient):
                    stats = S.tensor_stats(gradient)
                    for tap in mine:
                        tap.update(gradient=stats, gradientNorm=S.gradient_norm(stats, gradient.shape[0]))
                out.register_hook(back)
        module.register_forward_hook(record)

    for name, module in model.named_children():
        hook(name, module)
    out = model(torch.randn(batch, *inputs))
    losses.loss_sum("softmax", out, torch.randint(0, 10, (batch,))).backward()
    weights = [{"layer": name, "weight": canonical, "value": S.tensor_stats(p), "gradient": S.tensor_stats(p.grad),
                "distinctUnits": U.distinct_share(p, 0), "fingerprint": S.fingerprint(p)}
               for name, module in model.named_children() if hasattr(module, "weight")
               for canonical, p in (("kernel", module.weight), ("bias", module.bias))]
    loss = losses.loss_stats("output", "sparse_categorical_crossentropy", "softmax", out)
    return {"seed": seed, "taps": taps, "weights": weights, "losses": [loss]}, model, inputs, shapes


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--init", default="he", choices=list(LAWS))
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--batch", type=int, default=64)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    result = []
    for build in (mlp, cnn):
        seeds = []
        for seed in range(1, chosen.seeds + 1):
            measured, model, inputs, shapes = measure(build, chosen.init, seed, chosen.batch)
            seeds.append(measured)
        spec = model_spec(build.__name__, model, inputs, shapes, chosen.init)
        engine = {"name": "PyTorch", "version": torch.__version__, "backend": "python", "kernels": "torch"}
        result.append({"spec": spec, "measurement": {"version": 1, "engine": engine, "modelId": spec["id"], "start": "fresh",
                                                     "batch": chosen.batch, "seeds": seeds, "notMeasured": []}})
    print(json.dumps(result))
