"""Which output a loss is taken of, and which loss: the one the file names, else the one the head implies."""

import torch

from .graph import ref_of


def pick_output(output):
    """The tensor a loss is taken of, and its name: `logits` where there are any, else the first float tensor of a batch."""
    if not isinstance(output, (torch.Tensor, tuple, list, dict)):
        output = (
            getattr(output, "logits", None)
            if getattr(output, "logits", None) is not None
            else getattr(output, "__dict__", output)
        )
    if isinstance(output, dict):
        for key in ("logits", "out", "sample", "pred", "prediction", "output"):
            if isinstance(output.get(key), torch.Tensor):
                return output[key], key
        output = list(output.values())
    flat = []
    _collect(output, flat)
    shaped = [t for t in flat if t.dim() > 0]
    return (shaped or flat or [None])[0], "output"


def _collect(value, flat, depth=0):
    if isinstance(value, torch.Tensor):
        if value.is_floating_point():
            flat.append(value)
    elif isinstance(value, (tuple, list)) and depth < 4:
        for item in value:
            _collect(item, flat, depth + 1)


def loss_of(last, tensor, written):
    """The LossSpec of an output whose last op is the activation `last` (or None)."""
    calls = written["calls"]
    head = {
        "softmax": "categorical_crossentropy",
        "log_softmax": "sparse_categorical_crossentropy",
        "sigmoid": "binary_crossentropy",
    }.get(last)
    if head is not None:
        named = next(
            (
                c
                for c in calls
                if c[1].endswith("crossentropy") and ("binary" in c[1]) == (head == "binary_crossentropy")
            ),
            None,
        )
        return _loss(head, last == "log_softmax", named[0] if named else last, "file" if named else "head")
    fitting = [c for c in calls if c[2] or not c[1].endswith("crossentropy")]
    if tensor is not None and tensor.dim() >= 2 and tensor.shape[-1] == 1:
        fitting = [c for c in fitting if not c[1].startswith("sparse")]
    if fitting and last is None:
        return _loss(fitting[0][1], fitting[0][2], fitting[0][0], "file")
    units = tensor.shape[-1] if tensor is not None and tensor.dim() >= 2 else 1
    if last is None and written["classes"] and units > 1:
        return _loss("sparse_categorical_crossentropy", True, "logits", "head")
    return _loss("mean_squared_error", False, last or "linear", "head")


def _loss(id, logits, written, origin):
    return {"id": id, "fromLogits": logits, "written": written, "from": origin}


def output_specs(capture, output, written):
    """The OutputSpecs of a captured pass."""
    tensor, name = pick_output(output)
    ref = ref_of(tensor)
    if ref is None:
        if not capture.nodes:
            return []
        node = capture.nodes[-1]
        return [_output(node, 0, name, node.shapes[0], loss_of(None, None, written))]
    node = next(n for n in capture.nodes if n.id == ref.node)
    last = node.layer.activation["id"] if node.layer.activation else None
    return [_output(node, ref.output, name, [None, *tensor.shape[1:]], loss_of(last, tensor, written))]


def _output(node, index, name, shape, loss):
    return {"ref": {"node": node.id, "output": index}, "name": name, "shape": shape, "loss": loss}
