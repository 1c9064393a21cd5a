"""Which object of a file is the model: call sites first, then factories, then classes."""

import ast
import os
import re

from .facts import FileFacts
from .syntax import COMPOUND, bodies, is_main_guard


class Candidates(FileFacts):
    """The ways in which the file (and the files that import it) builds models."""

    def candidates(self):
        """ordered list of dict(kind, name, line, cls, run)"""
        out = []
        inside = {}  # class -> set of module classes in which it is built
        for nm, c, sc, full in self.calls:
            if nm in self.classes and full == nm:
                own = [s.node.name for s in sc if s.kind == "class" and s.node.name in self.classes]
                if own:
                    inside.setdefault(nm, set()).update(own)
        # sites
        for scope_kind, holder in self._scopes():
            for s in self._stmts(holder.body if scope_kind != "class" else []):
                if isinstance(s, ast.Assign) or isinstance(s, ast.AnnAssign) and s.value is not None:
                    m = self.modelish(s.value)
                    if not m:
                        continue
                    t = s.targets[0] if isinstance(s, ast.Assign) else s.target
                    tn = t.id if isinstance(t, ast.Name) else None
                    if tn is None and not isinstance(t, ast.Attribute):
                        continue
                    out.append(
                        dict(
                            kind="site",
                            scope=scope_kind,
                            holder=holder,
                            var=tn,
                            attr=ast.unparse(t),
                            line=s.lineno,
                            end=s.end_lineno,
                            cls=m,
                            stmt=s,
                        )
                    )
        out = [
            c
            for c in out
            if not (c.get("scope") == "method")
            and not (self.nn is None and c.get("scope") == "function" and c["holder"].name in self.factories)
        ]
        out += self.remote(out)
        if not out and not self.classes and not self.factories:
            out = self.single_layers()
        for n, d in self.defs.items():  # classmethods and holder objects (GAN trainers, agents)
            if not isinstance(d, ast.ClassDef):
                continue
            if n not in self.classes and n not in self.keras_layers and isinstance(self.L.ns.get(n), type):
                ms = [
                    self.modelish(s.value)
                    for f in d.body
                    if isinstance(f, ast.FunctionDef)
                    for s in self._stmts(f.body)
                    if isinstance(s, ast.Assign)
                ]
                rets = [1 for f in d.body if isinstance(f, ast.FunctionDef) and self._returns_model(f)]
                ms = [m for m in ms if m]
                if ms or rets:
                    out.append(dict(kind="holder", name=n, line=d.lineno, cls=n + ".*", node=d))
        for n, m in self.factories.items():
            d = self.defs[n]
            out.append(dict(kind="factory", name=n, line=d.lineno, cls=m, node=d))
        for n, c in self.classes.items():
            d = self.defs.get(n)
            if d is None:
                continue
            out.append(
                dict(
                    kind="class",
                    name=n,
                    line=d.lineno,
                    cls=n,
                    node=d,
                    block=sorted(inside.get(n, ())) or (["(passed by name)"] if n in self.passed else []),
                )
            )
        return out

    def _meant(self, other, tree):
        """Whether a module that another file imports under this file's name is this file: the nearest of that path upwards is."""
        own = os.path.splitext(self.L.path)[0]
        own = os.path.dirname(own) if os.path.basename(own) == "__init__" else own
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                paths = [(node.module or "").replace(".", "/")]
                paths += [f"{paths[0]}/{a.name}".lstrip("/") for a in node.names]
                level = node.level
            elif isinstance(node, ast.Import):
                paths, level = [a.name.replace(".", "/") for a in node.names], 0
            else:
                continue
            for path in paths:
                if not path or os.path.basename(path) not in (os.path.basename(own), os.path.basename(os.path.dirname(own))):
                    continue
                folder = os.path.dirname(other)
                for _ in range(max(0, level - 1)):
                    folder = os.path.dirname(folder)
                while folder.startswith(self.L.root):
                    full = os.path.join(folder, path)
                    if os.path.exists(full + ".py") or os.path.exists(os.path.join(full, "__init__.py")):
                        if full in (own, os.path.dirname(own)):
                            return True
                        break
                    if level:
                        break
                    folder = os.path.dirname(folder)
        return False

    def single_layers(self):
        """Layers of torch.nn that stand alone at module level: the model of a file that builds no other."""
        found = []
        scopes = [("module", self.tree), *[("main", s) for s in self.tree.body if is_main_guard(s)]]
        for scope, holder in scopes if self.nn is not None else ():
            for s in self._stmts(holder.body):
                call = s.value if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) else None
                made = self._attr(call.func) if isinstance(call, ast.Call) else None
                made = made or (self.L.ns.get(call.func.id) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else None)
                if isinstance(made, type) and issubclass(made, (self.nn.Linear, self.nn.Conv2d, self.nn.RNNBase)):
                    name = s.targets[0].id
                    found.append(
                        dict(kind="site", scope=scope, holder=holder, var=name, attr=name, line=s.lineno,
                             end=s.end_lineno, cls=made.__name__, stmt=s)
                    )  # fmt: skip
        return found

    def remote(self, have):
        """call sites of this file's classes and factories in other files of the workspace"""
        L = self.L
        want = set(self.classes) | set(self.factories)
        base = os.path.splitext(os.path.basename(L.path))[0]
        if base == "__init__":
            base = os.path.basename(os.path.dirname(L.path))
        out = []
        seen = 0
        pkg = os.path.dirname(L.path)
        files = []
        for top in (pkg, os.path.dirname(pkg), os.path.dirname(os.path.dirname(pkg))):
            if not top.startswith(L.root):
                break
            for root, ds, fs in os.walk(top):
                ds[:] = [
                    d
                    for d in ds
                    if not d.startswith(".") and d not in ("node_modules", "__pycache__", "site-packages")
                ]
                for f in fs:
                    p = os.path.join(root, f)
                    if f.endswith(".py") and p != L.path and p not in files:
                        files.append(p)
                if len(files) > 600:
                    break
        rx = re.compile(
            r"^\s*(from|import)\s.*\b(" + re.escape(base) + "|" + re.escape(os.path.basename(pkg)) + r")\b",
            re.M,
        )
        for p in files[:600]:
            try:
                t = open(p, encoding="utf8", errors="ignore").read()
                if not rx.search(t) and not re.search(r"from \.? *import", t):
                    continue
                if not any(re.search(r"\b" + w + r"\s*\(", t) for w in want):
                    continue
                tree = ast.parse(t)
            except Exception:
                continue
            imported = {}
            for n in ast.walk(tree):
                if (
                    isinstance(n, ast.ImportFrom)
                    and (n.module or "").split(".")[-1] == base
                    or isinstance(n, ast.ImportFrom)
                    and (n.module or "").split(".")[-1] == os.path.basename(pkg)
                ):
                    for a in n.names:
                        if a.name in want:
                            imported[a.asname or a.name] = a.name
                        if a.name == "*":
                            imported.update({w: w for w in want})
                        if a.name == base:
                            imported.update({f"{a.asname or a.name}.{w}": w for w in want})
                elif isinstance(n, ast.Import):
                    for a in n.names:
                        if a.name.split(".")[-1] == base:
                            imported.update({f"{a.asname or a.name}.{w}": w for w in want})
            if not imported or not self._meant(p, tree):
                continue

            def scan(body, kind, holder):
                for s in body:
                    if isinstance(s, ast.FunctionDef):
                        scan(s.body, "function", s)
                        continue
                    if isinstance(s, ast.ClassDef):
                        continue
                    if is_main_guard(s):
                        scan(s.body, "main", s)
                        continue
                    if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name):
                        e = s.value
                        while (
                            isinstance(e, ast.Call)
                            and isinstance(e.func, ast.Attribute)
                            and e.func.attr in ("to", "cuda", "double", "train", "eval")
                        ):
                            e = e.func.value
                        if isinstance(e, ast.Call) and ast.unparse(e.func) in imported:
                            w = imported[ast.unparse(e.func)]
                            out.append(
                                dict(
                                    kind="site",
                                    scope=kind,
                                    holder=holder,
                                    var=s.targets[0].id,
                                    attr=s.targets[0].id,
                                    line=s.lineno,
                                    end=s.end_lineno,
                                    cls=w if w in self.classes else self.factories[w],
                                    stmt=s,
                                    file=p,
                                )
                            )
                    if isinstance(s, COMPOUND):
                        for b in bodies(s):
                            scan(b, kind, holder)

            scan(tree.body, "module", tree)
            if len(out) > 6:
                break
        return out
