"""What statements bind and read, and the backward slice of a body for the names that are needed."""

import ast
import re

TRAIN = {
    "fit",
    "fit_generator",
    "train_on_batch",
    "evaluate",
    "evaluate_generator",
    "predict",
    "predict_generator",
    "predict_classes",
    "test_on_batch",
    "save",
    "save_weights",
    "save_pretrained",
    "summary",
    "load_weights",
    "load_state_dict",
    "backward",
    "step",
    "show",
    "savefig",
    "train",
    "eval",
    "test",
    "plot_model",
    "to_json",
    "savetxt",
    "write",
    "print",
    "plot",
    "imshow",
    "figure",
    "legend",
}


def names(node, ctx):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ctx)}


def loads(node):
    return names(node, ast.Load)


def root_name(e):
    while isinstance(e, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        e = e.func if isinstance(e, ast.Call) else e.value
    return e.id if isinstance(e, ast.Name) else None


def self_path(e):
    """'self.net' for self.net.fc[0]… so that methods can be sliced by attribute"""
    chain = []
    while isinstance(e, (ast.Attribute, ast.Subscript, ast.Call)):
        if isinstance(e, ast.Attribute):
            chain.append(e.attr)
        e = e.func if isinstance(e, ast.Call) else e.value
    if isinstance(e, ast.Name) and e.id == "self" and chain:
        return "self." + chain[-1]
    return None


def targets(t, out):
    if isinstance(t, (ast.Tuple, ast.List)):
        for e in t.elts:
            targets(e, out)
    elif isinstance(t, ast.Starred):
        targets(t.value, out)
    elif isinstance(t, ast.Name):
        out.add(t.id)
    else:
        r = root_name(t)
        if r:
            out.add("~" + r)  # mutation of r


def defines(s):
    """names a simple statement binds; '~x' = changes x in place"""
    out = set()
    if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        out.add(s.name)
    elif isinstance(s, (ast.Import, ast.ImportFrom)):
        for a in s.names:
            out.add((a.asname or a.name).split(".")[0])
    elif isinstance(s, ast.Assign):
        for t in s.targets:
            targets(t, out)
    elif isinstance(s, (ast.AugAssign, ast.AnnAssign)):
        targets(s.target, out)
        if isinstance(s, ast.AugAssign):
            out |= {"~" + n for n in list(out) if n[0] != "~"}
    elif isinstance(s, ast.Expr) and isinstance(s.value, ast.Call):
        c = s.value
        if isinstance(c.func, ast.Attribute):
            r = root_name(c.func.value)
            if r and c.func.attr not in TRAIN:
                out.add("~" + r)
        if isinstance(c.func, (ast.Name, ast.Attribute)):
            fn = c.func.id if isinstance(c.func, ast.Name) else c.func.attr
            if re.search(r"init|weight|apply|freeze|orthogonal", fn, re.I):
                for a in c.args:
                    r = root_name(a)
                    if r:
                        out.add("~" + r)
    elif isinstance(s, ast.Delete):
        pass
    return out


COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try)


def bodies(s):
    b = [s.body]
    for f in ("orelse", "finalbody"):
        if getattr(s, f, None):
            b.append(getattr(s, f))
    for h in getattr(s, "handlers", []):
        b.append(h.body)
    return b


def nested(s):
    """The bodies inside a statement: of compound ones, functions and classes."""
    if isinstance(s, COMPOUND):
        return bodies(s)
    return [s.body] if isinstance(s, (ast.FunctionDef, ast.ClassDef)) else []


def deep_defines(s):
    if not isinstance(s, COMPOUND):
        return defines(s)
    out = set()
    for b in bodies(s):
        for x in b:
            out |= deep_defines(x)
    if isinstance(s, ast.For):
        targets(s.target, out)
    if isinstance(s, ast.With):
        for i in s.items:
            if i.optional_vars is not None:
                targets(i.optional_vars, out)
    return out


def is_main_guard(s):
    return (
        isinstance(s, ast.If)
        and isinstance(s.test, ast.Compare)
        and any(isinstance(n, ast.Name) and n.id == "__name__" for n in ast.walk(s.test))
    )


def slice_body(stmts, need, upto=None):
    """statements of one scope (in order) that are needed for the names in `need`; compound ones are thinned out"""
    need = set(need)
    flat = [
        s
        for s in stmts
        if upto is None
        or s.lineno <= upto
        or isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))
    ]

    def want(s):
        return any((d.lstrip("~") in need) for d in defines(s))

    def thin(s):
        if isinstance(s, COMPOUND):
            if upto is not None and s.lineno > upto:
                return None
            new = {}
            any_ = False
            for f in ("body", "orelse", "finalbody"):
                if getattr(s, f, None):
                    k = [t for t in (thin(x) for x in getattr(s, f)) if t is not None]
                    any_ |= bool(k)
                    new[f] = k
            hs = []
            for h in getattr(s, "handlers", []):
                k = [t for t in (thin(x) for x in h.body) if t is not None]
                hs.append(
                    ast.copy_location(
                        ast.ExceptHandler(
                            type=h.type, name=h.name, body=k or [ast.copy_location(ast.Pass(), h)]
                        ),
                        h,
                    )
                )
            tg = set()
            if isinstance(s, ast.For):
                targets(s.target, tg)
            if isinstance(s, ast.With):
                for i in s.items:
                    if i.optional_vars is not None:
                        targets(i.optional_vars, tg)
            if not any_ and not (tg & need):
                return None
            c = type(s)(**{f: getattr(s, f, None) for f in s._fields})
            ast.copy_location(c, s)
            for f, v in new.items():
                setattr(c, f, v)
            if not c.body:
                c.body = [ast.copy_location(ast.Pass(), s)]
            if hasattr(c, "handlers"):
                c.handlers = hs
            return c
        return (
            s
            if want(s)
            and (
                upto is None
                or s.lineno <= upto
                or isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))
            )
            else None
        )

    for _ in range(60):
        kept = [t for t in (thin(s) for s in flat) if t is not None]
        n = set(need)
        for k in kept:
            n |= loads(k)
        if n == need:
            break
        need = n
    return kept
