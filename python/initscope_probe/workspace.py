"""Modules of the workspace for imports that nothing installed answers."""

import importlib.machinery
import importlib.util
import os


class WorkspaceFinder:
    """a missing top-level name may be a module or package further up in the workspace (asked last, never before installed packages)"""

    def __init__(self, start, root):
        self.start, self.root = start, root

    def find_spec(self, name, path=None, target=None):
        if "." in name or name.startswith("_"):
            return None
        d = self.start
        while True:
            for f, pk in (
                (os.path.join(d, name + ".py"), False),
                (os.path.join(d, name, "__init__.py"), True),
            ):
                if os.path.exists(f):
                    return importlib.util.spec_from_file_location(
                        name, f, submodule_search_locations=[os.path.dirname(f)] if pk else None
                    )
            q = os.path.join(d, name)
            if os.path.isdir(q) and any(x.endswith(".py") for x in os.listdir(q)):
                s = importlib.machinery.ModuleSpec(name, None, is_package=True)
                s.submodule_search_locations = [q]
                return s
            if d == self.root or d == "/" or not d.startswith(self.root):
                return None
            d = os.path.dirname(d)
