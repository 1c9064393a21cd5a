"""Builds every model of modelTable.py with Keras 3 or tf-keras and prints, as JSON lines, what it says about itself and what it makes of given
weights and inputs: outputs, and gradients of sum(output * projection) by inputs and weights, by layer path."""

import json
import math
import sys

import numpy as np
from modelTable import MODELS
from modelTools import KERAS3, keras
from packing import encode

if KERAS3:
    import torch
else:
    import tensorflow as tf

BATCH = 3
TRAINED = ("batch norm", "spectral")
POSITIVE = ("gamma", "scale", "variance", "std")
ONLY = set(sys.argv[2].split(",")) if len(sys.argv) > 2 else None


def layers_below(model, prefix=""):
    """Layers with weights of their own by path, wrapped models opened."""
    for layer in model.layers:
        held = layer.layer if type(layer).__name__ == "TimeDistributed" and hasattr(layer.layer, "layers") else layer
        if hasattr(held, "layers") and hasattr(held, "input_shape"):
            yield from layers_below(held, f"{prefix}{layer.name}/")
        else:
            yield prefix + layer.name, layer


def variables_of(model):
    found = {}
    for path, layer in layers_below(model):
        own = [w for w in layer.weights if "seed" not in w.name and "count" not in w.name]
        own.sort(key=lambda w: not w.trainable)
        if own:
            found.setdefault(path, own)
    return found


def assign(variables, random):
    for own in variables.values():
        for weight in own:
            values = random.uniform(-0.7, 0.7, tuple(weight.shape))
            if any(part in weight.name for part in POSITIVE):
                values = 1.5 + values
            weight.assign(values.astype("float32"))


def inputs_of(model, name, random):
    arrays = []
    for given in model.inputs:
        shape = (BATCH, *given.shape[1:])
        whole = "int" in str(given.dtype)
        values = random.randint(1 if "masked" in name else 0, 9, shape) if whole else random.uniform(-2, 2, shape)
        if "masked" in name:
            for sample in range(BATCH):
                values[sample, sample + 2 + len(arrays) :: 2] = 0
        arrays.append(values.astype("int32" if whole else "float32"))
    return arrays


def listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def packed(gradient):
    return None if gradient is None else encode(gradient)


def run3(model, arrays, variables, projections, training):
    fed = [torch.tensor(a, requires_grad=a.dtype == np.float32) for a in arrays]
    outputs = listed(model(fed if len(fed) > 1 else fed[0], training=training))
    made = [o.detach().numpy() for o in outputs]
    terms = [(o * torch.tensor(projections(a))).sum() for o, a in zip(outputs, made)]
    if any(t.requires_grad for t in terms):
        sum(terms).backward()
    of = lambda value: None if value.grad is None else value.grad.numpy()
    weights = {path: [of(w.value) for w in own] for path, own in variables.items()}
    return made, [of(x) if x.requires_grad else None for x in fed], weights


def run2(model, arrays, variables, projections, training):
    fed = [tf.constant(a) for a in arrays]
    every = [w for own in variables.values() for w in own]
    with tf.GradientTape() as tape:
        for x in fed:
            if x.dtype == tf.float32:
                tape.watch(x)
        outputs = listed(model(fed if len(fed) > 1 else fed[0], training=training))
        made = [o.numpy() for o in outputs]
        loss = tf.add_n([tf.reduce_sum(o * projections(a)) for o, a in zip(outputs, made)])
    gradients = [None if g is None else tf.convert_to_tensor(g).numpy() for g in tape.gradient(loss, fed + every)]
    rest = iter(gradients[len(fed) :])
    return made, gradients[: len(fed)], {path: [next(rest) for _ in own] for path, own in variables.items()}


def numbers(model, name):
    random = np.random.RandomState(5)
    variables = variables_of(model)
    assign(variables, random)
    arrays = inputs_of(model, name, random)
    salt = []

    def projections(array):
        salt.append(random.uniform(-1, 1, array.shape).astype("float32"))
        return salt[-1]

    kept = {path: [encode(keras.ops.convert_to_numpy(w) if KERAS3 else w.numpy()) for w in own] for path, own in variables.items()}
    run = run3 if KERAS3 else run2
    outputs, by_input, by_weight = run(model, arrays, variables, projections, any(part in name for part in TRAINED))
    return {
        "names": [given._keras_history.operation.name if KERAS3 else given.name for given in model.inputs],
        "inputs": [encode(a) for a in arrays],
        "weights": kept,
        "projections": [encode(p) for p in salt],
        "made": [encode(o) for o in outputs],
        "inputGradients": [packed(g) for g in by_input],
        "weightGradients": {path: [packed(g) for g in own] for path, own in by_weight.items()},
    }


def described(name, build):
    model = build()
    row = {
        "name": name,
        "json": model.to_json(),
        "total": model.count_params(),
        "trainable": int(sum(math.prod(w.shape) for w in model.trainable_weights)),
        "shapes": sorted([list(map(int, w.shape)) for w in model.weights]),
        "outputs": [[None if d is None else int(d) for d in t.shape] for t in model.outputs],
    }
    try:
        return {**row, **numbers(model, name)}
    except Exception as error:  # the test says whether that was to be expected
        return {**row, "failed": f"{type(error).__name__}: {error}"[:300]}


for name, build in MODELS.items():
    if ONLY is not None and name not in ONLY:
        continue
    keras.backend.clear_session()
    try:
        print(json.dumps(described(name, build)))
    except Exception as error:
        print(json.dumps({"name": name, "error": f"{type(error).__name__}: {error}"[:300]}))
