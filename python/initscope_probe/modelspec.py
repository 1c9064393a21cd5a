"""A captured graph as the ModelSpec of src/model/spec.ts (plain dicts)."""

from . import edits
from .heads import output_specs
from .initializers import FORGETS, forget_bias, initializer_of
from .parameter_loops import ParameterLoops
from .places import called_by, narrow
from .whole import home, whole


def layer_origins(layer, model_frames, files):
    """Where the layer is built (or its function called), the calls that led there, and where its weights are drawn."""
    built = getattr(layer.module, "_initscope_frames", None)
    own = built and getattr(layer.module, "_initscope_path", None) == layer.id
    frames = list((built if own else layer.frames) or built or ())
    if not frames:
        frames = next((getattr(w.parameter, "_initscope_frames", None) for w in layer.weights), None) or list(
            model_frames
        )
    found = []
    for i, frame in enumerate(frames[:4]):
        origin = files.origin(
            narrow(files, frame, called_by(frames, i, layer.class_name)), "layer" if i == 0 else "call"
        )
        if origin is not None and origin not in found:
            found.append(origin)
    return found


def weight_specs(layer, recorder, files, origins, loops):
    """WeightSpecs with initializers; adds an origin for every draw that the user's code names."""
    result = []
    for weight in layer.weights:
        event, changed = recorder.draw_of(weight.parameter)
        frames = event.frames if event is not None else []
        if frames:
            narrow(files, frames[0], event.op)
        built = getattr(layer.module, "_initscope_frames", None) or ()
        named = (
            bool(frames)
            and (not built or frames[0].key != built[0].key)
            and _own_call(event, frames[0], files)
        )
        value = whole(home(weight.parameter))
        initializer = initializer_of(event, changed, value, weight.fans[0], named)
        forget = forget_bias(layer.weights) if weight.name == "bias" and weight.gates == 4 else 0
        if forget >= FORGETS:
            initializer = dict(initializer, id="forgetGateOnes", params={"base": 0, "forget": forget})
        code = None
        if weight.part in ("kernel", "recurrent", "bias", "table"):
            code = edits.site(layer, weight, frames[0] if named else None, files)
            loop = loops.site(frames if named else [*built, *frames], weight.path)
            if loop is not None:
                code["loop"] = loop
        if named:
            origin = files.origin(frames[0], "initializer", weight=weight.name)
            if origin is not None:
                origins.append(origin)
        result.append(weight.spec(initializer, code))
    return result


def _own_call(event, frame, files):
    """Whether the innermost user frame executes the draw itself, and not a constructor that draws by default."""
    source = files.source(frame.file)
    if source is None:
        return False
    if frame.place[1] is None:
        line, end = frame.place[0], frame.place[2]
        text = source.text[
            source.index(line, 0) : source.index(end + 1, 0) if end < len(source.starts) else len(source.text)
        ]
    else:
        text = source.text[
            source.index(frame.place[0], frame.place[1]) : source.index(frame.place[2], frame.place[3])
        ]
    head = text.split("(", 1)[0] if "\n" not in text.split("(", 1)[0] else text
    return event.op.rstrip("_") in head or event.op in text


def model_spec(model, name, capture, inputs, output, recorder, files, facts):
    """The ModelSpec of a captured model. `facts`: id, framework, root origin, problems, loss written in the file."""
    root = facts["origin"]
    frames = getattr(model, "_initscope_frames", None) or ()
    if frames:
        narrow(files, frames[0], type(model).__name__)
    layers, loops = [], ParameterLoops(model, files)
    for layer in capture.layers.values():
        origins = layer_origins(layer, frames, files) or [root]
        weights = weight_specs(layer, recorder, files, origins, loops)
        spec = {
            "id": layer.id,
            "name": layer.id.rsplit(".", 1)[-1],
            "className": layer.class_name,
            "kind": layer.kind,
            "config": layer.config,
            "weights": weights,
            "roles": [],
            "origins": origins,
            "trainable": any(w["trainable"] for w in weights) or not weights,
        }
        if layer.activation is not None:
            spec["activation"] = layer.activation
        if layer.kind == "opaque":
            spec["opaque"] = f"{layer.class_name} has no law here; it is measured all the same"
        layers.append(spec)
    nodes = [
        {"id": n.id, "layer": n.layer.id, "inputs": n.inputs, "outputs": n.shapes} for n in capture.nodes
    ]
    parameters = {id(p): p for p in model.parameters()}
    return {
        "id": facts["id"],
        "name": name,
        "file": files.main,
        "format": "python",
        "framework": facts["framework"],
        "semantics": {"value": "pytorch", "from": "it is a torch.nn.Module"},
        "graph": "full",
        "executable": False,
        "layers": layers,
        "nodes": nodes,
        "inputs": inputs,
        "outputs": output_specs(capture, output, facts["loss"]),
        "parameters": {
            "total": sum(p.numel() for p in parameters.values()),
            "trainable": sum(p.numel() for p in parameters.values() if p.requires_grad),
        },
        "savedWeights": False,
        "origin": root,
        "problems": facts["problems"],
        "contentHash": facts["contentHash"],
    }
