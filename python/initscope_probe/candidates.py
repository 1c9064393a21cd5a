"""Which object of a file is the model: call sites first, then factories, then classes."""

import ast

from .remote_sites import RemoteSites
from .syntax import is_main_guard


class Candidates(RemoteSites):
    """The ways in which the file (and the files that import it) builds models."""

    def candidates(self):
        """ordered list of dict(kind, name, line, cls, run)"""
        out = []
        inside = {}  # class -> set of module classes in which it is built
        for nm, _call, sc, full in self.calls:
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
        out += self.remote()
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
        for n in self.classes:
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

    def single_layers(self):
        """Layers of torch.nn that stand alone at module level: the model of a file that builds no other."""
        found = []
        scopes = [("module", self.tree), *[("main", s) for s in self.tree.body if is_main_guard(s)]]
        for scope, holder in scopes if self.nn is not None else ():
            for s in self._stmts(holder.body):
                call = s.value if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name) else None
                made = self._attr(call.func) if isinstance(call, ast.Call) else None
                made = made or (
                    self.L.ns.get(call.func.id)
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                    else None
                )
                if isinstance(made, type) and issubclass(
                    made, (self.nn.Linear, self.nn.Conv2d, self.nn.RNNBase)
                ):
                    name = s.targets[0].id
                    found.append(
                        dict(kind="site", scope=scope, holder=holder, var=name, attr=name, line=s.lineno,
                             end=s.end_lineno, cls=made.__name__, stmt=s)
                    )  # fmt: skip
        return found
