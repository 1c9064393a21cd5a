"""A model over the ranks of torchrun: FSDP2's fully_shard on the meta device, then every rank its parts of what was drawn."""

import functools

import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

from .capture import Capture, ref_of, tensors_in
from .deferred import LARGE
from .draws import storage_key
from .laws import apply_law

CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


def blocks(model):
    """The modules that are gathered one at a time: members of containers and large layers, none of which shares a parameter."""
    found, chosen = [], set()
    owners = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        owners.setdefault(id(parameter), []).append(name)

    def own(name, module):
        inside = {id(p) for p in module.parameters()}
        return bool(inside) and all(n.startswith(f"{name}.") for i in inside for n in owners[i])

    def visit(name, module):
        for key, child in module.named_children():
            path = f"{name}.{key}" if name else key
            if id(child) in chosen:
                continue
            library = type(module).__module__.startswith("torch.nn") and not isinstance(module, CONTAINERS)
            many = sum(p.numel() for p in child.parameters()) >= LARGE
            leaf = not any(True for _ in child.children())
            member = isinstance(module, CONTAINERS) and not isinstance(child, CONTAINERS)
            if many and not library and (member or leaf) and own(path, child):
                chosen.add(id(child))
                found.append(child)
            elif not library:
                visit(path, child)

    visit("", model)
    return found


def to_meta(model, deferred):
    """Moves parameters, buffers and other tensors of the modules to the meta device; returns what gives their values, by module and name."""
    values, moved = {}, {}
    for module in model.modules():
        for table in (module._parameters, module._buffers, module.__dict__):
            for name, tensor in list(table.items()):
                if not isinstance(tensor, torch.Tensor):
                    continue
                if id(tensor) not in moved:
                    moved[id(tensor)] = (tensor, _meta(tensor))
                there = moved[id(tensor)][1]
                if table is module._parameters:
                    setattr(module, name, there)
                else:
                    table[name] = there
                held = deferred.knows(tensor)
                values[module, name] = functools.partial(deferred.value, tensor) if held else tensor.detach
    return values


def _meta(tensor):
    there = torch.empty_like(tensor, device="meta", requires_grad=False)
    if isinstance(tensor, nn.Parameter):
        there = nn.Parameter(there, requires_grad=tensor.requires_grad)
        there._initscope_drawn = (storage_key(tensor), getattr(tensor, "_initscope_frames", None))
    return there


def shard(model, deferred, laws, seed):
    """Spreads a model that was built under `deferred` over the ranks; `laws` by path."""
    rank, world = dist.get_rank(), dist.get_world_size()
    values = to_meta(model, deferred)
    names = {id(p): n for n, p in model.named_parameters()}
    drawn = {names[id(p)]: p._initscope_drawn for p in model.parameters()}
    scalars = {p for p in model.parameters() if p.dim() == 0}
    mesh = dist.init_device_mesh("cpu", (world,))
    groups = [*blocks(model), model]
    for module in groups:
        kind = type(module)
        fully_shard(module, mesh=mesh, reshard_after_forward=True, ignored_params=scalars)
        # The class that FSDP gives it is known to nobody who looks at the model's kinds.
        module.__class__ = kind
    model.to_empty(device="cpu")
    paths, done = {id(p): n for n, p in model.named_parameters()}, {}
    with torch.no_grad():
        for (module, name), value in values.items():
            tensor = getattr(module, name)
            if not isinstance(tensor, nn.Parameter):
                table = module._buffers if name in module._buffers else module.__dict__
                table[name] = value()
            elif id(tensor) not in done:
                done[id(tensor)] = True
                whole = value()
                if paths[id(tensor)] in laws:
                    apply_law(paths[id(tensor)], whole, laws[paths[id(tensor)]], seed)
                part = tensor.to_local() if isinstance(tensor, DTensor) else tensor
                parts = whole.chunk(world) if isinstance(tensor, DTensor) else [whole] * world
                if rank < len(parts):
                    part[: len(parts[rank])].copy_(parts[rank]) if part.dim() else part.copy_(whole)
    model._initscope_groups, model._initscope_drawn = groups, drawn
    return model


class ShardedCapture(Capture):
    """A Capture of a sharded model: its parameters are known while they are gathered, by their paths."""

    def __init__(self, *args):
        super().__init__(*args)
        self.paused, self.before = False, []

    def __enter__(self):
        entered = super().__enter__()
        for module in self.model._initscope_groups:
            hooks = module.register_forward_pre_hook
            self.handles.append(hooks(self._pause, prepend=True, with_kwargs=True))
            self.handles.append(hooks(self._resume, with_kwargs=True))
        return entered

    def _pause(self, _module, args, kwargs):
        self.before, self.paused = [ref_of(each) for each in tensors_in((args, kwargs))], True

    def _resume(self, module, args, kwargs):
        """FSDP hands on other tensors than it got, for the same values."""
        self.paused = False
        for tensor, ref in zip(tensors_in((args, kwargs)), self.before):
            if ref is not None and ref_of(tensor) is None:
                tensor._initscope = ref
        start = self.names[id(module)]
        for name, parameter in module.named_parameters():
            path = f"{start}.{name}" if start else name
            if isinstance(parameter, DTensor) or path not in self.model._initscope_drawn:
                continue
            self.parameters[id(parameter)] = path
            key, frames = self.model._initscope_drawn[path]
            parameter._initscope_storage, parameter._initscope_frames = key, frames
            parameter._initscope_home = functools.partial(self.model.get_parameter, path)

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if self.paused:
            return func(*args, **(kwargs or {}))
        return super().__torch_function__(func, types, args, kwargs)
