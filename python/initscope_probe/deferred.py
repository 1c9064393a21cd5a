"""Large tensors on the meta device while a model is built: what writes them is kept, and replayed for one of them at a time.

Every draw is made once while the model is built, into a tensor that is thrown away: so the random stream goes on as in a process that
holds the whole model, and the state of the generator before each draw is what a replay starts from."""

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

from .draws import OVERWRITES, storage_key

# Entries from which a tensor is not held.
LARGE = 1 << 14
LIKE = ("empty_like", "zeros_like", "ones_like", "full_like", "rand_like", "randn_like", "randint_like")


class Held:
    """A tensor on the meta device as the arguments of a replay name it."""

    __slots__ = ("key", "size", "stride", "offset", "dtype", "nbytes")

    def __init__(self, tensor):
        self.key, self.size, self.stride = storage_key(tensor), tuple(tensor.shape), tensor.stride()
        self.offset, self.dtype = tensor.storage_offset(), tensor.dtype
        self.nbytes = tensor.untyped_storage().nbytes()

    def whole(self, entries):
        """Whether so many entries are all there are in the storage."""
        return entries * self.dtype.itemsize >= self.nbytes


class Entry:
    """An operation that writes storages: `covers` are those of which it leaves nothing as it was."""

    __slots__ = ("func", "args", "kwargs", "outputs", "writes", "covers", "reads", "generator", "state")


_on_meta = torch._C.TensorBase.is_meta.__get__


def _name(func):
    return func._schema.name.split("::")[1]


def _generator(args, kwargs):
    given = [each for each in (*args, *kwargs.values()) if isinstance(each, torch.Generator)]
    return given[0] if given else torch.default_generator


class Deferred(TorchDispatchMode):
    """Keeps the operations on tensors of `LARGE` entries and more; `value(tensor)` gives what such a tensor would hold."""

    def __init__(self):
        super().__init__()
        self.entries, self.alive = [], {}

    def __enter__(self):
        # Some functions of nn.init do nothing for a tensor that says it is on the meta device.
        torch.Tensor.is_meta = property(lambda tensor: _on_meta(tensor) and not self.knows(tensor))
        return super().__enter__()

    def __exit__(self, *error):
        del torch.Tensor.is_meta
        return super().__exit__(*error)

    def knows(self, tensor):
        """Whether a tensor is one of those that are not held."""
        return isinstance(tensor, torch.Tensor) and _on_meta(tensor) and storage_key(tensor) in self.alive

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        tensors = [each for each in tree_flatten((args, kwargs))[0] if isinstance(each, torch.Tensor)]
        if "device" in kwargs and str(kwargs["device"]) == "meta":
            kwargs["device"] = torch.device("cpu")
        if any(self.knows(each) for each in tensors):
            return self._operate(func, args, kwargs)
        if not tensors and any(argument.name == "device" for argument in func._schema.arguments):
            return self._make(func, args, kwargs)
        return func(*args, **kwargs)

    def _make(self, func, args, kwargs):
        """A new tensor: on the meta device where it is large."""
        plain = {name: value for name, value in kwargs.items() if not isinstance(value, torch.Generator)}
        try:
            made = func(*args, **dict(plain, device="meta"))
        except (RuntimeError, NotImplementedError):
            return func(*args, **kwargs)
        if not isinstance(made, torch.Tensor) or made.numel() < LARGE:
            return func(*args, **kwargs)
        self._keep(func, args, kwargs, [made])
        return made

    def _operate(self, func, args, kwargs):
        """An operation on tensors that are not held; where it wants values (`item()`), they are replayed."""
        if any(not self.knows(each) for each in written(func, args, kwargs)):
            return func(*self._real(args), **self._real(kwargs))
        on_meta = lambda each: (
            None
            if isinstance(each, torch.Generator)
            else torch.empty_like(each, device="meta")
            if isinstance(each, torch.Tensor) and not _on_meta(each)
            else each
        )
        there = tree_map(on_meta, kwargs)
        if "device" in there:
            there["device"] = torch.device("meta")
        try:
            made = func(*tree_map(on_meta, args), **there)
        except (RuntimeError, NotImplementedError):
            if func._schema.is_mutable:
                raise
            return func(*self._real(args), **self._real(kwargs))
        fresh = [
            each
            for each in tree_flatten(made)[0]
            if isinstance(each, torch.Tensor) and storage_key(each) not in self.alive
        ]
        if fresh or func._schema.is_mutable:
            self._keep(func, args, kwargs, fresh)
        return made

    def _keep(self, func, args, kwargs, fresh):
        for tensor in fresh:
            self.alive[storage_key(tensor)] = tensor.detach()
        entry = Entry()
        hold = lambda each: (
            Held(each)
            if self.knows(each)
            else each.clone()
            if isinstance(each, torch.Tensor) and each.numel() < LARGE
            else each
        )
        entry.func, entry.outputs = func, [Held(each) for each in fresh]
        entry.args, entry.kwargs = tree_map(hold, tuple(args)), tree_map(hold, kwargs)
        entry.covers = {held.key for held in entry.outputs}
        entry.writes = set(entry.covers)
        entry.reads = {each.key for each in tree_flatten(args_of(entry))[0] if isinstance(each, Held)}
        if func._schema.is_mutable:
            self._written(entry)
        entry.generator = entry.state = None
        if torch.Tag.nondeterministic_seeded in func.tags:
            entry.generator = _generator(args, kwargs)
            entry.state = entry.generator.get_state()
            self._throw_away(entry)
        self.entries.append(entry)

    def _written(self, entry):
        """What an operation in place writes, and whether it covers it."""
        overwrites = _name(entry.func) in OVERWRITES or "out" in entry.kwargs
        for held in written(entry.func, entry.args, entry.kwargs):
            entry.writes.add(held.key)
            if overwrites and held.whole(torch.Size(held.size).numel()):
                entry.covers.add(held.key)
                others = [each for each in tree_flatten(args_of(entry))[0] if each is not held]
                if not any(isinstance(each, Held) and each.key == held.key for each in others):
                    entry.reads.discard(held.key)

    def _throw_away(self, entry):
        """Draws as the replay will, so that the generator goes on from where it would."""
        name = _name(entry.func)
        buffers = {}
        if name in LIKE or name in OVERWRITES:
            first = entry.args[0]
            self._buffer(first, buffers)
            self._fill(entry.reads - {first.key}, len(self.entries), buffers)
        else:
            self._fill(entry.reads, len(self.entries), buffers)
        self._call(entry, buffers)

    def value(self, tensor):
        """The values of a tensor that is not held, in memory of their own."""
        held, buffers = Held(tensor), {}
        with torch.no_grad():
            self._fill({held.key}, len(self.entries), buffers)
            return _view(held, self._buffer(held, buffers))

    def _real(self, values):
        return tree_map(lambda each: self.value(each) if self.knows(each) else each, values)

    def _fill(self, wanted, until, buffers):
        """Replays what the wanted storages hold before entry `until`, and nothing else."""
        wanted, chosen = set(wanted), []
        for entry in reversed(self.entries[:until]):
            if entry.writes & wanted:
                chosen.append(entry)
                wanted = (wanted - entry.covers) | entry.reads
        for entry in reversed(chosen):
            if entry.state is None:
                self._call(entry, buffers)
                continue
            before = entry.generator.get_state()
            entry.generator.set_state(entry.state)
            try:
                self._call(entry, buffers)
            finally:
                entry.generator.set_state(before)

    def _buffer(self, held, buffers):
        if held.key not in buffers:
            buffers[held.key] = torch.empty(held.nbytes, dtype=torch.uint8)
        return buffers[held.key]

    def _call(self, entry, buffers):
        find = lambda each: _view(each, self._buffer(each, buffers)) if isinstance(each, Held) else each
        made = entry.func(*tree_map(find, entry.args), **tree_map(find, entry.kwargs))
        fresh = [each for each in tree_flatten(made)[0] if isinstance(each, torch.Tensor)]
        for held, tensor in zip(entry.outputs, fresh):
            if tensor.stride() == held.stride and tensor.untyped_storage().nbytes() == held.nbytes:
                buffers[held.key] = torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage())
            else:
                _view(held, self._buffer(held, buffers)).copy_(tensor)


def written(func, args, kwargs):
    """The tensors among the arguments that an operation writes."""
    found = []
    for index, argument in enumerate(func._schema.arguments):
        if argument.alias_info is not None and argument.alias_info.is_write:
            target = args[index] if index < len(args) else kwargs.get(argument.name)
            found += [each for each in tree_flatten(target)[0] if isinstance(each, (torch.Tensor, Held))]
    return found


def args_of(entry):
    """The arguments of an entry, by position and by name."""
    return (entry.args, entry.kwargs)


def _view(held, buffer):
    return torch.as_strided(buffer.view(held.dtype), held.size, held.stride, held.offset)
