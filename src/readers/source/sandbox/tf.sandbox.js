/* The recording `tf` itself: what is not a layer, a model or an initializer is inert. */
(function install(s) {
  const { clean, Layer, inputTensor, Model, Sequential, loaded } = s;
  const { open } = s.recorder;

  const plain = (label) =>
    new Proxy(
      {},
      {
        get: (_, key) =>
          typeof key === 'symbol'
            ? undefined
            : Object.assign(
                (args) =>
                  open({ $label: label }, `${label}.${key}`, {
                    clean: () => ({ $named: label, class: key, args: clean(args ?? {}), site: s.siteNow() }),
                  }),
                { $name: key },
              ),
      },
    );
  const initializers = new Proxy(
    {},
    {
      get: (_, key) =>
        typeof key === 'symbol'
          ? undefined
          : (args) => {
              const site = s.siteNow();
              const config = clean(args ?? {});
              const number = (s.initializerCount = (s.initializerCount ?? 0) + 1);
              return open({}, `initializers.${key}`, {
                clean: () => ({ $initializer: key, config, site, number }),
              });
            },
    },
  );
  const layersApi = new Proxy(
    { Layer, Input: inputTensor, input: inputTensor },
    {
      get: (target, key) =>
        key in target || typeof key === 'symbol'
          ? target[key]
          : (config) => new Layer(config, { fn: String(key) }),
    },
  );

  const sequential = (config) => new Sequential(config);
  const model = (config) => new Model(config);
  const run = (a, b) => {
    const fn = typeof a === 'function' ? a : b;
    return typeof fn === 'function' ? fn() : s.unknown({ path: 'tf.tidy()' });
  };
  const tf = {
    layers: layersApi,
    initializers,
    sequential,
    model,
    input: inputTensor,
    Input: inputTensor,
    Sequential,
    LayersModel: Model,
    Model,
    loadLayersModel: async (from) => loaded(from),
    loadGraphModel: async (from) => loaded(from),
    loadModel: async (from) => loaded(from),
    tidy: run,
    keep: (value) => value,
    nextFrame: async () => undefined,
    ready: async () => undefined,
    dispose() {},
    setBackend: async () => true,
    util: new Proxy(
      {},
      {
        get: (_, key) => (key === 'assert' ? () => undefined : s.unknown({ path: `tf.util.${String(key)}` })),
      },
    ),
    serialization: { registerClass() {}, Serializable: class {} },
    regularizers: plain('regularizer'),
    constraints: plain('constraint'),
    losses: plain('loss'),
    metrics: plain('metric'),
    models: { modelFromJSON: async (from) => loaded(from) },
    ...s.tensors,
  };
  tf.default = undefined;
  const TF = new Proxy(tf, {
    get: (target, key) =>
      key === 'default' || key === 'tf'
        ? TF
        : s.tracedFunction(key) !== undefined
          ? s.tracedFunction(key)
          : key in target || typeof key === 'symbol'
            ? target[key]
            : s.unknown({ path: `tf.${String(key)}` }),
  });
  s.tf = TF;
});
