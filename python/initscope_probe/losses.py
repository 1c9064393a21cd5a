"""Losses at initialization: what is differentiated, and what its expectation over labels says (src/engine/losses.ts, lossStats.ts)."""

import math

import torch
import torch.nn.functional as F


def targets(form, z, generator):
    """Random targets: uniform classes (as indices along the last axis), fair coins, N(0,1)."""
    if form == "softmax":
        return torch.randint(0, z.shape[-1], z.shape[:-1], generator=generator)
    if form == "sigmoid":
        return torch.randint(0, 2, z.shape, generator=generator).to(z.dtype)
    return torch.randn(z.shape, generator=generator, dtype=z.dtype)


def loss_sum(form, z, target):
    """Sum over samples of the loss per sample (mean over its positions and, but for softmax, units)."""
    batch = z.shape[0] if z.dim() else 1
    each = max(1, z.numel() // max(1, batch))
    if form == "softmax":
        total = F.cross_entropy(z.reshape(-1, z.shape[-1]), target.reshape(-1), reduction="sum")
        return total / max(1, each // z.shape[-1])
    if form == "sigmoid":
        return (F.softplus(z) - target * z).sum() / each
    if form == "absolute":
        return (z - target).abs().sum() / each
    return (z - target).square().sum() / each


def as_logits(tensor, form, from_logits, axis):
    """Logits of an output, units last: probabilities go back through their logarithm."""
    z = tensor.movedim(1, -1) if axis == 1 and tensor.dim() > 2 else tensor
    if z.is_complex():
        z = torch.view_as_real(z)
    if form == "softmax" and (z.dim() < 2 or z.shape[-1] == 1):
        return z.reshape(z.shape[0], -1) if z.dim() else z
    if form in ("softmax", "sigmoid") and not from_logits:
        p = z.clamp(1e-7, 1 - 1e-7)
        return p.log() if form == "softmax" else p.log() - (1 - p).log()
    return z


def uninformed(form, targets):
    """Mean loss of a model without information on these targets: the classes' shares, or the mean."""
    if form == "softmax":
        shares = torch.bincount(targets.reshape(-1)).double() / max(1, targets.numel())
        shares = shares[shares > 0]
        return float(-(shares * shares.log()).sum())
    rows = targets.reshape(targets.shape[0], -1).double()
    mean = rows.mean(0)
    if form == "sigmoid":
        p = mean.clamp(1e-7, 1 - 1e-7)
        return float(-(p * p.log() + (1 - p) * (1 - p).log()).mean())
    return float((rows - mean).abs().mean() if form == "absolute" else (rows - mean).square().mean())


def _absolute(y):
    """E|y - t| for t ~ N(0,1)."""
    cdf = 0.5 * (1 + torch.erf(y / math.sqrt(2)))
    return y * (2 * cdf - 1) + math.sqrt(2 / math.pi) * torch.exp(-y * y / 2)


def loss_stats(output, loss, form, z):
    """LossStats of one output from its logits (or values), units last."""
    units = z.shape[-1] if z.dim() > 1 else 1
    rows = z.detach().double().reshape(-1, units)
    prior = rows.mean(0)
    if form == "softmax":
        value = (rows.logsumexp(1) - rows.mean(1)).mean()
        spread = rows.var(1, correction=0).mean().sqrt()
        uninformed = math.log(units)
        excess = prior.logsumexp(0) - prior.mean() - uninformed
    else:
        if form == "sigmoid":
            each, uninformed = (lambda y: F.softplus(y) - y / 2), math.log(2)
        elif form == "absolute":
            each, uninformed = _absolute, math.sqrt(2 / math.pi)
        else:
            each, uninformed = (lambda y: y * y + 1), 1.0
        value = each(rows).mean()
        spread = rows.square().mean().sqrt()
        excess = each(prior).mean() - uninformed
    return {
        "output": output,
        "loss": loss,
        "value": float(value),
        "uninformed": uninformed,
        "logitStd": float(spread),
        "priorExcess": float(excess),
    }
