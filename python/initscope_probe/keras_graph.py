"""The graph of a subclassed Keras model as a functional config: its `call` is traced with symbolic tensors, custom layers are looked into."""

import json


class Tracing:
    """While on, a layer made of other layers runs its own `call`, so that the layers inside become nodes of the graph."""

    def __init__(self, keras):
        self.keras = keras

    def __enter__(self):
        layer = self.keras.layers.Layer
        self.original = layer.__call__
        original = self.original

        def call(this, *args, **kwargs):
            if not is_composite(this):
                return original(this, *args, **kwargs)
            return this.call(*args, **kwargs)

        layer.__call__ = call
        return self

    def __exit__(self, *_error):
        self.keras.layers.Layer.__call__ = self.original


def sublayers(layer):
    """The layers directly inside."""
    return list(layer._flatten_layers(include_self=False, recursive=False))


def is_composite(layer):
    """Whether a layer of the user's is made of other layers."""
    own = not type(layer).__module__.startswith(("keras.", "tf_keras.", "tensorflow."))
    return own and bool(sublayers(layer))


def leaves(model):
    """Every layer that is not looked into, in the order of construction, with an id that is unique in the model."""
    found, seen, names = [], set(), {}

    def visit(layer):
        if id(layer) in seen:
            return
        seen.add(id(layer))
        if is_composite(layer):
            for each in sublayers(layer):
                visit(each)
        elif type(layer).__name__ != "InputLayer":
            many = names[layer.name] = names.get(layer.name, 0) + 1
            found.append((layer, layer.name if many == 1 else f"{layer.name}_{many}"))

    for each in sublayers(model):
        visit(each)
    return found


def is_declared(keras, model):
    """Whether a model is a graph of layers (Sequential, functional), and not a class with a `call` of its own."""
    return isinstance(model, keras.Sequential) or any(c.__name__ == "Functional" for c in type(model).__mro__)


def named_layers(model, prefix=""):
    """The layers of a model with their ids; those of nested models joined with '/'."""
    for layer in model.layers:
        yield layer, f"{prefix}{layer.name}"
        if is_nested(layer):
            yield from named_layers(layer, f"{prefix}{layer.name}/")


def is_nested(layer):
    """Whether a layer is a model of its own, whose layers are looked at instead."""
    return hasattr(layer, "layers") and hasattr(layer, "to_json")


def run_layers(model):
    """The layers of a graph, with their ids, that run by themselves: nested models are left out, their layers are in."""
    return [(layer, name) for layer, name in named_layers(model) if not is_nested(layer)]


# Operations that are layers of their own kind in a config.
MERGES = {
    "Add": "Add",
    "Subtract": "Subtract",
    "Multiply": "Multiply",
    "Maximum": "Maximum",
    "Minimum": "Minimum",
}
ACTIVATIONS = {
    "Relu": "relu", "Relu6": "relu6", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softmax": "softmax", "Gelu": "gelu",
    "Silu": "silu", "Elu": "elu", "Selu": "selu", "Softplus": "softplus", "LeakyRelu": "leaky_relu", "Softsign": "softsign",
}  # fmt: skip


def functional_config(keras, model, feeds):
    """The JSON of a functional model with the same layers; raises what the trace raises (operations of a framework's own, say)."""
    inputs = [keras.Input(shape=feed.shape, dtype=feed.dtype, name=feed.name) for feed in feeds]
    with Tracing(keras):
        outputs = model.call(inputs[0] if len(inputs) == 1 else inputs)
    outputs = outputs[0] if isinstance(outputs, (list, tuple)) else outputs
    outputs = next(iter(outputs.values())) if isinstance(outputs, dict) else outputs
    graph = keras.Model(inputs, outputs)
    ids = {id(layer): name for layer, name in leaves(model)}
    entries, names, calls = [], {}, {}
    by_depth = graph._nodes_by_depth
    for depth in sorted(by_depth, reverse=True):
        for node in by_depth[depth]:
            operation = node.operation
            entry = names.get(id(operation))
            if entry is None:
                entry = _entry(operation, ids.get(id(operation), operation.name), node)
                names[id(operation)] = entry
                entries.append(entry)
            calls[id(node)] = len(entry["inbound_nodes"])
            sources = []
            for tensor in node.input_tensors:
                history = tensor._keras_history
                before = history.operation._inbound_nodes[history.node_index]
                sources.append(
                    [names[id(history.operation)]["name"], calls.get(id(before), 0), history.tensor_index, {}]
                )
            if sources:
                entry["inbound_nodes"].append(sources)
    history = outputs._keras_history
    config = {
        "name": model.name,
        "layers": entries,
        "input_layers": [[feed.name, 0, 0] for feed in feeds],
        "output_layers": [[names[id(history.operation)]["name"], 0, history.tensor_index]],
    }
    return json.dumps(
        {"class_name": "Functional", "config": config, "keras_version": keras.__version__}, default=str
    )


def _entry(operation, name, node):
    kind = type(operation).__name__
    if hasattr(operation, "get_config") and hasattr(operation, "trainable_weights"):
        config = dict(operation.get_config(), name=name)
    elif kind in MERGES and len(node.input_tensors) > 1:
        kind, config = MERGES[kind], {"name": name}
    elif kind in ACTIVATIONS:
        kind, config = "Activation", {"name": name, "activation": ACTIVATIONS[kind]}
    elif kind == "Concatenate":
        config = {"name": name, "axis": getattr(operation, "axis", -1)}
    elif kind in ("Reshape", "Ravel", "Squeeze", "ExpandDims", "Transpose", "GetItem"):
        kind, config = "Reshape", {"name": name, "target_shape": list(node.output_tensors[0].shape[1:])}
    else:
        config = {"name": name}
    return {"class_name": kind, "name": name, "config": config, "inbound_nodes": []}


def chain_config(keras, model, feeds, called):
    """The layers one after the other, in the order in which a pass called them: what is known when the graph cannot be traced."""
    entries = [
        {
            "class_name": "InputLayer",
            "name": feeds[0].name,
            "config": {
                "name": feeds[0].name,
                "batch_shape": [None, *feeds[0].shape],
                "dtype": feeds[0].dtype,
            },
            "inbound_nodes": [],
        }
    ]
    last, shape = feeds[0].name, tuple(feeds[0].shape)
    for layer, name, into, out in called:
        if tuple(into) != shape:
            between = f"{name}/input"
            config = {"name": between, "target_shape": list(into)}
            entries.append(
                {
                    "class_name": "Reshape",
                    "name": between,
                    "config": config,
                    "inbound_nodes": [[[last, 0, 0, {}]]],
                }
            )
            last = between
        config = dict(layer.get_config(), name=name)
        entries.append(
            {
                "class_name": type(layer).__name__,
                "name": name,
                "config": config,
                "inbound_nodes": [[[last, 0, 0, {}]]],
            }
        )
        last, shape = name, tuple(out)
    config = {
        "name": model.name,
        "layers": entries,
        "input_layers": [[feeds[0].name, 0, 0]],
        "output_layers": [[last, 0, 0]],
    }
    return json.dumps(
        {"class_name": "Functional", "config": config, "keras_version": keras.__version__}, default=str
    )
