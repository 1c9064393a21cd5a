"""
Attention of PyTorch, taken apart where src/engine/layers/attend.ts taps: projections of query, key and value, and the logits. PyTorch's own
function computes the rest (masks, softmax, dropout at 0) with the module's own weights, so that values and gradients are those of the whole.
"""

import inspect
import math

import torch
from torch.nn import functional as F

from . import weights as W
from .graph import Part, ref_of

SIGNATURE = inspect.signature(F.multi_head_attention_forward)
# Logits are looked at for as many samples as give this many, one at least.
MOST_LOGITS = 1 << 24


def multi_head(capture, func, args, kwargs):
    """F.multi_head_attention_forward: one layer, its three projections and its logits tapped."""
    call = SIGNATURE.bind(*args, **kwargs)
    call.apply_defaults()
    given = call.arguments
    if given.get("static_k") is not None or given.get("static_v") is not None:
        return None
    module, inputs = capture.module, [given[name] for name in ("query", "key", "value")]
    path = capture.names.get(id(module), "")
    layer = capture.layer(path or "multiheadattention", "opaque", "MultiheadAttention", module)
    if not layer.weights and isinstance(module, torch.nn.MultiheadAttention):
        layer.weights = W.attention_weights(module, capture.parameters)
    if given["use_separate_proj_weight"]:
        kernels = [given[f"{name}_proj_weight"] for name in "qkv"]
    else:
        kernels = given["in_proj_weight"].chunk(3)
    biases = [None] * 3 if given["in_proj_bias"] is None else given["in_proj_bias"].chunk(3)
    projected = [F.linear(x, kernel, bias) for x, kernel, bias in zip(inputs, kernels, biases)]
    query = projected[0]
    one = torch.eye(query.shape[-1], dtype=query.dtype, device=query.device)
    given.update(zip(("query", "key", "value"), projected))
    given.update(q_proj_weight=one, k_proj_weight=one, v_proj_weight=one, use_separate_proj_weight=True)
    given.update(in_proj_weight=None, in_proj_bias=None, dropout_p=0.0)
    out, weights = func(**given)
    batch = 1 if out.dim() == 3 else 0
    shown = out.transpose(0, 1) if batch else out
    node = capture.add_node(layer, [ref_of(x) for x in _once(inputs)], [[None, *shown.shape[1:]]], -1, shown)
    for name, tensor, x, bias in zip(("query", "key", "value"), projected, inputs, biases):
        capture.tap(node, Part("preActivation", name, tensor, batch, given=(x, bias)))
    if capture.on_part is not None and batch:
        heads = [_heads(t, given["num_heads"]) for t in projected[:2]]
        capture.tap(node, Part("logits", None, logits(*heads)))
    if capture.on_node is not None:
        capture.on_node(node, shown, inputs, [])
    whole = shown.transpose(0, 1) if batch else shown
    whole._initscope = shown._initscope
    return whole, weights


def scaled_dot_product(capture, func, args, kwargs):
    """F.scaled_dot_product_attention without dropout, its logits tapped."""
    names = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal")
    given = {**dict(zip(names, args)), **kwargs, "dropout_p": 0.0}
    inputs = [given[name] for name in ("query", "key", "value")]
    out = func(**given)
    layer = capture.function_layer("scaled_dot_product_attention", "opaque", capture.module)
    node = capture.add_node(layer, [ref_of(x) for x in inputs], [[None, *out.shape[1:]]], -1, out)
    if capture.on_part is not None and inputs[0].shape[:-2] == inputs[1].shape[:-2]:
        capture.tap(node, Part("logits", None, logits(inputs[0], inputs[1], given.get("scale"))))
    if capture.on_node is not None:
        capture.on_node(node, out, inputs, [])
    return out


def logits(query, key, scale=None):
    """Query times key over the root of the size, before any mask, of the first samples."""
    with torch.no_grad():
        each = math.prod(query.shape[1:-1]) * key.shape[-2]
        many = max(1, MOST_LOGITS // max(1, each))
        factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
        return (query[:many].detach() * factor) @ key[:many].detach().transpose(-1, -2)


def _heads(rows, heads):
    """(steps, samples, width) as (samples, heads, steps, size)."""
    steps, samples, width = rows.shape
    return rows.reshape(steps, samples, heads, width // heads).permute(1, 2, 0, 3)


def _once(tensors):
    """Each tensor once: self-attention has one input."""
    found = []
    for tensor in tensors:
        if not any(tensor is other for other in found):
            found.append(tensor)
    return found
