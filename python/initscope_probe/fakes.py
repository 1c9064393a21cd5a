"""Inert stand-ins for packages that are missing, unknown values, and the guard around side effects."""

import importlib.abc
import importlib.machinery
import sys
import types


class NeedValue(Exception):
    def __init__(self, name, line=0, why=""):
        where = f" (line {line})" if line else ""
        super().__init__(f"value of '{name}'{where} is not known here" + (f": {why}" if why else ""))
        self.name, self.line = name, line


class Blocked(Exception):
    """A side effect of the user's file that the probe does not allow."""


class StopProgram(BaseException):
    """The program reached training: nothing after it matters."""


def _num(op):
    def f(self, *a):
        return self._child(op)

    return f


class Fake:
    """Absorbs attribute access, calls, arithmetic; refuses to become a number."""

    def __init__(self, name, line=0, kind="package"):
        object.__setattr__(self, "_n", name)
        object.__setattr__(self, "_line", line)
        object.__setattr__(self, "_k", kind)

    def _child(self, s):
        return Fake(self._n + s, self._line, self._k)

    def __getattr__(self, a):
        if a.startswith("__") and a.endswith("__"):
            raise AttributeError(a)
        return self._child("." + a)

    def __setattr__(self, a, v):
        pass

    def __setitem__(self, a, v):
        pass

    def __delitem__(self, a):
        pass

    def __call__(self, *a, **k):
        if len(a) == 1 and not k and isinstance(a[0], (types.FunctionType, type)):
            return a[0]  # decorator
        return self._child("()")

    def __getitem__(self, i):
        return self._child(f"[{i!r}]" if isinstance(i, (int, str)) else "[…]")

    def __iter__(self):
        if self._k == "value":
            raise NeedValue(self._n, self._line, "iterated")
        return iter(())

    def __len__(self):
        raise NeedValue(self._n, self._line, "len()")

    def __bool__(self):
        return False

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return False

    def __int__(self):
        raise NeedValue(self._n, self._line)

    __index__ = __float__ = __int__

    def __hash__(self):
        return id(self)

    def __eq__(self, o):
        return self is o

    def __mro_entries__(self, bases):
        n = self._n.split(".")[-1]
        torch = sys.modules.get("torch")
        if torch is not None and n in (
            "LightningModule",
            "Module",
            "PreTrainedModel",
            "ModelMixin",
            "FairseqEncoder",
            "FairseqDecoder",
            "BaseModule",
        ):
            return (lightning() if n == "LightningModule" else torch.nn.Module,)
        return (FakeBase,)

    def __repr__(self):
        return f"<{self._k} {self._n}>"


for _o in "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow neg matmul rmatmul and or".split():
    setattr(Fake, f"__{_o}__", _num(" " + _o))
for _o in "lt le gt ge".split():
    setattr(Fake, f"__{_o}__", lambda self, o: False)

_L = []


def lightning():
    if not _L:
        import torch

        class LightningModule(torch.nn.Module):
            def __init__(self, *a, **k):
                super().__init__()
                self.hparams = Fake("hparams", 0, "value")

            def save_hyperparameters(self, *a, **k):
                pass

            log = log_dict = print = save_hyperparameters
            device = property(lambda self: next(self.parameters()).device)
            trainer = None
            current_epoch = 0
            global_step = 0

        _L.append(LightningModule)
    return _L[0]


class FakeBase:
    def __init__(self, *a, **k):
        pass

    def __init_subclass__(cls, **k):
        pass


class FakeModule(types.ModuleType):
    def __init__(self, name):
        super().__init__(name)
        self.__path__ = []
        self.__file__ = None
        self.__all__ = []

    def __getattr__(self, a):
        if a == "__version__":
            return "99.0.0"
        if a.startswith("__") and a.endswith("__"):
            raise AttributeError(a)
        return Fake(self.__name__ + "." + a)

    def __call__(self, *a, **k):
        return Fake(self.__name__ + "()")


def missing_packages():
    """Names of the packages that are not installed and that stand-ins were made of, as they are imported."""
    finders = [finder for finder in sys.meta_path if isinstance(finder, StubFinder)]
    return sorted({name.split(".")[0] for finder in finders for name in finder.stubbed})


class StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Last on sys.meta_path: whatever nobody else finds becomes an inert fake. `only` limits which top-level names."""

    def __init__(self, real_roots=()):
        self.stubbed = []
        self.real_roots = set(real_roots)

    def find_spec(self, name, path=None, target=None):
        root = name.split(".")[0]
        if root.startswith("_"):
            return None
        par = sys.modules.get(name.rpartition(".")[0])
        if (
            par is not None
            and not isinstance(par, FakeModule)
            and "site-packages" not in (getattr(par, "__file__", "") or "")
        ):
            return None
        # What an installed package asks for (a missing submodule, an optional import) must fail as usual: only the user's file is answered.
        f = sys._getframe(1)
        while f and ("importlib" in f.f_code.co_filename or f.f_code.co_filename == __file__):
            f = f.f_back
        fn = f.f_code.co_filename if f else ""
        if "site-packages" in fn or "/lib/python3" in fn:
            return None
        self.stubbed.append(name)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return FakeModule(spec.name)

    def exec_module(self, module):
        pass
