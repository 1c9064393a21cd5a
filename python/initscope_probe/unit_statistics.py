"""Statistics of units (channels, features): what each gives over the data, and which of them give the same."""

import math

import torch

from .stat_sizes import COSINE_SAMPLES
from .statistics import array_stats, count_where, small_array, tensor_stats

# A variance that is a smaller part of the squared mean has lost digits in float32.
DIGITS_LEFT = 1e-3


class Units:
    """Sums over all but the axis of units (the batch is axis 0): over the trailing axes first where units stand second, which is several times faster."""

    def __init__(self, tensor, axis):
        tensor = tensor.detach()
        self.tensor = tensor if tensor.dtype in (torch.float32, torch.float64) else tensor.float()
        self.axis = axis % tensor.dim()
        self.units = tensor.shape[self.axis]
        self.samples = tensor.numel() // max(1, self.units)
        self.inner = self.axis == 1 and tensor.dim() > 2
        # (batch, units, rest), else (rest, units).
        self.values = (
            self.tensor.flatten(2)
            if self.inner
            else self.tensor.movedim(self.axis, -1).reshape(-1, self.units)
        )
        if self.inner:
            norms = torch.linalg.vector_norm(self.values, 2, 2).double().square()
            self.sums, self.squares = self.values.sum(2).double().sum(0), norms.sum(0)
            self.norms = norms.sum(1).sqrt()
        else:
            self.norms = None
            self.sums, self.squares = self.values.sum(0).double(), self.values.square().sum(0).double()
        self.dead = self._dead()

    def totals(self):
        """The sums of all values and of their squares."""
        return float(self.sums.sum()), float(self.squares.sum())

    def _over(self, reduce, values):
        """A reduction that may be made one axis after the other, as a row of one number per unit."""
        return reduce(reduce(values, 2), 0) if self.inner else reduce(values, 0)

    def _only(self, chosen):
        return self.values.index_select(1, chosen.nonzero().flatten())

    def _dead(self):
        """Which units are zero for every sample. Squares of the smallest numbers are zero too, so these are read."""
        dead = self.squares == 0
        if bool(dead.any()):
            dead[dead.clone()] = self._over(torch.amax, self._only(dead).abs()) == 0
        return dead

    def _moments(self):
        """Variance and mean per unit; in double precision where two sums lose digits."""
        means = self.sums / self.samples
        variance = self.squares / self.samples - means.square()
        doubtful = ~((variance > DIGITS_LEFT * means.square()) | self.dead)
        if bool(doubtful.any()):
            exact = self._only(doubtful).double()
            variance[doubtful], means[doubtful] = torch.var_mean(
                exact, (0, 2) if self.inner else 0, correction=0
            )
        return variance, means

    def stats(self, rectifier=False, flat=None):
        """UnitStats. `flat`: (low, high) outside of which the activation is flat."""
        variance, means = self._moments()
        constant = self.dead | (variance.clamp_min(0).sqrt() <= 1e-6 * means.abs())
        distinct = distinct_units(self.tensor, self.axis, means, self.squares, self.dead)
        result = dict(
            units=self.units,
            samples=self.samples,
            dead=int(self.dead.sum()) / self.units,
            alwaysOn=self._never_zero() if rectifier else 0,
            constant=float(constant.double().mean()),
            duplicated=(self.units - distinct) / self.units,
            stdOverData=math.sqrt(max(0.0, _finite(variance.mean()))),
            meanAbs=_finite(means.abs().mean()),
            cosine=mean_cosine(self.tensor, self.norms) if self.axis > 0 else 1.0,
        )
        if flat is not None:
            low, high = flat
            outside = count_where(self.tensor, lambda v: (v < low) | (v > high))
            result["saturated"] = outside / max(1, self.tensor.numel())
        return result

    def _never_zero(self):
        """Share of units without a zero; for values that are never negative the least one tells."""
        least = self._over(torch.amin, self.values)
        if not bool((least >= 0).all()):
            least = (self.values != 0).movedim(1, 0).flatten(1).all(1)
        return float((least > 0).double().mean())


def unit_stats(tensor, axis, rectifier=False, flat=None):
    """UnitStats over `axis`."""
    return Units(tensor, axis).stats(rectifier, flat)


def tap_stats(tensor, axis, rectifier=False, flat=None):
    """TensorStats and UnitStats, which share their sums."""
    array = small_array(tensor)
    if array is not None:
        return array_stats.tap_stats(array, axis, rectifier, flat)
    units = Units(tensor, axis)
    return tensor_stats(tensor, units.totals()), units.stats(rectifier, flat)


def mean_cosine(tensor, norms=None):
    """Mean cosine over pairs of the first samples; all-zero samples are left out, without two others it is 1. `norms` of the samples, where they are known."""
    rows = tensor[:COSINE_SAMPLES].flatten(1)
    norms = torch.linalg.vector_norm(rows, 2, 1) if norms is None else norms[:COSINE_SAMPLES]
    used = torch.isfinite(norms) & (norms > 0)
    many = int(used.sum())
    if many < 2:
        return 1.0
    if many < len(rows):
        rows, norms = rows[used], norms[used]
    # The square of the sum of the directions holds every pair twice and each with itself once.
    direction = (norms.reciprocal().to(rows.dtype) @ rows).double()
    return (float(direction.dot(direction)) - many) / (many * (many - 1))


def distinct_units(values, axis, means, squares=None, dead=None):
    """How many units (slices along `axis`) differ. Only units of (nearly) equal mean, and sum of squares where it is given, are compared,
    and those exactly; dead ones are one."""
    distinct = units = values.shape[axis]
    order = means.argsort()
    if dead is not None and bool(dead.any()):
        distinct -= int(dead.sum()) - 1
        order = order[~dead[order]]
    for group in _alike(order, means, squares):
        slices = values.index_select(axis, group).movedim(axis, 0).reshape(len(group), -1)
        distinct -= len(group) - torch.unique(slices, dim=0).shape[0]
    return min(distinct, units)


def _alike(order, means, squares):
    """Units of (nearly) equal mean, and sum of squares where it is given, two and more at a time. `order`: by their means."""
    near = _near(means[order])
    if squares is not None and bool(near.any()):
        group = torch.cat([torch.zeros(1, dtype=torch.long), (~near).cumsum(0)])
        inner = squares[order].argsort()
        inner = inner[group[inner].argsort(stable=True)]
        order, group = order[inner], group[inner]
        near = _near(squares[order]) & (group[1:] == group[:-1])
    if not bool(near.any()):
        return
    start = None
    for i, same in enumerate([*near.tolist(), False]):
        if same and start is None:
            start = i
        elif not same and start is not None:
            yield order[start : i + 1]
            start = None


def _near(ordered):
    """Which neighbours are (nearly) equal."""
    near = (ordered[1:] - ordered[:-1]).abs() <= 1e-5 * ordered[1:].abs().clamp_min(1e-30)
    return near | ~torch.isfinite(ordered[1:])


def _finite(number):
    number = float(number)
    return number if math.isfinite(number) else 0.0


def distinct_share(weight, axis):
    """Share of units (slices along `axis`) that differ from every earlier one; 1/units when all are tied."""
    if weight.dim() == 0:
        return 1.0
    array = small_array(weight)
    if array is not None:
        return array_stats.distinct_share(array, axis)
    axis = axis % weight.dim()
    values = weight.detach()
    others = [i for i in range(values.dim()) if i != axis]
    means = values.float().mean(others) if others else values.float()
    return distinct_units(values, axis, means) / max(1, values.shape[axis])
