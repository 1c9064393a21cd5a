/* The recording `tf`: layers, models and initializers keep their config and where they were made; everything else is inert. */
(function install(s) {
  const { isUnknown } = s;
  const recordOf = new WeakMap();
  const MAX_LAYERS = 20000;

  const cleanNumber = (value) => (Number.isFinite(value) ? value : { $number: String(value) });
  /** A config value as plain data; what is not plain is named. */
  const clean = (given, depth = 0) => {
    const value = s.settle(given);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') return value.slice(0, 2000);
    if (typeof value === 'number') return cleanNumber(value);
    if (value === undefined) return undefined;
    if (isUnknown(value)) return { $unknown: s.infoOf(value).id };
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'function')
      return { $function: String(value.$name ?? value.name ?? '').slice(0, 80) };
    if (typeof value === 'symbol' || depth > 6) return null;
    const record = recordOf.get(value);
    if (record !== undefined) return record.clean();
    if (Array.isArray(value)) return value.slice(0, 5000).map((entry) => clean(entry, depth + 1) ?? null);
    const found = {};
    let count = 0;
    for (const key of Object.keys(value)) {
      if ((count += 1) > 100 || key === '__proto__') break;
      const entry = clean(value[key], depth + 1);
      if (entry !== undefined) found[key] = entry;
    }
    return found;
  };
  s.clean = clean;

  const placed = () => s.siteStack.slice(-12).reverse();
  s.tag = (value, site) => {
    const record = typeof value === 'object' && value !== null ? recordOf.get(value) : undefined;
    if (
      record?.rec &&
      record.rec.sites[0] !== site &&
      record.rec.depth === s.siteStack.length &&
      !record.rec.tagged
    ) {
      record.rec.tagged = true;
      record.rec.sites.unshift(site);
    }
  };
  s.named = (value, name) => {
    const record = typeof value === 'object' && value !== null ? recordOf.get(value) : undefined;
    if (record?.rec?.isModel && record.rec.variable === undefined) record.rec.variable = String(name);
  };

  /** Questions of this run that were asked in a function that is now running: what is made here depends on their answers. */
  const openAsks = () => {
    if (s.asks.length === 0) return [];
    const fns = new Set(s.siteStack.map((site) => s.siteFns[site]));
    return s.asks.flatMap((ask, index) => (ask.run === s.run && fns.has(s.siteFns[ask.site]) ? [index] : []));
  };
  const newLayer = (fn, config, extra) => {
    if (s.layers.length >= MAX_LAYERS) throw new RangeError(`more than ${MAX_LAYERS} layers`);
    const rec = {
      id: s.layers.length,
      fn,
      config,
      sites: placed(),
      depth: s.siteStack.length,
      calls: [],
      asks: openAsks(),
      run: s.run,
      ...extra,
    };
    s.layers.push(rec);
    return rec;
  };

  const inertArray = (path) => s.unknown({ path });
  /** An object whose own members win and whose other members are unknown. */
  const open = (object, path, record) => {
    const proxy = new Proxy(object, {
      get: (target, key) =>
        key in target || typeof key === 'symbol' || key === 'then'
          ? target[key]
          : s.unknown({ path: `${path}.${String(key)}` }),
    });
    recordOf.set(proxy, record);
    return proxy;
  };

  const tensorOf = (layer, call, output) => {
    const rec = { layer: layer.id, call, output };
    const object = {
      dtype: 'float32',
      name: `${layer.fn}_${layer.id}`,
      get shape() {
        const shape = s.shapeOf(rec);
        return shape ?? s.unknown({ path: s.pathOfTensor(layer), tensor: true });
      },
      get rank() {
        return this.shape.length;
      },
      get sourceLayer() {
        return layer.object;
      },
    };
    return open(object, `${layer.fn}.output`, { tensor: rec, clean: () => ({ $tensor: rec }) });
  };
  s.pathOfTensor = (layer) =>
    layer.loaded !== undefined ? `${layer.loaded}.outputShape` : `${layer.fn}.output.shape`;
  const tensorsIn = (value) => {
    const settled = s.settle(value);
    if (isUnknown(settled)) return [{ $unknown: s.infoOf(settled).id }];
    const list = Array.isArray(settled) ? settled : [settled];
    return list.map((entry) => {
      const inner = s.settle(entry);
      if (isUnknown(inner)) return { $unknown: s.infoOf(inner).id };
      return (
        (typeof inner === 'object' && inner !== null && recordOf.get(inner)?.tensor) || {
          $value: clean(inner),
        }
      );
    });
  };

  const outputsOf = (rec) => {
    if (rec.model !== undefined) return Math.max(1, rec.model.outputs.length);
    const states = { lstm: 3, gru: 2, simpleRNN: 2, convLstm2d: 3 }[rec.fn];
    if (states !== undefined && rec.config?.returnState === true) return states;
    return 1;
  };
  const applyLayer = (rec, inputs, kwargs) => {
    const refs = tensorsIn(inputs);
    if (!refs.some((ref) => 'layer' in ref || '$unknown' in ref))
      return s.unknown({ path: `${rec.fn}.apply(…)` });
    const call = rec.calls.length;
    rec.asks.push(...openAsks());
    if (call > 5000) throw new RangeError('a layer is applied more than 5000 times');
    const given = {};
    for (const [key, value] of Object.entries(kwargs && !isUnknown(kwargs) ? kwargs : {})) {
      const tensors = tensorsIn(value);
      given[key] = tensors.every((ref) => 'layer' in ref) ? { $tensors: tensors } : clean(value);
    }
    rec.calls.push({ inputs: refs, kwargs: given, sites: placed().slice(0, 1) });
    const count = outputsOf(rec);
    const made = Array.from({ length: count }, (_, output) => tensorOf(rec, call, output));
    return count === 1 ? made[0] : made;
  };

  class Layer {
    constructor(config, hidden) {
      const name = hidden?.fn ?? new.target.className ?? new.target.name;
      const rec = newLayer(
        hidden?.fn ?? '$custom',
        clean(config ?? {}),
        hidden ? {} : { className: String(name).slice(0, 80) },
      );
      const proxy = new Proxy(this, {
        get: (target, key, receiver) => {
          if (key in target || typeof key === 'symbol' || key === 'then')
            return Reflect.get(target, key, receiver);
          if (config !== null && typeof config === 'object' && key in config) return config[key];
          return hidden ? s.unknown({ path: `${rec.fn}.${String(key)}` }) : undefined;
        },
        set: (target, key, value) => {
          if (key === 'trainable') rec.trainable = clean(value);
          target[key] = value;
          return true;
        },
      });
      rec.object = proxy;
      recordOf.set(proxy, { rec, clean: () => ({ $layer: rec.id }) });
      return proxy;
    }
    apply(inputs, kwargs) {
      const { rec } = recordOf.get(this);
      const result = applyLayer(rec, inputs, kwargs);
      if (rec.fn === '$custom') rec.custom = this;
      return result;
    }
    get name() {
      const { rec } = recordOf.get(this);
      return typeof rec.config.name === 'string' ? rec.config.name : `${rec.fn}_${rec.id}`;
    }
    get output() {
      const { rec } = recordOf.get(this);
      return rec.calls.length > 0
        ? tensorOf(rec, rec.calls.length - 1, 0)
        : s.unknown({ path: `${rec.fn}.output` });
    }
    get input() {
      const { rec } = recordOf.get(this);
      const first = rec.calls[0]?.inputs[0];
      return first && 'layer' in first
        ? tensorOf(s.layers[first.layer], first.call, first.output)
        : s.unknown({ path: `${rec.fn}.input` });
    }
    get outputShape() {
      return this.output.shape;
    }
    setWeights() {
      recordOf.get(this).rec.setWeights = true;
    }
    getWeights() {
      return inertArray('layer.getWeights()');
    }
    addWeight(name, shape, dtype, initializer) {
      const { rec } = recordOf.get(this);
      (rec.ownWeights ??= []).push({
        name: clean(name),
        shape: clean(shape),
        initializer: clean(initializer),
      });
      return s.unknown({ path: `weight ${String(name)}` });
    }
    getConfig() {
      return {};
    }
    build() {}
    invokeCallHook() {}
    computeOutputShape(shape) {
      return shape;
    }
  }

  const inputTensor = (config) => {
    const rec = newLayer('input', clean(config ?? {}), {});
    rec.calls.push({ inputs: [], kwargs: {}, sites: [] });
    rec.object = open({}, 'input', { rec, clean: () => ({ $layer: rec.id }) });
    return tensorOf(rec, 0, 0);
  };

  const models = s.models;
  const asLayer = (rec) => {
    rec.asLayer ??= newLayer('$model', {}, { model: rec, sites: rec.sites });
    return rec.asLayer;
  };
  class Model {
    constructor(config, kind) {
      const own = config ?? {};
      const rec = {
        id: models.length,
        isModel: true,
        kind: kind ?? 'functional',
        sites: placed(),
        depth: s.siteStack.length,
        items: [],
        inputs: [],
        outputs: [],
        losses: [],
        run: s.run,
        name: typeof own.name === 'string' ? own.name : undefined,
        asks: openAsks(),
        className: new.target === Model || new.target === Sequential ? undefined : String(new.target.name),
      };
      if (models.length >= 300) throw new RangeError('more than 300 models');
      models.push(rec);
      const proxy = new Proxy(this, {
        get: (target, key, receiver) =>
          key in target || typeof key === 'symbol' || key === 'then'
            ? Reflect.get(target, key, receiver)
            : s.unknown({ path: `model.${String(key)}` }),
        set: (target, key, value) => {
          if (key === 'trainable') asLayer(rec).trainable = clean(value);
          else target[key] = value;
          return true;
        },
      });
      rec.object = proxy;
      recordOf.set(proxy, { rec, clean: () => ({ $layer: asLayer(rec).id }) });
      if (rec.kind === 'functional') {
        rec.inputs = tensorsIn(own.inputs);
        rec.outputs = tensorsIn(own.outputs);
      }
      return proxy;
    }
    apply(inputs, kwargs) {
      return applyLayer(asLayer(recordOf.get(this).rec), inputs, kwargs);
    }
    get name() {
      const { rec } = recordOf.get(this);
      return rec.name ?? `model_${rec.id}`;
    }
    get inputs() {
      const { rec } = recordOf.get(this);
      return rec.inputs.map((ref) =>
        'layer' in ref
          ? tensorOf(s.layers[ref.layer], ref.call, ref.output)
          : s.unknown({ path: 'model.inputs' }),
      );
    }
    get outputs() {
      const { rec } = recordOf.get(this);
      return rec.outputs.map((ref) =>
        'layer' in ref
          ? tensorOf(s.layers[ref.layer], ref.call, ref.output)
          : s.unknown({ path: 'model.outputs' }),
      );
    }
    get input() {
      return this.inputs[0];
    }
    get output() {
      return this.outputs[0];
    }
    get outputShape() {
      return this.output.shape;
    }
    get inputShape() {
      return this.input.shape;
    }
    get layers() {
      const { rec } = recordOf.get(this);
      if (rec.kind === 'sequential')
        return rec.items.map((id) => s.layers[id].object ?? s.layers[id].model.object);
      return reach(rec).map((id) => s.layers[id].object ?? s.layers[id].model?.object);
    }
    getLayer(name, index) {
      const at = typeof name === 'number' ? name : index;
      const found = at === undefined ? this.layers.find((layer) => layer?.name === name) : this.layers[at];
      if (found === undefined) throw new Error(`there is no layer ${String(name)} in this model`);
      return found;
    }
    compile(config) {
      const { rec } = recordOf.get(this);
      rec.losses.push(clean(config?.loss) ?? null);
    }
    setWeights() {
      recordOf.get(this).rec.setWeights = true;
    }
    loadWeights() {
      recordOf.get(this).rec.setWeights = true;
    }
    getWeights() {
      return inertArray('model.getWeights()');
    }
    summary() {}
    dispose() {}
    async fit() {
      return s.unknown({ path: 'history' });
    }
    async fitDataset() {
      return s.unknown({ path: 'history' });
    }
    async save() {
      return s.unknown({ path: 'saved' });
    }
    async trainOnBatch() {
      return s.unknown({ path: 'losses' });
    }
    predict() {
      return s.unknown({ path: 'prediction' });
    }
    evaluate() {
      return s.unknown({ path: 'evaluation' });
    }
  }
  const reach = (rec) => {
    const seen = new Set();
    const order = [];
    const visit = (ref) => {
      if (!('layer' in ref) || seen.has(`${ref.layer}:${ref.call}`)) return;
      seen.add(`${ref.layer}:${ref.call}`);
      const call = s.layers[ref.layer].calls[ref.call];
      for (const input of call?.inputs ?? []) visit(input);
      if (!order.includes(ref.layer)) order.push(ref.layer);
    };
    rec.outputs.forEach(visit);
    return order;
  };

  class Sequential extends Model {
    constructor(config) {
      super(config, 'sequential');
      const layers = s.settle(config?.layers);
      if (Array.isArray(layers)) for (const layer of layers) this.add(layer);
    }
    add(given) {
      const { rec } = recordOf.get(this);
      const layer = s.settle(given);
      if (Array.isArray(layer)) {
        for (const entry of layer) this.add(entry);
        return;
      }
      const record = typeof layer === 'object' && layer !== null ? recordOf.get(layer) : undefined;
      if (record?.rec === undefined) {
        rec.broken = { site: s.siteNow(), found: isUnknown(layer) ? s.infoOf(layer).path : typeof layer };
        return;
      }
      const own = record.rec.isModel ? asLayer(record.rec) : record.rec;
      rec.asks.push(...openAsks());
      rec.items.push(own.id);
      (rec.addSites ??= []).push(s.siteNow());
      if (own.fn === 'inputLayer' || own.fn === 'input') {
        own.calls.push({ inputs: [], kwargs: {}, sites: [] });
        rec.inputs = [{ layer: own.id, call: own.calls.length - 1, output: 0 }];
        rec.outputs = rec.inputs;
        return;
      }
      if (rec.items.length === 1) {
        const { inputShape, batchInputShape } = own.config;
        if (
          inputShape === undefined &&
          batchInputShape === undefined &&
          own.model === undefined &&
          !(own.fn === 'embedding')
        )
          return;
        const start = newLayer(
          'input',
          own.model
            ? {}
            : inputShape !== undefined
              ? { shape: inputShape }
              : { batchShape: batchInputShape ?? [null, own.config.inputLength ?? null] },
          { implicit: true, of: own.id },
        );
        start.calls.push({ inputs: [], kwargs: {}, sites: [] });
        rec.inputs = [{ layer: start.id, call: 0, output: 0 }];
        own.calls.push({ inputs: rec.inputs, kwargs: {}, sites: [], chain: true });
      } else if (rec.outputs.length > 0)
        own.calls.push({ inputs: rec.outputs.slice(0, 1), kwargs: {}, sites: [], chain: true });
      else return;
      rec.outputs = [{ layer: own.id, call: own.calls.length - 1, output: 0 }];
    }
    pop() {
      const { rec } = recordOf.get(this);
      rec.items.pop();
      const last = s.layers[rec.items.at(-1)];
      rec.outputs =
        last && last.calls.length > 0 ? [{ layer: last.id, call: last.calls.length - 1, output: 0 }] : [];
    }
  }

  /** A model that is loaded from somewhere: its tensors are named, its layers are not known here. */
  const loaded = (from) => {
    const source = clean(from);
    const path = typeof source === 'string' ? source : 'a loaded model';
    s.notes.push({ kind: 'loaded', path, site: s.siteNow(), run: s.run });
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
        : key in target || typeof key === 'symbol'
          ? target[key]
          : s.unknown({ path: `tf.${String(key)}` }),
  });
  s.tf = TF;

  s.ask = (value, site, kind) => {
    if (s.asks.length < 500)
      for (const base of s.basesOf(value)) s.asks.push({ unknown: base.id, site, kind, run: s.run });
  };
});
