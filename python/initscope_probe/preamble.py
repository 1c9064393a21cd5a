"""What of a file is run before anything is built: imports, functions, classes, and the names that these need at once."""

import ast
import builtins

from .fakes import StopProgram
from .syntax import is_main_guard, loads, slice_body

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)
LONGEST_CONSTANT = 20000
CONSTANT = (
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


def run_preamble(loader):
    """Runs imports, functions, classes and cheap constants of the module level (also inside if/try)."""
    for statement in loader.tree.body:
        _define(loader, statement)
    # Names that the classes use when they run: globals of their bodies.
    need = set()
    for statement in loader.tree.body:
        if isinstance(statement, ast.ClassDef):
            need |= loads(statement)
    body = [each for each in loader.tree.body if not is_main_guard(each)]
    for statement in slice_body(body, need):
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef, *IMPORTS)):
            continue
        try:
            loader.run(statement)
        except StopProgram:
            break


def _define(loader, s):
    if isinstance(s, IMPORTS):
        loader.run(s)
    elif isinstance(s, (*FUNCTIONS, ast.ClassDef)):
        need = _at_once(s) - set(loader.ns) - set(dir(builtins))
        if need:
            before = [each for each in loader.tree.body if each.lineno < s.lineno and not is_main_guard(each)]
            for each in slice_body(before, need):
                loader.run(each)
        loader.run(s)
    elif (
        isinstance(s, ast.If)
        and not is_main_guard(s)
        and _holds(s, (*IMPORTS, ast.ClassDef, ast.FunctionDef))
    ):
        _define_inside(loader, s)
    elif _cheap(s):
        loader.run(s)


def _cheap(s):
    """Whether a statement is a constant, an import under `try`, or sets where to look for modules and how they behave."""
    if isinstance(s, ast.Assign):
        return _constant(s.value) or "os.environ" in ast.unparse(s.targets[0])
    if isinstance(s, ast.Try):
        return _holds(s, IMPORTS)
    call = s.value if isinstance(s, ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) in ("sys.path.append", "sys.path.insert")


def _at_once(s):
    """The names that a definition needs when it is made: decorators, bases, defaults, the statements of a class."""
    parts = list(s.decorator_list)
    if isinstance(s, ast.ClassDef):
        parts += s.bases
        for each in s.body:
            parts += [*each.decorator_list, *_defaults(each)] if isinstance(each, FUNCTIONS) else [each]
    else:
        parts += _defaults(s)
    return set().union(*[loads(each) for each in parts])


def _defaults(function):
    return [each for each in function.args.defaults + function.args.kw_defaults if each is not None]


def _holds(s, kinds):
    return any(isinstance(each, kinds) for each in ast.walk(s))


def _define_inside(loader, s):
    try:
        chosen = bool(eval(compile(ast.Expression(s.test), loader.path, "eval"), loader.ns))
    except Exception:
        chosen = True
    for each in s.body if chosen else s.orelse:
        _define(loader, each)


def _constant(value):
    return all(isinstance(n, CONSTANT) for n in ast.walk(value)) and len(ast.dump(value)) < LONGEST_CONSTANT
