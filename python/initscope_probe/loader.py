"""Executes of a user's file only what a model needs, statement by statement: one that fails leaves an unknown, not a crash."""

import ast
import importlib
import os
import re
import sys
import types

from .failures import COUNTED, said
from .fakes import Fake, FakeModule, NeedValue, StopProgram, StubFinder
from .limits import Limit, TooLong
from .syntax import defines, is_main_guard, loads, slice_body
from .workspace import WorkspaceFinder


class Loader:
    stmt_limit = 20

    def __init__(self, path, root, answers=None, text=None):
        self.path, self.root = os.path.abspath(path), os.path.abspath(root)
        if text is None:
            with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
                text = file.read()
        self.src = text
        self.tree = ast.parse(self.src, path)
        self.failed = []  # (line, what, error)
        self.answers = {} if answers is None else answers
        self.used = {}  # name -> (line, value, how) guesses and answers that were needed
        self.done = set()
        self.slow = set()  # lines that took too long once are not run again
        self.setup_paths()

    # -- naming and sys.path ------------------------------------------------------------------------------
    def setup_paths(self):
        path, root = self.path, self.root
        d = os.path.dirname(path)
        parts = [os.path.splitext(os.path.basename(path))[0]]
        while os.path.exists(os.path.join(d, "__init__.py")) and d != root and d != "/":
            parts.insert(0, os.path.basename(d))
            d = os.path.dirname(d)
        lv = max([n.level for n in ast.walk(self.tree) if isinstance(n, ast.ImportFrom)] or [0])
        while lv and len(parts) <= lv and d != "/":
            parts.insert(0, os.path.basename(d))
            d = os.path.dirname(d)  # relative imports without __init__.py
        # the file's own folder first, as Python does; a package's parent next; the rest of the workspace only on demand (WorkspaceFinder)
        own = os.path.dirname(path)
        for q in ([d] if len(parts) > 1 else []) + [own]:
            if q in sys.path:
                sys.path.remove(q)
        sys.path.insert(0, own)
        if len(parts) > 1:
            sys.path.insert(0 if d != own else 1, d)
        if not any(isinstance(f, WorkspaceFinder) for f in sys.meta_path):
            i = next(
                (i for i, f in enumerate(sys.meta_path) if isinstance(f, StubFinder)), len(sys.meta_path)
            )
            sys.meta_path.insert(i, WorkspaceFinder(own, root))
        if parts[-1] == "__init__" and len(parts) > 1:
            parts = parts[:-1]
            self.is_pkg = True
        else:
            self.is_pkg = False
        self.name = ".".join(p if p.isidentifier() else re.sub(r"\W", "_", p) for p in parts)
        if "." not in self.name and (self.name in sys.modules or self.name in sys.stdlib_module_names):
            self.name = "_user_" + self.name
        self.mod = types.ModuleType(self.name)
        self.mod.__file__ = path
        self.mod.__package__ = self.name if self.is_pkg else (self.name.rpartition(".")[0] or None)
        if self.is_pkg:
            self.mod.__path__ = [os.path.dirname(path)]
        self.parent_err = None
        if self.mod.__package__ and not self.is_pkg or (self.is_pkg and "." in self.name):
            pk = self.mod.__package__ if not self.is_pkg else self.name.rpartition(".")[0]
            # parent packages: as empty namespace packages, so that their __init__ (often heavy) does not run
            cur, dd = "", d
            for p in pk.split("."):
                cur = f"{cur}.{p}" if cur else p
                dd = os.path.join(dd, p)
                if cur not in sys.modules:
                    m = types.ModuleType(cur)
                    m.__path__ = [dd]
                    m.__package__ = cur
                    m.__file__ = os.path.join(dd, "__init__.py")
                    m._probe_thin = True
                    sys.modules[cur] = m
        self.ns = self.mod.__dict__
        sys.modules[self.name] = self.mod
        self.ns["__name__"] = self.name

    # -- running statements ---------------------------------------------------------------------------------
    def run(self, s, ns=None, filename=None, quiet=False):
        ns = self.ns if ns is None else ns
        key = (id(ns), id(s) if not hasattr(s, "_key") else s._key)
        if isinstance(s, ast.If) or isinstance(s, ast.Try) or isinstance(s, ast.With):
            return self.run_compound(s, ns)
        if isinstance(s, ast.While) and not any(
            isinstance(x, ast.Call)
            and isinstance(x.func, ast.Attribute)
            and x.func.attr in ("add", "append", "add_module")
            for x in ast.walk(s)
        ):
            return True
        if key in self.done:
            return True
        self.done.add(key)
        if s.lineno in self.slow:
            return self.fail(s, TooLong(f"it ran longer than {self.stmt_limit} s"), ns)
        one = self.override(s)
        try:
            code = compile(ast.fix_missing_locations(ast.Module([one], [])), self.path, "exec")
            with Limit(self.stmt_limit):
                exec(code, ns)
            self.distrust_empty(s, ns)
            return True
        except (Exception, SystemExit) as e:
            if isinstance(e, TooLong):
                self.slow.add(s.lineno)
            return self.fail(s, e, ns)

    def distrust_empty(self, s, ns):
        """A count of data that came out as 0 after something before it did not run is not known."""
        target = s.targets[0] if isinstance(s, ast.Assign) else None
        if not self.failed or not isinstance(target, ast.Name) or not COUNTED.match(ast.unparse(s)):
            return
        if type(ns.get(target.id)) is int and ns[target.id] == 0:
            self.fail(s, NeedValue(target.id, s.lineno), ns)
            ns[target.id] = Fake(target.id, s.lineno, "value")

    def run_compound(self, s, ns):
        if isinstance(s, ast.If):
            if is_main_guard(s):
                return True
            fl = getattr(self, "force", None)
            inb = lambda b: bool(b) and fl is not None and b[0].lineno <= fl <= b[-1].end_lineno
            if inb(s.body):
                c = True
            elif inb(s.orelse):
                c = False
            else:
                try:
                    c = bool(eval(compile(ast.Expression(s.test), self.path, "eval"), ns))
                except Exception as e:
                    self.failed.append(
                        (s.lineno, "condition " + ast.unparse(s.test)[:60], f"{type(e).__name__}: {e}"[:160])
                    )
                    c = False
            for x in s.body if c else s.orelse:
                self.run(x, ns)
        elif isinstance(s, ast.Try):
            n = len(self.failed)
            ok = True
            for x in s.body:
                if not self.run(x, ns):
                    ok = False
                    break
            if not ok:
                for h in s.handlers[:1]:
                    if any(isinstance(y, ast.Raise) for y in h.body):
                        break
                    for x in h.body:
                        self.run(x, ns)
            else:
                for x in s.orelse:
                    self.run(x, ns)
            for x in s.finalbody:
                self.run(x, ns)
            return True
        elif isinstance(s, ast.With):
            try:
                exec(compile(ast.fix_missing_locations(ast.Module([s], [])), self.path, "exec"), ns)
            except (Exception, SystemExit) as e:
                head = ast.unparse(s).split("\n")[0]
                self.failed.append((s.lineno, head, f"{type(e).__name__}: {said(e)}"[:240]))
                for x in s.body:
                    self.run(x, ns)
        return True

    def override(self, s):
        """an answer given for a name of this line replaces the statement"""
        if isinstance(s, ast.Assign) and len(s.targets) == 1 and isinstance(s.targets[0], ast.Name):
            k = s.targets[0].id
            if k in self.answers:
                return ast.copy_location(
                    ast.Assign([s.targets[0]], ast.copy_location(ast.Constant(self.answers[k]), s)), s
                )
        return s

    def fail(self, s, e, ns):
        self.failed.append((s.lineno, ast.unparse(s).split("\n")[0][:70], f"{type(e).__name__}: {said(e)}"[:240]))
        if isinstance(s, ast.ImportFrom):
            try:
                m = importlib.import_module("." * s.level + (s.module or ""), self.mod.__package__)
            except Exception as e2:
                m = None
                self.failed[-1] = (s.lineno, self.failed[-1][1], f"{type(e2).__name__}: {e2}"[:200])
            if m is not None and getattr(m, "_probe_thin", False):
                self.fatten(m)
            for a in s.names:
                if a.name == "*":
                    continue
                v = getattr(m, a.name, None) if m is not None else None
                if v is None:
                    try:
                        v = importlib.import_module(f"{s.module}.{a.name}") if not s.level else None
                    except Exception:
                        v = None
                ns[a.asname or a.name] = v if v is not None else Fake(f"{s.module}.{a.name}", s.lineno)
            return True
        if isinstance(s, ast.Import):
            for a in s.names:
                try:
                    importlib.import_module(a.name)
                    exec(f"import {a.name}" + (f" as {a.asname}" if a.asname else ""), ns)
                except Exception:
                    ns[(a.asname or a.name).split(".")[0]] = FakeModule(a.asname or a.name)
            return True
        for d in defines(s):
            if d[0] != "~" and (d not in ns or isinstance(ns[d], Fake)):
                ns[d] = Fake(d, s.lineno, "value")
        return False

    def fatten(self, m):
        """run a package's __init__ after all, statement by statement, without the file under inspection"""
        m._probe_thin = False
        try:
            t = ast.parse(open(m.__file__, encoding="utf-8-sig", errors="replace").read(), m.__file__)
        except Exception:
            return
        for s in t.body:
            if isinstance(s, ast.ImportFrom) and s.level == 1 and f"{m.__name__}.{s.module}" == self.name:
                continue
            if isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant):
                continue
            try:
                exec(compile(ast.fix_missing_locations(ast.Module([s], [])), m.__file__, "exec"), m.__dict__)
            except Exception as e:
                self.failed.append(
                    (0, f"{m.__name__}: " + ast.unparse(s)[:60], f"{type(e).__name__}: {e}"[:120])
                )

    def snapshot(self):
        return dict(self.ns), set(self.done)

    def restore(self, snap):
        self.ns.clear()
        self.ns.update(snap[0])
        self.done = set(snap[1])

    def preamble(self):
        """imports, functions, classes and cheap constants of the module level (also inside if/try)"""
        for s in self.tree.body:
            self._pre(s)
        # names that definitions of classes/functions need at once (decorators, bases, defaults) or later (globals of their bodies)
        need = set()
        for s in self.tree.body:
            if isinstance(s, ast.ClassDef):
                need |= loads(s)
        for s in slice_body([x for x in self.tree.body if not is_main_guard(x)], need):
            if not isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
                try:
                    self.run(s)
                except StopProgram:
                    break

    def _pre(self, s):
        if isinstance(s, (ast.Import, ast.ImportFrom)):
            self.run(s)
        elif isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            # names needed at definition time
            need = set()
            for d in s.decorator_list:
                need |= loads(d)
            if isinstance(s, ast.ClassDef):
                for b in s.bases:
                    need |= loads(b)
                for x in s.body:
                    if not isinstance(x, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        need |= loads(x)
                    else:
                        need |= set().union(
                            *[
                                loads(d)
                                for d in x.args.defaults + x.args.kw_defaults + x.decorator_list
                                if d is not None
                            ]
                            or [set()]
                        )
            else:
                need |= set().union(
                    *[loads(d) for d in s.args.defaults + s.args.kw_defaults if d is not None] or [set()]
                )
            need -= set(self.ns) | set(
                dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__
            )
            if need:
                for x in slice_body(
                    [y for y in self.tree.body if y.lineno < s.lineno and not is_main_guard(y)], need
                ):
                    self.run(x)
            self.run(s)
        elif isinstance(s, ast.Assign) and self.constant(s.value):
            self.run(s)
        elif isinstance(s, ast.Try) and any(isinstance(x, (ast.Import, ast.ImportFrom)) for x in ast.walk(s)):
            self.run(s)
        elif (
            isinstance(s, ast.If)
            and not is_main_guard(s)
            and any(
                isinstance(x, (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef))
                for x in ast.walk(s)
            )
        ):
            self.run_compound_pre(s)
        elif (
            isinstance(s, ast.Expr)
            and isinstance(s.value, ast.Call)
            and ast.unparse(s.value.func) in ("sys.path.append", "sys.path.insert")
        ):
            self.run(s)
        elif isinstance(s, ast.Assign) and "os.environ" in ast.unparse(s.targets[0]):
            self.run(s)

    def run_compound_pre(self, s):
        try:
            c = bool(eval(compile(ast.Expression(s.test), self.path, "eval"), self.ns))
        except Exception:
            c = True
        for x in s.body if c else s.orelse:
            self._pre(x)

    def constant(self, e):
        ok = (
            ast.Constant,
            ast.Tuple,
            ast.List,
            ast.Dict,
            ast.Set,
            ast.UnaryOp,
            ast.BinOp,
            ast.Name,
            ast.Load,
            ast.operator,
            ast.unaryop,
        )
        return all(isinstance(n, ok) for n in ast.walk(e)) and len(ast.dump(e)) < 20000

    def need(self, nm, upto=None):
        """bring module-level names into being"""
        for s in slice_body([x for x in self.tree.body if not is_main_guard(x)], nm, upto):
            try:
                self.run(s)
            except StopProgram:
                break
