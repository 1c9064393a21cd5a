"""Statistics of NumPy arrays, equal to those of statistics.py (src/model/measurement.ts): for Keras, whose backend may be any."""

import hashlib
import math

import numpy as np

from .stat_sizes import COARSE, COSINE_SAMPLES, FINE, HISTOGRAM_SAMPLE, SHARES


def _nothing(count, lost):
    return dict(
        count=count,
        **dict.fromkeys(("mean", "std", "rms", "min", "max", "zeros"), 0),
        nonFinite=lost,
        percentiles=[0] * 5,
        histogram={"low": 0, "high": 0, "counts": [0]},
    )


def tensor_stats(array):
    """TensorStats of an array; non-finite entries are left out of all but `nonFinite` and `count`."""
    values = np.asarray(array, dtype=np.float32).reshape(-1)
    count = values.size
    if count == 0:
        return _nothing(0, 0)
    finite = np.isfinite(values)
    if not finite.all():
        values = values[finite]
        if values.size == 0:
            return _nothing(count, 1)
    low, high = float(values.min()), float(values.max())
    wide = values.astype(np.float64)
    mean, variance = float(wide.mean()), float(wide.var())
    if high > low:
        step = values.size // HISTOGRAM_SAMPLE + 1
        sample = values if step == 1 else values[:: step | 1]
        fine = np.histogram(sample, FINE, (low, high))[0].astype(np.float64)
        histogram = {"low": low, "high": high, "counts": [int(c) for c in fine.reshape(COARSE, -1).sum(1)]}
        percentiles = _percentiles(fine, low, (high - low) / FINE)
    else:
        histogram = {"low": low, "high": high, "counts": [int(values.size)]}
        percentiles = [low] * 5
    return dict(
        count=count,
        mean=mean,
        std=math.sqrt(variance),
        rms=math.sqrt(variance + mean * mean),
        min=low,
        max=high,
        zeros=float(np.count_nonzero(values == 0)) / count,
        nonFinite=(count - values.size) / count,
        percentiles=percentiles,
        histogram=histogram,
    )


def _percentiles(fine, low, width):
    below = fine.cumsum()
    wanted = np.asarray(SHARES) * below[-1]
    bins = np.minimum(np.searchsorted(below, wanted), FINE - 1)
    count = fine[bins]
    inside = np.where(count > 0, (wanted - (below[bins] - count)) / np.maximum(count, 1), 0)
    return (low + (bins + inside.clip(0, 1)) * width).tolist()


def mean_cosine(array):
    """Mean cosine over pairs of the first samples; all-zero samples are left out, without two others it is 1."""
    rows = array[:COSINE_SAMPLES].reshape(min(len(array), COSINE_SAMPLES), -1).astype(np.float64)
    norms = np.sqrt((rows * rows).sum(1))
    used = np.isfinite(norms) & (norms > 0)
    many = int(used.sum())
    if many < 2:
        return 1.0
    rows = rows[used] / norms[used, None]
    return (float((rows @ rows.T).sum()) - many) / (many * (many - 1))


def unit_stats(array, axis=-1, rectifier=False, flat=None):
    """UnitStats over `axis` (the batch is axis 0). `flat`: (low, high) outside of which the activation is flat."""
    values = np.asarray(array, dtype=np.float32)
    units = values.shape[axis]
    rows = np.moveaxis(values, axis, -1).reshape(-1, units)
    wide = rows.astype(np.float64)
    means, variance = wide.mean(0), wide.var(0)
    least, most = rows.min(0), rows.max(0)
    dead = (least == 0) & (most == 0)
    constant = dead | (np.sqrt(variance) <= 1e-6 * np.abs(means))
    distinct = np.unique(rows.T, axis=0).shape[0] if units > 1 else 1
    result = dict(
        units=units,
        samples=rows.shape[0],
        dead=float(dead.mean()),
        alwaysOn=float((rows != 0).all(0).mean()) if rectifier else 0,
        constant=float(constant.mean()),
        duplicated=(units - distinct) / units,
        stdOverData=math.sqrt(_finite(variance.mean())),
        meanAbs=_finite(np.abs(means).mean()),
        cosine=mean_cosine(values),
    )
    if flat is not None:
        result["saturated"] = float(((rows < flat[0]) | (rows > flat[1])).mean())
    return result


def _finite(number):
    return float(number) if math.isfinite(float(number)) else 0.0


def gradient_norm(stats, samples):
    """Root mean square over samples of the per-sample norm, from the statistics of a gradient."""
    return stats["rms"] * math.sqrt(stats["count"] * (1 - stats["nonFinite"]) / max(1, samples))


def fingerprint(array):
    """Equal for bit-identical values of one shape, and practically for no others."""
    return hashlib.blake2b(np.ascontiguousarray(array).tobytes(), digest_size=8).hexdigest()


def distinct_share(array):
    """Share of units (the last axis) that differ from every earlier one; 1/units when all are tied."""
    rows = array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(1, -1)
    return np.unique(rows.T, axis=0).shape[0] / max(1, rows.shape[1])
