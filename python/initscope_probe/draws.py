"""Records where modules are built and which draw each parameter ends up with, while the user's code builds a model."""

import functools

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from .places import user_frames

OVERWRITES = {
    "normal_",
    "uniform_",
    "fill_",
    "zero_",
    "copy_",
    "random_",
    "bernoulli_",
    "exponential_",
    "log_normal_",
    "cauchy_",
    "geometric_",
}
CHANGES = {
    "mul_",
    "add_",
    "sub_",
    "div_",
    "clamp_",
    "__imul__",
    "__iadd__",
    "__setitem__",
    "masked_fill_",
    "index_fill_",
}
INITS = (
    "kaiming_uniform_ kaiming_normal_ xavier_uniform_ xavier_normal_ uniform_ normal_ trunc_normal_ constant_ zeros_ ones_"
    " eye_ dirac_ orthogonal_ sparse_"
).split()


class Undrawn(TorchFunctionMode):
    """Leaves out what only sets values: on the meta device there are none, and for some PyTorch would import its compiler first (1.5 s)."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if getattr(func, "__name__", "") in OVERWRITES and args and args[0].is_meta:
            return args[0]
        return func(*args, **(kwargs or {}))


class Event:
    """One draw into a storage: `op` with its plain arguments, by an `nn.init` function or a tensor method, at `frames`."""

    __slots__ = ("op", "args", "init", "full", "frames")

    def __init__(self, op, args, init, full, frames):
        self.op, self.args, self.init, self.full, self.frames = op, args, init, full, frames


def storage_key(tensor):
    """What tells storages apart; None for tensors that have none. A sharded parameter answers for the one it was drawn as."""
    known = getattr(tensor, "_initscope_storage", None)
    if known is not None:
        return known
    try:
        return tensor.untyped_storage()._cdata
    except (NotImplementedError, RuntimeError, AttributeError):
        return None


class Recorder:
    """Patches torch once; records while `on`. `sites` are the frames of a module's construction, by module."""

    def __init__(self, files):
        self.files = files
        self.on = False
        self.inside = 0
        self.events = {}
        self._patch_modules()
        for name in INITS:
            if hasattr(nn.init, name):
                setattr(nn.init, name, self._init(name, getattr(nn.init, name)))
        for name in sorted(OVERWRITES | CHANGES):
            if hasattr(torch.Tensor, name):
                setattr(torch.Tensor, name, self._method(name, getattr(torch.Tensor, name)))

    def __enter__(self):
        self.on = True
        self.events.clear()
        return self

    def __exit__(self, *_error):
        self.on = False

    def _patch_modules(self):
        recorder, original = self, nn.Module.__init__
        register = nn.Module.register_parameter

        def init(module, *args, **kwargs):
            if recorder.on and "_initscope_frames" not in module.__dict__:
                object.__setattr__(
                    module, "_initscope_frames", user_frames(recorder.files, skip=module, depth=2)
                )
            return original(module, *args, **kwargs)

        def register_parameter(module, name, param):
            if recorder.on and param is not None and not hasattr(param, "_initscope_frames"):
                try:
                    param._initscope_frames = user_frames(recorder.files, depth=2)
                except (AttributeError, RuntimeError):
                    pass
            return register(module, name, param)

        nn.Module.__init__, nn.Module.register_parameter = init, register_parameter

    def _keep(self, op, tensor, args, init):
        key = storage_key(tensor)
        if key is None:
            return
        full = tensor.numel() * tensor.element_size() >= tensor.untyped_storage().nbytes()
        self.events.setdefault(key, []).append(Event(op, args, init, full, user_frames(self.files, depth=3)))

    def _init(self, name, original):
        @functools.wraps(original)
        def call(tensor, *args, **kwargs):
            if not self.on or self.inside or not isinstance(tensor, torch.Tensor):
                return original(tensor, *args, **kwargs)
            self.inside += 1
            try:
                result = original(tensor, *args, **kwargs)
            finally:
                self.inside -= 1
            names = original.__code__.co_varnames[1 : original.__code__.co_argcount]
            given = _defaults(original)
            given.update(zip(names, args))
            given.update(kwargs)
            self._keep(
                name, tensor, {k: v for k, v in given.items() if isinstance(v, (int, float, str))}, True
            )
            return result

        return call

    def _method(self, name, original):
        @functools.wraps(original)
        def call(tensor, *args, **kwargs):
            result = original(tensor, *args, **kwargs)
            if self.on and not self.inside:
                plain = [a for a in args if isinstance(a, (int, float))]
                plain += [v for v in kwargs.values() if isinstance(v, (int, float))]
                self.inside += 1
                try:
                    self._keep(name, tensor, plain, False)
                finally:
                    self.inside -= 1
            return result

        return call

    def draw_of(self, parameter):
        """The event that set the values last as a whole, and whether they were changed after it; None when unknown."""
        events = self.events.get(storage_key(parameter), ())
        last = max(
            (i for i, e in enumerate(events) if e.full and (e.init or e.op in OVERWRITES)), default=None
        )
        if last is None:
            return None, bool(events)
        return events[last], len(events) > last + 1


def _defaults(function):
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    values = function.__defaults__ or ()
    return dict(zip(names[len(names) - len(values) :], values))
