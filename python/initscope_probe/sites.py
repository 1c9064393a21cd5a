"""Builds a model at the statement that builds it: the slice of its scope that it needs is run, with unknown arguments filled in."""

import ast
import types

from .arguments import Arguments
from .failures import cause, raise_cause
from .fakes import Fake, NeedValue, StopProgram
from .syntax import deep_defines, is_main_guard, loads, root_name, slice_body

DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
# Methods that build a model up further; one that did not run leaves another model than the file's.
BUILDING = {"add", "append", "extend", "insert", "add_module", "register_module", "pop", "apply"}


def _all_loads(statements):
    return set().union(*[loads(each) for each in statements])


class Sites(Arguments):
    """Runs call sites, and evaluates what the file passes to the model there."""

    def at_site(self, cand):
        """The model that the statement of a candidate binds."""
        loader, scope = self.L, cand["scope"]
        statements, names = self._slice(cand)
        if scope != "function" and cand["var"] and not isinstance(names.get(cand["var"]), types.ModuleType):
            names.pop(cand["var"], None)
        before = len(loader.failed)
        loader.force = cand["line"]
        self.tgt = names
        for statement in statements:
            for each in ast.walk(statement):
                if isinstance(each, ast.stmt) and not isinstance(each, DEFINITIONS):
                    loader.done.discard((id(names), id(each)))
        for statement in statements:
            try:
                loader.run(self._keyed(statement, cand), names)
            except StopProgram:
                break
        failed = loader.failed[before:]
        made = names.get(cand["var"]) if cand["var"] else eval(cand["attr"], names)
        if isinstance(made, Fake) or made is None:
            raise_cause(cause(failed or loader.failed[-1:], cand["line"], cand["end"]))
        if not self.is_model(made):
            raise RuntimeError(f"not a model: {type(made).__name__}")
        left_out = {line for each in statements for line in _building_lines(each, cand["var"])}
        for failure in failed:
            if failure[0] in left_out:
                raise_cause(cause(failed, failure[0], failure[0]))
        return made

    def _slice(self, cand):
        """The statements that the model needs, and the names they run with."""
        loader, holder = self.L, cand["holder"]
        key = {cand["var"] or root_name(cand["stmt"].targets[0])}
        if cand["scope"] == "module":
            body = [each for each in self.tree.body if not is_main_guard(each)]
            return slice_body(body, key | self.closure(_all_loads(slice_body(body, key)))), loader.ns
        if cand["scope"] == "main":
            need = self.closure(_all_loads(slice_body(holder.body, key)))
            loader.need(need)
            return slice_body(holder.body, key | need), loader.ns
        if cand["scope"] == "function":
            statements = slice_body(holder.body, key)
            names = dict(loader.ns)
            loader.need(_all_loads(statements))
            names.update(loader.ns)
            self.bind_params(holder, names)
            return statements, names
        raise NeedValue(f"self of {holder.name}()", holder.lineno)

    def _keyed(self, statement, cand):
        """The statement with its calls filled in, under a key of its own for this attempt."""
        if isinstance(statement, DEFINITIONS):
            statement._key = id(statement)
            return statement
        rewritten = ast.fix_missing_locations(self.Rewrite(self).visit(statement))
        rewritten._key = (cand["line"], statement.lineno, statement.col_offset, cand.get("round", 0))
        return rewritten

    def site_inputs(self, cand):
        """Arguments and line of a call of the built variable in its own scope, where they can be evaluated."""
        names = getattr(self, "tgt", None)
        if cand["kind"] != "site" or not cand["var"] or cand.get("file") or names is None:
            return None
        holder = cand["holder"]
        body = holder.body
        if cand["scope"] == "module":
            body = [each for each in self.tree.body if not is_main_guard(each)]
        for statement in body:
            for call in ast.walk(statement):
                if not _is_call_of(call, cand["var"], cand["line"]):
                    continue
                try:
                    values = self._arguments(call, body, cand["var"], names)
                except Exception:
                    continue
                if values is not None:
                    return values, call.lineno
        return None

    def _arguments(self, call, body, var, names):
        """The values of a call's arguments; None where one is no tensor."""
        import torch

        need = _all_loads(call.args)
        full = self.closure(_all_loads(slice_body(body, need - {var}, upto=call.lineno)))
        self.L.need(full)
        for name, value in self.L.ns.items():
            names.setdefault(name, value)
        for each in slice_body(body, (need | full) - {var}, upto=call.lineno):
            holds = any(inner is call for inner in ast.walk(each))
            if holds or var in {name.lstrip("~") for name in deep_defines(each)}:
                continue
            each._key = ("in", each.lineno, call.lineno)
            try:
                self.L.run(each, names)
            except StopProgram:
                break
        values = [eval(compile(ast.Expression(a), self.L.path, "eval"), names) for a in call.args]
        plain = all(v is None or isinstance(v, (torch.Tensor, tuple, list)) for v in values)
        return values if plain else None


def _building_lines(statement, var):
    """The lines of a statement under which a failure to add to the model is kept: of what adds, and of the loop around it."""
    lines = {
        each.lineno for each in ast.walk(statement) if isinstance(each, ast.stmt) and _builds_up(each, var)
    }
    return lines | {statement.lineno} if lines else lines


def _builds_up(statement, var):
    """Whether a statement adds to the model that `var` names, or sets a part of it."""
    if isinstance(statement, ast.Assign):
        return any(not isinstance(t, ast.Name) and root_name(t) == var for t in statement.targets)
    call = statement.value if isinstance(statement, ast.Expr) else None
    method = call.func if isinstance(call, ast.Call) else None
    return isinstance(method, ast.Attribute) and method.attr in BUILDING and root_name(method.value) == var


def _is_call_of(node, var, after):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == var
        and node.lineno > after
        and bool(node.args)
        and not node.keywords
    )
