/* Models: functional and sequential. */
(function install(s) {
  const { isUnknown, clean } = s;
  const { recordOf, placed, openAsks, newLayer, tensorOf, tensorsIn, applyLayer, inertArray } = s.recorder;

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
      if (rec.kind === 'sequential' || rec.loaded)
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
        if (own.fn !== '$custom') own.calls.push({ inputs: rec.inputs, kwargs: {}, sites: [], chain: true });
      } else if (rec.outputs.length > 0 && own.fn !== '$custom')
        own.calls.push({ inputs: rec.outputs.slice(0, 1), kwargs: {}, sites: [], chain: true });
      else if (rec.outputs.length === 0) return;
      if (own.fn === '$custom') {
        const [input] = rec.items.length === 1 ? rec.inputs : rec.outputs;
        const output = own.object.apply(tensorOf(s.layers[input.layer], input.call, input.output));
        const ref = recordOf.get(output)?.tensor;
        rec.outputs = ref === undefined ? [] : [ref];
        if (ref !== undefined && ref.layer !== own.id) rec.followed = true;
        return;
      }
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

  Object.assign(s, { Model, Sequential });
});
