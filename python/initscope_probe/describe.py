"""Turns one op into a layer of the catalogue: kind, config, weights. Every function returns (layer, axis of units, first output only)."""

import torch
from torch import nn

from . import operations as ops
from . import weights as W


def describe(capture, name, args, kwargs, sources, owned):
    """The layer of an op; None when it carries its input's signal on unchanged."""
    module = capture.module
    if name == "linear":
        return _linear(capture, args, kwargs)
    if name in ops.CONVOLUTIONS or name in ops.TRANSPOSED:
        return _convolution(capture, name, args, kwargs)
    if name in ops.CELLS:
        return _cell(capture)
    if name in ("embedding", "embedding_bag"):
        return _embedding(capture, args, kwargs, name)
    if name in ops.NORMS:
        return _norm(capture, name, args, kwargs)
    if name in ops.ACTIVATIONS:
        kind = ops.ACTIVATIONS[name]
        layer = capture.function_layer(name, "activation", module)
        if layer.activation is None:
            layer.activation = ops.activation_spec(kind, name, args, kwargs, module)
            layer.config = {"axis": -1}
            if name == "prelu" and owned:
                layer.weights = [W.bias_of(owned[0], "alpha", "scale", capture.parameters[id(owned[0])])]
        return layer, None, True
    if name in ops.PRODUCTS:
        return _product(capture, name, owned, module)
    if name == "mean" and _over_positions(args, kwargs, sources):
        layer = capture.function_layer(name, "globalPooling", module)
        keep = bool(kwargs.get("keepdim", args[2] if len(args) > 2 else False))
        rank = sources[0].dim() - 2
        layer.config = {"rank": rank, "op": "average", "dataFormat": "channelsFirst", "keepDims": keep}
        return layer, 1, True
    if name in ops.POOLS or name in ops.GLOBAL_POOLS:
        return _pooling(capture, name, args, kwargs, module)
    if name in ops.CONCATENATIONS:
        layer = capture.function_layer("cat", "concatenate", module)
        axis = kwargs.get("dim", args[1] if len(args) > 1 else 0)
        layer.config = {"axis": axis if isinstance(axis, int) else -1}
        return layer, None, True
    if name in ops.MERGES or name in ops.DIVISIONS:
        return _merge(capture, name, args, sources, owned, module)
    if owned and not sources:
        return None
    layer = capture.function_layer(name.strip("_"), "opaque", module)
    if not layer.weights:
        layer.weights = [W.bias_of(p, _last(capture, p), "scale", capture.parameters[id(p)]) for p in owned]
    return layer, None, True


def _over_positions(args, kwargs, sources):
    """Whether a mean is taken over all positions of pictures."""
    axes = kwargs.get("dim", kwargs.get("axis", args[1] if len(args) > 1 else None))
    if not sources or not isinstance(axes, (tuple, list)) or sources[0].dim() < 4:
        return False
    rank = sources[0].dim()
    return sorted(a % rank for a in axes) == list(range(2, rank)) and sources[0]._initscope.axis % rank == 1


def _last(capture, parameter):
    return capture.parameters[id(parameter)].rsplit(".", 1)[-1]


def _owner(capture, module, kind, class_name, parameter=None):
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


def _call(args, kwargs, names):
    found = dict(zip(names, args))
    found.update(kwargs)
    return found


def _linear(capture, args, kwargs):
    given = _call(args, kwargs, ("input", "weight", "bias"))
    weight, bias = given["weight"], given.get("bias")
    layer = _owner(capture, capture.module, "dense", "Linear", weight)
    if not layer.weights and weight.dim() == 2:
        layer.weights = [W.linear_kernel(weight, path=capture.parameters.get(id(weight)))]
        if bias is not None:
            layer.weights.append(W.bias_of(bias, path=capture.parameters.get(id(bias))))
        layer.config = {"units": weight.shape[0], "useBias": bias is not None}
    return layer, -1, True


def _convolution(capture, name, args, kwargs):
    transposed = name in ops.TRANSPOSED
    order = (
        ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation")
        if transposed
        else ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
    )
    given = _call(args, kwargs, order)
    rank = ops.TRANSPOSED[name] if transposed else ops.CONVOLUTIONS[name]
    weight, bias = given["weight"], given.get("bias")
    class_name = f"ConvTranspose{rank}d" if transposed else f"Conv{rank}d"
    layer = _owner(capture, capture.module, "convTranspose" if transposed else "conv", class_name, weight)
    if not layer.weights:
        wide = lambda value, default: _tuple(given.get(value, default), rank)
        stride, groups = wide("stride", 1), int(given.get("groups", 1))
        make = W.transposed_kernel if transposed else W.conv_kernel
        layer.weights = [make(weight, groups, stride, capture.parameters.get(id(weight)))]
        if bias is not None:
            layer.weights.append(W.bias_of(bias, path=capture.parameters.get(id(bias))))
        padding = given.get("padding", 0)
        same = padding == "same" or (padding != "valid" and any(_tuple(padding, rank)))
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


def _tuple(value, rank):
    if isinstance(value, (tuple, list)):
        return [int(v) for v in value] if len(value) == rank else [int(value[0])] * rank
    return [int(value)] * rank if isinstance(value, int) else [0] * rank


def _cell(capture):
    module = capture.module
    layer = _owner(capture, module, "opaque", type(module).__name__)
    if not layer.weights:
        layer.weights = W.cell_weights(module, capture.parameters)
        layer.config = W.recurrent_config(getattr(module, "hidden_size", 1), bool(getattr(module, "bias", True)))
    return layer, -1, True


def _embedding(capture, args, kwargs, name):
    given = _call(args, kwargs, ("input", "weight"))
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
    layer = _owner(
        capture, capture.module, "embedding", "Embedding" if name == "embedding" else "EmbeddingBag", weight
    )
    if not layer.weights:
        layer.weights = [W.table(weight, path=capture.parameters.get(id(weight)))]
        layer.config = {"inputDim": weight.shape[0], "outputDim": weight.shape[1], "maskZero": False}
    return layer, -1, True


def _norm(capture, name, args, kwargs):
    module = capture.module
    order = {
        "batch_norm": ("input", "running_mean", "running_var", "weight", "bias"),
        "layer_norm": ("input", "normalized_shape", "weight", "bias", "eps"),
        "rms_norm": ("input", "normalized_shape", "weight", "eps"),
        "group_norm": ("input", "num_groups", "weight", "bias", "eps"),
        "instance_norm": ("input", "running_mean", "running_var", "weight", "bias"),
    }[name]
    given = _call(args, kwargs, order)
    scale, offset = given.get("weight"), given.get("bias")
    path = capture.names.get(id(module), "")
    leaf = path and type(module).__module__.startswith("torch.nn")
    layer = (
        _owner(capture, module, ops.NORMS[name], type(module).__name__, scale)
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


def _product(capture, name, owned, module):
    kernel = next((p for p in owned if p.dim() == 2), None)
    if kernel is None:
        return capture.function_layer(name.strip("_"), "opaque", module), None, True
    layer = _owner(capture, module, "dense", "Parameter", kernel)
    if layer.class_name != "Parameter":
        layer = capture.function_layer(name.strip("_"), "opaque", module)
    if not layer.weights:
        layer.weights = [W.plain_kernel(kernel, path=capture.parameters[id(kernel)])]
        layer.config = {"units": kernel.shape[-1], "useBias": False}
    return layer, -1, True


def _pooling(capture, name, args, kwargs, module):
    adaptive = name in ops.GLOBAL_POOLS
    rank, op = (ops.GLOBAL_POOLS if adaptive else ops.POOLS)[name]
    given = _call(args, kwargs, ("input", "size", "stride"))
    size = given.get("kernel_size", given.get("output_size", given.get("size", 1)))
    sizes = _tuple(size, rank)
    if adaptive and not all(s == 1 for s in sizes):
        return capture.function_layer(name, "opaque", module), 1, True
    layer = capture.function_layer(name, "globalPooling" if adaptive else "pooling", module)
    if adaptive:
        layer.config = {"rank": rank, "op": op, "dataFormat": "channelsFirst", "keepDims": True}
    else:
        stride = given.get("stride")
        strides = _tuple(stride, rank) if stride else sizes
        layer.config = {
            "rank": rank,
            "op": op,
            "poolSize": sizes,
            "strides": strides,
            "padding": "valid",
            "dataFormat": "channelsFirst",
        }
    return layer, 1, True


def _merge(capture, name, args, sources, owned, module):
    """Sums and products of signals; of a signal and a parameter; a plain factor or shift carries the signal on, rescaled."""
    if owned and len(sources) < 2:
        parameter = owned[0]
        layer = _owner(capture, module, "opaque", "Parameter", parameter)
        id = capture.parameters[id_of(parameter)]
        if layer.id != id and layer.weights == []:
            if layer.calls == 0:
                del capture.layers[layer.id]
            layer = capture.layer(id, "opaque", "Parameter", None)
        if not layer.weights:
            part = "offset" if ops.MERGES.get(name) in ("add", "subtract") else "scale"
            layer.weights = [W.bias_of(parameter, id.rsplit(".", 1)[-1], part, id)]
        return layer, None, True
    if len({t._initscope.node for t in sources if hasattr(t, "_initscope")}) < 2 and len(sources) < 2:
        factor = next((a for a in args if isinstance(a, (int, float)) and not isinstance(a, bool)), None)
        multiplies = ops.MERGES.get(name) == "multiply" or name in ops.DIVISIONS
        if factor is None or not multiplies or factor in (1, 0) or name in ("__rtruediv__",):
            return None
        layer = capture.function_layer("scale", "rescaling", module)
        layer.config = {"scale": float(factor if name not in ops.DIVISIONS else 1 / factor), "offset": 0}
        return layer, None, True
    kind = ops.MERGES.get(name)
    if kind is None:
        return capture.function_layer("div", "opaque", module), None, True
    layer = capture.function_layer({"multiply": "mul", "subtract": "sub"}.get(kind, kind), "merge", module)
    layer.config = {"op": kind}
    return layer, None, True


def id_of(value):
    """The key of a parameter."""
    return id(value)
