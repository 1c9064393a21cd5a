"""What to feed: the first layers and the names of the inputs."""

import inspect
import itertools
import re

import torch
from torch import nn

SPATIAL = [
    32,
    28,
    64,
    224,
    96,
    128,
    16,
    48,
    40,
    56,
    80,
    84,
    100,
    105,
    112,
    160,
    192,
    227,
    256,
    299,
    320,
    331,
    384,
    512,
    8,
]
LONG = re.compile(
    r"^(idx|ids|input_ids?|tokens?|token_ids|src|tgt|trg|src_seq|trg_seq|source|target|seq|sequences?|words?|encoded_captions|captions?|text|x_enc_ids|y|labels?|position_ids|enc_inputs|dec_inputs|x_mark\w*)$"
)
TIME = re.compile(r"^(t|time|timesteps?|times|sigma|noise_level)$")
MASK = re.compile(r"mask|hidden|^h$|^hx$|state|adj|lengths?$|caption_lengths")


def first_layers(model):
    """parameter layers in registration order"""
    return [
        m
        for m in model.modules()
        if isinstance(
            m,
            (
                nn.Linear,
                nn.Bilinear,
                nn.modules.conv._ConvNd,
                nn.Embedding,
                nn.EmbeddingBag,
                nn.RNNBase,
                nn.RNNCellBase,
                nn.MultiheadAttention,
                nn.modules.batchnorm._BatchNorm,
                nn.LayerNorm,
                nn.TransformerEncoderLayer,
            ),
        )
    ]


def for_layer(m, B=2):
    """candidate inputs (shape, dtype, range) when m is what meets the input"""
    f = torch.float32
    if isinstance(m, (nn.Embedding, nn.EmbeddingBag)):
        for T in (16, 32, 8, 5):
            yield (B, T), torch.long, m.num_embeddings
        yield (B,), torch.long, m.num_embeddings
        yield (16, B), torch.long, m.num_embeddings
    elif isinstance(m, (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)):
        n = len(m.kernel_size)
        for s in (1, 4, 8, 7, 16, 32):
            yield (B, m.in_channels) + (s,) * n, f, None
        yield (B, m.in_channels), f, None
    elif isinstance(m, nn.modules.conv._ConvNd):
        n = len(m.kernel_size)
        sp = SPATIAL if n == 2 else ([64, 128, 256, 32, 1024, 784, 8192] if n == 1 else [16, 32, 64, 8])
        for s in sp:
            yield (B, m.in_channels) + (s,) * n, f, None
        if n == 2 and m.in_channels > 3:
            for s in (64, 128):
                yield (B, 3, s, s), f, None
        if n == 1:
            for s in (32, 64, 96):
                yield (B, s, m.in_channels), f, None
    elif isinstance(m, nn.Linear):
        F = m.in_features
        yield (B, F), f, None
        yield (B, 16, F), f, None
        for c in (1, 3, 4):
            s = round((F / c) ** 0.5)
            if s * s * c == F and s > 1:
                yield (B, c, s, s), f, None
        yield (B, 8, 8, F), f, None
        for c in (1, 3):  # a convolution or a pooling lies in between
            for s in (32, 28, 64, 224):
                yield (B, c, s, s), f, None
    elif isinstance(m, nn.RNNBase):
        I = m.input_size
        yield ((B, 16, I) if m.batch_first else (16, B, I)), f, None
        yield (B, 28, I), f, None
        yield (B, 1, 28, 28) if I == 28 else (B, I), f, None
    elif isinstance(m, nn.RNNCellBase):
        yield (B, m.input_size), f, None
        yield (B, 16), f, None
        yield (16, B, m.input_size), f, None
    elif isinstance(m, nn.MultiheadAttention):
        yield ((B, 16, m.embed_dim) if m.batch_first else (16, B, m.embed_dim)), f, None
    elif isinstance(m, nn.LayerNorm):
        s = tuple(m.normalized_shape)
        yield (B,) + s, f, None
        yield (B, 16) + s, f, None
        if len(s) == 1:
            yield (B, s[0], 16, 16), f, None
    elif isinstance(m, nn.BatchNorm2d):
        for s in (32, 28, 16):
            yield (B, m.num_features, s, s), f, None
    elif isinstance(m, nn.BatchNorm1d):
        yield (B, m.num_features), f, None
        yield (B, m.num_features, 16), f, None


def make(spec, gen=None, B=None):
    shape, dt, hi = spec
    if B is not None:
        shape = (B,) + tuple(shape[1:])
    if dt == torch.long:
        return torch.randint(0, max(int(hi or 10), 1), shape, generator=gen)
    if dt == torch.bool:
        return torch.ones(shape, dtype=torch.bool)
    return torch.randn(shape, generator=gen, dtype=dt)


def params(model):
    sig = inspect.signature(model.forward)
    return [
        p
        for p in sig.parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty
    ], [p for p in sig.parameters.values() if p.kind == p.VAR_POSITIONAL]


def second(p, first, model, B=2):
    """candidates for further required inputs, by name and by what the first one was"""
    n = p.name
    out = []
    shape, dt, hi = first
    emb = [m for m in model.modules() if isinstance(m, nn.Embedding)]
    lins = [m for m in model.modules() if isinstance(m, nn.Linear)]
    if n == "edge_index":
        out += [((2, 16), torch.long, shape[0])]
    fl = first_layers(model)
    if fl and isinstance(fl[0], nn.modules.conv._ConvNd) and len(shape) == 4 and fl[0].in_channels > shape[1]:
        out += [
            ((B, fl[0].in_channels - shape[1]), torch.float32, None),
            ((B, fl[0].in_channels - shape[1]) + tuple(shape[2:]), torch.float32, None),
        ]
    if TIME.match(n):
        out += [((B,), torch.float32, None), ((B,), torch.long, 10)]
    if MASK.search(n):
        out += ["None"]
        if "len" in n:
            out += [((B, 1), torch.long, "len"), ((B,), torch.long, "len")]
        for m in model.modules():
            if isinstance(m, nn.LSTM):
                k = m.num_layers * (2 if m.bidirectional else 1)
                out.append(("tuple", (k, B, m.hidden_size)))
            elif isinstance(m, nn.RNNBase):
                k = m.num_layers * (2 if m.bidirectional else 1)
                out.append(((k, B, m.hidden_size), torch.float32, None))
            elif isinstance(m, nn.LSTMCell):
                out.append(("tuple2", (B, m.hidden_size)))
        if re.search("adj", n) and len(shape) == 2:
            out += [((shape[0], shape[0]), torch.float32, None)]
        T = shape[1] if len(shape) > 1 else 1
        out += [
            ((B, 1, T), torch.bool, None),
            ((T, T), torch.bool, None),
            ((B, T), torch.bool, None),
            ((B, 1, 1, T), torch.bool, None),
        ]
        if re.search("hidden|^h$|^hx$|state", n):
            hs = sorted(
                {l.in_features - shape[-1] for l in lins if l.in_features > shape[-1]}
                | {getattr(model, "hidden_size", 0), getattr(model, "hidden_dim", 0)}
            )
            out += [((B, h), torch.float32, None) for h in hs if isinstance(h, int) and h > 0]
    if LONG.match(n) or re.search(r"label|class|tgt|trg|captions", n):
        for e in reversed(emb):
            out += [
                ((B,) + tuple(shape[1:2] if dt == torch.long else (16,)), torch.long, e.num_embeddings),
                ((B,), torch.long, e.num_embeddings),
            ]
    out += [(shape, dt, hi)]
    for l in lins:  # concatenation: the rest of some Linear's width
        d = l.in_features - shape[-1]
        if 0 < d < 4096 and len(shape) == 2:
            out.append(((B, d), torch.float32, None))
    for e in emb:
        out += [((B,), torch.long, e.num_embeddings), ((B, 16), torch.long, e.num_embeddings)]
    for m in first_layers(model)[1:6]:
        out += list(itertools.islice(for_layer(m, B), 3))
    seen = []
    for o in out:
        if o not in seen:
            seen.append(o)
    return seen[:24]


def mk(o, B=None):
    if o == "None":
        return None
    if o[0] == "tuple":
        return (torch.zeros(o[1]), torch.zeros(o[1]))
    if o[0] == "tuple2":
        return (torch.zeros(o[1]), torch.zeros(o[1]))
    if o[2] == "len":
        return torch.full(o[0], 8)
    return make(o)
