"""Builds a candidate: runs what its statement needs, asks for what is not known."""

import ast
import argparse
import re
import types

from .arguments import Arguments
from .fakes import Fake, NeedValue, StopProgram
from .guesses import guess
from .loader import Loader
from .syntax import COMPOUND, bodies, deep_defines, is_main_guard, loads, root_name, slice_body


def _told(failure):
    """A failed statement as one line."""
    if not failure:
        return "the statement that builds it did not run"
    line, _text, why = failure
    kind, _colon, text = why.partition(": ")
    plain = {
        "MemoryError": "it needs more memory than it may take",
        "RecursionError": "it calls itself without end",
        "TooLong": text,
    }
    why = plain.get(kind, why)
    return f"line {line} did not run: {why}"


class Finder(Arguments):
    """Candidates of a loaded file, and the way to build each of them."""

    def build(self, cand):
        if not hasattr(self, "base"):
            self.base = self.L.snapshot()
        else:
            self.L.restore(
                self.base
            )  # every attempt starts from the same names; a built model keeps its own until the next
        return self.build0(cand)

    def build0(self, cand):
        for i in range(12):
            cand["round"] = i
            try:
                return self.build1(cand)
            except NameError as e:
                n = getattr(e, "name", None)
                if not n:
                    raise
                self.L.need({n})
                if n in self.L.ns and not isinstance(self.L.ns[n], Fake):
                    continue
                try:
                    v = self.L.answers[n] if n in self.L.answers else guess(n)
                except KeyError:
                    raise NeedValue(n)
                self.L.ns[n] = v
                self.used[n] = v
            except NeedValue as e:
                n = e.name.split(".")[-1].split("[")[0].strip("() ")
                if n in self.used:
                    raise
                try:
                    v = guess(n) if not self.L.answers.get(n) else self.L.answers[n]
                except KeyError:
                    raise NeedValue(e.name)
                self.used[n] = v
                self.L.answers[n] = v
                if isinstance(self.L.ns.get(n), Fake):
                    self.L.ns[n] = v
                for k, o in list(self.L.ns.items()):
                    if isinstance(o, argparse.Namespace) and isinstance(getattr(o, n, None), Fake):
                        setattr(o, n, v)
        raise RuntimeError("too many unknown values")

    def build1(self, cand):
        """returns the model object; raises what went wrong"""
        L = self.L
        ns = L.ns
        ns["__probe_call__"] = self.call
        if cand["kind"] == "instance":
            return ns[cand["name"]]
        if cand["kind"] == "class":
            cls = self.classes[cand["name"]]
            L.need(self.closure({cand["name"]}) - {cand["name"]})
            a, k = self.fill(cls, [], {}, cand["name"])
            return cls(*a, **k)
        if cand["kind"] == "factory":
            L.need(self.closure(loads(cand["node"])))
            fn = ns[cand["name"]]
            if isinstance(fn, Fake):
                raise NeedValue(cand["name"])
            a, k = self.fill(fn, [], {}, cand["name"])
            r = fn(*a, **k)
            if isinstance(r, (tuple, list)):
                r = next((x for x in r if self.is_model(x)), r)
            return r
        if cand["kind"] == "holder":
            C = ns[cand["name"]]
            a, k = self.fill(C, [], {}, cand["name"])
            o = C(*a, **k)
            ms = {n: v for n, v in vars(o).items() if self.is_model(v)}
            if not ms:
                raise RuntimeError("object holds no model")
            cand["models"] = ms
            return max(ms.values(), key=lambda m: self.count(m))
        if cand.get("file"):
            L2 = cand.get("_L")
            if L2 is None:
                L2 = cand["_L"] = Loader(cand["file"], L.root, L.answers)
                L2.preamble()
                cand["_snap"] = L2.snapshot()
            L2.restore(cand["_snap"])
            F2 = Finder(L2, light=True)
            F2.used = self.used
            d = dict(cand, file=None)

            # the statement objects of the freshly parsed tree
            def again(body):
                for s in body:
                    if getattr(s, "lineno", None) == getattr(cand["holder"], "lineno", -1) and type(
                        s
                    ) is type(cand["holder"]):
                        return s
                    for b in (
                        bodies(s)
                        if isinstance(s, COMPOUND)
                        else [s.body]
                        if isinstance(s, (ast.FunctionDef, ast.ClassDef))
                        else []
                    ):
                        r = again(b)
                        if r:
                            return r

            d["holder"] = L2.tree if cand["scope"] == "module" else again(L2.tree.body)
            d["round"] = cand.get("round", 0)
            L2.ns["__probe_call__"] = F2.call
            for n in list(self.L.answers):
                if isinstance(L2.ns.get(n), Fake):
                    L2.ns[n] = self.L.answers[n]
            return F2.build1(d)
        holder, scope = cand["holder"], cand["scope"]
        if scope == "module":
            key = {cand["var"] or root_name(cand["stmt"].targets[0])}
            body = [x for x in self.tree.body if not is_main_guard(x)]
            stm = slice_body(body, key)
            stm = slice_body(body, key | self.closure(set().union(*[loads(s) for s in stm] or [set()])))
            tgt = ns
        elif scope == "main":
            stm = slice_body(holder.body, {cand["var"] or root_name(cand["stmt"].targets[0])})
            tgt = ns
            need = self.closure(set().union(*[loads(s) for s in stm] or [set()]))
            stm = slice_body(holder.body, {cand["var"] or root_name(cand["stmt"].targets[0])} | need)
            L.need(need)
        elif scope == "function":
            tgt = dict(ns)
            key = cand["var"] or root_name(cand["stmt"].targets[0])
            stm = slice_body(holder.body, {key})
            need = set().union(*[loads(s) for s in stm] or [set()])
            L.need(need)
            tgt.update(ns)
            self.bind_params(holder, tgt)
        else:  # method: attributes of a holder object
            raise NeedValue(f"self of {holder.name}()", holder.lineno)
        if (
            scope in ("module", "main")
            and cand["var"]
            and not isinstance(tgt.get(cand["var"]), types.ModuleType)
        ):
            tgt.pop(cand["var"], None)
        # names set before main guard statements
        n0 = len(L.failed)
        L.force = cand["line"]
        self.tgt = tgt
        for s in stm:
            for x in ast.walk(s):
                if isinstance(x, ast.stmt) and not isinstance(
                    x, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
                ):
                    L.done.discard((id(tgt), id(x)))
        for s in stm:
            s2 = (
                ast.fix_missing_locations(self.Rewrite(self).visit(ast.parse("").body and s or s))
                if not isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))
                else s
            )
            s2._key = (
                (cand["line"], s.lineno, s.col_offset, cand.get("round", 0))
                if not isinstance(s, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom))
                else id(s)
            )
            try:
                L.run(s2, tgt)
            except StopProgram:
                break
        v = tgt.get(cand["var"]) if cand["var"] else eval(cand["attr"], tgt)
        if isinstance(v, Fake) or v is None:
            self.err_all = L.failed[n0:]
            err = next(
                (f for f in L.failed[n0:] if cand["line"] <= f[0] <= cand["end"]),
                L.failed[-1] if L.failed[n0:] else None,
            )
            if err and isinstance(err[-1], str):
                m = re.match(r"NameError: name '(\w+)' is not defined", err[2])
                if m:
                    raise NameError(err[2], name=m.group(1))
                m = re.match(r"NeedValue: value of '([^']+)'", err[2])
                if m:
                    raise NeedValue(m.group(1))
            raise RuntimeError(_told(err))
        if not self.is_model(v):
            raise RuntimeError(f"not a model: {type(v).__name__}")
        return v

    def site_inputs(self, cand):
        """arguments of a call of the built variable in its own scope, evaluated: [(args, line)]"""
        if cand["kind"] != "site" or not cand["var"] or cand.get("file"):
            return None
        holder, scope = cand["holder"], cand["scope"]
        tgt = getattr(self, "tgt", None)
        if tgt is None:
            return None
        body = holder.body if scope != "module" else [x for x in self.tree.body if not is_main_guard(x)]
        for s in body:
            for n in ast.walk(s):
                if (
                    isinstance(n, ast.Call)
                    and isinstance(n.func, ast.Name)
                    and n.func.id == cand["var"]
                    and n.lineno > cand["line"]
                    and n.args
                    and not n.keywords
                ):
                    need = set().union(*[loads(a) for a in n.args])
                    stm = slice_body(body, need - {cand["var"]}, upto=n.lineno)
                    full = self.closure(set().union(*[loads(x) for x in stm] or [set()]))
                    stm = slice_body(body, (need | full) - {cand["var"]}, upto=n.lineno)
                    try:
                        self.L.need(full)
                        for k, v in self.L.ns.items():
                            tgt.setdefault(k, v)
                        for x in stm:
                            if any(y is n for y in ast.walk(x)) or cand["var"] in {
                                d.lstrip("~") for d in deep_defines(x)
                            }:
                                continue
                            x._key = ("in", x.lineno, n.lineno)
                            try:
                                self.L.run(x, tgt)
                            except StopProgram:
                                break
                        vals = [eval(compile(ast.Expression(a), self.L.path, "eval"), tgt) for a in n.args]
                        import torch

                        if all(
                            isinstance(v, torch.Tensor) or v is None or isinstance(v, (tuple, list))
                            for v in vals
                        ):
                            return vals, n.lineno
                    except Exception:
                        continue
        return None
