"""A pass of a Keras model with gradients, on the backend it runs on: TensorFlow's tape, PyTorch's graph, or (keras_jax.py) JAX."""

import sys

import numpy as np

from .keras_graph import is_composite
from .keras_losses import gradient_of, logits_of, loss_stats
from .loss_forms import FORMS


def name_of(keras):
    """tensorflow, torch or jax."""
    return keras.backend.backend() if hasattr(keras.backend, "backend") else "tensorflow"


def seed(keras, number):
    """Seeds what Keras draws from; the setters were kept before the file's own seeding became inert."""
    keras.utils._initscope_set_random_seed(number)


def to_numpy(tensor):
    """A tensor or variable of any backend as an array."""
    tensor = getattr(tensor, "value", tensor) if not callable(getattr(tensor, "value", None)) else tensor
    if hasattr(tensor, "detach"):
        return tensor.detach().cpu().numpy()
    return np.asarray(tensor)


def traced(keras, model, given, named, make_tap):
    """Runs the model once and keeps what every leaf layer gave."""
    backend = name_of(keras)
    if backend == "tensorflow":
        return TensorFlowPass(keras, model, given, named, make_tap)
    if backend == "torch":
        return TorchPass(keras, model, given, named, make_tap)
    if backend == "jax":
        from .keras_jax import JaxPass

        return JaxPass(keras, model, given, named, make_tap)
    raise LookupError(f"models on Keras's backend {backend} are measured by Initscope's own engine only")


class Pass:
    """Common to both backends: taps by a wrapped Layer.__call__, and of what enters an activation."""

    def __init__(self, keras, model, given, named, make_tap):
        self.keras, self.taps, self.make_tap = keras, [], make_tap
        self.named, self.names = named, {id(layer): name for layer, name in named}
        self.calls, self.inside = {}, 0
        # Probabilities that the loss takes back to logits: it has no gradient by them, as in the engine.
        self.beyond_loss = None
        self.forward(model, given)

    def watch(self, tensor):
        """Makes the backend keep a gradient for it; gives the tensor to go on with."""
        return tensor

    def call(self, model, given):
        """The model's output, tapped."""
        layer_class = self.keras.layers.Layer
        original, recorder = layer_class.__call__, self

        def call(layer, *args, **kwargs):
            name = recorder.names.get(id(layer))
            if name is None or recorder.inside or is_composite(layer):
                return original(layer, *args, **kwargs)
            return recorder.tapped(original, layer, name, args, kwargs)

        layer_class.__call__ = call
        try:
            return model(given, training=True)
        finally:
            layer_class.__call__ = original

    def tapped(self, original, layer, name, args, kwargs):
        """One call of a leaf layer."""
        many = self.calls[name] = self.calls.get(name, 0) + 1
        node = name if many == 1 else f"{name}:{many - 1}"
        held, activation = [], getattr(layer, "activation", None)
        wrapped = callable(activation) and type(layer).__name__ != "Activation" and not hasattr(layer, "cell")

        def before(x, *more):
            x = self.watch(x)
            held.append(x)
            return activation(x, *more)

        if wrapped:
            before.__name__ = getattr(activation, "__name__", "activation")
            object.__setattr__(layer, "activation", before)
        self.inside += 1
        try:
            output = original(layer, *args, **kwargs)
        finally:
            self.inside -= 1
            if wrapped:
                object.__setattr__(layer, "activation", activation)
        main = output[0] if isinstance(output, (list, tuple)) else output
        if hasattr(main, "shape") and "float" in str(main.dtype):
            main = self.watch(main)
            first = args[0] if args and hasattr(args[0], "shape") else None
            tap = self.make_tap(node, layer, name, first, main)
            tap.before = (
                held[0] if len(held) == 1 and getattr(activation, "__name__", "") != "linear" else None
            )
            self.taps.append(tap)
            output = type(output)((main, *output[1:])) if type(output) in (list, tuple) else main
        return output

    def output_of(self, value):
        """The tensor that a loss is taken of."""
        while isinstance(value, (list, tuple, dict)):
            value = next(iter(value.values())) if isinstance(value, dict) else value[0]
        return value

    numpy = staticmethod(to_numpy)

    def differentiate(self, loss, seed_number, name):
        """Takes gradients of a loss against random targets; returns the LossStats of the output of that name."""
        z = to_numpy(self.output)
        if "float" not in str(z.dtype) or z.ndim < 2:
            return None
        form = FORMS.get(loss["id"], "squared")
        logits = z if loss["fromLogits"] or form not in ("softmax", "sigmoid") else logits_of(z, form)
        if form == "softmax" and z.shape[-1] == 1:
            form = "squared"
        self.backward(gradient_of(form, logits, z, loss["fromLogits"], np.random.default_rng(seed_number)))
        if form in ("softmax", "sigmoid") and not loss["fromLogits"]:
            self.beyond_loss = id(self.output)
        return {"output": name, **loss_stats(loss["id"], form, logits)}


class TensorFlowPass(Pass):
    """On TensorFlow: a persistent tape watches every tapped tensor."""

    def forward(self, model, given):
        import tensorflow as tf

        self.tape = tf.GradientTape(persistent=True)
        with self.tape:
            self.output = self.output_of(
                self.call(model, tf.convert_to_tensor(given) if not isinstance(given, list) else given)
            )
        self.variables = {id(v): v for v in model.trainable_variables}
        self.gradients, self.by_variable = {}, {}

    def backward(self, slope):
        import tensorflow as tf

        tensors = [t for tap in self.taps for t in (tap.output, tap.before) if t is not None]
        variables = [
            getattr(v, "value", v) if not callable(getattr(v, "value", None)) else v
            for v in self.variables.values()
        ]
        found = self.tape.gradient(
            self.output, tensors + variables, output_gradients=tf.convert_to_tensor(slope)
        )
        dense = [None if g is None else tf.convert_to_tensor(g).numpy() for g in found]
        self.gradients = dict(zip(map(id, tensors), dense))
        self.by_variable = dict(zip(self.variables, dense[len(tensors) :]))

    def watch(self, tensor):
        self.tape.watch(tensor)
        return tensor

    def gradient(self, tensor):
        """The gradient with respect to a tapped tensor."""
        return self.gradients.get(id(tensor))

    def variable_gradient(self, variable):
        """The gradient with respect to a weight."""
        return self.by_variable.get(id(variable))


class TorchPass(Pass):
    """On PyTorch: tapped tensors keep their gradients."""

    def forward(self, model, given):
        self.output = self.output_of(self.call(model, given))

    def watch(self, tensor):
        if getattr(tensor, "requires_grad", False):
            tensor.retain_grad()
        return tensor

    def backward(self, slope):
        torch = sys.modules["torch"]
        run = getattr(torch.Tensor, "_initscope_backward", torch.Tensor.backward)
        if self.output.requires_grad:
            run(self.output, torch.from_numpy(slope).to(self.output.device))

    def gradient(self, tensor):
        """The gradient with respect to a tapped tensor."""
        gradient = getattr(tensor, "grad", None)
        return None if gradient is None else gradient.detach().cpu().numpy()

    def variable_gradient(self, variable):
        """The gradient with respect to a weight."""
        return self.gradient(getattr(variable, "value", variable))
