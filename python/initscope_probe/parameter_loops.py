"""Where a loop over the parameters can stand that draws some of them anew: at the end of the model's own `__init__` (LoopSite of src/model/codeSite.ts)."""

import ast
import types

from . import edits

# The loop's own variables.
VARIABLES = {"name", "parameter"}


class ParameterLoops:
    """The loop sites of one model. There are none where its `__init__` is not this file's, may return early, or means something else by the loop's variables."""

    def __init__(self, model, files):
        self.model, self.place = model, _end_of_init(type(model), files)
        self.names = [name for name, _parameter in model.named_parameters()]

    def site(self, frames, path):
        """For the parameter of a path that was drawn by the calls of `frames`; None where something may draw it after `__init__`."""
        if self.place is None or path not in self.names:
            return None
        if not any(frame.function == "__init__" and frame.owner is self.model for frame in frames):
            return None
        alike = self._alike(path)
        return dict(self.place, name=path, **({} if alike is None else {"alike": alike}))

    def _alike(self, path):
        """Start and end of the names that differ in numbers only (`h.0.fc.weight`: `h.` and `.fc.weight`), and how many; None where others have them too."""
        parts = path.split(".")
        numbers = [i for i, part in enumerate(parts) if part.isdigit()]
        if not numbers:
            return None
        start = ".".join(parts[: numbers[0]]) + "." if numbers[0] else ""
        end = "." + ".".join(parts[numbers[-1] + 1 :])
        form = _without_numbers(path)
        found = [name for name in self.names if name.startswith(start) and name.endswith(end)]
        same = all(_without_numbers(name) == form for name in found)
        return {"start": start, "end": end, "count": len(found)} if same else None


def _without_numbers(path):
    return [None if part.isdigit() else part for part in path.split(".")]


def _end_of_init(made, files):
    """`at`, `indent` and `nn` of a loop behind the last statement of a class's own `__init__`."""
    init = vars(made).get("__init__")
    if not isinstance(init, types.FunctionType) or init.__code__.co_filename != files.main:
        return None
    code, source = init.__code__, files.source(files.main)
    node, nn = _function_at(source.tree, code.co_firstlineno), edits.module_name(source)
    if node is None or nn is None or code.co_varnames[:1] != ("self",) or _returns(node):
        return None
    read = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - {*code.co_varnames}
    if VARIABLES & {*read, *code.co_cellvars}:
        return None
    last = node.body[-1]
    row = source.text[source.index(node.body[0].lineno, 0) :].splitlines()[0]
    indent = row[: len(row) - len(row.lstrip())]
    at = edits.behind(last, source)
    if at is None or node.body[0].lineno == node.lineno:
        return None
    return {"at": at, "indent": ("\r\n" if "\r\n" in source.text else "\n") + indent, "nn": nn}


def _function_at(tree, line):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            if min([node.lineno, *(each.lineno for each in node.decorator_list)]) == line:
                return node
    return None


def _returns(node):
    """Whether a function may end before its last statement."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    return any(
        isinstance(child, ast.Return) or not isinstance(child, inner) and _returns(child)
        for child in ast.iter_child_nodes(node)
    )
