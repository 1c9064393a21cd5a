"""Small models of tensor operations, as functional models contain them."""
import numpy
from modelTools import I, L, keras


def operations3():
    ops = keras.ops
    x = entry = I((4, 6))
    y = ops.relu(x * 2.0 + 1.0)
    t = ops.transpose(y, (0, 2, 1))
    q = ops.concatenate([y, x], axis=-1)
    e = ops.expand_dims(x, 1)
    outputs = [
        ops.reshape(y, (-1, 24)),
        ops.softmax(ops.matmul(y, t)),
        ops.mean(q, axis=1, keepdims=True),
        x[:, 1:3],
        x[:, -1],
        ops.stack([x, e[:, 0]], axis=1),
        ops.split(x, 2, axis=-1)[1],
        ops.sqrt(ops.abs(x)),
        ops.einsum("abc,adc->abd", x, y),
        1 - x,
        x / ops.sum(x, axis=-1, keepdims=True),
        ops.swapaxes(x, 1, 2),
        ops.squeeze(e, 1),
        x**2,
        ops.pad(x, ((0, 0), (1, 1), (0, 0))),
        ops.maximum(x, y),
        ops.max(x, axis=(1, 2)),
    ]
    return keras.Model(entry, outputs)


def functions3():
    ops = keras.ops
    x = entry = I((4, 6))
    p = ops.abs(x) + 0.5
    names = ["silu", "celu", "elu", "relu6", "selu", "hard_silu", "hard_sigmoid", "hard_tanh", "hard_shrink", "soft_shrink", "log_sigmoid"]
    names += ["sparse_plus", "sparse_sigmoid", "squareplus", "tanh_shrink", "softplus", "softsign", "log_softmax", "leaky_relu", "tanh", "sigmoid"]
    names += ["sin", "cos", "arctan", "square", "exp", "floor", "ceil", "round", "sign", "erf", "sinh", "cosh", "expm1", "zeros_like", "ones_like"]
    outputs = [getattr(ops, name)(x) for name in names]
    outputs += [getattr(ops, name)(p) for name in ["log", "log1p", "rsqrt", "reciprocal", "negative"]]
    outputs += [
        ops.gelu(x),
        ops.gelu(x, approximate=False),
        ops.celu(x, alpha=0.5),
        ops.threshold(x, 0.3, -0.1),
        ops.clip(x, -0.5, 0.7),
        ops.var(x, axis=-1),
        ops.std(x, axis=1, keepdims=True),
        ops.prod(p, axis=-1),
        ops.logsumexp(x, axis=-1),
        ops.flip(x, axis=1),
        ops.repeat(x, 3, axis=2),
        ops.tile(x, (1, 2, 1)),
        ops.cumsum(x, axis=1),
        ops.where(ops.greater(x, 0.2), x, p),
        ops.where(ops.less(x, p), x, 0.0),
        ops.minimum(x, 0.3),
        ops.maximum(x, -0.2),
        ops.min(x, axis=1),
        ops.stop_gradient(x) * x,
        ops.tan(0.3 * x),
        ops.mod(p, 0.7),
        ops.where(ops.logical_and(ops.greater_equal(x, 0.1), ops.less_equal(x, p)), x, p),
        ops.where(ops.logical_or(ops.equal(x, p), ops.logical_not(ops.not_equal(ops.sign(x), 1.0))), x, p),
        ops.where(ops.any(ops.greater(x, 1.5), axis=-1, keepdims=True), x, p),
        ops.where(ops.all(ops.greater(x, -1.8), axis=-1, keepdims=True), x, p),
    ]
    return keras.Model(entry, outputs)


def functions2():
    import tensorflow as tf

    x = entry = I((4, 6))
    p = tf.abs(x) + 0.5
    outputs = [f(x) for f in [tf.nn.silu, tf.nn.elu, tf.nn.relu6, tf.nn.selu, tf.nn.softplus, tf.nn.softsign, tf.nn.log_softmax, tf.nn.leaky_relu]]
    outputs += [f(x) for f in [tf.nn.gelu, tf.sin, tf.cos, tf.atan, tf.square, tf.exp, tf.floor, tf.sign, tf.math.erf, tf.zeros_like]]
    outputs += [f(p) for f in [tf.math.log, tf.math.rsqrt, tf.math.reciprocal, tf.negative]]
    outputs += [
        tf.clip_by_value(x, -0.5, 0.7),
        tf.math.reduce_variance(x, axis=-1),
        tf.math.reduce_std(x, axis=1, keepdims=True),
        tf.reduce_prod(p, axis=-1),
        tf.reduce_logsumexp(x, axis=-1),
        tf.reverse(x, axis=[1]),
        tf.repeat(x, 3, axis=2),
        tf.tile(x, (1, 2, 1)),
        tf.cumsum(x, axis=1),
        tf.where(x > 0.2, x, p),
        tf.math.squared_difference(x, p),
        tf.stop_gradient(x) * x,
        tf.math.floordiv(x, 0.4) * x,
    ]
    return keras.Model(entry, outputs)


def operations2():
    import tensorflow as tf

    x = entry = I((4, 6))
    y = tf.nn.relu(x * 2.0 + 1.0)
    t = tf.transpose(y, (0, 2, 1))
    q = tf.concat([y, x], axis=-1)
    e = tf.expand_dims(x, 1)
    outputs = [
        tf.reshape(y, (-1, 24)),
        tf.nn.softmax(tf.matmul(y, t)),
        tf.reduce_mean(q, axis=1, keepdims=True),
        x[:, 1:3],
        tf.stack([x, x], axis=1),
        tf.split(x, 2, axis=-1)[1],
        tf.sqrt(tf.abs(x)),
        1 - x,
        x / tf.reduce_sum(x, axis=-1, keepdims=True),
        tf.squeeze(e, 1),
        x**2,
        tf.maximum(x, y),
    ]
    return keras.Model(entry, outputs)


def halves():
    x = entry = I((6, 8))
    return keras.Model(entry, [L.Dense(4)(keras.ops.glu(x)), keras.ops.glu(L.Conv1D(6, 3)(x))])


def moves3():
    ops = keras.ops
    x, y = I((4, 6)), I((3, 8, 4))
    ids = I((5,), dtype="int32")
    outputs = [
        ops.take(x, [0, 2, -1], axis=1),
        ops.take(x, 2, axis=-1),
        ops.roll(x, 2, axis=1),
        ops.roll(y, (1, -2), axis=(2, 3)),
        ops.moveaxis(y, 1, 3),
        ops.moveaxis(y, (1, -1), (-1, 2)),
        *ops.unstack(x, axis=1)[1:3],
        ops.append(x, 2 * x, axis=1),
        ops.hstack([x, x + 1]),
        ops.tril(x),
        ops.triu(x, k=1),
        ops.depth_to_space(y, 2),
        ops.space_to_depth(ops.take(y, [0, 2], axis=1), 2),
        ops.one_hot(ids, 9),
        ops.one_hot(ops.argmax(x, axis=-1), 6),
    ]
    return keras.Model([x, y, ids], outputs)


def numeric3():
    ops = keras.ops
    x = entry = I((4, 6))
    p = ops.abs(x) + 0.5
    u = 0.4 * x
    outputs = [ops.log2(p), ops.log10(p)]
    outputs += [ops.arccosh(p + 1), ops.cbrt(p), ops.exp2(x), ops.trunc(x) * x, ops.erfc(x), ops.fabs(x), ops.nan_to_num(x)]
    outputs += [getattr(ops, name)(u) for name in ["arcsin", "arccos", "arcsinh", "arctanh"]]
    outputs += [
        ops.arctan2(x, p),
        ops.hypot(x, p),
        ops.logaddexp(x, u),
        ops.divide_no_nan(x, p),
        ops.fmax(x, u),
        ops.where(ops.logical_xor(ops.greater(x, 0), ops.greater(x, 1)), x, p),
        ops.norm(x, axis=-1),
        ops.norm(x, axis=(1, 2), keepdims=True),
        ops.ptp(x, axis=-1),
        ops.cast(ops.count_nonzero(x, axis=1), "float32"),
        ops.cast(ops.argmax(x, axis=1), "float32"),
        ops.cast(ops.argmin(x, axis=-1, keepdims=True), "float32"),
        ops.nanmean(x, axis=-1),
        ops.average(x, axis=1),
        ops.normalize(x),
        ops.layer_normalization(x),
        x * numpy.linspace(-1, 1, 6, dtype="float32"),
    ]
    return keras.Model(entry, outputs)


def moves2():
    import tensorflow as tf

    x, y = I((4, 6)), I((3, 8, 4))
    ids = I((5,), dtype="int32")
    outputs = [
        tf.gather(x, [0, 2, 3], axis=1),
        tf.gather(x, 2, axis=-1),
        tf.roll(x, 2, axis=1),
        tf.roll(y, [1, -2], axis=[2, 3]),
        *tf.unstack(x, axis=1)[1:3],
        tf.nn.depth_to_space(y, 2),
        tf.nn.space_to_depth(tf.gather(y, [0, 2], axis=1), 2),
        tf.one_hot(ids, 9),
        tf.slice(tf.gather(x, [0, 1], axis=1), [0, 0, 2], [-1, 2, 3]),
    ]
    return keras.Model([x, y, ids], outputs)


def numeric2():
    import tensorflow as tf

    x = entry = I((4, 6))
    p, u = tf.abs(x) + 0.5, 0.4 * x
    outputs = [tf.math.acosh(p + 1), tf.asin(u), tf.acos(u), tf.asinh(u), tf.atanh(u), tf.math.erfc(x), tf.atan2(x, p), tf.math.divide_no_nan(x, p)]
    outputs += [tf.norm(x, axis=-1), tf.math.reduce_euclidean_norm(x, axis=1, keepdims=True), tf.math.l2_normalize(x, axis=-1)]
    outputs += [tf.cast(tf.argmax(x, axis=-1), "float32"), tf.where(tf.math.logical_xor(x > 0, x > 1), x, p)]
    return keras.Model(entry, outputs)
