"""Where the user's text can be changed so that a weight is drawn by another initializer (CodeSite of src/model/spec.ts)."""

import ast


def site(layer, weight, drawn, files):
    """A CodeSite: `replace` the call that draws the weight, or `insert` a line after the statement that builds the layer."""
    if weight.path is None:
        return {"mode": "none", "reason": "the weight is not a parameter of its own"}
    if drawn is not None:
        return _replacement(drawn, files)
    frames = layer.frames or getattr(layer.module, "_initscope_frames", None) or ()
    frame = frames[0] if frames else None
    if layer.module is not None and getattr(layer.module, "_initscope_frames", None):
        frame = layer.module._initscope_frames[0]
    if frame is None or frame.file != files.main:
        return {"mode": "none", "reason": "the layer is not built in this file"}
    return _insertion(layer, weight, frame, files)


def module_name(source):
    """How a file says torch.nn; None where it does not."""
    named = None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "torch.nn" and alias.asname:
                    return alias.asname
                if alias.name == "torch" or alias.name == "torch.nn" and not alias.asname:
                    named = (
                        named or f"{alias.asname if alias.name == 'torch' and alias.asname else 'torch'}.nn"
                    )
        if isinstance(node, ast.ImportFrom) and node.module == "torch":
            for alias in node.names:
                if alias.name == "nn":
                    return alias.asname or "nn"
    return named


def _replacement(frame, files):
    source = files.source(frame.file)
    if frame.file != files.main or frame.place[1] is None:
        return {"mode": "none", "reason": "it is drawn in another file"}
    call = _call_at(source.tree, frame.place)
    nn = module_name(source)
    if call is None or nn is None:
        return {"mode": "none", "reason": "the draw is not a plain call"}
    target = None
    if isinstance(call.func, ast.Attribute) and (
        call.func.attr.endswith("_") or call.func.attr in ("fill_", "normal_")
    ):
        owner = ast.get_source_segment(source.text, call.func.value) or ""
        is_init = owner.endswith("init") or not owner
        first = (
            call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "tensor"), None)
        )
        target = ast.get_source_segment(source.text, first) if is_init and first is not None else owner
    elif isinstance(call.func, ast.Name) and call.args:
        target = ast.get_source_segment(source.text, call.args[0])
    if not target:
        return {"mode": "none", "reason": "the draw is not a plain call"}
    target = target[: -len(".data")] if target.endswith(".data") else target
    return {"mode": "replace", "range": source.range(frame.place), "target": target, "nn": nn}


def _call_at(tree, place):
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) == place
        ):
            return node
    return None


def _insertion(layer, weight, frame, files):
    source = files.source(frame.file)
    owner_path = _owner_path(layer, frame)
    nn = module_name(source)
    if owner_path is None or nn is None:
        return {"mode": "none", "reason": "the statement that builds it is not in a module's __init__"}
    relative = weight.path[len(owner_path) + 1 :] if owner_path else weight.path
    statement, loop = _statement(source.tree, frame.place)
    if statement is None or loop:
        return {"mode": "none", "reason": "it is built in a loop or a helper: put the line after it by hand"}
    attribute = relative.split(".")[0]
    assigned = {t.attr for t in _targets(statement) if isinstance(t, ast.Attribute) and _is_self(t.value)}
    if attribute not in assigned:
        return {"mode": "none", "reason": "the statement that builds it does not assign it to self"}
    start = source.index(statement.lineno, 0)
    row = source.text[start:].splitlines()[0]
    indent = row[: len(row) - len(row.lstrip())]
    newline = "\r\n" if "\r\n" in source.text else "\n"
    at = behind(statement, source)
    if at is None:
        return {"mode": "none", "reason": "another statement stands on its line"}
    return {
        "mode": "insert",
        "at": at,
        "indent": newline + indent,
        "target": "self." + _path(relative),
        "nn": nn,
        "statement": source.offset(statement.lineno, statement.col_offset),
    }


def behind(statement, source):
    """The offset of the end of a statement's last line, behind its comment; None where another statement stands there."""
    tail = source.text[source.index(statement.end_lineno, statement.end_col_offset) :].splitlines()
    if tail and tail[0].strip() and not tail[0].strip().startswith("#"):
        return None
    return source.offset(statement.end_lineno, statement.end_col_offset) + (len(tail[0]) if tail else 0)


def _path(relative):
    """`net.0.weight` as `net[0].weight`."""
    text = ""
    for part in relative.split("."):
        text += f"[{part}]" if part.isdigit() else f".{part}" if text else part
    return text


def _owner_path(layer, frame):
    """The path of the module whose method built the layer."""
    return getattr(frame.owner, "_initscope_path", None) if frame.owner is not None else None


def _is_self(node):
    return isinstance(node, ast.Name) and node.id == "self"


def _targets(statement):
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
    elif isinstance(statement, ast.AnnAssign):
        yield statement.target


def _statement(tree, place):
    """The innermost simple statement that holds the place, and whether a loop or comprehension surrounds it inside its function."""
    line, column = place[0], place[1] or 0
    found, loop = None, False

    def visit(node, inside):
        nonlocal found, loop
        for child in ast.iter_child_nodes(node):
            if not hasattr(child, "lineno"):
                visit(child, inside)
                continue
            start, end = (child.lineno, child.col_offset), (child.end_lineno, child.end_col_offset)
            if not (
                start <= (line, column) < end
                or (place[1] is None and child.lineno <= line <= child.end_lineno)
            ):
                continue
            now = inside
            if isinstance(child, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
                now = False
            elif isinstance(
                child,
                (ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.Lambda),
            ):
                now = True
            if isinstance(child, (ast.Assign, ast.AnnAssign, ast.Expr, ast.AugAssign, ast.Return)):
                found, loop = child, now
            elif isinstance(child, ast.expr) and now and found is not None:
                loop = True
            visit(child, now)

    visit(tree, False)
    return found, loop
