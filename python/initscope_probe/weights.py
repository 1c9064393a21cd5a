"""The weights of a layer as WeightSpecs: canonical names and shapes (Keras's), the fans that PyTorch computes and the true ones."""

import math

CANONICAL = {"weight": "kernel", "bias": "bias"}


class Weight:
    """A parameter in its role in a layer. `shape` is canonical (units last), `axis` the parameter's own axis of units."""

    def __init__(
        self, name, part, parameter, shape, axis, fans=(1, 1), effective=None, gates=None, path=None
    ):
        self.name, self.part, self.parameter, self.shape, self.axis = name, part, parameter, list(shape), axis
        self.fans, self.effective, self.gates, self.path = fans, effective or fans, gates, path

    def spec(self, initializer, code=None):
        """The WeightSpec."""
        result = {
            "name": self.name,
            "part": self.part,
            "shape": self.shape,
            "initializer": initializer,
            "fanIn": self.fans[0],
            "fanOut": self.fans[1],
            "effectiveFanIn": self.effective[0],
            "effectiveFanOut": self.effective[1],
            "trainable": bool(self.parameter.requires_grad),
            "unitAxis": -1,
            "key": f"{self.name}_initializer",
        }
        if self.gates:
            result["gates"] = self.gates
        if code is not None:
            result["code"] = code
        return result


def torch_fans(parameter):
    """nn.init._calculate_fan_in_and_fan_out: size(1) and size(0) times the receptive field."""
    shape = parameter.shape
    if len(shape) < 2:
        return (max(1, shape[0] if len(shape) else 1),) * 2
    field = math.prod(shape[2:])
    return (shape[1] * field, shape[0] * field)


def bias_of(parameter, name="bias", part="bias", path=None):
    """A vector that is added (or multiplied: scales)."""
    size = parameter.numel()
    return Weight(
        name,
        part,
        parameter,
        [size] if parameter.dim() == 1 else parameter.shape,
        0 if parameter.dim() == 1 else -1,
        (size, size),
        (1, 1),
        path=path,
    )


def linear_kernel(parameter, name="kernel", path=None, gates=None):
    """Linear's (out, in)."""
    out, inner = parameter.shape
    return Weight(
        name, "kernel", parameter, [inner, out], 0, torch_fans(parameter), (inner, out), gates, path
    )


def plain_kernel(parameter, name="kernel", path=None):
    """A matrix that stands on the right of a product: (…, in, out)."""
    inner, out = parameter.shape[-2:]
    return Weight(
        name, "kernel", parameter, parameter.shape, -1, torch_fans(parameter), (inner, out), path=path
    )


def conv_kernel(parameter, groups, stride, path=None):
    """A convolution's (out, in/groups, …)."""
    out, inner = parameter.shape[:2]
    field = math.prod(parameter.shape[2:])
    effective = (inner * field, max(1, out // groups * field // math.prod(stride)))
    return Weight(
        "kernel",
        "kernel",
        parameter,
        [*parameter.shape[2:], inner, out],
        0,
        torch_fans(parameter),
        effective,
        path=path,
    )


def transposed_kernel(parameter, groups, stride, path=None):
    """A transposed convolution's (in, out/groups, …); PyTorch swaps its fans."""
    inner, out = parameter.shape[:2]
    field = math.prod(parameter.shape[2:])
    effective = (max(1, inner // groups * field // math.prod(stride)), out * field)
    return Weight(
        "kernel",
        "kernel",
        parameter,
        [*parameter.shape[2:], out, inner],
        1,
        torch_fans(parameter),
        effective,
        path=path,
    )


def table(parameter, name="embeddings", path=None):
    """An embedding's (vocabulary, width)."""
    return Weight(
        name,
        "table",
        parameter,
        parameter.shape,
        1,
        torch_fans(parameter),
        tuple(parameter.shape[:2]),
        path=path,
    )


def norm_weights(scale, offset, names):
    """γ and β; either may be absent."""
    found = []
    if scale is not None:
        found.append(bias_of(scale, "gamma", "scale", names.get(id(scale))))
    if offset is not None:
        found.append(bias_of(offset, "beta", "offset", names.get(id(offset))))
    return found


def recurrence(kernel, recurrent, biases, projections, names):
    """One layer in one direction: kernels (in, gates·units), the two biases, and the projection of the state where there is one."""
    units = projections[0].shape[1] if projections else recurrent.shape[1]
    gates = recurrent.shape[0] // max(1, units)
    gates = gates if gates > 1 else None

    def matrix(parameter, name, part, columns):
        out, inner = parameter.shape
        path = names.get(id(parameter))
        fans = (torch_fans(parameter), (inner, columns))
        return Weight(name, part, parameter, [inner, out], 0, *fans, gates, path)

    found = [
        matrix(kernel, "kernel", "kernel", units),
        matrix(recurrent, "recurrent_kernel", "recurrent", units),
    ]
    for name, bias in zip(("bias", "recurrent_bias"), biases):
        fans = ((bias.numel(),) * 2, (1, 1))
        found.append(Weight(name, "bias", bias, bias.shape, 0, *fans, gates, names.get(id(bias))))
    for parameter in projections:
        found.append(linear_kernel(parameter, "projection", names.get(id(parameter))))
    return found


def cell_weights(module, names):
    """Those of an LSTMCell, GRUCell or RNNCell; none of a module that is none."""
    found = [getattr(module, name, None) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    if found[0] is None or found[1] is None:
        return []
    return recurrence(found[0], found[1], [bias for bias in found[2:] if bias is not None], [], names)


def recurrent_config(units, use_bias):
    """The config of a recurrent layer (src/model/layers/recurrent.ts) as PyTorch runs it."""
    return {
        "units": units,
        "useBias": use_bias,
        "recurrentActivation": {"id": "sigmoid", "params": {}, "written": "sigmoid"},
        "returnSequences": True,
        "returnState": False,
        "goBackwards": False,
        "stateful": False,
        "resetAfter": True,
        "implementation": 1,
    }


def attention_weights(module, names):
    """Projections of nn.MultiheadAttention."""
    found = []
    width = module.embed_dim
    for attribute, title in (
        ("in_proj_weight", "in_proj"),
        ("q_proj_weight", "query"),
        ("k_proj_weight", "key"),
        ("v_proj_weight", "value"),
    ):
        parameter = getattr(module, attribute, None)
        if parameter is not None:
            kernel = linear_kernel(parameter, f"{title}/kernel", names.get(id(parameter)))
            kernel.effective = (parameter.shape[1], width)
            found.append(kernel)
    if getattr(module, "in_proj_bias", None) is not None:
        found.append(bias_of(module.in_proj_bias, "in_proj/bias", path=names.get(id(module.in_proj_bias))))
    out = module.out_proj
    found.append(linear_kernel(out.weight, "output/kernel", names.get(id(out.weight))))
    if out.bias is not None:
        found.append(bias_of(out.bias, "output/bias", path=names.get(id(out.bias))))
    return found
