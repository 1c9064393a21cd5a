"""Runs small Keras layers with given weights and inputs; prints outputs and gradients of sum(output * projection).

Reads the file named first (JSON: a list of cases), writes the one named second (JSON: a list of results). The framework is the third argument: keras3 (on PyTorch) or keras2 (tf_keras on TensorFlow).
"""

import json
import sys

from packing import decode, encode

KERAS3 = sys.argv[3] == "keras3"
if KERAS3:
    import keras
    import torch
else:
    import tensorflow as tf
    import tf_keras as keras


def named(value):
    """Keras 3 finds classes by module."""
    if isinstance(value, list):
        return [named(item) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: named(item) for key, item in value.items()}
    if KERAS3 and "class_name" in inner:
        inner["module"] = "keras.layers"
    return inner


def build(case):
    config = case["config"]
    if not KERAS3 and case["class"] == "MultiHeadAttention":
        return keras.layers.MultiHeadAttention(**config)
    if not KERAS3 and case["class"] == "SpectralNormalization":
        inner = keras.layers.deserialize(config["layer"])
        return keras.layers.SpectralNormalization(inner, power_iterations=config["power_iterations"])
    return keras.layers.deserialize(named({"class_name": case["class"], "config": config}))


def call(layer, case, inputs):
    arguments = dict(case.get("call", {}))
    if "training" in case:
        arguments["training"] = case["training"]
    if case.get("spread"):
        return layer(*inputs, **arguments)
    return layer(inputs[0] if len(inputs) == 1 else inputs, **arguments)


def first(output):
    return output[0] if isinstance(output, (list, tuple)) else output


def saved(layer):
    return [w for w in layer.weights if "seed" not in w.name and "count" not in w.name]


def run(case):
    arrays = [decode(block) for block in case["inputs"]]
    layer = build(case)
    call(layer, case, [keras.ops.convert_to_tensor(a) if KERAS3 else tf.constant(a) for a in arrays])
    weights = saved(layer)
    shapes = [list(w.shape) for w in weights]
    if "weights" not in case:
        return {"shapes": shapes, "names": [getattr(w, "path", w.name) for w in weights]}
    for variable, block in zip(weights, case["weights"]):
        variable.assign(decode(block))
    projection = decode(case["projection"]) if "projection" in case else None
    if KERAS3:
        inputs = [torch.tensor(a, requires_grad="ids" not in case) for a in arrays]
        output = first(call(layer, case, inputs))
        if projection is None:
            return {"output": encode(output.detach().numpy())}
        (output * torch.tensor(projection)).sum().backward()
        grads = [w.value.grad for w in weights]
        return {
            "output": encode(output.detach().numpy()),
            "inputGradients": [None if x.grad is None else encode(x.grad.numpy()) for x in inputs],
            "weightGradients": [None if g is None else encode(g.numpy()) for g in grads],
        }
    inputs = [tf.constant(a) for a in arrays]
    with tf.GradientTape() as tape:
        for x in inputs:
            tape.watch(x)
        output = first(call(layer, case, inputs))
        loss = tf.reduce_sum(output * projection) if projection is not None else tf.constant(0.0)
    if projection is None:
        return {"output": encode(output.numpy())}
    grads = tape.gradient(loss, inputs + weights)
    grads = [None if g is None else encode(tf.convert_to_tensor(g).numpy()) for g in grads]
    return {
        "output": encode(output.numpy()),
        "inputGradients": grads[: len(inputs)],
        "weightGradients": grads[len(inputs) :],
    }


def attempt(case):
    try:
        return run(case)
    except Exception as error:  # the test reports it for the case it belongs to
        return {"error": f"{type(error).__name__}: {error}"[:400]}


with open(sys.argv[1], encoding="utf-8") as source:
    CASES = json.load(source)
with open(sys.argv[2], "w", encoding="utf-8") as target:
    json.dump([attempt(case) for case in CASES], target)
