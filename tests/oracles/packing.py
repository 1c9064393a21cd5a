"""Arrays as {shape, data}, data in base64 float32."""

import base64

import numpy as np


def decode(block):
    return np.frombuffer(base64.b64decode(block["data"]), dtype="<f4").reshape(block["shape"]).copy()


def encode(array):
    array = np.ascontiguousarray(array, dtype="<f4")
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}
