/*
 * The program's own layers. Their `build` and `computeOutputShape` run here; their `call` runs on symbolic tensors and leaves the operations
 * it does as layers of the graph. What cannot be followed (other operations, data, random numbers, unknown values) leaves the layer
 * opaque with the shape it says.
 */
(function install(s) {
  const { recordOf, tensorOf, tensorsIn, applyLayer } = s.recorder;
  const { give, refOf, operations } = s.following;

  const traced = (rec, call, output) => {
    const ref = { layer: rec.id, call, output };
    const own = {
      dtype: 'float32',
      dispose() {},
      print() {},
      get shape() {
        return s.shapeOf(ref) ?? give('a shape that is not known');
      },
      get rank() {
        return this.shape.length;
      },
    };
    const proxy = new Proxy(own, {
      get: (target, key) => {
        if (key in target || typeof key === 'symbol' || key === 'then') return target[key];
        const operation = operations[key];
        return operation === undefined
          ? give(`.${String(key)}`)
          : key === 'concat'
            ? (more, axis) => operation([proxy, ...(Array.isArray(more) ? more : [more])], axis)
            : (...args) => operation(proxy, ...args);
      },
    });
    recordOf.set(proxy, { tensor: ref, clean: () => ({ $tensor: ref }) });
    return proxy;
  };
  /** A function of `tf` while a `call` is followed; undefined otherwise. */
  s.tracedFunction = (key) => (s.owner === undefined ? undefined : operations[key]);
  const numbers = (shape) =>
    Array.isArray(shape) && shape.every((size) => size === null || Number.isInteger(size));

  const attempt = (run) => {
    try {
      return run();
    } catch (error) {
      if (s.isStop(error)) throw error;
      return undefined;
    }
  };

  /** The output shapes a layer says it has; undefined when it says none, or nothing usable. */
  const saidShapes = (self, given, count) => {
    if (self.computeOutputShape === s.Layer.prototype.computeOutputShape) return undefined;
    const said = attempt(() => self.computeOutputShape(given));
    const list = count === 1 && numbers(said) ? [said] : said;
    return Array.isArray(list) && list.length === count && list.every(numbers) ? list : undefined;
  };
  const agrees = (said, refs) =>
    said === undefined ||
    said.every((shape, index) => {
      const found = s.shapeOf(refs[index]);
      return (
        found.length === shape.length &&
        found.every((size, axis) => axis === 0 || size === null || size === shape[axis])
      );
    });

  const follow = (self, rec, refs, given) => {
    const before = { owner: s.owner, traced: s.traced, untraceable: s.untraceable };
    s.owner = rec;
    s.traced = traced;
    s.untraceable = false;
    try {
      const result = self.call(
        refs.map((ref) => traced(s.layers[ref.layer], ref.call, ref.output)),
        { training: true },
      );
      const outputs = (Array.isArray(result) ? result : [result]).map(refOf);
      const known =
        outputs.length > 0 && outputs.every((ref) => ref !== undefined && s.shapeOf(ref) !== undefined);
      if (!known || s.untraceable) return undefined;
      return agrees(saidShapes(self, given, outputs.length), outputs) ? outputs : undefined;
    } catch (error) {
      if (s.isStop(error)) throw error;
      return undefined;
    } finally {
      s.owner = before.owner;
      s.traced = before.traced;
      s.untraceable = before.untraceable;
    }
  };
  /** Applies a layer of the program's own. */
  s.applyCustom = (self, rec, inputs, kwargs) => {
    const refs = tensorsIn(inputs);
    const shapes = refs.map((ref) => ('layer' in ref ? s.shapeOf(ref) : undefined));
    const given = Array.isArray(s.settle(inputs)) ? shapes : shapes[0];
    if (shapes.every((shape) => shape !== undefined)) {
      if (!rec.built) {
        rec.built = true;
        attempt(() => self.build(given));
      }
      if (self.call !== s.Layer.prototype.call && typeof self.call === 'function') {
        const outputs = follow(self, rec, refs, given);
        if (outputs !== undefined) {
          rec.followed = true;
          const results = outputs.map((ref) =>
            (s.traced ?? tensorOf)(s.layers[ref.layer], ref.call, ref.output),
          );
          return results.length === 1 ? results[0] : results;
        }
      }
    }
    if (s.traced !== undefined) s.untraceable = true;
    const result = applyLayer(rec, inputs, kwargs);
    const call = rec.calls.at(-1);
    const shape = shapes.every((each) => each !== undefined)
      ? attempt(() => self.computeOutputShape(given))
      : undefined;
    if (call !== undefined && numbers(shape)) call.shape = [...shape];
    return result;
  };
});
