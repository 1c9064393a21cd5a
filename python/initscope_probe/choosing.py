"""Which of a file's candidates are its roots, in what order they are tried, and what they are called."""

import ast


def choose(candidates, finder, wanted):
    """Groups of candidates for one root each, in the order they are tried; parts of other models are left out."""
    groups = {}
    for c in candidates:
        key = c["cls"] if c["cls"] in finder.classes or c["kind"] != "site" else (c["cls"], c.get("attr"))
        if c["kind"] == "factory" and c["cls"] not in finder.classes:
            key = c["name"]
        groups.setdefault(key, []).append(c)
    used = {
        called
        for c in candidates
        if c["kind"] == "site" and not c.get("file")
        for called in calls_of(c["stmt"])
    }
    used |= inner_calls(finder)
    for key in [k for k, g in groups.items() if all(c["kind"] == "factory" and c["name"] in used for c in g)]:
        if len(groups) > 1:
            del groups[key]
    parts = {c["name"] for c in candidates if c["kind"] == "class" and c.get("block")}
    if wanted:
        named = [[c for c in group if wanted in names_of(c)] for group in groups.values()]
        exact = [g for g in named if g]
        return exact
    roots = [g for key, g in groups.items() if key not in parts or any(c["kind"] != "class" for c in g)]
    built_by_holder = any(c["kind"] == "site" for g in roots for c in g)
    if built_by_holder:
        roots = [g for g in roots if g[0]["kind"] != "holder"] or roots
    if not roots:
        roots = list(groups.values())[-1:]
    return roots


def calls_of(statement):
    """Names of the functions that a statement calls."""
    return {
        n.func.id for n in ast.walk(statement) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }


def inner_calls(finder):
    """Functions that the classes of the file call: what they return is a part."""
    found = set()
    for name, _call, scopes, full in finder.calls:
        if full == name and any(s.kind == "class" and s.node.name in finder.classes for s in scopes):
            found.add(name)
    return found


def names_of(candidate):
    """Everything a person may call it."""
    return {str(candidate.get(k)) for k in ("name", "cls", "var", "attr") if candidate.get(k)}


def title(candidate, model):
    """The name of the model that a candidate built."""
    if candidate["kind"] == "factory":
        return candidate["name"]
    name = type(model).__name__
    if name in ("Sequential", "ModuleList", "Functional", "Model") and candidate.get("attr"):
        return candidate["attr"].removeprefix("self.") if hasattr(str, "removeprefix") else candidate["attr"]
    return name


def place_of(candidate):
    """The place of a candidate's statement or definition."""
    node = candidate.get("stmt") or candidate.get("node")
    if node is None:
        return None
    end = node.body[0].lineno - 1 if hasattr(node, "body") and candidate["kind"] != "site" else None
    if end is not None:
        return (node.lineno, None, node.lineno, None)
    return (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def listing(candidates, finder):
    """What --list-models shows."""
    return [
        {
            "kind": c["kind"],
            "name": c.get("name") or c.get("attr"),
            "builds": str(c["cls"]),
            "line": c["line"],
        }
        for c in candidates
    ]


def tried(group):
    """The candidates that are built until one succeeds: this file's statements, then others', and at last what it defines."""
    here = [c for c in group if c["kind"] == "site" and not c.get("file")]
    elsewhere = [c for c in group if c["kind"] == "site" and c.get("file")]
    defined = [c for c in group if c["kind"] != "site"]
    return here[:2] + elsewhere[:2] + defined[:2]
