"""Small models of operations with windows: pooling, resizing, convolution by kernels that the model writes out."""
import numpy
from modelTools import I, keras


def kernel(*shape):
    return numpy.random.RandomState(3).uniform(-1, 1, shape).astype("float32")


def windows3():
    """Windows of every rank, their rank said or not; averages only where PyTorch pads as TensorFlow does."""
    ops = keras.ops
    x, y, z = I((9, 3)), I((8, 7, 4)), I((4, 5, 6, 2))
    outputs = [
        ops.max_pool(x, 2),
        ops.max_pool(y, 3, 2, "same"),
        ops.max_pool(y, (2, 3), strides=(1, 2)),
        ops.max_pool(z, 2),
        ops.average_pool(x, 3, 2),
        ops.average_pool(y, 2),
        ops.average_pool(z, (2, 1, 2)),
        ops.image.resize(y, (5, 9)),
        ops.image.resize(y, (16, 14), interpolation="nearest"),
        ops.conv(x, kernel(3, 3, 5), strides=2, padding="same"),
        ops.conv(y, kernel(3, 2, 4, 5), dilation_rate=2),
        ops.depthwise_conv(y, kernel(3, 3, 4, 2), padding="same"),
        ops.separable_conv(y, kernel(3, 3, 4, 2), kernel(1, 1, 8, 3), padding="same"),
        ops.separable_conv(x, kernel(3, 3, 2), kernel(1, 6, 4), strides=2),
        ops.relu(y) * kernel(4),
    ]
    return keras.Model([x, y, z], outputs)


def windows2():
    import tensorflow as tf

    x, y = I((9, 3)), I((8, 7, 4))
    outputs = [
        tf.nn.max_pool1d(x, 2, 2, "VALID"),
        tf.nn.max_pool2d(y, 3, 2, "SAME"),
        tf.nn.max_pool2d(y, (1, 2, 3, 1), (1, 1, 2, 1), "VALID"),
        tf.nn.avg_pool2d(y, (2, 3), (1, 2), "SAME"),
        tf.nn.max_pool(y, 2, 2, "VALID"),
        tf.image.resize(y, (5, 9)),
        tf.image.resize(y, (16, 14), method="nearest"),
        tf.nn.conv2d(y, kernel(3, 2, 4, 5), 2, "SAME"),
        tf.nn.depthwise_conv2d(y, kernel(3, 3, 4, 2), (1, 2, 2, 1), "VALID"),
    ]
    return keras.Model([x, y], outputs)
