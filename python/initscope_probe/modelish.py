"""Which expressions of a file are models, told from its text and the names that its definitions bound."""

import ast
import re
import types

from .fakes import Fake

# Methods that give the model they are called on.
SELF = set("to cuda double half float cpu eval train apply requires_grad_ share_memory".split())
# Classes of torch.nn that are whole models.
LARGE = ("Sequential", "Transformer")
# Modules whose functions build models, where they are a library's.
MODELS = re.compile(r"(^|\.)(models?|applications|nets?|networks)(\.|$)")


class Modelish:
    """Needs `L` (the loaded file), `classes`, `factories`, `nn` and `K` (the Kerases that are there)."""

    def modelish(self, e, local=()):
        """is this expression (statically) a model?"""
        while isinstance(e, ast.Call) and isinstance(e.func, ast.Attribute) and e.func.attr in SELF:
            e = e.func.value
        if isinstance(e, ast.Call):
            f = e.func
            n = f.id if isinstance(f, ast.Name) else f.attr if isinstance(f, ast.Attribute) else ""
            if n in ("DataParallel", "DistributedDataParallel", "DDP", "compile") and e.args:
                return self.modelish(e.args[0], local)
            if isinstance(f, ast.Name):
                if n in self.classes:
                    return n
                if n in self.factories:
                    return self.factories[n]
            full = ast.unparse(f)
            if self.nn and full in ("nn.Sequential", "torch.nn.Sequential"):
                return "nn.Sequential"
            v = self.L.ns.get(n) if isinstance(f, ast.Name) else self._attr(f)
            if isinstance(v, type):
                if any(issubclass(v, k.Model) for k in self.K):
                    return "keras." + n
                if self._is_model_class(v):
                    return n
            elif (
                isinstance(v, types.FunctionType)
                and MODELS.search(v.__module__)
                and not n.startswith("_")
                and (not v.__code__.co_filename.startswith(self.L.root) or self._makes_model(v))
            ):
                return n + "()"
            elif isinstance(v, types.FunctionType) and v.__module__ == "timm.models._factory":
                return n + "()"
            elif getattr(v, "_probe_app", False):
                return n + "()"
        if isinstance(e, ast.Name) and e.id in local:
            return local[e.id]
        return None

    def _makes_model(self, function, depth=3):
        """Whether a function of another file of the project calls a class of models, itself or by a function that it calls."""
        names, known = function.__code__.co_names, function.__globals__
        if function.__module__ == self.L.mod.__name__:
            return False
        if "site-packages" in function.__code__.co_filename or any(name in LARGE for name in names):
            return True
        modules = [known[name] for name in names if isinstance(known.get(name), types.ModuleType)]
        called = [known.get(name) for name in names]
        called += [getattr(module, name, None) for module in modules for name in names]
        functions = [each for each in called if isinstance(each, types.FunctionType) and each is not function]
        return any(isinstance(each, type) and self._is_model_class(each) for each in called) or (
            depth > 0 and any(self._makes_model(each, depth - 1) for each in functions)
        )

    def _is_model_class(self, made):
        if any(issubclass(made, k.Model) for k in self.K):
            return True
        layer = any(issubclass(made, k.layers.Layer) for k in self.K)
        own = self.nn and issubclass(made, self.nn.Module) and made is not self.nn.Module
        return (
            bool(own)
            and not layer
            and (not made.__module__.startswith("torch.nn.modules") or made.__name__ in LARGE)
        )

    def _attr(self, f):
        try:
            parts = []
            while isinstance(f, ast.Attribute):
                parts.insert(0, f.attr)
                f = f.value
            if not isinstance(f, ast.Name):
                return None
            v = self.L.ns.get(f.id)
            for p in parts:
                v = getattr(v, p, None)
            return None if isinstance(v, Fake) else v
        except Exception:
            return None

    def _returns_model(self, d):
        local = {}
        for s in ast.walk(d):
            if isinstance(s, ast.Assign) and len(s.targets) == 1 and isinstance(s.targets[0], ast.Name):
                m = self.modelish(s.value, local)
                if m:
                    local[s.targets[0].id] = m
        for s in ast.walk(d):
            if isinstance(s, ast.Return) and s.value is not None:
                vs = s.value.elts if isinstance(s.value, ast.Tuple) else [s.value]
                for v in vs:
                    m = self.modelish(v, local)
                    if m:
                        return m
        return None
