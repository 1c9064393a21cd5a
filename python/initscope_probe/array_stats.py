"""Statistics of NumPy arrays, equal to those of statistics.py (src/model/measurement.ts): for Keras, whose backend may be any, and for small tensors of PyTorch."""

import hashlib
import math

import numpy as np

from .stat_sizes import COARSE, COSINE_SAMPLES, FINE, HISTOGRAM_SAMPLE, SHARES

# Sums in double precision that differ by less are of units that are compared value by value.
ALIKE = 1e-9
# A variance that is a smaller part of the squared mean is taken from the deviations.
DIGITS_LEFT = 1e-6
_SHARES = np.asarray(SHARES)


def _nothing(count, lost):
    return dict(
        count=count,
        **dict.fromkeys(("mean", "std", "rms", "min", "max", "zeros"), 0),
        nonFinite=lost,
        percentiles=[0] * 5,
        histogram={"low": 0, "high": 0, "counts": [0]},
    )


def fine_counts(values, low, high):
    """How many of an even sample of a row lie in each of the fine bins between its ends."""
    step = values.size // HISTOGRAM_SAMPLE + 1
    sample = values if step == 1 else values[:: step | 1]
    bins = ((sample - low) * (FINE / (high - low))).astype(np.int32)
    fine = np.bincount(bins, minlength=FINE + 1)
    fine[FINE - 1] += fine[FINE]
    return fine[:FINE]


def tensor_stats(array):
    """TensorStats of an array; non-finite entries are left out of all but `nonFinite` and `count`."""
    return _tensor_stats(np.asarray(array, dtype=np.float32).reshape(-1))


def _tensor_stats(values, sums=None):
    """Of a row; `sums` of all values and of their squares, where they are known."""
    count = values.size
    if count == 0:
        return _nothing(0, 0)
    low, high = _ends(values)
    if not (math.isfinite(low) and math.isfinite(high)):
        values, sums = values[np.isfinite(values)], None
        if values.size == 0:
            return _nothing(count, 1)
        low, high = _ends(values)
    wide = values.astype(np.float64)
    total, squares = (
        sums if sums is not None else (float(np.add.reduce(wide)), float(np.einsum("i,i->", wide, wide)))
    )
    mean = total / values.size
    variance = squares / values.size - mean * mean
    if not variance > DIGITS_LEFT * mean * mean:
        variance = float(wide.var())
    if high > low:
        fine = fine_counts(wide, low, high)
        counts = fine.reshape(COARSE, -1).sum(1).tolist()
        percentiles = _percentiles(fine, low, (high - low) / FINE)
    else:
        counts, percentiles = [values.size], [low] * 5
    zeros = 0 if low > 0 or high < 0 else values.size - int(np.count_nonzero(values))
    return dict(
        count=count,
        mean=mean,
        std=math.sqrt(variance),
        rms=math.sqrt(variance + mean * mean),
        min=low,
        max=high,
        zeros=zeros / count,
        nonFinite=(count - values.size) / count,
        percentiles=percentiles,
        histogram={"low": low, "high": high, "counts": counts},
    )


def _ends(values):
    return float(np.minimum.reduce(values)), float(np.maximum.reduce(values))


def _percentiles(fine, low, width):
    below = fine.cumsum()
    wanted = _SHARES * below[-1]
    bins = np.minimum(below.searchsorted(wanted), FINE - 1)
    count = fine[bins]
    inside = (wanted - (below[bins] - count)) / np.maximum(count, 1)
    return (low + (bins + np.minimum(np.maximum(inside, 0), 1) * (count > 0)) * width).tolist()


def mean_cosine(array):
    """Mean cosine over pairs of the first samples; all-zero samples are left out, without two others it is 1."""
    rows = array[:COSINE_SAMPLES].reshape(min(len(array), COSINE_SAMPLES), -1).astype(np.float64)
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    used = np.isfinite(norms) & (norms > 0)
    many = int(np.count_nonzero(used))
    if many < 2:
        return 1.0
    if many < len(rows):
        rows, norms = rows[used], norms[used]
    # The square of the sum of the directions holds every pair twice and each with itself once.
    direction = np.einsum("i,ij->j", 1 / norms, rows)
    return (float(np.einsum("i,i->", direction, direction)) - many) / (many * (many - 1))


class _Units:
    """Sums per unit (the columns) in double precision."""

    def __init__(self, values, axis):
        units = values.shape[axis]
        self.rows = values.swapaxes(axis, -1).reshape(-1, units)
        wide = self.rows.astype(np.float64)
        self.wide, self.sums = wide, wide.sum(0)
        self.squares = np.einsum("ij,ij->j", wide, wide)
        self.dead = self.squares == 0

    def moments(self):
        means = self.sums / len(self.rows)
        variance = self.squares / len(self.rows) - means * means
        doubtful = ~((variance > DIGITS_LEFT * means * means) | self.dead)
        if doubtful.any():
            variance[doubtful] = self.wide[:, doubtful].var(0)
        return means, variance

    def distinct(self):
        """How many units differ. Only those of (nearly) equal squares are compared, and those exactly; dead ones are one."""
        units, dead = len(self.squares), int(np.count_nonzero(self.dead))
        order = self.squares.argsort()[dead:]
        ordered = self.squares[order]
        near = ~(ordered[1:] - ordered[:-1] > ALIKE * ordered[1:])
        distinct = units - max(0, dead - 1)
        if near.any():
            ends = np.flatnonzero(~near) + 1
            for group in np.split(order, ends):
                if len(group) > 1:
                    distinct -= len(group) - len({column.tobytes() for column in self.rows.T[group] + 0.0})
        return distinct

    def stats(self, cosine, rectifier, flat):
        (samples, units), rows = self.rows.shape, self.rows
        means, variance = self.moments()
        size = np.abs(means)
        constant = self.dead | (np.sqrt(np.maximum(variance, 0)) <= 1e-6 * size)
        result = dict(
            units=units,
            samples=samples,
            dead=np.count_nonzero(self.dead) / units,
            alwaysOn=np.count_nonzero((rows != 0).all(0)) / units if rectifier else 0,
            constant=np.count_nonzero(constant) / units,
            duplicated=(units - self.distinct()) / units,
            stdOverData=math.sqrt(max(0.0, _finite(variance.mean()))),
            meanAbs=_finite(size.mean()),
            cosine=cosine,
        )
        if flat is not None:
            result["saturated"] = np.count_nonzero((rows < flat[0]) | (rows > flat[1])) / max(1, rows.size)
        return result


def unit_stats(array, axis=-1, rectifier=False, flat=None):
    """UnitStats over `axis` (the batch is axis 0). `flat`: (low, high) outside of which the activation is flat."""
    values = np.asarray(array, dtype=np.float32)
    return _Units(values, axis).stats(mean_cosine(values), rectifier, flat)


def tap_stats(array, axis=-1, rectifier=False, flat=None):
    """TensorStats and UnitStats, which share their sums."""
    values = np.asarray(array, dtype=np.float32)
    with np.errstate(all="ignore"):
        units = _Units(values, axis)
        sums = float(units.sums.sum()), float(units.squares.sum())
        cosine = mean_cosine(values) if axis % values.ndim else 1.0
        return _tensor_stats(values.reshape(-1), sums), units.stats(cosine, rectifier, flat)


def _finite(number):
    return float(number) if math.isfinite(float(number)) else 0.0


def gradient_norm(stats, samples):
    """Root mean square over samples of the per-sample norm, from the statistics of a gradient."""
    return stats["rms"] * math.sqrt(stats["count"] * (1 - stats["nonFinite"]) / max(1, samples))


def fingerprint(array):
    """Equal for bit-identical values of one shape, and practically for no others."""
    return hashlib.blake2b(np.ascontiguousarray(array).tobytes(), digest_size=8).hexdigest()


def distinct_share(array, axis=-1):
    """Share of units (slices along `axis`) that differ from every earlier one; 1/units when all are tied."""
    units = _Units(array if array.ndim > 1 else array.reshape(1, -1), axis)
    return units.distinct() / max(1, units.rows.shape[1])
