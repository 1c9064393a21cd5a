"""Trial passes: real ones while they are few and small, then on fake tensors (no memory, no time)."""

import itertools
import re
import time

import torch
from torch import nn

from .inputs import LONG, MASK, SPATIAL, TIME, first_layers, for_layer, make, mk, params, second


# Importing fake tensors costs more than a few real passes of a small model.
SMALL = 2_000_000
REAL_TRIES = 8


class Stack:
    """which module is running when a forward fails"""

    def __init__(self):
        self.s = []
        self.first = None
        self.seen = []

    def __enter__(self):
        from torch.nn.modules import module as M

        def pre(m, i):
            self.s.append((m, i))
            if not list(m.children()) and len(self.seen) < 50:
                self.seen.append((m, i))

        def post(m, i, o):
            if self.s:
                self.s.pop()

        self.h = [M.register_module_forward_pre_hook(pre), M.register_module_forward_hook(post)]
        return self

    def __exit__(self, *a):
        for h in self.h:
            h.remove()


def settle(model, specs):
    """one real forward; random ids that are out of range of some table are lowered"""
    for hi in (None, 2, 1):
        s2 = [
            s
            if (isinstance(s, str) or s[0] in ("tuple", "tuple2") or s[1] != torch.long or s[2] == "len")
            else (s[0], s[1], s[2] if hi is None else min(hi, s[2]))
            for s in specs
        ]
        try:
            with torch.no_grad():
                model(*[mk(s) for s in s2])
            return s2
        except IndexError:
            continue
    return specs


def infer(model, hints=(), budget_s=25, fake=True, log=None):
    """-> dict(inputs=[...], how=..., tries=n, s=…) or raises LookupError with the most telling error"""
    small = sum(p.numel() for p in model.parameters()) < SMALL
    t0 = time.time()
    tries = 0
    errs = []
    weak = [None]
    req, var = params(model)
    names = [p.name for p in req] or ([var[0].name] if var else [])
    cands = []
    for how, shp, ln in hints:
        if len(shp) >= 2 and how in ("call",):
            shp = (2,) + tuple(shp[1:]) if len(shp) >= 4 or shp[0] > 2 else shp
        cands.append((shp, torch.float32, None, f"{how} (line {ln})"))
        if len(shp) == 3 and how == "call":
            cands.append(((2,) + tuple(shp), torch.float32, None, f"{how} (line {ln})"))
        if len(shp) >= 2 and how != "call":
            cands.append(
                ((2,) + (int(torch.tensor(shp[1:]).prod()),), torch.float32, None, f"{how} flattened")
            )
    fl = first_layers(model)
    dt = next((p.dtype for p in model.parameters() if p.is_floating_point()), torch.float32)
    base = []
    for i, m in enumerate(fl[:4]):
        for c in for_layer(m):
            base.append(c + (("first layer " if i == 0 else f"layer {i} ") + type(m).__name__,))
    if not fl or not base:
        P = [p for p in model.parameters() if p.dim() >= 2]
        for p in P[:3]:
            base += [
                ((2, p.shape[0]), torch.float32, None, "parameter rows"),
                ((2, p.shape[-1]), torch.float32, None, "parameter columns"),
            ]

    def ranks(e):
        m = re.search(r"(?:not enough|too many) values to unpack \(expected (\d)", e)
        return int(m.group(1)) if m else None

    firstlong = bool(fl) and isinstance(fl[0], (nn.Embedding,))

    # hints first only when they agree with the first layer's channels
    def agrees(c):
        if not fl:
            return True
        m = fl[0]
        s = c[0]
        if isinstance(m, nn.modules.conv._ConvNd):
            return len(s) == len(m.kernel_size) + 2 and s[1] == m.in_channels
        if isinstance(m, nn.Linear):
            return s[-1] == m.in_features or int(torch.tensor(s[1:]).prod()) == m.in_features
        if isinstance(m, nn.Embedding):
            return False
        if isinstance(m, nn.RNNBase):
            return s[-1] == m.input_size
        return True

    allc = [c for c in cands if agrees(c)] + base + [c for c in cands if not agrees(c)]
    # names that say ids/time even if the first layer does not
    seen = []
    for c in allc:
        if not any(c[:3] == d[:3] for d in seen):
            seen.append(c)
    allc = seen
    training = model.training
    model.train()

    def run(specs, use_fake):
        nonlocal tries
        tries += 1
        fm = None
        if use_fake and not (small and tries <= REAL_TRIES):
            from torch._subclasses.fake_tensor import FakeTensorMode

            fm = FakeTensorMode(allow_non_fake_inputs=True)
        xs = [
            mk(s)
            if (isinstance(s, str) or s[0] in ("tuple", "tuple2"))
            else (make((s[0], dt if s[1] == torch.float32 else s[1], s[2])) if s[2] != "len" else mk(s))
            for s in specs
        ]
        if fm is not None:
            conv = lambda x: (
                fm.from_tensor(x)
                if isinstance(x, torch.Tensor)
                else tuple(conv(y) for y in x)
                if isinstance(x, tuple)
                else x
            )
            with fm, torch.no_grad():
                y = model(*[conv(x) for x in xs])
        else:
            with torch.no_grad():
                y = model(*xs)
        B = xs[0].shape[0] if isinstance(xs[0], torch.Tensor) and xs[0].dim() else None
        o = [v for v in torch.utils._pytree.tree_flatten(y)[0] if isinstance(v, torch.Tensor) and v.dim()]
        return B is None or not o or any(B in v.shape[:2] for v in o)

    def snapshot():
        """what undoes what a forward stored on its modules: fakes must not leak into the next pass"""
        snap = [
            (m, dict(m.__dict__), dict(m._buffers), dict(m._modules))
            for m in model.modules()
            if not isinstance(m, torch.jit.ScriptModule)
        ]

        def restore():
            for m, d, b, mo in snap:
                m.__dict__.clear()
                m.__dict__.update(d)
                m._buffers.clear()
                m._buffers.update(b)
                m._modules.clear()
                m._modules.update(mo)

        return restore

    def attempt(specs):
        restore = snapshot()
        try:
            return attempt1(specs, restore)
        finally:
            restore()

    def attempt1(specs, restore):
        try:
            with Stack() as st:
                keepsB = run(specs, fake)
            if keepsB:
                return "fake"
            if weak[0] is None:
                weak[0] = specs
            return None
        except Exception as e:
            n = type(e).__name__
            last = st.s[-1] if st.s else None
            errs.append((specs, f"{n}: {e}"[:300], type(last[0]).__name__ if last else None, last))
            if fake and (
                "Fake" in n
                or "DataDependent" in n
                or "DynamicOutput" in n
                or "Unsupported" in n
                or "fake" in str(e).lower()
                or "numpy" in str(e)
            ):
                restore()
                try:
                    with Stack() as st2:
                        keepsB = run(specs, False)
                    if keepsB:
                        return "real"
                    if weak[0] is None:
                        weak[0] = specs
                except Exception as e2:
                    errs.append((specs, f"{type(e2).__name__}: {e2}"[:300], None, None))
        return None

    def finish(specs, how, mode):
        model.train(training)
        return dict(inputs=specs, names=names, how=how, mode=mode, tries=tries, s=round(time.time() - t0, 2))

    if not names:
        m = attempt([])
        if m:
            return finish([], "no inputs", m)
        raise LookupError("forward takes no inputs: " + errs[-1][1])
    for pas in (0, 1):
        for c in allc:
            if time.time() - t0 > budget_s:
                break
            spec0 = c[:3]
            rest = [second(p, spec0, model) for p in req[1:]]
            if any(TIME.match(names[0]) for _ in (0,)) and False:
                pass
            combos = (
                itertools.islice(
                    itertools.product(*rest), 1 if (pas == 0 and len(rest) > 1) else (60 if rest else 1)
                )
                if rest
                else [()]
            )
            for k, co in enumerate(combos):
                if time.time() - t0 > budget_s:
                    break
                specs = [spec0] + list(co)
                m = attempt(specs)
                if m:
                    return finish(specs, c[3], m)
                # spatial size that a Linear after flatten expects
                if (
                    k == 0
                    and pas == 0
                    and errs
                    and errs[-1][3] is not None
                    and isinstance(errs[-1][3][0], nn.Linear)
                    and len(spec0[0]) == 4
                    and "first layer Conv" in c[3]
                ):
                    pass
        if (
            pas == 0
            and any(re.search("long, int, byte|scalar types: Long|dtype.*Long|Long, Int", e[1]) for e in errs)
            and not (fl and isinstance(fl[0], nn.Embedding))
        ):
            hi = min(
                [m.num_embeddings for m in model.modules() if isinstance(m, nn.Embedding)]
                or [max(2, min([p.shape[0] for p in model.parameters() if p.dim() == 2] or [10]))]
            )
            for c in (((2, 16), torch.long, hi), ((16, 2), torch.long, hi), ((2,), torch.long, hi)):
                rest = [second(p, c, model) for p in req[1:]]
                for co in itertools.islice(itertools.product(*rest), 20) if rest else [()]:
                    if time.time() - t0 > budget_s:
                        break
                    m = attempt([c] + list(co))
                    if m:
                        return finish([c] + list(co), "ids (the code indexes with it)", m)
        if pas == 0:  # 'B, C, N = x.shape' in the code: the rank is known
            rk = next((r for r in map(ranks, [e[1] for e in errs]) if r), None)
            if rk:
                chans = list(
                    dict.fromkeys(
                        [getattr(m, "in_channels", getattr(m, "in_features", None)) for m in fl[:3]]
                        + [1, 3, 6]
                    )
                )
                more = [
                    ((2, c) + (s,) * (rk - 2), torch.float32, None)
                    for c in chans
                    if c
                    for s in ((1024, 8192, 128) if rk == 3 else (32, 64))
                ] + [((2, 16, c), torch.float32, None) for c in chans if c and rk == 3]
                for c in more:
                    if time.time() - t0 > budget_s:
                        break
                    rest = [second(p, c, model) for p in req[1:]]
                    for co in itertools.islice(itertools.product(*rest), 6) if rest else [()]:
                        m = attempt([c] + list(co))
                        if m:
                            return finish([c] + list(co), "rank from the code", m)
        # brute force over spatial sizes for convolutional nets that end in a fixed Linear
        if (
            pas == 0
            and fl
            and isinstance(fl[0], nn.modules.conv._ConvNd)
            and len(fl[0].kernel_size) == 2
            and not isinstance(fl[0], nn.ConvTranspose2d)
            and len(req) == 1
        ):
            for s in range(4, 400):
                if s in SPATIAL:
                    continue
                if time.time() - t0 > budget_s:
                    break
                specs = [((2, fl[0].in_channels, s, s), torch.float32, None)]
                m = attempt(specs)
                if m:
                    return finish(specs, f"spatial size found by trial", m)
        if len(req) <= 1:
            break
    model.train(training)
    if weak[0] is not None:
        return finish(weak[0], "runs, but the batch does not survive", "fake")
    raise LookupError(
        (errs[0][1] if errs else "no candidate")
        + f" [{tries} tries; first layer {type(fl[0]).__name__ if fl else None}; forward({', '.join(names)})]"
    )
