"""Saves one small model per layer kind with Keras 3 or tf-keras as .keras and .h5, its weights drawn anew (so that no two are
equal), and prints them as JSON lines: savedFiles.py WHICH FOLDER."""
import base64
import json
import os
import sys

import numpy as np
from modelTable import MODELS
from modelTools import KERAS3, I, L, chain, keras

folder = sys.argv[2]
random = np.random.default_rng(7)


def weights(layers, prefix=""):
    """Every weight of every layer, nested models and those under TimeDistributed by the path of their names."""
    for layer in layers:
        model = layer.layer if isinstance(layer, L.TimeDistributed) else layer
        if isinstance(model, keras.Model):
            yield from weights(model.layers, f"{prefix}{layer.name}/")
            continue
        for weight in layer.weights:
            value = np.asarray(keras.ops.convert_to_numpy(weight) if KERAS3 else weight.numpy())
            yield {
                "layer": prefix + layer.name,
                "path": weight.path if KERAS3 else weight.name,
                "dtype": str(value.dtype),
                "shape": list(value.shape),
                "data": base64.b64encode(value.astype("float32").tobytes()).decode(),
            }


def deep():
    """A nested model inside a nested one, with the same names on every level, and one call of it twice."""
    x = inner = I((4,))
    core = keras.Model(inner, L.Dense(4, name="dense")(L.Dense(4, name="out")(x)), name="core")
    y = middle = I((4,))
    model = keras.Model(middle, L.Dense(4, name="dense")(core(core(y))), name="middle")
    z = outer = I((4,))
    return keras.Model(outer, L.Dense(4, name="dense")(model(z)))


wrapped = {
    "time distributed separable": chain((3, 9, 8, 3), lambda: L.TimeDistributed(L.SeparableConv2D(4, 3))),
    "time distributed norm": chain((3, 6), lambda: L.TimeDistributed(L.BatchNormalization())),
    "equal cells": chain((7, 4), lambda: L.RNN([L.LSTMCell(4), L.LSTMCell(4), L.LSTMCell(4)])),
    "bidirectional twice": chain(
        (7, 8), lambda: L.Bidirectional(L.LSTM(4, return_sequences=True)), lambda: L.Bidirectional(L.LSTM(4))
    ),
    "normalization adapted": chain((6,), lambda: L.Normalization()),
    "same names at every level": deep,
}
for index, (name, build) in enumerate({**MODELS, **wrapped}.items()):
    keras.backend.clear_session()
    saved, errors = {}, {}
    try:
        model = build()
        model.compile(loss="mse")
        model.set_weights(
            [random.standard_normal(np.shape(w)).astype(np.asarray(w).dtype) for w in model.get_weights()]
        )
    except Exception as error:
        print(json.dumps({"name": name, "errors": {"build": f"{type(error).__name__}: {error}"[:300]}}))
        continue
    for kind in ("keras", "h5"):
        path = os.path.join(folder, f"{index}.{kind}")
        try:
            model.save(path)
            saved[kind] = path
        except Exception as error:
            errors[kind] = f"{type(error).__name__}: {error}"[:300]
    print(json.dumps({"name": name, "files": saved, "errors": errors, "weights": list(weights(model.layers))}))
