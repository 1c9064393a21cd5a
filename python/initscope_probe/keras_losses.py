"""Losses of Keras models against random targets, in NumPy: what losses.py does for PyTorch."""

import math

import numpy as np


def logits_of(p, form):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return np.log(p) if form == "softmax" else np.log(p) - np.log1p(-p)


def _softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def gradient_of(form, logits, z, from_logits, generator):
    """dL/d(output) of the summed loss per sample against random targets."""
    positions = max(1, math.prod(z.shape[1:]))
    if form == "softmax":
        hot = np.eye(z.shape[-1], dtype=np.float32)[generator.integers(0, z.shape[-1], z.shape[:-1])]
        slope = (_softmax(logits) - hot) * (z.shape[-1] / positions)
    elif form == "sigmoid":
        slope = (1 / (1 + np.exp(-logits)) - generator.integers(0, 2, z.shape)) / positions
    elif form == "absolute":
        return (np.sign(z - generator.standard_normal(z.shape)) / positions).astype(np.float32)
    else:
        return (2 * (z - generator.standard_normal(z.shape)) / positions).astype(np.float32)
    if not from_logits:
        p = np.clip(z, 1e-7, 1 - 1e-7)
        slope = slope / p if form == "softmax" else slope / (p * (1 - p))
    return slope.astype(np.float32)


def loss_stats(id, form, z):
    """LossStats as losses.py has them."""
    rows = z.reshape(-1, z.shape[-1]).astype(np.float64)
    prior = rows.mean(0)
    lse = lambda x: x.max(-1) + np.log(np.exp(x - x.max(-1, keepdims=True)).sum(-1))
    if form == "softmax":
        uninformed = math.log(rows.shape[1])
        value, spread = (lse(rows) - rows.mean(1)).mean(), math.sqrt(rows.var(1).mean())
        excess = float(lse(prior) - prior.mean() - uninformed)
    else:
        each, uninformed = {
            "sigmoid": (lambda y: np.logaddexp(0, y) - y / 2, math.log(2)),
            "absolute": (_absolute, math.sqrt(2 / math.pi)),
        }.get(form, (lambda y: y * y + 1, 1.0))
        value, spread = each(rows).mean(), math.sqrt((rows * rows).mean())
        excess = float(each(prior).mean() - uninformed)
    return {
        "loss": id,
        "value": float(value),
        "uninformed": uninformed,
        "logitStd": float(spread),
        "priorExcess": excess,
    }


def _absolute(y):
    cdf = 0.5 * (1 + np.vectorize(math.erf)(y / math.sqrt(2)))
    return y * (2 * cdf - 1) + math.sqrt(2 / math.pi) * np.exp(-y * y / 2)
