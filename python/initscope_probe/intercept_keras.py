"""Keras side effects."""


def keras_patches(keras):
    import numpy as np

    rng = np.random.default_rng(0)
    ds = getattr(keras, "datasets", None)

    def put(name, fn):
        m = getattr(ds, name, None)
        if m is not None:
            m.load_data = fn

    def img(shape, n, mx):
        def f(*a, **k):
            note("data", f"{n}-class dataset replaced by noise {shape}")
            mk = lambda m: (
                rng.integers(0, mx, (m,) + shape).astype("uint8"),
                (np.arange(m) % n).astype("uint8")
                if len(shape) == 2
                else (np.arange(m) % n).astype("uint8")[:, None],
            )
            return mk(256), mk(64)

        return f

    for n, (s, c, mx) in SHAPES.items():
        put(n, img(s, c, mx))

    def text(n_cls):
        def f(*a, num_words=None, nb_words=None, maxlen=None, **k):
            nw = num_words or nb_words or 10000
            note("data", "text dataset replaced by random ids")
            mk = lambda m: (
                np.array([list(map(int, rng.integers(1, nw, 40 + i % 60))) for i in range(m)], dtype=object),
                np.arange(m) % n_cls,
            )
            return mk(256), mk(64)

        return f

    put("imdb", text(2))
    put("reuters", text(46))
    put(
        "boston_housing",
        lambda *a, **k: (
            (rng.normal(size=(256, 13)), rng.normal(size=256)),
            (rng.normal(size=(64, 13)), rng.normal(size=64)),
        ),
    )
    put(
        "california_housing",
        lambda *a, **k: (
            (rng.normal(size=(256, 8)), rng.normal(size=256)),
            (rng.normal(size=(64, 8)), rng.normal(size=64)),
        ),
    )
    for n in ("imdb", "reuters"):
        m = getattr(ds, n, None)
        if m is not None:
            m.get_word_index = lambda *a, **k: {f"w{i}": i for i in range(1, 2000)}

    class Hist:
        history = {}
        epoch = []
        params = {}

    M = keras.Model
    COMPILED = {}
    oc = M.compile

    def compile_(self, *a, **k):
        names = ("optimizer", "loss", "metrics")
        d = dict(zip(names, a))
        d.update(k)
        self.__dict__["_probe_loss"] = d.get("loss")
        note("compile", str(d.get("loss"))[:80])
        return None

    M.compile = compile_
    seqs = [M] + ([keras.Sequential] if "compile" in vars(keras.Sequential) else [])
    for C in seqs:
        C.compile = compile_
    for n in ("fit", "fit_generator", "evaluate", "evaluate_generator", "train_on_batch", "test_on_batch"):
        setattr(M, n, lambda self, *a, **k: (_ for _ in ()).throw(StopProgram("training")))
    for n in ("save", "save_weights", "summary", "load_weights", "export"):
        setattr(M, n, lambda self, *a, **k: None)

    def blocked(kind):
        def f(*a, **k):
            raise Blocked(f"{kind} is not run by the probe")

        return f

    u = keras.utils
    for n in ("get_file", "plot_model", "image_dataset_from_directory", "text_dataset_from_directory"):
        if hasattr(u, n):
            setattr(u, n, blocked(n))
    try:
        keras.models.load_model = blocked("load_model")
        keras.saving.load_model = blocked("load_model")
    except Exception:
        pass
    # ImageNet weights are not downloaded: the architecture is what is looked at
    app = getattr(keras, "applications", None)
    if app:
        for n in dir(app):
            f = getattr(app, n)
            if callable(f) and n[0].isupper():

                def w(*a, _f=f, **k):
                    if k.get("weights", "imagenet") is not None:
                        note("weights", f"{_f.__name__}: weights='imagenet' replaced by None")
                    k["weights"] = None
                    return _f(*a, **k)

                if isinstance(f, type):
                    continue
                w._probe_app = True
                w.__name__ = n
                setattr(app, n, w)
                for m in dir(app):
                    sub = getattr(app, m)
                    if isinstance(sub, types.ModuleType) and hasattr(sub, n):
                        setattr(sub, n, w)
