"""Draws from a framework's initializers: reads a JSON list of {class_name, config, shape}, writes a JSON list of base64 float32 values or {error}.

Arguments: input file, output file, framework (keras3 or keras2).
"""

import base64
import json
import sys

import numpy as np

KERAS3 = sys.argv[3] == "keras3"
if KERAS3:
    import keras
else:
    import tf_keras as keras


def draw(case):
    spec = {"class_name": case["class_name"], "config": case["config"]}
    if KERAS3:
        spec["module"] = "keras.initializers"
    keras.utils.set_random_seed(7)
    values = keras.initializers.deserialize(spec)(tuple(case["shape"]), dtype="float32")
    values = keras.ops.convert_to_numpy(values) if KERAS3 else values.numpy()
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def attempt(case):
    try:
        return draw(case)
    except Exception as error:  # reported by the test for the case it belongs to
        return {"error": f"{type(error).__name__}: {error}"[:300]}


with open(sys.argv[1], encoding="utf-8") as source:
    CASES = json.load(source)
with open(sys.argv[2], "w", encoding="utf-8") as target:
    json.dump([attempt(case) for case in CASES], target)
