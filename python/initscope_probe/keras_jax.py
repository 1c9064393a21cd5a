"""A pass of a Keras model on JAX: run once for the values, then once as a function of zeros that are added to every tapped tensor."""

from .keras_backend import Pass, to_numpy


class JaxPass(Pass):
    """The gradient of a tapped tensor is that of the zero added to it; weights are arguments too."""

    def forward(self, model, given):
        self.model, self.given, self.zeros = model, given, None
        self.watched, self.gradients, self.by_variable = [], {}, {}
        self.output = self.output_of(self.call(model, given))

    def watch(self, tensor):
        if self.zeros is None:
            self.watched.append(tensor)
            return tensor
        return tensor + next(self.zeros)

    def backward(self, slope):
        import jax
        import jax.numpy as jnp

        variables, taps = list(self.model.trainable_variables), self.taps

        def run(zeros, values):
            """The output when these zeros are added and the weights have these values."""
            self.taps, self.calls, self.zeros = [], {}, iter(zeros)
            with self.keras.StatelessScope(state_mapping=list(zip(variables, values))):
                return self.output_of(self.call(self.model, self.given))

        zeros = [jnp.zeros(each.shape, each.dtype) for each in self.watched]
        _output, pull = jax.vjp(run, zeros, [variable.value for variable in variables])
        self.taps = taps
        by_tap, by_variable = pull(jnp.asarray(slope, self.output.dtype))
        self.gradients = {id(t): to_numpy(g) for t, g in zip(self.watched, by_tap)}
        self.by_variable = {id(v): to_numpy(g) for v, g in zip(variables, by_variable)}

    def gradient(self, tensor):
        """The gradient with respect to a tapped tensor."""
        return self.gradients.get(id(tensor))

    def variable_gradient(self, variable):
        """The gradient with respect to a weight."""
        return self.by_variable.get(id(variable))
