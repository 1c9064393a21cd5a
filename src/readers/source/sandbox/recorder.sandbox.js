/* What the recording `tf` keeps: plain configs, layers and their calls, symbolic tensors, and the questions open where they were made. */
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
    const made = Array.from({ length: count }, (_, output) => (s.traced ?? tensorOf)(rec, call, output));
    return count === 1 ? made[0] : made;
  };
  s.recorder = { recordOf, placed, openAsks, newLayer, open, tensorOf, tensorsIn, applyLayer, inertArray };

  s.ask = (value, site, kind) => {
    if (s.asks.length < 500)
      for (const base of s.basesOf(value)) s.asks.push({ unknown: base.id, site, kind, run: s.run });
  };
});
