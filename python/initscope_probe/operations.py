"""What PyTorch's functions are in the terms of the catalogue: activations with their flat parts, layers, merges, what only reshapes."""

import math

TANH_EDGE = math.sqrt(0.95)
SIGMOID_EDGE = (1 - TANH_EDGE) / 2
SOFTSIGN_EDGE = 1 - math.sqrt(0.05)

# Function name without a trailing underscore: catalogue id of the activation.
ACTIVATIONS = {
    "relu": "relu",
    "relu6": "relu6",
    "leaky_relu": "leaky_relu",
    "rrelu": "leaky_relu",
    "prelu": "prelu",
    "threshold": "threshold",
    "elu": "elu",
    "celu": "celu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "mish": "mish",
    "hardswish": "hard_silu",
    "softplus": "softplus",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "hardsigmoid": "hard_sigmoid",
    "hardtanh": "hard_tanh",
    "softsign": "softsign",
    "logsigmoid": "log_sigmoid",
    "tanhshrink": "tanh_shrink",
    "softmax": "softmax",
    "log_softmax": "log_softmax",
    "glu": "glu",
    "sin": "sin",
    "cos": "cos",
    "abs": "abs",
    "square": "square",
    "exp": "exponential",
    "arctan": "arctan",
    "atan": "arctan",
}
RECTIFIERS = {"relu", "relu6", "leaky_relu", "prelu", "threshold", "clipped_relu"}
FLAT = {
    "tanh": (-TANH_EDGE, TANH_EDGE),
    "sigmoid": (SIGMOID_EDGE, 1 - SIGMOID_EDGE),
    "hard_sigmoid": (1e-6, 1 - 1e-6),
    "hard_tanh": (-1 + 1e-6, 1 - 1e-6),
    "softsign": (-SOFTSIGN_EDGE, SOFTSIGN_EDGE),
}

CONVOLUTIONS = {"conv1d": 1, "conv2d": 2, "conv3d": 3}
TRANSPOSED = {"conv_transpose1d": 1, "conv_transpose2d": 2, "conv_transpose3d": 3}
RECURRENT = {
    "lstm": "lstm",
    "gru": "gru",
    "rnn_tanh": "simpleRnn",
    "rnn_relu": "simpleRnn",
}
CELLS = {"lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"}
PRODUCTS = {"matmul", "__matmul__", "__rmatmul__", "mm", "bmm", "addmm", "baddbmm", "einsum"}
NORMS = {
    "batch_norm": "batchNorm",
    "layer_norm": "layerNorm",
    "group_norm": "groupNorm",
    "instance_norm": "groupNorm",
    "rms_norm": "rmsNorm",
}
MERGES = {
    "add": "add",
    "__add__": "add",
    "__radd__": "add",
    "__iadd__": "add",
    "sub": "subtract",
    "__sub__": "subtract",
    "__rsub__": "subtract",
    "__isub__": "subtract",
    "mul": "multiply",
    "multiply": "multiply",
    "__mul__": "multiply",
    "__rmul__": "multiply",
    "__imul__": "multiply",
    "maximum": "maximum",
    "minimum": "minimum",
}
DIVISIONS = {"div", "__truediv__", "true_divide", "__itruediv__"}
CONCATENATIONS = {"cat", "concat", "concatenate"}
POOLS = {
    "max_pool1d": (1, "max"),
    "max_pool2d": (2, "max"),
    "max_pool3d": (3, "max"),
    "avg_pool1d": (1, "average"),
    "avg_pool2d": (2, "average"),
    "avg_pool3d": (3, "average"),
}
GLOBAL_POOLS = {
    f"adaptive_{op}_pool{r}d": (r, name)
    for op, name in (("avg", "average"), ("max", "max"))
    for r in (1, 2, 3)
}

# The output carries the same signal: not a node of its own.
SAME = set(
    "view reshape flatten unflatten transpose permute movedim moveaxis swapaxes t contiguous squeeze unsqueeze expand expand_as"
    " view_as reshape_as dropout dropout1d dropout2d dropout3d feature_dropout alpha_dropout feature_alpha_dropout to float double"
    " half bfloat16 type type_as __getitem__ narrow select index_select chunk split split_with_sizes tensor_split unbind clone"
    " repeat repeat_interleave tile pad constant_pad_nd detach requires_grad_ __get__ roll flip rot90 pixel_shuffle unfold gather"
    " as_strided cpu cuda identity ravel native_dropout unsafe_split unsafe_chunk broadcast_to take masked_select swapdims mT"
    " pixel_unshuffle channel_shuffle interpolate upsample stack hstack vstack rsub_ retain_grad nan_to_num masked_fill tril"
    " triu".split()
)

# Memory of a tensor's kind with whatever was there: no value of the model, before something is drawn into it.
UNSET = {"new", "new_empty", "new_empty_strided", "empty_like"}

# In training mode these drop values; they are taken as the identity.
DROPOUTS = {
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "feature_dropout",
    "alpha_dropout",
    "feature_alpha_dropout",
    "native_dropout",
}


def plain(name):
    """A function's name without the mark of in-place variants and leading underscores of private ones."""
    if name.startswith("__"):
        return name
    return name.rstrip("_").lstrip("_")


def activation_spec(kind, name, args, kwargs, module):
    """An ActivationSpec of a call."""
    params = {}
    number = lambda i, key, default: _number(args, kwargs, i, key, default, module)
    if kind == "leaky_relu":
        params = {"negative_slope": number(1, "negative_slope", 0.01)}
    elif kind in ("elu", "celu"):
        params = {"alpha": number(1, "alpha", 1.0)}
    elif kind == "threshold":
        params = {"threshold": number(1, "threshold", 0.0), "default_value": number(2, "value", 0.0)}
    elif kind == "hard_sigmoid":
        params = {"slope": 1 / 6}
    elif kind == "hard_tanh":
        low, high = number(1, "min_val", -1.0), number(2, "max_val", 1.0)
        if (low, high) == (0.0, 6.0):
            kind = "relu6"
    elif kind in ("softmax", "log_softmax", "glu"):
        params = {"axis": -1}
    elif kind == "gelu" and (
        kwargs.get("approximate") == "tanh" or getattr(module, "approximate", None) == "tanh"
    ):
        kind = "gelu_tanh"
    elif kind == "prelu":
        weight = getattr(module, "weight", None)
        params = {
            "negative_slope": float(weight.detach().mean())
            if weight is not None and not weight.is_meta
            else 0.25
        }
    written = (
        f"nn.{type(module).__name__}()" if type(module).__module__.startswith("torch.nn") else f"{name}()"
    )
    return {"id": kind, "params": params, "written": written}


def _number(args, kwargs, index, key, default, module):
    value = kwargs.get(key, args[index] if len(args) > index else getattr(module, key, default))
    return float(value) if isinstance(value, (int, float)) else default
