"""Changes applied in memory: the same draws, rescaled to the law that is asked for (src/model/initializers/initializer.ts, Law)."""

import math
import zlib

import torch

TRUNCATED_STD = 0.8796256610342398


def _moments(law):
    kind = law["kind"]
    if kind == "constant":
        return law["value"], 0.0
    if kind == "normal":
        return law["mean"], law["stddev"]
    if kind == "truncatedNormal":
        return law["mean"], law["stddev"] * TRUNCATED_STD
    if kind == "uniform":
        return (law["low"] + law["high"]) / 2, (law["high"] - law["low"]) / math.sqrt(12)
    return None


def _values(parameter, values):
    """Given values, for parameters of one axis only: others stand transposed in the ModelSpec."""
    if parameter.dim() != 1 or parameter.numel() != len(values):
        raise LookupError(
            f"{len(values)} given values cannot be put into a parameter of shape {tuple(parameter.shape)}"
        )
    return torch.tensor(values, dtype=parameter.dtype)


def _draw(parameter, law, generator):
    kind = law["kind"]
    if kind == "orthogonal":
        rows = parameter.shape[0]
        flat = torch.randn(rows, parameter.numel() // rows, generator=generator)
        q, r = torch.linalg.qr(flat if rows >= flat.shape[1] else flat.T)
        q = q * torch.sign(torch.diagonal(r))
        parameter.copy_(((q if rows >= flat.shape[1] else q.T) * law["gain"]).reshape(parameter.shape))
    elif kind == "identity":
        parameter.zero_()
        for i in range(min(parameter.shape[:2])):
            parameter[(i, i, *[s // 2 for s in parameter.shape[2:]])] = law["gain"]
    elif kind == "values":
        parameter.copy_(_values(parameter, law["values"]))
    elif kind == "uniform":
        parameter.copy_(
            torch.rand(parameter.shape, generator=generator) * (law["high"] - law["low"]) + law["low"]
        )
    else:
        mean, std = _moments(law)
        parameter.copy_(torch.randn(parameter.shape, generator=generator) * std + mean)


def apply_laws(model, laws, seed):
    """Gives parameters (by path) these laws: rescaled where they vary already, else drawn by (seed, path)."""
    parameters = dict(model.named_parameters(remove_duplicate=True)) if laws else {}
    with torch.no_grad():
        for path, law in laws.items():
            if path in parameters:
                apply_law(path, parameters[path], law, seed)


def apply_law(path, parameter, law, seed):
    """Gives the values of one parameter a law, in place."""
    moments = None if law["kind"] == "values" else _moments(law)
    std = float(parameter.float().std(correction=0)) if parameter.numel() > 1 else 0.0
    if moments is not None and moments[1] > 0 and std > 0 and math.isfinite(std):
        mean = float(parameter.float().mean())
        if abs(mean) <= 3 * std / math.sqrt(parameter.numel()):
            mean = 0.0
        root = math.sqrt(float((parameter.float() - mean).square().mean()))
        parameter.sub_(mean).mul_(moments[1] / root).add_(moments[0])
    elif moments is not None and moments[1] == 0:
        parameter.fill_(moments[0])
    else:
        generator = torch.Generator().manual_seed(zlib.crc32(f"{seed} {path}".encode()))
        _draw(parameter, law, generator)
