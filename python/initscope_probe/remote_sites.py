"""Call sites of a file's classes and factories in other files of its project."""

import ast
import os
import re

from .facts import FileFacts
from .syntax import COMPOUND, bodies, is_main_guard

SELF = ("to", "cuda", "double", "train", "eval")


class RemoteSites(FileFacts):
    """Finds the files that import this one, and what they build of it."""

    def remote(self):
        """call sites of this file's classes and factories in other files of the workspace"""
        L = self.L
        want = set(self.classes) | set(self.factories)
        base = os.path.splitext(os.path.basename(L.path))[0]
        if base == "__init__":
            base = os.path.basename(os.path.dirname(L.path))
        out = []
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

            out.extend(self._sites(tree.body, "module", tree, imported, p))
            if len(out) > 6:
                break
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
                if not path or os.path.basename(path) not in (
                    os.path.basename(own),
                    os.path.basename(os.path.dirname(own)),
                ):
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

    def _sites(self, body, scope, holder, imported, path):
        """Statements of another file that bind what the names of `imported` build."""
        for s in body:
            if isinstance(s, ast.ClassDef):
                continue
            if isinstance(s, ast.FunctionDef) or is_main_guard(s):
                inner = "function" if isinstance(s, ast.FunctionDef) else "main"
                yield from self._sites(s.body, inner, s, imported, path)
                continue
            if isinstance(s, ast.Assign) and isinstance(s.targets[0], ast.Name):
                called = _called(s.value)
                if called in imported:
                    name, built = s.targets[0].id, imported[called]
                    yield {
                        "kind": "site",
                        "scope": scope,
                        "holder": holder,
                        "var": name,
                        "attr": name,
                        "line": s.lineno,
                        "end": s.end_lineno,
                        "cls": built if built in self.classes else self.factories[built],
                        "stmt": s,
                        "file": path,
                    }
            if isinstance(s, COMPOUND):
                for each in bodies(s):
                    yield from self._sites(each, scope, holder, imported, path)


def _called(e):
    """What an expression calls, without the methods that give the model they are called on."""
    while isinstance(e, ast.Call) and isinstance(e.func, ast.Attribute) and e.func.attr in SELF:
        e = e.func.value
    return ast.unparse(e.func) if isinstance(e, ast.Call) else None
