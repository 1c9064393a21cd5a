"""Static facts of a file: its classes, factories, calls, and what is a model."""

import ast
import re
import sys

from .fakes import FakeModule
from .modelish import Modelish
from .syntax import COMPOUND, bodies, is_main_guard, loads


class Scope:
    def __init__(self, kind, node=None, parent=None):
        self.kind, self.node, self.parent = kind, node, parent

    @property
    def body(self):
        return self.node.body

    def __repr__(self):
        return self.kind + (":" + self.node.name if hasattr(self.node, "name") else "")


class FileFacts(Modelish):
    """What the file says without running more of it than its definitions."""

    def __init__(self, L, light=False):
        self.L = L
        self.tree = L.tree
        self.used = {}
        torch = sys.modules.get("torch")
        self.nn = torch.nn if torch and re.search(r"torch|lightning", L.src) else None
        self.K = [
            m
            for m in (sys.modules.get("keras"), sys.modules.get("tf_keras"))
            if m and hasattr(m, "Model") and not isinstance(m, FakeModule)
        ]
        ns = L.ns
        defnames = {x.name for x in ast.walk(L.tree) if isinstance(x, ast.ClassDef)}
        self.classes = {}
        self.keras_layers = {}
        for n, v in list(ns.items()):
            if isinstance(v, type) and (getattr(v, "__module__", "") == L.mod.__name__ or n in defnames):
                if any(issubclass(v, k.Model) for k in self.K):
                    self.classes[n] = v
                elif any(issubclass(v, k.layers.Layer) for k in self.K):
                    self.keras_layers[n] = v
                elif self.nn and issubclass(v, self.nn.Module):
                    self.classes[n] = v
        self.defs = {}

        def top(stmts):
            for s in stmts:
                if isinstance(s, (ast.ClassDef, ast.FunctionDef)):
                    self.defs.setdefault(s.name, s)
                elif isinstance(s, COMPOUND) and not is_main_guard(s):
                    for b in bodies(s):
                        top(b)

        top(self.tree.body)
        self.calls = []  # (callee, node, scopes innermost first)
        self.passed = set()  # class names handed over as values
        self._walk(self.tree, [Scope("module", self.tree)])
        self.factories = {}
        for _ in range(4):
            for n, d in self.defs.items():
                if isinstance(d, ast.FunctionDef) and n not in self.factories:
                    m = self._returns_model(d)
                    if m:
                        self.factories[n] = m

    def _walk(self, node, sc):
        for c in ast.iter_child_nodes(node):
            if isinstance(c, ast.Call):
                nm = (
                    c.func.id
                    if isinstance(c.func, ast.Name)
                    else c.func.attr
                    if isinstance(c.func, ast.Attribute)
                    else None
                )
                if nm:
                    self.calls.append((nm, c, sc, ast.unparse(c.func)))
                for a in (
                    list(c.args) + [k.value for k in c.keywords]
                    if nm not in ("super", "isinstance", "issubclass")
                    else []
                ):
                    for x in ast.walk(a):
                        if (
                            isinstance(x, ast.Name)
                            and x.id in self.classes
                            and not (isinstance(a, ast.Call) and a.func is x)
                        ):
                            self.passed.add(x.id) if not any(
                                isinstance(y, ast.Call) and y.func is x for y in ast.walk(a)
                            ) else None
            if isinstance(c, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                self._walk(c, [Scope("function", c)] + sc)
            elif isinstance(c, ast.ClassDef):
                self._walk(c, [Scope("class", c)] + sc)
            elif isinstance(c, ast.If) and is_main_guard(c) and len(sc) == 1:
                self._walk(c, [Scope("main", c)] + sc)
            else:
                self._walk(c, sc)

    # ---- candidates
    def _scopes(self):
        yield "module", self.tree
        for s in self.tree.body:
            if is_main_guard(s):
                yield "main", s

        def fns(node, cls=None):
            for c in ast.iter_child_nodes(node):
                if isinstance(c, ast.FunctionDef):
                    yield c, cls
                    yield from fns(c, cls)
                elif isinstance(c, ast.ClassDef):
                    yield from fns(c, c)
                elif not isinstance(c, ast.expr):
                    yield from fns(c, cls)

        for f, cls in fns(self.tree):
            if cls is not None and (cls.name in self.classes or cls.name in self.keras_layers):
                continue  # inner parts of a model
            yield ("method" if cls is not None else "function"), f

    def _stmts(self, body):
        for s in body:
            if isinstance(s, (ast.FunctionDef, ast.ClassDef)) or is_main_guard(s):
                continue
            yield s
            if isinstance(s, COMPOUND):
                for b in bodies(s):
                    yield from self._stmts(b)

    # ---- building
    def closure(self, need):
        """plus the globals that in-file functions and classes use when they run"""
        todo = list(need)
        out = set(need)
        while todo:
            n = todo.pop()
            d = self.defs.get(n)
            if d is not None:
                for x in loads(d) - out:
                    out.add(x)
                    todo.append(x)
        return out

    def count(self, m):
        try:
            return sum(p.numel() for p in m.parameters())
        except Exception:
            try:
                return m.count_params()
            except Exception:
                return 0

    def is_model(self, v):
        return (self.nn and isinstance(v, self.nn.Module)) or any(isinstance(v, k.Model) for k in self.K)
