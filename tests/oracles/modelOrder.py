"""Small models of operations that order values, go along an axis, take operands that the model writes out, or attend without projections."""
import numpy
from modelTools import I, keras


def order3():
    """Operations that order values, go along an axis, or take an operand that the model writes out."""
    ops = keras.ops
    x, y = I((4, 6)), I((3, 8, 4))
    table = numpy.random.RandomState(4).uniform(-1, 1, (4, 6)).astype("float32")
    matrix = numpy.random.RandomState(5).uniform(-1, 1, (6, 5)).astype("float32")
    places = ops.argsort(ops.abs(x), axis=-1)
    outputs = [
        ops.sort(x),
        ops.sort(y, axis=2),
        ops.cast(ops.argsort(x, axis=1), "float32"),
        ops.top_k(x, 3)[0],
        ops.cast(ops.top_k(x, 2)[1], "float32"),
        ops.median(x, axis=1),
        ops.median(y, axis=(1, 3), keepdims=True),
        ops.quantile(x, 0.3, axis=-1),
        ops.quantile(x, 0.75, axis=1, keepdims=True),
        ops.take_along_axis(x, places, axis=-1),
        ops.take_along_axis(x, ops.argmax(x, axis=1, keepdims=True), axis=1),
        ops.cumprod(x, axis=1),
        ops.cumprod(y, axis=-2),
        ops.diff(x),
        ops.diff(x, n=2, axis=1),
        *[ops.rot90(y, k=k, axes=(1, 2)) for k in (1, 3, -1)],
        ops.rot90(ops.matmul(x, ops.swapaxes(x, 1, 2)), k=2, axes=(1, 2)),
        *ops.moments(y, axes=[1, 2]),
        *ops.moments(x, axes=[2], keepdims=True),
        x + table,
        ops.subtract(table, x),
        ops.multiply(x, table[None]),
        ops.power(ops.abs(x) + 0.5, table),
        ops.maximum(table, x),
        ops.matmul(x, matrix),
        ops.matmul(matrix.T, ops.transpose(x, (0, 2, 1))),
        ops.dot(x, matrix),
        ops.tensordot(x, matrix, axes=1),
        ops.rms_normalization(x),
        ops.rms_normalization(x, axis=(1, 2), epsilon=0.1),
    ]
    return keras.Model([x, y], outputs)


def attention3():
    ops = keras.ops
    q, k, v = I((5, 4, 3)), I((6, 2, 3)), I((6, 2, 3))
    a = I((5, 2, 3))
    outputs = [
        ops.dot_product_attention(a, k, v),
        ops.dot_product_attention(a, a, a, is_causal=True),
        ops.dot_product_attention(a, k, v, scale=0.9),
        ops.dot_product_attention(q, k, k),
    ]
    return keras.Model([q, k, v, a], outputs)


def order2():
    import tensorflow as tf

    x, y = I((4, 6)), I((3, 8, 4))
    table = numpy.random.RandomState(4).uniform(-1, 1, (4, 6)).astype("float32")
    matrix = numpy.random.RandomState(5).uniform(-1, 1, (6, 5)).astype("float32")
    outputs = [
        tf.sort(x, axis=1),
        tf.sort(y, axis=2, direction="DESCENDING"),
        tf.math.top_k(x, k=3)[0],
        tf.cast(tf.math.top_k(x, 2)[1], "float32"),
        tf.math.cumprod(x, axis=1),
        tf.nn.moments(y, axes=[1, 2])[1],
        tf.nn.moments(x, axes=[2], keepdims=True)[1],
        x + table,
        table - x,
        tf.matmul(x, matrix),
        tf.matmul(x, x, transpose_b=True),
        tf.matmul(x, x, transpose_a=True),
        tf.matmul(matrix, x, transpose_a=True, transpose_b=True),
        tf.tensordot(x, matrix, axes=[[-1], [0]]),
    ]
    return keras.Model([x, y], outputs)
