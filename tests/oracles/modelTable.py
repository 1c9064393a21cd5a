"""Small models of Keras 3 or tf-keras: one per layer kind, way of calling and operation."""
import sys

KERAS3 = sys.argv[1] == "keras3"
if KERAS3:
    import keras
else:
    import tf_keras as keras
L = keras.layers
I = keras.Input


def chain(shape, *layers, dtype=None):
    def build():
        x = entry = I(shape, dtype=dtype) if dtype else I(shape)
        for layer in layers:
            x = layer()(x)
        return keras.Model(entry, x)

    return build


def several(shapes, join):
    def build():
        entries = [I(shape) for shape in shapes]
        return keras.Model(entries, join(entries))

    return build


def deferred():
    model = keras.Sequential([L.Dense(4), L.Dense(3)])
    model.build((None, 7))
    return model


def distributed():
    """A nested model under TimeDistributed, with a merge, a norm, a recurrence and a shape of its own."""
    x = entry = I((6, 4))
    y = L.Dense(4, activation="tanh", name="a")(x)
    y = L.LayerNormalization(name="n")(L.Add(name="sum")([x, y]))
    y = L.MultiHeadAttention(2, 3, name="heads")(y, y)
    inner = keras.Model(entry, L.Dense(3, name="b")(L.GRU(5, name="r")(y)), name="inner")
    outer = I((3, 6, 4))
    return keras.Model(outer, L.LSTM(2)(L.TimeDistributed(inner, name="steps")(outer)))


def stepwise():
    """A Sequential under TimeDistributed, first in a Sequential, and one distributed twice."""
    inner = keras.Sequential([I((6, 6, 2)), L.Conv2D(3, 3, activation="relu"), L.Flatten(), L.Dense(4)])
    return keras.Sequential([I((3, 6, 6, 2)), L.TimeDistributed(inner), L.TimeDistributed(L.Activation("tanh"))])


def handed_on():
    """A decoder that starts from an encoder's states."""
    source, target = I((5, 3), name="source"), I((4, 2), name="target")
    _, h, c = L.LSTM(6, return_state=True)(source)
    y = L.LSTM(6, return_sequences=True)(target, initial_state=[h, c])
    z, forward, backward = L.Bidirectional(L.GRU(3, return_sequences=True, return_state=True))(target)
    return keras.Model([source, target], [y, L.Concatenate()([forward, backward]), z])


def masked_sequence():
    x = entry = I((6, 4))
    x = L.Masking()(x)
    y = L.GRU(5, return_sequences=True)(L.Dropout(0.5)(x))
    y = L.TimeDistributed(L.Dense(3, activation="tanh"))(y)
    outputs = [L.LSTM(4)(y), L.GlobalAveragePooling1D()(y), L.Bidirectional(L.SimpleRNN(2))(L.Dense(3)(y))]
    return keras.Model(entry, outputs)


def masked_merges():
    x = entry = I((6, 4))
    a = L.Masking()(x)
    b = L.Masking(mask_value=1.0)(L.Dense(4)(x))
    outputs = [L.LSTM(3)(L.Add()([a, b])), L.LSTM(3)(L.Concatenate()([a, b])), L.LSTM(3)(L.Conv1D(3, 3, padding="same")(a))]
    return keras.Model(entry, outputs)


def masked_attention():
    """Every layer has masked tensors of its own: in Keras 3 an attention takes the masks off what it was given."""
    x, y = I((6, 4)), I((6, 4))

    def masked():
        return [L.Masking()(x), L.Masking()(y)]

    outputs = [
        L.Attention()(masked()),
        L.AdditiveAttention()(masked()),
        L.GlobalAveragePooling1D()(L.MultiHeadAttention(2, 3)(*masked())),
        L.LSTM(3)(L.MultiHeadAttention(2, 3)(*masked(), use_causal_mask=True)),
    ]
    return keras.Model([x, y], outputs)


def masked_ids():
    ids = I((7,), dtype="int32")
    x = L.Embedding(9, 4, mask_zero=True)(ids)
    return keras.Model(ids, [L.LSTM(5)(x), L.GlobalAveragePooling1D()(x), L.LayerNormalization()(L.GRU(3, return_sequences=True, go_backwards=True)(x))])


def encoded():
    """Ids as vectors: each way on an input of its own."""
    one, many = I((1,), dtype="int32"), I((5,), dtype="int32")
    outputs = [L.CategoryEncoding(9, output_mode="one_hot")(one), L.CategoryEncoding(9, output_mode="multi_hot")(many), L.CategoryEncoding(9, output_mode="count")(many)]
    return keras.Model([one, many], outputs)


both = {
    "dense": chain((7,), lambda: L.Dense(5, activation="relu")),
    "dense 3-D": chain((4, 7), lambda: L.Dense(5, use_bias=False)),
    "conv1d": chain((16, 3), lambda: L.Conv1D(4, 3, padding="causal", dilation_rate=2)),
    "conv2d": chain((9, 8, 3), lambda: L.Conv2D(4, (3, 2), strides=2, padding="same", activation="tanh")),
    "conv2d grouped": chain((9, 8, 6), lambda: L.Conv2D(8, 3, groups=2)),
    "conv3d": chain((5, 6, 7, 2), lambda: L.Conv3D(3, 2)),
    "conv1d transpose": chain((6, 3), lambda: L.Conv1DTranspose(4, 3, strides=2, padding="same")),
    "conv2d transpose": chain((5, 6, 3), lambda: L.Conv2DTranspose(4, 3, strides=2)),
    "conv2d transpose padded": chain((5, 6, 3), lambda: L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1)),
    "conv3d transpose": chain((3, 4, 5, 2), lambda: L.Conv3DTranspose(3, 3, strides=(1, 2, 2), padding="valid")),
    "depthwise1d": chain((9, 3), lambda: L.DepthwiseConv1D(3, depth_multiplier=2)),
    "depthwise2d": chain((9, 8, 3), lambda: L.DepthwiseConv2D(3, strides=2, depth_multiplier=2)),
    "separable1d": chain((9, 3), lambda: L.SeparableConv1D(4, 3, depth_multiplier=2)),
    "separable2d": chain((9, 8, 3), lambda: L.SeparableConv2D(4, 3)),
    "pooling": chain((12, 12, 3), lambda: L.MaxPooling2D(3, strides=2, padding="same"), lambda: L.AveragePooling2D(2)),
    "pooling1d": chain((12, 3), lambda: L.MaxPooling1D(2), lambda: L.AveragePooling1D(3, strides=1)),
    "pooling3d": chain((6, 6, 6, 2), lambda: L.MaxPooling3D(2), lambda: L.AveragePooling3D(2)),
    "global pooling": chain((6, 6, 2), lambda: L.GlobalAveragePooling2D(keepdims=True), lambda: L.GlobalMaxPooling2D()),
    "global pooling 1d": chain((6, 2), lambda: L.GlobalMaxPooling1D()),
    "global pooling 3d": chain((6, 5, 4, 2), lambda: L.GlobalAveragePooling3D()),
    "batch norm": chain((6, 5), lambda: L.BatchNormalization()),
    "batch norm bare": chain((6, 5), lambda: L.BatchNormalization(axis=1, center=False, scale=False)),
    "layer norm": chain((6, 5), lambda: L.LayerNormalization(axis=[1, 2])),
    "group norm": chain((6, 6, 8), lambda: L.GroupNormalization(groups=4)),
    "unit norm": chain((6, 5), lambda: L.UnitNormalization()),
    "spectral norm": chain((6, 6, 3), lambda: L.SpectralNormalization(L.Conv2D(4, 3))),
    "embedding": chain((9,), lambda: L.Embedding(50, 8), dtype="int32"),
    "simple rnn": chain((7, 3), lambda: L.SimpleRNN(5, return_sequences=True), lambda: L.SimpleRNN(4)),
    "lstm": chain((7, 3), lambda: L.LSTM(5)),
    "lstm without bias": chain((7, 3), lambda: L.LSTM(5, use_bias=False, unit_forget_bias=False, return_sequences=True)),
    "gru": chain((7, 3), lambda: L.GRU(5)),
    "gru reset before": chain((7, 3), lambda: L.GRU(5, reset_after=False)),
    "conv lstm 1d": chain((4, 8, 3), lambda: L.ConvLSTM1D(5, 3, padding="same", return_sequences=True)),
    "conv lstm 2d": chain((4, 8, 7, 3), lambda: L.ConvLSTM2D(5, 3)),
    "conv lstm 3d": chain((4, 5, 6, 7, 2), lambda: L.ConvLSTM3D(2, 3, strides=2)),
    "rnn of a cell": chain((7, 3), lambda: L.RNN(L.LSTMCell(5), return_sequences=True)),
    "stacked cells": chain((7, 3), lambda: L.RNN(L.StackedRNNCells([L.GRUCell(5), L.SimpleRNNCell(4)]))),
    "bidirectional": chain((7, 3), lambda: L.Bidirectional(L.LSTM(5, return_sequences=True))),
    "bidirectional sum": chain((7, 3), lambda: L.Bidirectional(L.GRU(5), merge_mode="sum")),
    "time distributed": chain((4, 9, 8, 3), lambda: L.TimeDistributed(L.Conv2D(4, 3)), lambda: L.TimeDistributed(L.Flatten())),
    "einsum dense": chain((6, 7), lambda: L.EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d")),
    "einsum heads": chain((6, 7), lambda: L.EinsumDense("...x,xhk->...hk", output_shape=(2, 5), bias_axes="hk")),
    "attention": several([(5, 4), (6, 4)], lambda t: L.Attention(use_scale=True)([t[0], t[1]])),
    "attention concat": several([(5, 4), (6, 4)], lambda t: L.Attention(score_mode="concat")([t[0], t[1]])),
    "additive attention": several([(5, 4), (6, 4)], lambda t: L.AdditiveAttention()([t[0], t[1]])),
    "multi-head attention": several([(5, 8), (6, 4)], lambda t: L.MultiHeadAttention(2, 3, value_dim=5)(t[0], t[1])),
    "multi-head self": several([(5, 8)], lambda t: L.MultiHeadAttention(2, 3, use_bias=False, output_shape=6)(t[0], t[0])),
    "merges": several(
        [(5, 8), (5, 8)],
        lambda t: L.Concatenate()([L.Add()(t), L.Subtract()(t), L.Multiply()(t), L.Average()(t), L.Maximum()(t), L.Minimum()(t)]),
    ),
    "broadcast": several([(5, 8), (1, 8)], lambda t: L.Add()(t)),
    "dot": several([(5, 8), (6, 8)], lambda t: L.Dot(axes=2)(t)),
    "reshaping": chain(
        (6, 8), lambda: L.Reshape((4, -1, 2)), lambda: L.Permute((3, 1, 2)), lambda: L.Flatten(), lambda: L.RepeatVector(3)
    ),
    "borders 1d": chain((6, 8), lambda: L.ZeroPadding1D((1, 2)), lambda: L.Cropping1D(2), lambda: L.UpSampling1D(3)),
    "borders 2d": chain(
        (6, 8, 2), lambda: L.ZeroPadding2D(((1, 2), (3, 4))), lambda: L.Cropping2D((1, 2)), lambda: L.UpSampling2D((2, 3), interpolation="bilinear")
    ),
    "borders 3d": chain((4, 5, 6, 2), lambda: L.ZeroPadding3D(1), lambda: L.Cropping3D((1, 1, 2)), lambda: L.UpSampling3D(2)),
    "prelu": chain((6, 6, 3), lambda: L.PReLU(shared_axes=[1, 2])),
    "activation layers": chain(
        (6,),
        lambda: L.Activation("tanh"),
        lambda: L.ReLU(max_value=6),
        lambda: L.LeakyReLU(),
        lambda: L.ELU(),
        lambda: L.Softmax(),
    ),
    "regularizers": chain(
        (6, 4),
        lambda: L.Dropout(0.2),
        lambda: L.SpatialDropout1D(0.2),
        lambda: L.GaussianNoise(0.1),
        lambda: L.GaussianDropout(0.1),
        lambda: L.ActivityRegularization(0.1),
        lambda: L.Masking(),
    ),
    "preprocessing": chain((20, 24, 3), lambda: L.Rescaling(1 / 255), lambda: L.CenterCrop(16, 16), lambda: L.Resizing(8, 12), lambda: L.RandomFlip()),
    "normalization": chain((6,), lambda: L.Normalization(mean=0.5, variance=2.0)),
    "nested and shared": lambda: nested(),
    "time distributed model": distributed,
    "time distributed sequential": stepwise,
    "states handed on": handed_on,
    "masked sequence": masked_sequence,
    "masked merges": masked_merges,
    "masked attention": masked_attention,
    "masked ids": masked_ids,
    "category encoding": encoded,
    "bidirectional none": several([(7, 3)], lambda t: L.Bidirectional(L.GRU(4), merge_mode=None)(t[0])),
    "bidirectional modes": several(
        [(7, 3)],
        lambda t: [L.Bidirectional(L.LSTM(4, return_sequences=mode == "ave"), merge_mode=mode)(t[0]) for mode in ("mul", "ave", "sum")],
    ),
    "bidirectional of two": chain((7, 3), lambda: L.Bidirectional(L.LSTM(4), backward_layer=L.LSTM(4, go_backwards=True, activation="relu"))),
    "random augmentation": chain(
        (8, 8, 3),
        lambda: L.RandomFlip(),
        lambda: L.RandomRotation(0.1),
        lambda: L.RandomTranslation(0.1, 0.1),
        lambda: L.RandomZoom(0.1),
        lambda: L.RandomContrast(0.1),
        lambda: L.RandomBrightness(0.1),
    ),
}


def nested():
    inner = keras.Sequential([I((6,)), L.Dense(5, name="a"), L.Dense(6, name="b")], name="inner")
    shared = L.Dense(6, name="shared")
    x = entry = I((6,))
    x = inner(x)
    x = shared(inner(x))
    return keras.Model(entry, [L.Add()([x, shared(entry)]), x])


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


def reversible():
    ids = I((5,), dtype="int32")
    tied, own = L.ReversibleEmbedding(9, 4), L.ReversibleEmbedding(9, 4, tie_weights=False, logit_soft_cap=2.0)
    return keras.Model(ids, [tied(L.Dense(4)(tied(ids)), reverse=True), own(own(ids), reverse=True)])


def halves():
    x = entry = I((6, 8))
    return keras.Model(entry, [L.Dense(4)(keras.ops.glu(x)), keras.ops.glu(L.Conv1D(6, 3)(x))])


only3 = {
    "reversible embedding": reversible,
    "glu operation": halves,
    "adaptive pooling": several(
        [(9, 2), (7, 8, 2), (6, 5, 4, 2)],
        lambda t: [
            layer(x)
            for x, layer in [
                (t[0], L.AdaptiveAveragePooling1D(4)),
                (t[0], L.AdaptiveMaxPooling1D(3)),
                (t[1], L.AdaptiveAveragePooling2D((3, 4))),
                (t[1], L.AdaptiveMaxPooling2D(3)),
                (t[2], L.AdaptiveAveragePooling3D(2)),
                (t[2], L.AdaptiveMaxPooling3D((3, 2, 4))),
            ]
        ],
    ),
    "gated attention": several([(5, 8), (6, 8)], lambda t: L.MultiHeadAttention(2, 3, use_gate=True)(t[0], t[1])),
    "gated grouped attention": several([(5, 8), (6, 8)], lambda t: L.GroupQueryAttention(4, 4, 2, use_gate=True)(t[0], t[1])),
    "operations": lambda: operations3(),
    "functions": lambda: functions3(),
    "rms norm": chain((6, 5), lambda: L.RMSNormalization()),
    "layer norm rms": chain((6, 5), lambda: L.LayerNormalization()),
    "grouped query attention": several([(5, 8), (6, 8)], lambda t: L.GroupQueryAttention(4, 4, 2)(t[0], t[1])),
    "alpha dropout": chain((6,), lambda: L.AlphaDropout(0.1), lambda: L.Identity()),
    "multi-head by keyword": several([(5, 8), (6, 8)], lambda t: L.MultiHeadAttention(2, 3)(query=t[0], value=t[1], key=t[1])),
    "deferred sequential": lambda: deferred(),
}
only2 = {
    "operations": lambda: operations2(),
    "functions": lambda: functions2(),
    "thresholded relu": chain((6,), lambda: L.ThresholdedReLU(0.5)),
    "locally connected 1d": chain((9, 3), lambda: L.LocallyConnected1D(4, 3, strides=2, activation="tanh")),
    "locally connected 2d": chain((7, 6, 2), lambda: L.LocallyConnected2D(3, (3, 2), strides=(2, 1))),
    "locally connected masked": chain((7, 6, 2), lambda: L.LocallyConnected2D(3, (3, 2), padding="same", implementation=2)),
    "locally connected sparse": chain((7, 6, 2), lambda: L.LocallyConnected2D(3, 3, padding="same", strides=2, implementation=3)),
    "locally connected channels first": chain(
        (2, 7, 6), lambda: L.LocallyConnected2D(3, 3, data_format="channels_first"), lambda: L.LocallyConnected2D(2, 2, data_format="channels_first", implementation=2, use_bias=False)
    ),
}

MODELS = {**both, **(only3 if KERAS3 else only2)}
