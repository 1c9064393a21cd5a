"""Keras models measured in their own backend (TensorFlow, PyTorch): every seed builds the model anew, layers are tapped as they are called."""

import math

import numpy as np

from . import array_stats as S
from . import keras_backend
from .keras_graph import is_declared, leaves, run_layers

FLAT = {
    "tanh": (-math.sqrt(0.95), math.sqrt(0.95)),
    "sigmoid": ((1 - math.sqrt(0.95)) / 2, (1 + math.sqrt(0.95)) / 2),
}
RECTIFIERS = {"relu", "relu6", "leaky_relu"}
WEIGHTED = ("Dense", "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "DepthwiseConv2D", "EinsumDense")


class Feed:
    """One input: its name, shape without the batch, dtype, and for ids the vocabulary."""

    def __init__(self, name, shape, dtype="float32", vocabulary=None):
        self.name, self.shape, self.dtype, self.vocabulary = name, tuple(shape), dtype, vocabulary

    def make(self, batch, generator):
        """N(0,1), or uniform ids."""
        shape = (batch, *self.shape)
        if self.vocabulary is not None:
            return generator.integers(0, max(1, self.vocabulary), shape).astype(self.dtype)
        return generator.standard_normal(shape, dtype=np.float32)


class Tap:
    """What one call of a layer gave: tensors of the backend, before and after the activation."""

    def __init__(self, node, layer, name, inputs, output):
        self.node, self.layer, self.name, self.inputs = node, layer, name, inputs
        self.output, self.before = output, None


class KerasModel:
    """One root: how it is built, fed and measured."""

    def __init__(self, session, candidate, keras, name, id, feeds):
        self.session, self.candidate, self.keras = session, candidate, keras
        self.name, self.id, self.feeds, self.loss = name, id, feeds, None

    def engine(self):
        """What measured it, for the Measurement."""
        backend = keras_backend.name_of(self.keras)
        return {"name": "Keras", "version": self.keras.__version__, "backend": "python", "kernels": backend}

    def build(self, seed):
        """The model of a seed; its weights are drawn by the first call."""
        from .keras_models import reset_names

        reset_names()
        self.session.seed(seed)
        keras_backend.seed(self.keras, seed)
        return self.session.finder.build(self.candidate)

    def run(self, model, batch, seed, laws=()):
        """The taps and the output of one pass, with gradients taken by `keras_backend`."""
        generator = np.random.default_rng(seed * 7919 + 1)
        values = [feed.make(batch, generator) for feed in self.feeds]
        given = values[0] if len(values) == 1 else values
        model(given)
        named = leaves(model) if not is_declared(self.keras, model) else run_layers(model)
        for layer, _name in named:
            if "Dropout" in type(layer).__name__ and hasattr(layer, "rate"):
                layer.rate = 0.0
        apply_laws({name: layer for layer, name in named}, laws, seed)
        return keras_backend.traced(self.keras, model, given, named, Tap), values

    def measure(self, seed, batch, laws, loss, name=None):
        """A SeedMeasurement, and what could not be measured."""
        model = self.build(seed)
        traced, values = self.run(model, batch, seed, laws)
        loss = loss or self.loss or {"id": "mean_squared_error", "fromLogits": False}
        stats = traced.differentiate(loss, seed, name or "output")
        entries = []
        for feed, value in zip(self.feeds, values):
            if feed.vocabulary is None:
                found = S.tensor_stats(value)
                entries.append(
                    {"node": feed.name, "layer": feed.name, "quantity": "activation", "value": found}
                )
        for tap in traced.taps:
            entries.extend(tap_entries(tap, traced, batch))
        weights = []
        for layer, name in traced.named:
            weights.extend(weight_entries(layer, name, traced))
        return {"seed": seed, "taps": entries, "weights": weights, "losses": [stats] if stats else []}, []


def tap_entries(tap, traced, batch):
    """TapStats of a call: the activation, and the pre-activation of a layer with weights."""
    value = traced.numpy(tap.output)
    if value.ndim < 2 or value.size == 0:
        return []
    activation = getattr(getattr(tap.layer, "activation", None), "__name__", None)
    kind = activation if tap.before is not None or type(tap.layer).__name__ == "Activation" else None
    kind = {"ReLU": "relu", "LeakyReLU": "leaky_relu"}.get(type(tap.layer).__name__, kind)
    result = [_entry(tap, "activation", value, tap.output, traced, batch, kind)]
    if type(tap.layer).__name__ in WEIGHTED:
        before = tap.before if tap.before is not None else tap.output
        pre = _entry(tap, "preActivation", traced.numpy(before), before, traced, batch, None)
        inputs = tap.inputs
        if inputs is not None:
            pre["inputRms"] = S.tensor_stats(traced.numpy(inputs))["rms"]
        bias = getattr(tap.layer, "bias", None)
        if bias is not None:
            pre["biasMean"] = float(traced.numpy(bias).mean())
        result.insert(0, pre)
    return result


def _entry(tap, quantity, value, tensor, traced, batch, activation):
    entry = {"node": tap.node, "layer": tap.name, "quantity": quantity, "value": S.tensor_stats(value)}
    entry["units"] = S.unit_stats(value, -1, activation in RECTIFIERS, FLAT.get(activation))
    if activation == "softmax":
        entry["units"]["saturated"] = float((value.max(-1) > 0.97).mean())
    gradient = None if id(tensor) == traced.beyond_loss else traced.gradient(tensor)
    if gradient is not None:
        entry["gradient"] = S.tensor_stats(gradient)
        entry["gradientNorm"] = S.gradient_norm(entry["gradient"], batch)
    return entry


def weight_entries(layer, name, traced):
    """WeightStats of a layer's own variables, under the names Keras gives them."""
    result = []
    for variable in layer.weights:
        value = traced.numpy(variable)
        label = variable.name.split("/")[-1].split(":")[0]
        entry = {
            "layer": name,
            "weight": label,
            "value": S.tensor_stats(value),
            "distinctUnits": S.distinct_share(value),
            "fingerprint": S.fingerprint(value),
        }
        gradient = traced.variable_gradient(variable)
        if gradient is not None:
            entry["gradient"] = S.tensor_stats(gradient)
        result.append(entry)
    return result


TRUNCATED_STD = 0.8796256610342398


def apply_laws(layers, laws, seed):
    """Gives weights these laws: rescaled where they vary already, else drawn by (seed, layer, weight), as laws.py does."""
    for change in laws or ():
        layer, law = layers.get(change["layer"]), change["law"]
        for variable in getattr(layer, "weights", ()):
            if variable.name.split("/")[-1].split(":")[0] != change["weight"]:
                continue
            value = keras_backend.to_numpy(variable).astype(np.float64)
            variable.assign(
                _with_law(value, law, f"{seed} {change['layer']} {change['weight']}").astype(np.float32)
            )


def _given(value, values):
    if value.size != len(values):
        raise LookupError(f"{len(values)} given values cannot be put into a weight of shape {value.shape}")
    return np.asarray(values, np.float64).reshape(value.shape)


def _with_law(value, law, key):
    import zlib

    kind = law["kind"]
    generator = np.random.default_rng(zlib.crc32(key.encode()))
    if kind == "constant":
        return np.full(value.shape, law["value"])
    if kind == "values":
        return _given(value, law["values"])
    if kind == "orthogonal":
        rows = value.reshape(-1, value.shape[-1]).shape
        q, r = np.linalg.qr(generator.standard_normal((max(rows), min(rows))))
        q = q * np.sign(np.diag(r))
        return ((q if rows[0] >= rows[1] else q.T) * law["gain"]).reshape(value.shape)
    if kind == "identity":
        return np.broadcast_to(np.eye(*value.shape[-2:]) * law["gain"], value.shape).copy()
    if kind == "uniform":
        mean, std = (law["low"] + law["high"]) / 2, (law["high"] - law["low"]) / math.sqrt(12)
    else:
        mean, std = law["mean"], law["stddev"] * (TRUNCATED_STD if kind == "truncatedNormal" else 1)
    spread = value.std()
    if spread > 0 and math.isfinite(spread):
        centre = value.mean() if abs(value.mean()) > 3 * spread / math.sqrt(value.size) else 0.0
        root = math.sqrt(((value - centre) ** 2).mean())
        return (value - centre) * (std / root) + mean
    if kind == "uniform":
        return generator.uniform(law["low"], law["high"], value.shape)
    return generator.standard_normal(value.shape) * std + mean
