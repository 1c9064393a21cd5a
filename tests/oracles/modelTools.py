"""The framework that the first argument names, and the ways to write a small model."""
import sys

KERAS3 = sys.argv[1] == "keras3"
if KERAS3:
    import keras
else:
    import tf_keras as keras
L = keras.layers
I = keras.Input


def chain(shape, *layers, dtype=None):
    def build():
        x = entry = I(shape, dtype=dtype) if dtype else I(shape)
        for layer in layers:
            x = layer()(x)
        return keras.Model(entry, x)

    return build


def several(shapes, join):
    def build():
        entries = [I(shape) for shape in shapes]
        return keras.Model(entries, join(entries))

    return build
