"""Turns one op into a layer of the catalogue: kind, config, weights. Every function returns (layer, axis of units, first output only)."""

from . import operations as ops
from . import weights as W
from .describe_weighted import cell, convolution, embedding, linear, named, norm, owner_of, sizes_of


def describe(capture, name, args, kwargs, sources, owned):
    """The layer of an op; None when it carries its input's signal on unchanged."""
    module = capture.module
    if name == "linear":
        return linear(capture, args, kwargs)
    if name in ops.CONVOLUTIONS or name in ops.TRANSPOSED:
        return convolution(capture, name, args, kwargs)
    if name in ops.CELLS:
        return cell(capture)
    if name in ("embedding", "embedding_bag"):
        return embedding(capture, args, kwargs, name)
    if name in ops.NORMS:
        return norm(capture, name, args, kwargs)
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
        layer.weights = [_part(p, "scale", capture.parameters[id(p)]) for p in owned]
    return layer, None, True


def _part(parameter, part, path):
    return W.bias_of(parameter, path.rsplit(".", 1)[-1], part, path)


def _over_positions(args, kwargs, sources):
    """Whether a mean is taken over all positions of pictures."""
    axes = kwargs.get("dim", kwargs.get("axis", args[1] if len(args) > 1 else None))
    if not sources or not isinstance(axes, (tuple, list)) or sources[0].dim() < 4:
        return False
    rank = sources[0].dim()
    return sorted(a % rank for a in axes) == list(range(2, rank)) and sources[0]._initscope.axis % rank == 1


def _product(capture, name, owned, module):
    kernel = next((p for p in owned if p.dim() == 2), None)
    if kernel is None:
        return capture.function_layer(name.strip("_"), "opaque", module), None, True
    layer = owner_of(capture, module, "dense", "Parameter", kernel)
    if layer.class_name != "Parameter":
        layer = capture.function_layer(name.strip("_"), "opaque", module)
    if not layer.weights:
        layer.weights = [W.plain_kernel(kernel, path=capture.parameters[id(kernel)])]
        layer.config = {"units": kernel.shape[-1], "useBias": False}
    return layer, -1, True


def _pooling(capture, name, args, kwargs, module):
    adaptive = name in ops.GLOBAL_POOLS
    rank, op = (ops.GLOBAL_POOLS if adaptive else ops.POOLS)[name]
    given = named(args, kwargs, ("input", "size", "stride"))
    size = given.get("kernel_size", given.get("output_size", given.get("size", 1)))
    sizes = sizes_of(size, rank)
    if adaptive and not all(s == 1 for s in sizes):
        return capture.function_layer(name, "opaque", module), 1, True
    layer = capture.function_layer(name, "globalPooling" if adaptive else "pooling", module)
    if adaptive:
        layer.config = {"rank": rank, "op": op, "dataFormat": "channelsFirst", "keepDims": True}
    else:
        stride = given.get("stride")
        strides = sizes_of(stride, rank) if stride else sizes
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
        layer = owner_of(capture, module, "opaque", "Parameter", parameter)
        path = capture.parameters[id(parameter)]
        if layer.id != path and layer.weights == []:
            if layer.calls == 0:
                del capture.layers[layer.id]
            layer = capture.layer(path, "opaque", "Parameter", None)
        if not layer.weights:
            part = "offset" if ops.MERGES.get(name) in ("add", "subtract") else "scale"
            layer.weights = [_part(parameter, part, path)]
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
