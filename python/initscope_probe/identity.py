"""The module that a user's file is when it is imported: its dotted name, its packages, and where its imports are looked for."""

import ast
import os
import re
import sys
import types

from .fakes import StubFinder
from .workspace import WorkspaceFinder


def module_of(path, root, tree):
    """The empty module of a file, registered under the name by which its package knows it; `sys.path` is set for its imports."""
    folder, parts = _package(path, root, tree)
    own = os.path.dirname(path)
    _look_in(own, folder if len(parts) > 1 else None, root)
    package_itself = parts[-1] == "__init__" and len(parts) > 1
    if package_itself:
        parts = parts[:-1]
    name = ".".join(part if part.isidentifier() else re.sub(r"\W", "_", part) for part in parts)
    if "." not in name and (name in sys.modules or name in getattr(sys, "stdlib_module_names", ())):
        name = "_user_" + name
    module = types.ModuleType(name)
    module.__file__ = path
    parent = name.rpartition(".")[0]
    module.__package__ = name if package_itself else parent or None
    if package_itself:
        module.__path__ = [own]
    if parent:
        _thin_packages(parent, folder)
    sys.modules[name] = module
    return module


def _package(path, root, tree):
    """The folder above the file's outermost package, and the file's name in it."""
    folder = os.path.dirname(path)
    parts = [os.path.splitext(os.path.basename(path))[0]]
    while os.path.exists(os.path.join(folder, "__init__.py")) and folder != root and folder != "/":
        parts.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    level = max([n.level for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)] or [0])
    # Relative imports without an __init__.py.
    while level and len(parts) <= level and folder != "/":
        parts.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    return folder, parts


def _look_in(own, above, root):
    """The file's own folder first, as Python does; its package's parent next; the rest of the workspace only on demand."""
    for each in (above, own):
        if each in sys.path:
            sys.path.remove(each)
    sys.path.insert(0, own)
    if above is not None:
        sys.path.insert(0 if above != own else 1, above)
    if any(isinstance(finder, WorkspaceFinder) for finder in sys.meta_path):
        return
    stubs = [i for i, finder in enumerate(sys.meta_path) if isinstance(finder, StubFinder)]
    sys.meta_path.insert(stubs[0] if stubs else len(sys.meta_path), WorkspaceFinder(own, root))


def _thin_packages(name, folder):
    """Parent packages as empty ones, so that their __init__ (often heavy) does not run."""
    current = ""
    for part in name.split("."):
        current = f"{current}.{part}" if current else part
        folder = os.path.join(folder, part)
        if current in sys.modules:
            continue
        package = types.ModuleType(current)
        package.__path__ = [folder]
        package.__package__ = current
        package.__file__ = os.path.join(folder, "__init__.py")
        package._probe_thin = True
        sys.modules[current] = package
