"""Keras's side effects answered (Keras 3 on any backend, tf-keras 2, tensorflow.keras): data is noise, training stops the program,
downloads and files are skipped; and every layer remembers the frames that built it."""

import functools
import sys
import types

from .datasets import KERAS_IMAGES
from .fakes import Blocked, StopProgram
from .keras_versions import choose_backend, old_optimizers, old_paths, stand_in_for_tensorflow
from .notes import note
from .places import user_frames


def load_keras(files):
    """Imports the Kerases that are installed and puts the interceptions in; returns them."""
    found = []
    choose_backend()
    for name in ("keras", "tf_keras"):
        try:
            module = __import__(name)
        except Exception:
            continue
        if hasattr(module, "Model") and module not in found:
            found.append(module)
    for keras in found[:1]:
        old_paths(keras)
    for keras in found:
        _remember_layers(keras, files)
        _data(keras)
        _programs(keras)
        _pretrained(keras)
        _seeding(keras)
        old_optimizers(keras)
    stand_in_for_tensorflow(found)
    return found


def _remember_layers(keras, files):
    layer = keras.layers.Layer
    original = layer.__init__
    if getattr(original, "_initscope", False):
        return

    def init(self, *args, **kwargs):
        if "_initscope_frames" not in self.__dict__:
            frames = user_frames(files, skip=self, limit=5, depth=2)
            try:
                object.__setattr__(self, "_initscope_frames", Opaque(frames))
            except AttributeError:
                pass
        return original(self, *args, **kwargs)

    init._initscope = True
    layer.__init__ = init


class Opaque:
    """Frames in a box that Keras's attribute tracking leaves alone."""

    __slots__ = ("frames",)

    def __init__(self, frames):
        self.frames = frames


def _noise(shape, classes, top):
    import numpy as np

    def load_data(*_args, **_kwargs):
        note(f"a data set is replaced by zeros of shape {shape}")
        make = lambda n: (
            np.random.randint(0, top, (n,) + shape).astype("uint8"),
            (np.arange(n) % classes).astype("uint8"),
        )
        (x, y), (a, b) = make(256), make(64)
        return ((x, y[:, None]), (a, b[:, None])) if len(shape) == 3 else ((x, y), (a, b))

    return load_data


def _texts(classes):
    import numpy as np

    def load_data(*_args, num_words=None, nb_words=None, **_kwargs):
        words = num_words or nb_words or 10000
        note("a text data set is replaced by random ids")
        make = lambda n: (
            np.array(
                [[int(w) for w in np.random.randint(1, words, 40 + i % 60)] for i in range(n)], dtype=object
            ),
            np.arange(n) % classes,
        )
        return make(256), make(64)

    return load_data


def _table(columns):
    import numpy as np

    def load_data(*_args, **_kwargs):
        make = lambda n: (np.random.normal(size=(n, columns)), np.random.normal(size=n))
        return make(256), make(64)

    return load_data


def _data(keras):
    sets = getattr(keras, "datasets", None)
    loaders = {name: _noise(*rest) for name, rest in KERAS_IMAGES.items()}
    loaders.update(
        imdb=_texts(2), reuters=_texts(46), boston_housing=_table(13), california_housing=_table(8)
    )
    for name, loader in loaders.items():
        module = getattr(sets, name, None)
        if module is None:
            continue
        module.load_data = loader
        if hasattr(module, "get_word_index"):
            module.get_word_index = lambda *_a, **_k: {f"w{i}": i for i in range(1, 2000)}


def _train(model, *args, **kwargs):
    """Training and prediction stop the program; the shape of their data is kept."""
    value = args[0] if args else kwargs.get("x")
    if value is not None:
        _remember_shape(model, value)
    raise StopProgram("training")


def _skip(what):
    def skipped(*_args, **_kwargs):
        raise Blocked(f"{what} is not run by the probe")

    return skipped


def _compile(self, *args, **kwargs):
    given = dict(zip(("optimizer", "loss", "metrics"), args))
    given.update(kwargs)
    self.__dict__["_initscope_loss"] = given.get("loss")


def _remember_shape(model, value):
    """Keeps the shape of what a model is built for or trained on."""
    shape = getattr(value, "shape", value)
    if isinstance(shape, (tuple, list)) or hasattr(shape, "as_list"):
        sizes = tuple(shape.as_list() if hasattr(shape, "as_list") else shape)
        if all(size is None or isinstance(size, int) for size in sizes):
            model.__dict__.setdefault("_initscope_shape", sizes)


def _seeding(keras):
    """The file's own seeding becomes inert (else every seed would draw the same weights); ours goes by `_initscope_set_random_seed`."""
    own = keras.utils.set_random_seed
    ours = [False]
    keras.utils.set_random_seed = lambda seed: own(seed) if ours[0] else None
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and hasattr(getattr(tensorflow, "random", None), "set_seed"):
        plain = tensorflow.random.set_seed
        tensorflow.random.set_seed = lambda seed: plain(seed) if ours[0] else None

    def seed(number):
        ours[0] = True
        try:
            own(number)
        finally:
            ours[0] = False

    keras.utils._initscope_set_random_seed = seed


def _programs(keras):
    build = keras.Model.build

    @functools.wraps(build)
    def building(self, *args, **kwargs):
        if args:
            _remember_shape(self, args[0])
        elif "input_shape" in kwargs:
            _remember_shape(self, kwargs["input_shape"])
        return build(self, *args, **kwargs)

    keras.Model.build = building
    for owner in (keras.Model, keras.Sequential):
        owner.compile = _compile
    for name in (
        "fit",
        "fit_generator",
        "evaluate",
        "evaluate_generator",
        "train_on_batch",
        "test_on_batch",
        "predict",
    ):
        setattr(keras.Model, name, _train)
    for name in ("save", "save_weights", "summary", "load_weights", "export"):
        setattr(keras.Model, name, lambda self, *_a, **_k: None)
    for name in ("get_file", "plot_model", "image_dataset_from_directory", "text_dataset_from_directory"):
        if hasattr(keras.utils, name):
            setattr(keras.utils, name, _skip(name))
    for place in (getattr(keras, "models", None), getattr(keras, "saving", None)):
        if place is not None and hasattr(place, "load_model"):
            place.load_model = _skip("load_model")


def _pretrained(keras):
    """ImageNet weights are not downloaded: the architecture is what is looked at."""
    applications = getattr(keras, "applications", None)
    for name in dir(applications) if applications is not None else ():
        function = getattr(applications, name)
        if not isinstance(function, types.FunctionType) or not name[0].isupper():
            continue

        def fresh(*args, _function=function, **kwargs):
            if kwargs.get("weights", "imagenet") is not None:
                note(f"{_function.__name__}: pretrained weights are not loaded")
            kwargs["weights"] = None
            return _function(*args, **kwargs)

        fresh._probe_app, fresh.__name__ = True, name
        setattr(applications, name, fresh)
        for other in dir(applications):
            module = getattr(applications, other)
            if isinstance(module, types.ModuleType) and hasattr(module, name):
                setattr(module, name, fresh)
