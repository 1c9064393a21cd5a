"""Keras models: handed over as a JSON config with the places that built each layer; classes with their own `call` are traced for it."""

import ast
import json
import sys

from .keras_feeds import declared_feeds, found_feeds
from .keras_graph import chain_config, functional_config, is_declared, leaves, named_layers
from .keras_measure import KerasModel
from .notes import note
from .places import narrow


def kerases():
    """The Kerases that are loaded."""
    return [sys.modules[n] for n in ("keras", "tf_keras") if hasattr(sys.modules.get(n), "Model")]


def is_keras(model):
    """Whether an object is a Keras model."""
    return any(isinstance(model, k.Model) for k in kerases())


def reset_names():
    """Starts Keras's automatic layer names from the beginning."""
    for keras in kerases():
        clear = getattr(getattr(keras, "utils", None), "clear_session", None) or getattr(
            keras.backend, "clear_session", None
        )
        if clear is not None:
            clear()


def read_keras(session, model, name, id, candidate, shapes):
    """What the reader of Keras JSON needs, and where every layer stands; then the way to measure it in its own backend, if there is one.

    Raises LookupError for what has no config."""
    keras = next(k for k in kerases() if isinstance(model, k.Model))
    own = not is_declared(keras, model)
    root = KerasModel(session, candidate, keras, name, id, None)
    if own:
        root.feeds = found_feeds(session, model, shapes)
        text = _traced_config(keras, root, model)
        model = root.build(1)
        pairs = leaves(model)
    else:
        _build(model, session.loader.ns)
        try:
            text = model.to_json()
        except (NotImplementedError, TypeError, ValueError, AttributeError) as error:
            raise LookupError(f"its config cannot be read: {type(error).__name__}: {error}"[:240]) from error
        root.feeds = declared_feeds(model)
        pairs = list(named_layers(model))
    layers, code = {}, {}
    _places(session, pairs, layers, code)
    from .roots import root_place

    where = session.files.texts[session.files.main].range(root_place(session, candidate, model))
    major = keras.__version__.split(".")[0]
    return {
        "id": id,
        "name": name,
        "json": _with_loss(text, model.__dict__.get("_initscope_loss")),
        "own": own,
        "semantics": "keras3" if major >= "3" else "keras2",
        "framework": f"Keras {keras.__version__}",
        "origins": layers,
        "code": code,
        "origin": {"file": session.files.main, "range": where, "kind": "definition"},
    }, root if root.feeds else None


def _traced_config(keras, root, model):
    """The graph of a class with its own `call`: by symbolic tensors, else the layers in the order of one pass."""
    try:
        return functional_config(keras, model, root.feeds)
    except Exception as error:
        note(
            f"{root.name}: its graph cannot be traced ({type(error).__name__}), its layers are shown in the order they run"
        )
    again = root.build(1)
    traced, _values = root.run(again, 2, 1)
    called = [
        (tap.layer, tap.node, tuple(tap.inputs.shape[1:]), tuple(tap.output.shape[1:]))
        for tap in traced.taps
        if tap.inputs is not None
    ]
    if not called:
        raise LookupError("nothing of it could be watched")
    return chain_config(keras, again, root.feeds, called)


LENGTHS = (
    "maxlen",
    "max_len",
    "max_length",
    "sequence_length",
    "seq_len",
    "input_length",
    "MAX_SEQUENCE_LENGTH",
)


def _build(model, names):
    """A Sequential that starts with an Embedding needs only a length: the file's own, else 32."""
    layers = getattr(model, "layers", None)
    if getattr(model, "built", True) or not layers or type(layers[0]).__name__ != "Embedding":
        return
    length = next((names[n] for n in LENGTHS if isinstance(names.get(n), int)), None)
    if length is None:
        note(f"{model.name}: sequences are taken as 32 ids long, the file does not say it")
    try:
        model.build((None, length or 32))
    except Exception:
        return


def _with_loss(text, given):
    """The config with the loss that the model was compiled with, where Keras keeps it in saved models."""
    loss = _written(given)
    if loss is None:
        return text
    return json.dumps({**json.loads(text), "compile_config": {"loss": loss}})


def _written(loss):
    """A loss as Keras writes it down: a name, a class with what it says of logits, or several by output."""
    if loss is None or isinstance(loss, str):
        return loss
    if isinstance(loss, (list, tuple)):
        return [_written(each) for each in loss]
    if isinstance(loss, dict):
        return {str(name): _written(each) for name, each in loss.items()}
    if any(isinstance(loss, k.losses.Loss) for k in kerases()):
        kwargs = {**getattr(loss, "_fn_kwargs", {}), **vars(loss)}
        return {
            "class_name": type(loss).__name__,
            "config": {"from_logits": kwargs.get("from_logits") is True},
        }
    return getattr(loss, "__name__", None)


def _places(session, pairs, layers, code):
    """By layer id: origins, and the call with its initializer keywords."""
    files = session.files
    for layer, id in pairs:
        box = getattr(layer, "_initscope_frames", None)
        frames = box.frames if box is not None else ()
        origins = [
            files.origin(narrow(files, f, type(layer).__name__), "layer" if i == 0 else "call")
            for i, f in enumerate(frames[:4])
        ]
        origins = [o for i, o in enumerate(origins) if o is not None and o not in origins[:i]]
        if not origins:
            continue
        call = _call(files, frames[0])
        if call is not None:
            source = files.source(frames[0].file)
            keywords = {k.arg: source.range(_place(k.value)) for k in call.keywords if k.arg}
            for name, where in keywords.items():
                if name.endswith("_initializer"):
                    origins.append(
                        {"file": frames[0].file, "range": where, "kind": "initializer", "weight": name}
                    )
                elif name == "activation":
                    origins.append({"file": frames[0].file, "range": where, "kind": "activation"})
            code[id] = _sites(session, source, frames[0], call, keywords)
        layers[id] = origins


INITIALIZERS = (
    "kernel_initializer bias_initializer recurrent_initializer embeddings_initializer depthwise_initializer"
    " pointwise_initializer"
).split()


def _sites(session, source, frame, call, keywords):
    """CodeSites of the layer's initializer keywords."""
    if frame.file != session.files.main:
        return {k: {"mode": "none", "reason": "the layer is built in another file"} for k in INITIALIZERS}
    if any(k.arg is None for k in call.keywords):
        return {
            k: {"mode": "none", "reason": "the call takes its arguments from a dictionary"}
            for k in INITIALIZERS
        }
    arguments = [*call.args, *[k.value for k in call.keywords]]
    ends = [source.range(_place(each))["end"] for each in arguments]
    after = max(ends, default=source.range(_place(call))["end"] - 1)
    prefix = _initializers_name(source)
    found = {}
    for keyword in INITIALIZERS:
        site = {"mode": "keyword", "keyword": keyword, "after": after, "empty": not arguments}
        if keyword in keywords:
            site["value"] = keywords[keyword]
        if prefix:
            site["initializers"] = prefix
        found[keyword] = site
    return found


def _initializers_name(source):
    """How the file reaches keras.initializers."""
    found = None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in ("keras", "tf_keras"):
                    found = found or f"{alias.asname or alias.name}.initializers"
                elif alias.name == "tensorflow":
                    found = found or f"{alias.asname or alias.name}.keras.initializers"
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if alias.name == "initializers" and "keras" in node.module:
                    return alias.asname or "initializers"
                if alias.name == "keras" and node.module == "tensorflow":
                    found = f"{alias.asname or 'keras'}.initializers"
    return found


def _call(files, frame):
    source = files.source(frame.file)
    if source is None or frame.place[1] is None:
        return None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _place(node) == frame.place:
            return node
    return None


def _place(node):
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset
