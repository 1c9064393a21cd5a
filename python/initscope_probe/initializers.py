"""Recorded draws as InitializerSpecs of the catalogue (src/model/initializers); values nobody names are described as they are."""

import math

from .whole import home, whole

MODES = {"fan_in": "fanIn", "fan_out": "fanOut"}


def _spec(kind, written, **params):
    return {"id": kind, "params": params, "seed": None, "written": written}


def _constant(value, written):
    if value == 0:
        return _spec("zeros", written)
    if value == 1:
        return _spec("ones", written)
    return _spec("constant", written, value=float(value))


def _number(value):
    return repr(round(value, 6)) if isinstance(value, float) else repr(value)


def _text(name, args):
    return f"{name}({', '.join(f'{k}={_number(v)}' for k, v in args.items())})"


def _from_init(name, args, default):
    written = "(default)" if default else _text(name, {k: v for k, v in args.items() if k != "generator"})
    if name in ("kaiming_uniform_", "kaiming_normal_"):
        return _spec(
            "kaimingUniform" if name == "kaiming_uniform_" else "kaimingNormal",
            written,
            a=float(args.get("a", 0)),
            mode=MODES.get(args.get("mode"), "fanIn"),
            nonlinearity=str(args.get("nonlinearity", "leaky_relu")),
        )
    if name in ("xavier_uniform_", "xavier_normal_"):
        gain = float(args.get("gain", 1))
        if name == "xavier_uniform_" and gain == 1:
            return _spec("glorotUniform", written)
        law = "uniform" if name == "xavier_uniform_" else "untruncatedNormal"
        return _spec("varianceScaling", written, scale=gain * gain, mode="fanAvg", distribution=law)
    if name == "normal_":
        return _spec(
            "randomNormal", written, mean=float(args.get("mean", 0)), stddev=float(args.get("std", 1))
        )
    if name == "uniform_":
        return _spec("randomUniform", written, minval=float(args.get("a", 0)), maxval=float(args.get("b", 1)))
    if name == "trunc_normal_":
        mean, std = float(args.get("mean", 0)), float(args.get("std", 1))
        wide = std == 0 or min(float(args.get("b", 2)) - mean, mean - float(args.get("a", -2))) > 3 * std
        kind = "randomNormal" if wide else "truncatedNormal"
        return _spec(kind, written, mean=mean, stddev=std)
    if name == "orthogonal_":
        return _spec("orthogonal", written, gain=float(args.get("gain", 1)))
    if name in ("eye_", "dirac_"):
        return _spec("identity", written, gain=1)
    if name == "constant_":
        return _constant(float(args.get("val", 0)), written)
    if name in ("zeros_", "ones_"):
        return _constant(0 if name == "zeros_" else 1, written)
    return None


def _from_method(name, args):
    written = f"{name}({', '.join(_number(a) for a in args)})"
    first, second = (list(args) + [None, None])[:2]
    if name == "normal_":
        return _spec(
            "randomNormal", written, mean=float(first or 0), stddev=float(1 if second is None else second)
        )
    if name == "uniform_":
        return _spec(
            "randomUniform", written, minval=float(first or 0), maxval=float(1 if second is None else second)
        )
    if name == "zero_":
        return _spec("zeros", written)
    if name == "fill_" and first is not None:
        return _constant(first, written)
    return None


def _as_drawn(value):
    """What the values look like: a constant, or a normal of their moments (4 digits)."""
    values = value.detach().float()
    if values.numel() == 0:
        return _spec("zeros", "(as drawn)")
    low, high = float(values.min()), float(values.max())
    if low == high:
        return _constant(low, "(as drawn)")
    mean = float(f"{float(values.mean()):.4g}")
    std = float(f"{float(values.std(correction=0)):.4g}")
    return _spec(
        "randomNormal",
        "(as drawn)",
        mean=0.0 if abs(mean) < 3 * std / math.sqrt(values.numel()) else mean,
        stddev=std,
    )


def _agrees(spec, value, fan_in):
    """Whether the values can come from the law, for the laws whose spread is known here."""
    params = spec["params"]
    if spec["id"] in ("zeros", "ones", "constant"):
        wanted = {"zeros": 0.0, "ones": 1.0}.get(spec["id"], params.get("value"))
        return bool((value == wanted).all())
    if spec["id"] == "randomNormal":
        std = math.hypot(params["stddev"], params["mean"])
    elif spec["id"] == "randomUniform":
        low, high = params["minval"], params["maxval"]
        std = math.sqrt((high * high + high * low + low * low) / 3)
    elif (
        spec["id"].startswith("kaiming")
        and params["mode"] == "fanIn"
        and params["nonlinearity"] == "leaky_relu"
    ):
        std = math.sqrt(2 / (1 + params["a"] ** 2) / max(1, fan_in))
    else:
        return True
    rms = float(value.detach().float().square().mean().sqrt())
    return abs(rms - std) <= std * (0.05 + 4 / math.sqrt(max(1, value.numel())))


# The bias of forget gates from which the file has set them (`lstm-forget-bias`).
FORGETS = 0.5


def forget_bias(weights):
    """What an LSTM's forget gates start at: the mean of the second quarter of its biases, PyTorch's two together."""
    quarters = [
        whole(home(w.parameter)).detach().chunk(4)[1] for w in weights if w.part == "bias" and w.gates == 4
    ]
    return sum(0.0 if quarter.is_meta else float(f"{float(quarter.mean()):.4g}") for quarter in quarters)


def initializer_of(event, changed, value, fan_in, is_user_code):
    """The InitializerSpec of a parameter, and the frames of the draw when the user's own code names it."""
    if event is not None:
        default = not is_user_code
        spec = _from_init(event.op, event.args, default) if event.init else _from_method(event.op, event.args)
        if spec is not None and not changed and _agrees(spec, value, fan_in):
            if not event.init and default:
                spec["written"] = "(default)"
            return spec
    return _as_drawn(value)
