"""Which first inputs are worth a trial pass: those that the file shows, and those that the first layers take. (shape, dtype, top, how) each."""

import math

import torch
from torch import nn

from .inputs import SPATIAL, for_layer

IDS = ((2, 16), (16, 2), (2,))


def candidates(model, hints, layers):
    """All of them, each once, in the order they are tried: what the file shows first where it agrees with the first layer."""
    shown = list(_shown(hints))
    fit = [each for each in shown if _agrees(each[0], layers)]
    found = []
    for each in [*fit, *_taken(model, layers), *[each for each in shown if not _agrees(each[0], layers)]]:
        if not any(each[:3] == known[:3] for known in found):
            found.append(each)
    return found


def _shown(hints):
    for how, shape, line in hints:
        called = how == "call"
        if len(shape) >= 2 and called and (len(shape) >= 4 or shape[0] > 2):
            shape = (2, *shape[1:])
        yield shape, torch.float32, None, f"{how} (line {line})"
        if len(shape) == 3 and called:
            yield (2, *shape), torch.float32, None, f"{how} (line {line})"
        if len(shape) >= 2 and not called:
            yield (2, math.prod(shape[1:])), torch.float32, None, f"{how} flattened"


def _taken(model, layers):
    """What the first layers take; of a model without any, what its parameters do."""
    found = [
        (*each, ("first layer " if i == 0 else f"layer {i} ") + type(layer).__name__)
        for i, layer in enumerate(layers[:4])
        for each in for_layer(layer)
    ]
    if found:
        return found
    return [
        each
        for p in [p for p in model.parameters() if p.dim() >= 2][:3]
        for each in (
            ((2, p.shape[0]), torch.float32, None, "parameter rows"),
            ((2, p.shape[-1]), torch.float32, None, "parameter columns"),
        )
    ]


def _agrees(shape, layers):
    """Whether the first layer may take this shape."""
    first = layers[0] if layers else None
    if isinstance(first, nn.modules.conv._ConvNd):
        return len(shape) == len(first.kernel_size) + 2 and shape[1] == first.in_channels
    if isinstance(first, nn.Linear):
        return first.in_features in (shape[-1], math.prod(shape[1:]))
    if isinstance(first, nn.RNNBase):
        return shape[-1] == first.input_size
    return not isinstance(first, nn.Embedding)


def ids(model):
    """Ids, for a model whose code indexes with its input."""
    tables = [m.num_embeddings for m in model.modules() if isinstance(m, nn.Embedding)]
    rows = [p.shape[0] for p in model.parameters() if p.dim() == 2]
    top = min(tables or [max(2, min(rows or [10]))])
    return [(shape, torch.long, top, "ids (the code indexes with it)") for shape in IDS]


def of_rank(rank, layers):
    """Inputs of a rank that the code names."""
    features = [getattr(m, "in_channels", getattr(m, "in_features", None)) for m in layers[:3]]
    channels = [c for c in dict.fromkeys([*features, 1, 3, 6]) if c]
    sizes = (1024, 8192, 128) if rank == 3 else (32, 64)
    shapes = [(2, c) + (s,) * (rank - 2) for c in channels for s in sizes]
    shapes += [(2, 16, c) for c in channels if rank == 3]
    return [(shape, torch.float32, None, "rank from the code") for shape in shapes]


def sizes(layers):
    """Every spatial size, for convolutions that end in a fixed Linear; none where the first layer is no such."""
    first = layers[0] if layers else None
    if (
        not isinstance(first, nn.modules.conv._ConvNd)
        or isinstance(first, nn.ConvTranspose2d)
        or len(first.kernel_size) != 2
    ):
        return []
    return [
        ((2, first.in_channels, s, s), torch.float32, None, "spatial size found by trial")
        for s in range(4, 400)
        if s not in SPATIAL
    ]
