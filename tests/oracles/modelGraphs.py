"""Small models of several layers whose way of calling matters: masks, states, nested and shared models."""
from modelTools import I, L, keras


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


def nested():
    inner = keras.Sequential([I((6,)), L.Dense(5, name="a"), L.Dense(6, name="b")], name="inner")
    shared = L.Dense(6, name="shared")
    x = entry = I((6,))
    x = inner(x)
    x = shared(inner(x))
    return keras.Model(entry, [L.Add()([x, shared(entry)]), x])


def reversible():
    ids = I((5,), dtype="int32")
    tied, own = L.ReversibleEmbedding(9, 4), L.ReversibleEmbedding(9, 4, tie_weights=False, logit_soft_cap=2.0)
    return keras.Model(ids, [tied(L.Dense(4)(tied(ids)), reverse=True), own(own(ids), reverse=True)])


def masked_norm():
    """Batch statistics of the steps that count."""
    x = entry = I((6, 4))
    x = L.Masking()(x)
    return keras.Model(entry, [L.BatchNormalization()(x), L.LSTM(3)(L.BatchNormalization(scale=False)(L.Dense(5)(x))), L.BatchNormalization(axis=1)(x)])
