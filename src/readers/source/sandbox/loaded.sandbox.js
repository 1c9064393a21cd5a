/* Models that are loaded: from a file of the project, whose layers the host handed in, or from elsewhere. */
(function install(s) {
  const { clean, Layer, Model } = s;
  const { recordOf, newLayer, open, tensorOf } = s.recorder;

  /** A model file of the project as the model that TensorFlow.js would make of it. */
  const fromProject = (number, topology) => {
    const model = new Model({ name: topology.name });
    const { rec } = recordOf.get(model);
    rec.loaded = true;
    const ids = topology.layers.map((layer, index) => {
      const made = recordOf.get(
        new Layer({ name: layer.name }, { fn: layer.input ? 'inputLayer' : '$saved' }),
      );
      Object.assign(made.rec, { className: layer.className, saved: { model: number, layer: index } });
      return made.rec.id;
    });
    const refOf = ([layer, call, output]) => ({ layer: ids[layer], call, output });
    topology.layers.forEach((layer, index) => {
      s.layers[ids[index]].calls = layer.calls.map(({ inputs, kwargs }) => ({
        inputs: inputs.map(refOf),
        kwargs: Object.fromEntries(
          kwargs.map(([key, refs, value]) => [key, refs === null ? value : { $tensors: refs.map(refOf) }]),
        ),
        sites: [],
      }));
    });
    rec.items = ids.filter((_, index) => !topology.layers[index].implicit);
    rec.inputs = topology.inputs.map(refOf);
    rec.outputs = topology.outputs.map(refOf);
    return model;
  };

  /** A model from elsewhere: its tensors are named, its layers are not known here. */
  const elsewhere = (path) => {
    const rec = newLayer('$loaded', { path }, { loaded: 'loadedModel' });
    const made = {};
    const pseudo = () => {
      rec.calls.push({ inputs: [], kwargs: {}, sites: [] });
      return tensorOf(rec, rec.calls.length - 1, 0);
    };
    const layer = new Proxy(
      {},
      {
        get: (_, key) =>
          key === 'output' || key === 'input'
            ? pseudo()
            : s.unknown({ path: `loadedModel.layer.${String(key)}` }),
        set: () => true,
      },
    );
    Object.assign(made, {
      inputs: [pseudo()],
      outputs: [pseudo()],
      getLayer: () => layer,
      layers: s.unknown({ path: 'loadedModel.layers' }),
      compile() {},
      summary() {},
      apply: pseudo,
    });
    Object.defineProperty(made, 'output', { get: () => made.outputs[0] });
    Object.defineProperty(made, 'input', { get: () => made.inputs[0] });
    return open(made, 'loadedModel', { rec, clean: () => ({ $layer: rec.id }) });
  };

  /** `from` is a path, a URL, or a handler that `tf.io` made of one. */
  const loaded = (from) => {
    const source = clean(from);
    const path = typeof source === 'string' ? source : '';
    s.notes.push({ kind: 'loaded', path, site: s.siteNow(), run: s.run });
    const number = s.saved.names.findIndex(([name]) => name === path.replace(/^file:\/\//, ''));
    const own = number < 0 ? undefined : s.saved.names[number][1];
    return own === undefined ? elsewhere(path) : fromProject(own, s.saved.models[own]);
  };

  s.loaded = loaded;
});
