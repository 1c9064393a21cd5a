"""Watches a forward pass by a function mode: every op becomes a node of the model's graph, whichever module or function runs it."""

import torch
from torch import nn
from torch.nn.modules import module as hooks
from torch.overrides import TorchFunctionMode

from . import attentions, recurrences
from . import operations as ops
from .describe import describe
from .graph import Layer, Node, Ref, axis_after, ref_of, tensors_in
from .intercept_torch import on_cpu
from .places import user_frames

# Operations that are several layers, or have insides worth a look.
APART = {
    "multi_head_attention_forward": attentions.multi_head,
    "scaled_dot_product_attention": attentions.scaled_dot_product,
    **{
        name: lambda capture, func, args, kwargs, name=name: recurrences.taken_apart(
            capture, func, name, args, kwargs
        )
        for name in ("lstm", "gru", "rnn_tanh", "rnn_relu")
    },
}


class Capture(TorchFunctionMode):
    """
    Builds `layers` and `nodes` while the model runs, on the CPU; `on_node` sees every new node with its output and the op's arguments, `on_part`
    what is tapped inside of one.
    """

    def __init__(self, model, files, on_node=None, on_part=None):
        super().__init__()
        self.model, self.files, self.on_node, self.on_part = model, files, on_node, on_part
        self.names = {id(m): n for n, m in model.named_modules(remove_duplicate=True)}
        self.parameters = {}
        for name, parameter in model.named_parameters(remove_duplicate=True):
            self.parameters[id(parameter)] = name
        self.stack, self.layers, self.nodes, self.handles = [], {}, [], []

    def __enter__(self):
        self.handles = [
            hooks.register_module_forward_pre_hook(self._before),
            hooks.register_module_forward_hook(self._after, always_call=True),
        ]
        return super().__enter__()

    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()
        return super().__exit__(*error)

    def _before(self, module, _args):
        self.stack.append(module)

    def _after(self, module, args, output):
        """A module whose op nobody saw (custom autograd, scripted) becomes an opaque node."""
        if self.stack:
            self.stack.pop()
        if id(module) not in self.names or output is None:
            return
        found = [t for t in tensors_in(output) if t.is_floating_point()]
        sources = [t for t in tensors_in(args) if ref_of(t) is not None]
        if found and sources and all(ref_of(t) is None for t in found):
            layer = self.layer(self.names[id(module)] or "model", "opaque", type(module).__name__, module)
            self._node(layer, [ref_of(t) for t in sources], found, -1)

    @property
    def module(self):
        """The innermost module that is running."""
        return self.stack[-1] if self.stack else self.model

    def add_input(self, name, tensor):
        """Makes a tensor an input of the graph."""
        layer = self.layer(
            f"input:{name}" if name in self.layers or name in self.names.values() else name,
            "input",
            "Input",
            None,
        )
        layer.config = {"shape": list(tensor.shape[1:]), "dtype": str(tensor.dtype).replace("torch.", "")}
        axis = 1 if tensor.dim() in (4, 5) else -1
        self._node(layer, [], [tensor], axis)

    def layer(self, id, kind, class_name, module):
        """The layer of this id, made where there is none."""
        layer = self.layers.get(id)
        if layer is None:
            layer = self.layers[id] = Layer(id, kind, class_name, module)
        return layer

    def layer_id(self, name):
        """The running module's path when it is a leaf of torch.nn, else its path with the function's name."""
        module = self.module
        path = self.names.get(id(module), "")
        own = type(module).__module__.startswith("torch.nn") and not any(True for _ in module.children())
        if own and path:
            return path, type(module).__name__
        base = f"{path}.{name}" if path else name
        if module is not self.model and not path:
            base = f"{type(module).__name__}.{name}"
        return base, name

    def function_layer(self, name, kind, module):
        """The layer of a function call: one for each place in the text, however often it runs."""
        base, class_name = self.layer_id(name)
        # A module is known by its path; while it is measured its place is known too.
        placed = class_name == name or self.on_node is None
        frames = user_frames(self.files, limit=3, depth=3) if placed else []
        id, n = base, 1
        while True:
            known = self.layers.get(id)
            same = known is not None and known.kind == kind and known.class_name == class_name
            if (
                known is None
                and id not in self.names.values()
                or class_name != name
                and (known is None or same)
            ):
                break
            if same and known.frames and frames and known.frames[0].key == frames[0].key:
                break
            n += 1
            id = f"{base}_{n}"
        layer = self.layer(id, kind, class_name, module)
        if not layer.frames:
            layer.frames = frames
        return layer

    def add_node(self, layer, refs, shapes, axis, *outputs):
        """A call of a layer that takes these Refs (None: not of the graph) and gives these tensors."""
        id = layer.id if layer.calls == 0 else f"{layer.id}:{layer.calls}"
        layer.calls += 1
        inputs = [{"node": ref.node, "output": ref.output} for ref in refs if ref is not None]
        node = Node(id, layer, inputs, shapes, axis)
        self.nodes.append(node)
        for i, tensor in enumerate(outputs):
            try:
                tensor._initscope = Ref(id, i, axis)
            except (AttributeError, RuntimeError):
                pass
        return node

    def tap(self, node, part):
        """Hands a tensor inside a node on to who watches."""
        if self.on_part is not None:
            self.on_part(node, part)

    def _node(self, layer, refs, outputs, axis):
        return self.add_node(layer, refs, [[None, *t.shape[1:]] for t in outputs], axis, *outputs)

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = on_cpu(kwargs or {})
        name = ops.plain(getattr(func, "__name__", ""))
        if name in ops.DROPOUTS:
            kwargs = dict(kwargs)
            args = self._without_dropout(name, args, kwargs)
        tensors = list(tensors_in((args, kwargs)))
        tracked = [t for t in tensors if ref_of(t) is not None]
        owned = [t for t in tensors if id(t) in self.parameters]
        sources = [(t, ref_of(t)) for t in tracked]
        shape = tuple(sources[0][0].shape) if sources else None
        if sources and name in APART:
            out = APART[name](self, func, args, kwargs)
            if out is not None:
                return out
        out = func(*args, **kwargs)
        if not sources and not owned or name in ops.UNSET:
            return out
        floats = [t for t in tensors_in(out) if t.is_floating_point()]
        if not floats or (name.startswith("__") and name.endswith("set__")):
            return self._ids(name, out, sources)
        if name in ops.SAME or name == "where" and len(sources) < 2 and not owned:
            if sources:
                self._same(name, args, out, sources[0][1], shape)
            return out
        return self._record(name, args, kwargs, out, floats, [t for t, _ in sources], owned, sources)

    def _without_dropout(self, name, args, kwargs):
        """The call with p = 0."""
        if "p" in kwargs:
            kwargs["p"] = 0.0
            return args
        if len(args) > 1 and isinstance(args[1], (int, float)):
            return (args[0], 0.0, *args[2:])
        kwargs["p"] = 0.0
        return args

    def _ids(self, name, out, sources):
        """Integer tensors made from inputs stay known as ids of that input."""
        if sources and name in ops.SAME | {"long", "int", "clamp", "add", "__add__"}:
            for tensor in tensors_in(out):
                if ref_of(tensor) is None and tensor is not sources[0][0]:
                    tensor._initscope = Ref(sources[0][1].node, sources[0][1].output, -1)
        return out

    def _same(self, name, args, out, ref, before):
        for tensor in tensors_in(out):
            axis = axis_after(name, args, ref.axis, before, tensor)
            if isinstance(tensor, nn.Parameter):
                continue
            tensor._initscope = Ref(ref.node, ref.output, axis)

    def _record(self, name, args, kwargs, out, floats, sources, owned, known):
        found = describe(self, name, args, kwargs, sources, owned)
        if found is None:
            for tensor in floats:
                if known and ref_of(tensor) is None:
                    tensor._initscope = Ref(known[0][1].node, known[0][1].output, known[0][1].axis)
            return out
        layer, axis, main = found
        floats = floats[:1] if main else floats
        if axis is None:
            axis = known[0][1].axis if known else -1
        whole = out
        if isinstance(out, torch.Tensor) and out.requires_grad and out._is_view() and out.grad_fn is not None:
            whole = out.clone()
            floats = [whole]
        node = self._node(layer, [ref for _tensor, ref in known], floats, axis)
        if self.on_node is not None:
            self.on_node(node, floats[0], [t for t in sources], owned)
        return whole
