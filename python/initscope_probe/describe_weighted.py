"""Layers with weights of their own: matrices, convolutions, cells, tables, normalizations. Each as describe.py has them."""

import torch

from . import operations as ops
from . import weights as W


def owner_of(capture, module, kind, class_name, parameter=None):
    """The layer of the running module, or of the module that owns the parameter where another one runs it."""
    path = capture.names.get(id(module), "")
    if parameter is not None and not any(p is parameter for p in module._parameters.values()):
        leaf = (
            type(module).__module__.startswith("torch.nn")
            and path
            and not any(True for _ in module.children())
        )
        full = capture.parameters.get(id(parameter))
        if full is not None and not leaf:
            path = full.rsplit(".", 1)[0] if full.endswith((".weight", ".bias")) else full
    return capture.layer(path or class_name.lower(), kind, class_name, module)


def named(args, kwargs, names):
    """The arguments of a call by name."""
    found = dict(zip(names, args))
    found.update(kwargs)
    return found


def sizes_of(value, rank):
    """One size per axis."""
    if isinstance(value, (tuple, list)):
        return [int(v) for v in value] if len(value) == rank else [int(value[0])] * rank
    return [int(value)] * rank if isinstance(value, int) else [0] * rank


def linear(capture, args, kwargs):
    """The layer of a matrix."""
    given = named(args, kwargs, ("input", "weight", "bias"))
    weight, bias = given["weight"], given.get("bias")
    layer = owner_of(capture, capture.module, "dense", "Linear", weight)
    if not layer.weights and weight.dim() == 2:
        layer.weights = [W.linear_kernel(weight, path=capture.parameters.get(id(weight)))]
        if bias is not None:
            layer.weights.append(W.bias_of(bias, path=capture.parameters.get(id(bias))))
        layer.config = {"units": weight.shape[0], "useBias": bias is not None}
    return layer, -1, True


def convolution(capture, name, args, kwargs):
    """The layer of a convolution, transposed or not."""
    transposed = name in ops.TRANSPOSED
    order = (
        ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
        if transposed
        else ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
    )
    given = named(args, kwargs, order)
    rank = ops.TRANSPOSED[name] if transposed else ops.CONVOLUTIONS[name]
    weight, bias = given["weight"], given.get("bias")
    class_name = f"ConvTranspose{rank}d" if transposed else f"Conv{rank}d"
    layer = owner_of(capture, capture.module, "convTranspose" if transposed else "conv", class_name, weight)
    if not layer.weights:
        wide = lambda value, default: sizes_of(given.get(value, default), rank)
        stride, groups = wide("stride", 1), int(given.get("groups", 1))
        make = W.transposed_kernel if transposed else W.conv_kernel
        layer.weights = [make(weight, groups, stride, capture.parameters.get(id(weight)))]
        if bias is not None:
            layer.weights.append(W.bias_of(bias, path=capture.parameters.get(id(bias))))
        padding = given.get("padding", 0)
        same = padding == "same" or (padding != "valid" and any(sizes_of(padding, rank)))
        filters = weight.shape[1] * groups if transposed else weight.shape[0]
        layer.config = {
            "rank": rank,
            "filters": filters,
            "kernelSize": list(weight.shape[2:]),
            "strides": stride,
            "padding": "same" if same else "valid",
            "dataFormat": "channelsFirst",
            "dilation": wide("dilation", 1),
            "groups": groups,
            "useBias": bias is not None,
        }
        if transposed:
            layer.config["outputPadding"] = None
    return layer, 1, True


def cell(capture):
    """The layer of one step of a recurrence."""
    module = capture.module
    layer = owner_of(capture, module, "opaque", type(module).__name__)
    if not layer.weights:
        layer.weights = W.cell_weights(module, capture.parameters)
        layer.config = W.recurrent_config(
            getattr(module, "hidden_size", 1), bool(getattr(module, "bias", True))
        )
    return layer, -1, True


def embedding(capture, args, kwargs, name):
    """The layer of a table; None where no table is among the arguments."""
    given = named(args, kwargs, ("input", "weight"))
    weight = next(
        (
            t
            for t in (given.get("weight"), given.get("input"))
            if isinstance(t, torch.Tensor) and t.dim() == 2 and t.is_floating_point()
        ),
        None,
    )
    if weight is None:
        return None
    layer = owner_of(
        capture, capture.module, "embedding", "Embedding" if name == "embedding" else "EmbeddingBag", weight
    )
    if not layer.weights:
        layer.weights = [W.table(weight, path=capture.parameters.get(id(weight)))]
        layer.config = {"inputDim": weight.shape[0], "outputDim": weight.shape[1], "maskZero": False}
    return layer, -1, True


def norm(capture, name, args, kwargs):
    """The layer of a normalization."""
    module = capture.module
    order = {
        "batch_norm": ("input", "running_mean", "running_var", "weight", "bias"),
        "layer_norm": ("input", "normalized_shape", "weight", "bias", "eps"),
        "rms_norm": ("input", "normalized_shape", "weight", "eps"),
        "group_norm": ("input", "num_groups", "weight", "bias", "eps"),
        "instance_norm": ("input", "running_mean", "running_var", "weight", "bias"),
    }[name]
    given = named(args, kwargs, order)
    scale, offset = given.get("weight"), given.get("bias")
    path = capture.names.get(id(module), "")
    leaf = path and type(module).__module__.startswith("torch.nn")
    layer = (
        owner_of(capture, module, ops.NORMS[name], type(module).__name__, scale)
        if leaf or scale is not None
        else (capture.function_layer(name, ops.NORMS[name], module))
    )
    axis = -1 if name in ("layer_norm", "rms_norm") else 1
    if not layer.config:
        layer.weights = W.norm_weights(scale, offset, capture.parameters)
        eps = given.get("eps", kwargs.get("eps", getattr(module, "eps", 1e-5)))
        layer.config = {
            "axis": axis,
            "epsilon": float(eps or 1e-6),
            "momentum": 0.9,
            "center": offset is not None,
            "scale": scale is not None,
        }
        if ops.NORMS[name] == "groupNorm":
            layer.config["groups"] = int(given.get("num_groups") or -1)
    return layer, axis, True
