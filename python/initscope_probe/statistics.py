"""Statistics of tensors, equal to the TensorFlow.js engine's (src/model/measurement.ts says what each number means).

Everything here works on torch tensors on any device and returns plain Python numbers."""

import bisect
import ctypes
import hashlib
import itertools
import math

import torch

try:
    import numpy

    from . import array_stats
except ImportError:
    numpy = array_stats = None

from .stat_sizes import COARSE, FINE, HISTOGRAM_SAMPLE, SHARES

# NumPy's calls cost a fifth of PyTorch's, PyTorch reads a value in a fifth of NumPy's time: tensors of up to so many values are NumPy's.
SMALL = 1 << 16

# Squares of larger values do not fit into float32.
LARGE = 1e15
# Squares that are summed in float32 at once: of 16 times as many, four digits are left.
TOGETHER = 1 << 20


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


def _counts(values, low, high):
    """How many of an even sample lie in each of the fine bins. NumPy counts them in half the time, where it is there."""
    if _numpy_reads(values):
        return array_stats.fine_counts(values.numpy(), low, high)
    step = values.numel() // HISTOGRAM_SAMPLE + 1
    return torch.histc(values if step == 1 else values[:: step | 1], FINE, low, high).cpu()


def _percentiles(fine, counts, low, width):
    """The values below which SHARES lie, from fine bins and the sums of every so many of them."""
    below, inner = list(itertools.accumulate(counts)), FINE // COARSE
    found = []
    for share in SHARES:
        wanted = share * below[-1]
        group = min(bisect.bisect_left(below, wanted), COARSE - 1)
        before, at = below[group] - counts[group], group * inner
        for count in fine[at : at + inner].tolist():
            if before + count >= wanted:
                break
            before, at = before + count, at + 1
        found.append(low + (at + min(1, max(0, (wanted - before) / count if count else 0))) * width)
    return found


def _flat_tensor(low, count):
    return [low] * 5, {"low": low, "high": low, "counts": [count]}


def tensor_stats(tensor, sums=None):
    """TensorStats of a tensor; non-finite entries are left out of all but `nonFinite` and `count`. `sums`, where they are known:
    of all values and of their squares."""
    array = small_array(tensor)
    if array is not None:
        return array_stats.tensor_stats(array)
    values = _flat(tensor)
    count = values.numel()
    empty = dict(count=count, mean=0, std=0, rms=0, min=0, max=0, zeros=0, nonFinite=0)
    if count == 0:
        return dict(empty, percentiles=[0] * 5, histogram={"low": 0, "high": 0, "counts": [0]})
    low, high = (float(v) for v in torch.aminmax(values))
    lost = 0
    if not (math.isfinite(low) and math.isfinite(high)):
        values, sums = values[torch.isfinite(values)], None
        lost = count - values.numel()
        if lost == count:
            return dict(
                empty, nonFinite=1, percentiles=[0] * 5, histogram={"low": 0, "high": 0, "counts": [0]}
            )
        low, high = (float(v) for v in torch.aminmax(values))
    if max(abs(low), abs(high)) > LARGE or (max(abs(low), abs(high)) < 1 / LARGE and high > low):
        values, sums = values.double(), None
    finite = values.numel()
    variance, mean = _moments(values, sums)
    zeros = 0 if low > 0 or high < 0 else count_where(values, lambda v: v == 0)
    if high > low:
        fine = _counts(values, low, high)
        counts = [int(c) for c in fine.reshape(COARSE, -1).sum(1).tolist()]
        percentiles = _percentiles(fine, counts, low, (high - low) / FINE)
        histogram = {"low": low, "high": high, "counts": counts}
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


def _numpy_reads(tensor):
    return numpy is not None and tensor.device.type == "cpu"


def small_array(tensor):
    """A small tensor's values as NumPy reads them without a copy; None where PyTorch is to read them."""
    plain = tensor.dtype == torch.float32 and tensor.layout == torch.strided and not tensor.is_neg()
    return tensor.detach().numpy() if plain and tensor.numel() <= SMALL and _numpy_reads(tensor) else None


def count_where(values, test):
    """How many values pass a test, which takes arrays as well as tensors. NumPy compares and counts in a seventh of the time, where it is there."""
    if _numpy_reads(values):
        return int(numpy.count_nonzero(test(values.numpy())))
    return int(torch.count_nonzero(test(values)))


def _squares(values):
    return sum(float(part.dot(part)) for part in values.split(TOGETHER))


def _moments(values, sums):
    """Variance and mean of a row; torch.var_mean is thirty times slower than two sums, so it is asked only where these lose digits."""
    total, squares = sums if sums is not None else (float(values.sum()), _squares(values))
    mean = total / values.numel()
    variance = squares / values.numel() - mean * mean
    if not variance > 1e-3 * mean * mean:
        variance, mean = (float(v) for v in torch.var_mean(values.double(), correction=0))
    return variance, mean


def gradient_norm(stats, samples):
    """Root mean square over samples of the per-sample norm, from the statistics of a gradient."""
    return stats["rms"] * math.sqrt(stats["count"] * (1 - stats["nonFinite"]) / max(1, samples))


def _bytes(row):
    """The memory of a row: as NumPy has it, which copies nothing, where NumPy knows the type."""
    if numpy is not None and row.dtype in (torch.float32, torch.float64):
        return row.numpy()
    return ctypes.string_at(row.data_ptr(), row.numel() * row.element_size())


def fingerprint(tensor):
    """Equal for bit-identical values, and practically for no others: the bits of all values, of large tensors those of an even sample and the sums of all."""
    values = tensor.detach().cpu().contiguous().reshape(-1)
    if values.numel() == 0:
        return "0"
    step = (values.numel() - 1) // 4096 + 1
    digest = hashlib.blake2b(_bytes(values if step == 1 else values[::step].contiguous()), digest_size=8)
    if step > 1:
        row = _flat(values)
        digest.update(repr((values.numel(), float(row.sum()), float(row.dot(row)))).encode())
    return digest.hexdigest()
