"""Arguments nobody gave: from annotations, config classes, and conventional values by name."""

import ast
import inspect
import re
import types

from .candidates import Candidates
from .fakes import Fake, NeedValue
from .guesses import ConfigGuess, guess
from .syntax import is_main_guard, loads, slice_body


class Arguments(Candidates):
    """Fills calls of the file's classes and functions."""

    def fill(self, fn, args, kwargs, label):
        """replace unknown values by guesses, add guesses for required parameters"""
        try:
            sig = inspect.signature(fn)
            if isinstance(fn, type) and all(
                p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in sig.parameters.values()
            ):
                for c in fn.__mro__[1:]:  # wrapped classes: the constructor underneath
                    if "__init__" in vars(c) and c.__module__ != "torch.nn.modules.module":
                        sg = inspect.signature(c.__init__)
                        ps = list(sg.parameters.values())[1:]
                        if ps and not all(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in ps):
                            sig = sg.replace(parameters=ps)
                            break
        except (TypeError, ValueError):
            return args, kwargs
        ps = [p for p in sig.parameters.values()]
        if ps and isinstance(fn, type) and ps[0].name == "self":
            ps = ps[1:]
        pos = [p for p in ps if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        args = list(args)
        for i, a in enumerate(args):
            if isinstance(a, Fake):
                args[i] = self._guess(pos[i].name if i < len(pos) else a._n, a._n, label, fn)
        for k, a in list(kwargs.items()):
            if isinstance(a, Fake):
                kwargs[k] = self._guess(k, a._n, label, fn)
        given = {p.name for p in pos[: len(args)]} | set(kwargs)
        for p in ps:
            if (
                p.name not in given
                and p.default is p.empty
                and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
            ):
                kwargs[p.name] = self._guess(p.name, p.name, label, fn, p)
        return args, kwargs

    def _guess(self, pname, shown, label, fn, p=None):
        key = f"{label}({pname})"
        for name in (key, shown):
            if name in self.L.answers:
                return self.L.answers[name]
        ns = self.L.ns
        ann = p.annotation if p is not None and p.annotation is not p.empty else None
        if re.search(
            r"^(config|cfg|configs|args|opt|opts|hparams|params|model_args|conf|kwargs|option|configuration)$",
            pname,
        ):
            for v in ([ann] if isinstance(ann, type) else []) + [
                v
                for n, v in list(ns.items())
                if isinstance(v, type)
                and re.search(r"(Config|Args|Options|HParams|Hyper)", n)
                and getattr(v, "__module__", "") == self.L.mod.__name__
            ]:
                try:
                    c = v()
                    self.used[key] = f"{v.__name__}()"
                    return self._cfg_fill(c, key)
                except Exception:
                    pass
            m = getattr(fn, "get_default_config", None)
            if m:
                try:
                    c = m()
                    self.used[key] = "get_default_config()"
                    return self._cfg_fill(c, key)
                except Exception:
                    pass
            self.used[key] = "config guessed by name"
            return ConfigGuess(pname, self.used, self.L.answers)
        if re.search(r"^(block|module|cell|layer|bottleneck|basic_block)$", pname):
            c = [n for n in self.classes if re.search(r"block|bottleneck|unit|layer", n, re.I)]
            if c:
                self.used[key] = c[0]
                return self.classes[c[0]]
        if re.search(r"norm", pname) and self.nn and "layer" in pname:
            self.used[key] = "nn.BatchNorm2d"
            return self.nn.BatchNorm2d
        if re.search(r"^input_shape$", pname) and self.K and not self.nn_class(fn):
            v = (32, 32, 3)
        elif ann is bool:
            v = False
        elif ann is float:
            v = 0.1
        else:
            try:
                v = guess(pname)
            except KeyError:
                if ann is int:
                    v = 16
                elif ann is str:
                    raise NeedValue(key)
                else:
                    try:
                        v = guess(shown)
                    except KeyError:
                        raise NeedValue(key)
            s = str(ann)
            if (
                ann is not None
                and re.search(r"List\[int\]|list\[int\]|Sequence\[int\]|Tuple\[int", s)
                and isinstance(v, int)
                and not isinstance(v, bool)
            ):
                v = [v, v]
        self.used[key] = v
        return v

    def nn_class(self, fn):
        return (
            self.nn
            and isinstance(fn, type)
            and issubclass(fn, self.nn.Module)
            and not any(issubclass(fn, k.layers.Layer) for k in self.K)
        )

    def _cfg_fill(self, c, key):
        for a in list(getattr(c, "__dict__", {})):
            if a in self.L.answers:
                setattr(c, a, self.L.answers[a])
                self.used[f"{key}.{a}"] = self.L.answers[a]
            elif (getattr(c, a) is None or getattr(c, a) == -1) and re.search(
                "vocab|(?<!kernel_)size$|n_words|block_size|seq|num_classes", a
            ):
                try:
                    v = guess(a)
                    setattr(c, a, v)
                    self.used[f"{key}.{a}"] = v
                except KeyError:
                    pass
        return c

    def call(self, fn, *a, **k):
        a = list(a)
        unknown = next((x for x in [*a, *k.values()] if isinstance(x, Fake)), None)
        if (
            unknown is not None
            and isinstance(fn, type)
            and any(issubclass(fn, keras.Model) for keras in self.K)
        ):
            raise NeedValue(unknown._n, unknown._line)
        if (isinstance(fn, type) or isinstance(fn, types.FunctionType)) and any(
            isinstance(x, Fake) for x in list(a) + list(k.values())
        ):
            a, k = self.fill(fn, a, k, getattr(fn, "__name__", "?"))
        return fn(*a, **k)

    class Rewrite(ast.NodeTransformer):
        def __init__(self, F):
            self.F = F

        def visit_Call(self, n):
            self.generic_visit(n)
            if (
                isinstance(n.func, ast.Name)
                and (n.func.id in self.F.classes or n.func.id in self.F.factories)
                or isinstance(n.func, (ast.Name, ast.Attribute))
                and (n.args or n.keywords)
                and re.match(
                    r"[A-Z]|\w*(net|model|build|make|create|vit|resnet)",
                    n.func.id if isinstance(n.func, ast.Name) else n.func.attr,
                )
            ):
                return ast.copy_location(
                    ast.Call(
                        ast.copy_location(ast.Name("__probe_call__", ast.Load()), n.func),
                        [n.func] + n.args,
                        n.keywords,
                    ),
                    n,
                )
            return n

        def visit_FunctionDef(self, n):
            return n

        def visit_ClassDef(self, n):
            return n

    def bind_params(self, fn, ns, depth=0):
        a = fn.args
        ps = a.posonlyargs + a.args
        dflt = dict(zip([p.arg for p in ps[len(ps) - len(a.defaults) :]], a.defaults))
        for p, d in zip(a.kwonlyargs, a.kw_defaults):
            if d is not None:
                dflt[p.arg] = d
        if a.vararg is not None:
            ns[a.vararg.arg] = ()
        if a.kwarg is not None:
            ns[a.kwarg.arg] = {}
        sites = [c for nm, c, sc, full in self.calls if full == fn.name]
        for i, p in enumerate(ps + a.kwonlyargs):
            v = Fake(p.arg, fn.lineno, "value")
            if p.arg in dflt:
                try:
                    v = eval(compile(ast.Expression(dflt[p.arg]), self.L.path, "eval"), self.L.ns)
                except Exception:
                    pass
            elif sites:
                c = sites[0]
                e = (
                    c.args[i]
                    if i < len(c.args)
                    else next((k.value for k in c.keywords if k.arg == p.arg), None)
                )
                if e is not None and depth < 2:
                    try:
                        self.L.need(loads(e))
                        m = [s for s in self.tree.body if is_main_guard(s)]
                        if m:
                            for s in slice_body(m[0].body, loads(e)):
                                self.L.run(s)
                        v = eval(compile(ast.Expression(e), self.L.path, "eval"), self.L.ns)
                    except Exception:
                        pass
            ns[p.arg] = v
