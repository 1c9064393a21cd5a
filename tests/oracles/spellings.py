"""Draws from initializers as they are spelled: reads a JSON list of {code, json, shape}, prints one line of JSON a case.

Argument: the framework (keras3, keras2 or pytorch); the list comes on standard input. `code` and `json` of a line are
{mean, rms} of what was drawn, or {error}. PyTorch has no serialized form.
"""

import json
import sys

import numpy as np

FRAMEWORK = sys.argv[1]
if FRAMEWORK == "pytorch":
    import torch
    from torch import nn

    torch.manual_seed(7)
elif FRAMEWORK == "keras3":
    import keras
else:
    import tensorflow as tf
    import tf_keras as keras
if FRAMEWORK != "pytorch":
    keras.utils.set_random_seed(7)


def torch_draw(code, shape):
    w = torch.empty(*shape)
    exec(code, {"nn": nn, "torch": torch, "w": w})
    return w.numpy()


def keras_draw(initializer, shape):
    values = initializer(tuple(shape), dtype="float32")
    return keras.ops.convert_to_numpy(values) if FRAMEWORK == "keras3" else values.numpy()


def by_code(case):
    if FRAMEWORK == "pytorch":
        return torch_draw(case["code"], case["shape"])
    names = {"keras": keras} if FRAMEWORK == "keras3" else {"tf": tf}
    return keras_draw(eval(case["code"], names), case["shape"])


def by_json(case):
    return keras_draw(keras.initializers.deserialize(case["json"]), case["shape"])


def attempt(draw, case):
    try:
        values = draw(case).astype("float64")
        return {"mean": float(values.mean()), "rms": float(np.sqrt((values**2).mean()))}
    except Exception as error:  # reported by the test for the case it belongs to
        return {"error": f"{type(error).__name__}: {error}"[:300]}


for each in json.load(sys.stdin):
    drawn = {"code": attempt(by_code, each)}
    if FRAMEWORK != "pytorch":
        drawn["json"] = attempt(by_json, each)
    print(json.dumps(drawn))
