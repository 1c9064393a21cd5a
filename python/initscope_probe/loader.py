"""Executes of a user's file only what a model needs, statement by statement: one that fails leaves an unknown, not a crash."""

import ast
import importlib
import os
import sys

from .failures import COUNTED, said
from .fakes import Fake, FakeModule, NeedValue, StopProgram
from .identity import module_of
from .limits import Limit, TooLong
from .notes import note
from .syntax import defines, is_main_guard, slice_body


def lengths_of(tree):
    """Names whose length a file takes."""
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
    return {
        each.args[0].id
        for each in calls
        if isinstance(each.func, ast.Name)
        and each.func.id == "len"
        and each.args
        and isinstance(each.args[0], ast.Name)
    }


class Loader:
    stmt_limit = 20

    def __init__(self, path, root, answers=None, text=None):
        self.path, self.root = os.path.abspath(path), os.path.abspath(root)
        if text is None:
            with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
                text = file.read()
        self.src = text
        self.tree = ast.parse(self.src, path)
        self.measured = lengths_of(self.tree)
        self.failed = []  # (line, what, error)
        self.answers = {} if answers is None else answers
        self.done = set()
        self.slow = set()  # lines that took too long once are not run again
        self.mod = module_of(self.path, self.root, self.tree)
        self.name, self.ns = self.mod.__name__, self.mod.__dict__

    def run(self, s, ns=None):
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
            return self.fail(s, TooLong(self.stmt_limit), ns)
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
                note(f"line {s.lineno} is left out: {e}")
            if "expected a positive integer" in str(e) and self.plain_counts(ns):
                self.done.discard(key)
                return self.run(s, ns)
            return self.fail(s, e, ns)

    def plain_counts(self, ns):
        """Counts of NumPy's (`np.max(y) + 1`), which Keras 3 refuses as units and the Keras that a file was written for took, as plain numbers; whether there were any."""
        numpy = sys.modules.get("numpy")
        found = [name for name, value in ns.items() if numpy and isinstance(value, numpy.integer)]
        for name in found:
            ns[name] = int(ns[name])
            note(f"{name} is a count of NumPy's, which this Keras refuses: it is taken as a plain number")
        return bool(found)

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
        """an answer given for a name of this line replaces the statement; a count, given for what the file takes the length of, is so many things"""
        if not (isinstance(s, ast.Assign) and len(s.targets) == 1 and isinstance(s.targets[0], ast.Name)):
            return s
        name = s.targets[0].id
        if name not in self.answers:
            return s
        value = ast.Constant(self.answers[name])
        if type(value.value) is int and name in self.measured and not COUNTED.match(ast.unparse(s)):
            value = ast.Call(ast.Name("range", ast.Load()), [value], [])
        return ast.copy_location(ast.Assign([s.targets[0]], ast.copy_location(value, s)), s)

    def fail(self, s, e, ns):
        self.failed.append(
            (s.lineno, ast.unparse(s).split("\n")[0][:70], f"{type(e).__name__}: {said(e)}"[:240])
        )
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

    def need(self, nm, upto=None):
        """bring module-level names into being"""
        for s in slice_body([x for x in self.tree.body if not is_main_guard(x)], nm, upto):
            try:
                self.run(s)
            except StopProgram:
                break
