/* Puts the parts together and gives the host its few entries; runs before any source. */
(function main(config, host, parts) {
  const s = {
    answers: config.answers,
    elements: config.elements,
    branches: config.branches,
    siteFns: config.siteFns,
    siteTexts: config.siteTexts,
    files: config.files,
    saved: config.saved,
    layers: [],
    models: [],
    notes: [],
    errors: [],
    asks: [],

    siteStack: [],
    functions: new Map(),
    /* Functions and classes of the program that make models or layers. */
    builders: new WeakSet(),
    classes: new Map(),
    assumed: new Map(),
    offered: new Map(),
    tried: new Map(),
    run: 0,
    alone: false,
    fnName: undefined,
    start: host.start,
    mark: host.mark,
    stopSite: -1,
    stop: { stopped: true },
  };
  const stringify = JSON.stringify;
  s.siteNow = () => s.siteStack.at(-1) ?? -1;
  s.isStop = (error) =>
    error === s.stop || (typeof error === 'object' && error !== null && error.name === 'InternalError');
  /** Rethrows what ends the program, remembering the innermost place it came through. */
  s.passStop = (error, site) => {
    if (!s.isStop(error)) return;
    if (s.stopSite < 0) s.stopSite = site;
    throw error;
  };
  /** What ended the program before its end, but for its own `process.exit`: told to the host once. */
  s.noteStop = (error) => {
    if (error === s.stop || s.ended !== undefined) return;
    s.ended = { message: s.messageOf(error), stack: String(error.stack).slice(0, 40000), site: s.stopSite };
  };
  s.texts = (site) => s.siteTexts[site] ?? 'a value';
  s.messageOf = (error) => {
    try {
      const said = String(error?.message ?? error).slice(0, 300);
      return said === '[object Object]' ? 'the program threw an object' : said;
    } catch {
      return 'an error';
    }
  };
  s.fault = (site, message) => void s.errors.push({ site, message, run: s.run });
  const plainLayer = (rec) => ({
    id: rec.id,
    fn: rec.fn,
    config: rec.config,
    sites: rec.sites,
    run: rec.run,
    className: rec.className,
    model: rec.model?.id,
    trainable: rec.trainable,
    implicit: rec.implicit,
    of: rec.of,
    saved: rec.saved,
    setWeights: rec.setWeights,
    ownWeights: rec.ownWeights,
    asks: rec.asks,
    calls: rec.calls,
  });
  const plainModel = (rec) => ({
    id: rec.id,
    kind: rec.kind,
    sites: rec.sites,
    items: rec.items,
    inputs: rec.inputs,
    outputs: rec.outputs,
    losses: rec.losses,
    run: rec.run,
    name: rec.name,
    variable: rec.variable,
    asks: rec.asks,
    broken: rec.broken,
    setWeights: rec.setWeights,
    addSites: rec.addSites,
    followed: rec.followed,
    loaded: rec.loaded,
  });
  const plainUnknown = (info) => ({
    id: info.id,
    path: info.path,
    site: info.site,
    bases: info.bases?.map((base) => base.id),
    text: info.text,
    fn: info.fn,
  });
  const graph = () => ({
    layers: s.layers.map(plainLayer),
    models: s.models.map(plainModel),
    unknowns: s.unknownList.map(plainUnknown),
  });
  /** The layers and models on which a tensor depends, at their numbers; others are left out. */
  const behind = (ref) => {
    const layers = [];
    const models = [];
    const seen = new Set();
    const open = [ref];
    const take = (value) => {
      if (typeof value !== 'object' || value === null) return;
      if (typeof value.layer === 'number') open.push(value);
      else if (typeof value.$layer === 'number') open.push({ layer: value.$layer });
      else for (const key of Object.keys(value)) take(value[key]);
    };
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const rec = s.layers[next.layer];
      if (rec === undefined || seen.has(next.layer)) continue;
      seen.add(next.layer);
      layers.push(plainLayer(rec));
      take(rec.config);
      for (const call of rec.calls) take([call.inputs, call.kwargs]);
      const { model } = rec;
      if (model === undefined || models.some(({ id }) => id === model.id)) continue;
      models.push(plainModel(model));
      take([model.inputs, model.outputs, model.items.map((layer) => ({ layer }))]);
    }
    return { layers, models };
  };
  s.shapeOf = (ref) => {
    const answer = host.shape(stringify({ ...behind(ref), ref }));
    return typeof answer === 'string' ? JSON.parse(answer) : undefined;
  };
  s.api = Object.create(null);
  /** Names that rewritten code calls; it can neither replace nor remove them. */
  s.provide = (api) => {
    for (const [name, value] of Object.entries(api)) {
      s.api[name] = Object.freeze(value);
      Object.defineProperty(globalThis, name, { value, writable: false, configurable: false });
    }
  };
  for (const part of parts) part(s);

  const begin = (run, alone) => {
    s.run = run;
    s.stopSite = -1;
    s.alone = alone;
    s.assumed.clear();
    s.newRun();
  };
  const attempt = (fn) => {
    try {
      const result = fn();
      if (typeof result?.catch === 'function' && !s.isUnknown(result)) {
        result.catch((error) => {
          if (s.isStop(error)) s.noteStop(error);
          else s.errors.push({ site: -1, message: s.messageOf(error), run: s.run });
        });
      }
    } catch (error) {
      if (s.isStop(error)) s.noteStop(error);
      else s.errors.push({ site: s.siteNow(), message: s.messageOf(error), run: s.run });
    }
  };
  const argument = (spec) =>
    spec.kind === 'tf'
      ? s.tf
      : spec.kind === 'default' && s.answered(spec.name) === undefined
        ? undefined
        : s.unknown({ path: spec.name, site: spec.site, absent: spec.absent });
  return {
    load(run, index) {
      begin(run, false);
      s.entry = index;
      attempt(() => s.load(index).done);
    },
    callbacks() {
      const waiting = s.takeLater();
      for (const fn of waiting)
        attempt(() =>
          s.oftenOrNever(fn, () => fn(s.unknown({ path: 'event' }), s.unknown({ path: 'data' }))),
        );
      return waiting.length > 0 ? waiting.length : s.releaseWaiting();
    },
    /** Calls one function; a method, on an instance made with the constructor's parameters `made` where that works. */
    alone(run, number, params, tried, className, made) {
      begin(run, true);
      s.tried = new Map(JSON.parse(tried));
      const specs = JSON.parse(params);
      const instance = (owner) => {
        try {
          return new owner(...JSON.parse(made).map(argument));
        } catch (error) {
          if (s.isStop(error)) throw error;
          return Object.create(owner.prototype);
        }
      };
      const owning = s.classes.get(className);
      if (!s.functions.has(number) && owning !== undefined) attempt(() => void instance(owning));
      const target = s.functions.get(number);
      if (target === undefined) return false;
      s.fnName = specs[0]?.fn;
      const args = specs.map(argument);
      attempt(() => {
        if (target.fn !== undefined) return target.fn(...args);
        if (target.isStatic) return target.owner[target.name](...args);
        if (target.name === 'constructor') return new target.owner(...args);
        const fields = instance(target.owner);
        const self = new Proxy(fields, {
          get: (object, key) =>
            key in object || typeof key === 'symbol' || key === 'then'
              ? object[key]
              : s.unknown({ path: `this.${String(key)}` }),
        });
        return self[target.name](...args);
      });
      s.tried = new Map();
      s.fnName = undefined;
      return true;
    },
    known: () => stringify([...s.functions.keys()]),
    result: () =>
      stringify({
        ...graph(),
        ended: s.ended,
        notes: s.notes,
        errors: s.errors.slice(0, 200),
        asks: s.asks,
        offered: [...s.offered].map(([path, values]) => [path, [...values]]),
      }),
  };
});
