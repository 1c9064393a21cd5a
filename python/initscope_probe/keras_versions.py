"""Which Keras runs, on what: the backend that is installed, the paths of older versions, TensorFlow's name without TensorFlow."""

import functools
import importlib.util
import inspect
import json
import os
import sys
import tempfile

from .fakes import FakeModule
from .notes import note


def choose_backend():
    """Keras 3 on the backend that is installed, when nothing chooses one; its settings file is not written into the home folder."""
    home = os.path.expanduser("~/.keras/keras.json")
    wanted = os.environ.get("KERAS_BACKEND")
    if os.path.exists(home):
        try:
            with open(home, encoding="utf-8") as file:
                wanted = wanted or json.load(file).get("backend")
        except (OSError, ValueError, AttributeError):
            pass
    else:
        os.environ.setdefault("KERAS_HOME", os.environ.get("INITSCOPE_TEMP") or tempfile.gettempdir())
    if wanted is not None and importlib.util.find_spec(wanted) is not None:
        return
    for backend in ("tensorflow", "torch", "jax"):
        if importlib.util.find_spec(backend) is not None:
            os.environ["KERAS_BACKEND"] = backend
            if wanted is not None:
                note(f"Keras's backend {wanted} is not installed: {backend} is used")
            return


OLD_LAYERS = (
    "advanced_activations convolutional convolutional_recurrent core embeddings local merge noise normalization pooling"
    " recurrent wrappers"
).split()


def old_paths(keras):
    """Where Keras 1 and 2 kept what Keras 3 keeps elsewhere."""
    paths = {f"{keras.__name__}.layers.{name}": keras.layers for name in OLD_LAYERS}
    paths[f"{keras.__name__}.utils.np_utils"] = keras.utils
    paths[f"{keras.__name__}.engine.topology"] = paths[f"{keras.__name__}.engine"] = keras.layers
    for path, module in paths.items():
        try:
            known = path in sys.modules or importlib.util.find_spec(path) is not None
        except (ImportError, ValueError, AttributeError):
            known = False
        if not known:
            sys.modules[path] = module


def old_optimizers(keras):
    """No optimizer is run here: arguments that this Keras does not know (`lr`, `decay`) are left out, not held against what builds a model."""
    for name in dir(keras.optimizers):
        made = getattr(keras.optimizers, name)
        if isinstance(made, type) and made is not keras.optimizers.Optimizer and "__init__" in vars(made):
            made.__init__ = _without_unknown(made.__init__, name)


def _without_unknown(init, name):
    known = inspect.signature(init).parameters

    @functools.wraps(init)
    def made(self, *args, **kwargs):
        try:
            init(self, *args, **kwargs)
        except (TypeError, ValueError):
            unknown = sorted(set(kwargs) - set(known))
            if not unknown:
                raise
            init(self, *args, **{key: value for key, value in kwargs.items() if key in known})
            note(f"{name} is built without {', '.join(unknown)}, which this Keras does not know")

    return made


def stand_in_for_tensorflow(found):
    """Without TensorFlow, `tensorflow.keras` is the Keras that is there; the rest of it is inert."""
    if not found:
        return
    try:
        import tensorflow  # noqa: F401

        return
    except Exception:
        pass
    keras = found[0]
    try:
        from keras.src.utils import module_utils

        module_utils.tensorflow._available = False
    except (ImportError, AttributeError):
        pass
    fake = FakeModule("tensorflow")
    fake.keras = keras
    fake.nn = keras.activations
    fake.__version__ = "2.99.0"
    for dtype in ("float16", "float32", "float64", "int32", "int64", "bool", "uint8"):
        setattr(fake, dtype, dtype)
    sys.modules["tensorflow"] = fake
    sys.modules["tensorflow.keras"] = keras
    for name in list(sys.modules):
        if name.startswith("keras.") and not name.startswith("keras.src"):
            sys.modules["tensorflow." + name] = sys.modules[name]
