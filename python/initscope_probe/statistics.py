"""Statistics of tensors, equal to the TensorFlow.js engine's (src/model/measurement.ts says what each number means).

Everything here works on torch tensors on any device and returns plain Python numbers."""

import ctypes
import hashlib
import math

import torch

try:
    import numpy
except ImportError:
    numpy = None

from .stat_sizes import COARSE, COSINE_SAMPLES, FINE, HISTOGRAM_SAMPLE, SHARES

# Squares of larger values do not fit into float32.
LARGE = 1e15


def _flat(tensor):
    """The values as one row of float32 (float64 where they are too large to be squared)."""
    values = tensor.detach()
    if values.is_complex():
        values = torch.view_as_real(values)
    if values.is_sparse:
        values = values.to_dense()
    if values.dtype not in (torch.float32, torch.float64):
        values = values.float()
    return values.reshape(-1)


def _percentiles(fine, low, width):
    below = fine.cumsum(0)
    wanted = torch.tensor(SHARES, dtype=fine.dtype) * below[-1]
    bins = torch.searchsorted(below, wanted).clamp_(max=FINE - 1)
    count = fine[bins]
    inside = torch.where(count > 0, (wanted - (below[bins] - count)) / count.clamp_min(1), torch.zeros(()))
    return (low + (bins + inside.clamp_(0, 1)) * width).tolist()


def _flat_tensor(low, count):
    return [low] * 5, {"low": low, "high": low, "counts": [count]}


def tensor_stats(tensor):
    """TensorStats of a tensor; non-finite entries are left out of all but `nonFinite` and `count`."""
    values = _flat(tensor)
    count = values.numel()
    empty = dict(count=count, mean=0, std=0, rms=0, min=0, max=0, zeros=0, nonFinite=0)
    if count == 0:
        return dict(empty, percentiles=[0] * 5, histogram={"low": 0, "high": 0, "counts": [0]})
    low, high = (float(v) for v in torch.aminmax(values))
    lost = 0
    if not (math.isfinite(low) and math.isfinite(high)):
        values = values[torch.isfinite(values)]
        lost = count - values.numel()
        if lost == count:
            return dict(
                empty, nonFinite=1, percentiles=[0] * 5, histogram={"low": 0, "high": 0, "counts": [0]}
            )
        low, high = (float(v) for v in torch.aminmax(values))
    if max(abs(low), abs(high)) > LARGE or (max(abs(low), abs(high)) < 1 / LARGE and high > low):
        values = values.double()
    finite = values.numel()
    variance, mean = _moments(values)
    zeros = 0 if low > 0 or high < 0 else _zeros(values)
    if high > low:
        step = finite // HISTOGRAM_SAMPLE + 1
        sample = values if step == 1 else values[:: step | 1]
        fine = torch.histc(sample, FINE, low, high).cpu()
        counts = fine.reshape(COARSE, -1).sum(1).tolist()
        percentiles = _percentiles(fine.double(), low, (high - low) / FINE)
        histogram = {"low": low, "high": high, "counts": [int(c) for c in counts]}
    else:
        percentiles, histogram = _flat_tensor(low, finite)
    return dict(
        count=count,
        mean=mean,
        std=math.sqrt(max(0.0, variance)),
        rms=math.sqrt(max(0.0, variance) + mean * mean),
        min=low,
        max=high,
        zeros=zeros / count,
        nonFinite=lost / count,
        percentiles=percentiles,
        histogram=histogram,
    )


def _zeros(values):
    """How many values are zero. NumPy counts them in a third of the time, where it is there."""
    if numpy is None or values.device.type != "cpu":
        return values.numel() - int(torch.count_nonzero(values))
    return int(numpy.count_nonzero(values.numpy() == 0))


def _moments(values):
    """Variance and mean of a row; torch.var_mean is thirty times slower than two sums, so it is asked only where these lose digits."""
    mean = float(values.sum()) / values.numel()
    variance = float(values.dot(values)) / values.numel() - mean * mean
    if not variance > 1e-3 * mean * mean:
        variance, mean = (float(v) for v in torch.var_mean(values.double(), correction=0))
    return variance, mean


class _ByUnit:
    """Reductions over all but the axis of units: over the trailing axes first where units stand second, which is several times faster."""

    def __init__(self, values, axis):
        self.axis = axis
        trailing = axis == 1 and values.dim() > 2
        self.values = values.flatten(2) if trailing else values.movedim(axis, -1).reshape(-1, values.shape[axis])
        self.axes = (2, 0) if trailing else (0,)
        self.count = values.numel() // max(1, values.shape[axis])

    def over(self, reduce):
        """A reduction that may be made one axis after the other, as a row of one number per unit."""
        values = self.values
        for axis in self.axes:
            values = reduce(values, axis)
        return values

    def moments(self):
        """Variance and mean per unit; in double precision where two sums lose digits."""
        means = self.over(torch.sum) / self.count
        if len(self.axes) == 2:
            squares = torch.linalg.vector_norm(self.values, 2, 2).square().sum(0) / self.count
        else:
            squares = self.values.square().mean(0)
        variance = squares - means * means
        if not bool((variance > 1e-3 * means * means).all()):
            variance, means = torch.var_mean(self.values.double(), self.axes, correction=0)
        return variance, means


def mean_cosine(tensor):
    """Mean cosine over pairs of the first samples; all-zero samples are left out, without two others it is 1."""
    rows = tensor.detach()[:COSINE_SAMPLES].flatten(1).float()
    products = (rows @ rows.T).double()
    norms = products.diagonal().sqrt()
    used = torch.isfinite(norms) & (norms > 0)
    many = int(used.sum())
    if many < 2:
        return 1.0
    cosines = (products / norms[:, None] / norms[None, :])[used][:, used]
    return (float(cosines.sum()) - many) / (many * (many - 1))


def distinct_units(values, axis, means):
    """How many units (slices along `axis`) differ. Only units of (nearly) equal mean are compared, and those exactly."""
    units = values.shape[axis]
    order = means.argsort()
    ordered = means[order]
    near = (ordered[1:] - ordered[:-1]).abs() <= 1e-5 * ordered[1:].abs().clamp_min(1e-30)
    near |= ~torch.isfinite(ordered[1:])
    if not bool(near.any()):
        return units
    distinct = units
    for group in _runs(near.tolist()):
        slices = (
            values.index_select(axis, order[group[0] : group[1] + 1])
            .movedim(axis, 0)
            .reshape(group[1] - group[0] + 1, -1)
        )
        distinct -= slices.shape[0] - torch.unique(slices, dim=0).shape[0]
    return distinct


def _runs(near):
    """First and last index of every run of neighbours."""
    start = None
    for i, same in enumerate(near + [False]):
        if same and start is None:
            start = i
        elif not same and start is not None:
            yield start, i
            start = None


def unit_stats(tensor, axis, rectifier=False, flat=None):
    """UnitStats over `axis` (the batch is axis 0). `flat`: (low, high) outside of which the activation is flat."""
    values = tensor.detach()
    if values.dtype not in (torch.float32, torch.float64):
        values = values.float()
    axis = axis % values.dim()
    units = values.shape[axis]
    by_unit = _ByUnit(values, axis)
    variance, means = by_unit.moments()
    least, most = by_unit.over(torch.amin), by_unit.over(torch.amax)
    dead = (least == 0) & (most == 0)
    constant = dead | (variance.clamp_min(0).sqrt() <= 1e-6 * means.abs())
    many_dead = int(dead.sum())
    distinct = distinct_units(values, axis, means.to(values.dtype))
    result = dict(
        units=units,
        samples=values.numel() // max(1, units),
        dead=many_dead / units,
        alwaysOn=_never_zero(by_unit, least) if rectifier else 0,
        constant=float(constant.float().mean()),
        duplicated=(units - distinct) / units,
        stdOverData=math.sqrt(max(0.0, _finite(variance.mean()))),
        meanAbs=_finite(means.abs().mean()),
        cosine=mean_cosine(values) if axis > 0 else 1.0,
    )
    if flat is not None:
        low, high = flat
        result["saturated"] = float(((values < low) | (values > high)).float().mean())
    return result


def _never_zero(by_unit, least):
    """Share of units without a zero; for values that are never negative the least one tells."""
    if not bool((least >= 0).all()):
        least = (by_unit.values != 0).movedim(1, 0).flatten(1).all(1)
    return float((least > 0).float().mean())


def _finite(number):
    number = float(number)
    return number if math.isfinite(number) else 0.0


def gradient_norm(stats, samples):
    """Root mean square over samples of the per-sample norm, from the statistics of a gradient."""
    return stats["rms"] * math.sqrt(stats["count"] * (1 - stats["nonFinite"]) / max(1, samples))


def fingerprint(tensor):
    """Equal for bit-identical values, and practically for no others: sums of all values and the bits of an even sample."""
    values = tensor.detach().cpu().contiguous().reshape(-1)
    if values.numel() == 0:
        return "0"
    sample = values[:: values.numel() // 4096 + 1].contiguous()
    digest = hashlib.blake2b(
        ctypes.string_at(sample.data_ptr(), sample.numel() * sample.element_size()), digest_size=8
    )
    row = _flat(values)
    digest.update(repr((values.numel(), float(row.sum()), float(row.dot(row)))).encode())
    return digest.hexdigest()


def distinct_share(weight, axis):
    """Share of units (slices along `axis`) that differ from every earlier one; 1/units when all are tied."""
    if weight.dim() == 0:
        return 1.0
    axis = axis % weight.dim()
    values = weight.detach()
    others = [i for i in range(values.dim()) if i != axis]
    means = values.float().mean(others) if others else values.float()
    return distinct_units(values, axis, means) / max(1, values.shape[axis])
