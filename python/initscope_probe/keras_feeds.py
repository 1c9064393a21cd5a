"""The inputs of a Keras model: declared, given by the caller, seen in the file, or assumed from its first layer."""

from .keras_graph import leaves
from .keras_measure import Feed
from .notes import note

# What a first layer of a kind usually sees, without the batch.
USUAL = {
    "Conv1D": (64, 8),
    "Conv2D": (32, 32, 3),
    "Conv3D": (16, 16, 16, 1),
    "DepthwiseConv2D": (32, 32, 3),
    "SeparableConv2D": (32, 32, 3),
    "LSTM": (16, 8),
    "GRU": (16, 8),
    "SimpleRNN": (16, 8),
    "Bidirectional": (16, 8),
    "MultiHeadAttention": (16, 32),
    "Flatten": (28, 28),
}


def _tables(pairs):
    return [layer.input_dim for layer, _name in pairs if type(layer).__name__ == "Embedding"]


def declared_feeds(model):
    """The feeds of a graph of layers; None where sizes are open."""
    tensors = getattr(model, "inputs", None) or []
    found = []
    tables = _tables([(layer, "") for layer in getattr(model, "layers", [])])
    for tensor in tensors:
        shape = tuple(tensor.shape)[1:]
        if any(size is None for size in shape):
            return None
        ids = bool(tables) and len(shape) == 1
        dtype = str(getattr(tensor.dtype, "name", tensor.dtype))
        found.append(
            Feed(_input_name(tensor), shape, dtype, min(tables) if ids or "int" in dtype and tables else None)
        )
    return found or None


def _input_name(tensor):
    """The name of the layer that declares an input: its id in the config."""
    history = getattr(tensor, "_keras_history", None)
    layer = getattr(history, "operation", None) or getattr(history, "layer", None)
    return layer.name if layer is not None else tensor.name.split(":")[0]


def found_feeds(session, model, shapes):
    """The feeds of a class with its own `call`."""
    pairs = leaves(model)
    tables = _tables(pairs)
    given = next(iter((shapes or {}).values()), None)
    seen = model.__dict__.get("_initscope_shape")
    first = pairs[0][0] if pairs else None
    kind = type(first).__name__
    if given is not None:
        shape = tuple(given)
    elif seen is not None and all(isinstance(size, int) for size in seen[1:]):
        shape = tuple(seen[1:])
    else:
        shape = (16,) if kind == "Embedding" else USUAL.get(kind, (32,))
        note(
            f"{type(model).__name__}: the input is taken as {shape}, the file does not say it (--input-shape)"
        )
    ids = bool(tables) and (kind == "Embedding" or len(shape) == 1 and kind != "Dense")
    return [Feed("input", shape, "int32" if ids else "float32", min(tables) if ids else None)]
