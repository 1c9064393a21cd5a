"""What Keras 3 or tf-keras exports, as JSON: classes of layers and initializers, functions of activations, names of losses."""

import inspect
import json
import sys

if sys.argv[1] == "keras3":
    import keras
else:
    import tf_keras as keras

classes = lambda module, base: sorted(n for n, v in vars(module).items() if inspect.isclass(v) and issubclass(v, base))
functions = lambda module: sorted(n for n, v in vars(module).items() if inspect.isfunction(v) and n not in ("get", "serialize", "deserialize"))

print(
    json.dumps(
        {
            "layers": classes(keras.layers, keras.layers.Layer),
            "initializers": classes(keras.initializers, keras.initializers.Initializer),
            "activations": functions(keras.activations),
            "losses": classes(keras.losses, keras.losses.Loss) + functions(keras.losses),
        }
    )
)
