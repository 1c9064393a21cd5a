/* Layers: those of `tf.layers`, and the program's own classes. */
(function install(s) {
  const { clean } = s;
  const { recordOf, newLayer, open, tensorOf, applyLayer, inertArray } = s.recorder;

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
      return rec.fn === '$custom'
        ? s.applyCustom(this, rec, inputs, kwargs)
        : applyLayer(rec, inputs, kwargs);
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
      const entry = { name: clean(name), shape: clean(shape), initializer: clean(initializer) };
      (rec.ownWeights ??= []).push(entry);
      return s.weight(entry);
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

  s.Layer = Layer;
  s.inputTensor = inputTensor;
});
