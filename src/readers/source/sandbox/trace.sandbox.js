/*
 * The program's own layers. Their `build` and `computeOutputShape` run here; their `call` runs on symbolic tensors and leaves the operations
 * it does as layers of the graph. What cannot be followed (other operations, data, random numbers, unknown values) leaves the layer
 * opaque with the shape it says.
 */
(function install(s) {
  const { recordOf, newLayer, tensorOf, tensorsIn, applyLayer } = s.recorder;
  const { clean } = s;
  const weightOf = new WeakMap();
  /* The layer whose `call` is being followed. */
  let owner;

  const give = (why) => {
    s.untraceable = true;
    throw new Error(`not followed: ${why}`);
  };
  const refOf = (value) =>
    typeof value === 'object' && value !== null ? recordOf.get(value)?.tensor : undefined;
  const weightIn = (value) => (typeof value === 'object' && value !== null ? weightOf.get(value) : undefined);
  const nameFor = (op) => {
    owner.operations = (owner.operations ?? 0) + 1;
    const own = typeof owner.config.name === 'string' ? owner.config.name : `${owner.className}_${owner.id}`;
    return `${own}_${op}${owner.operations}`;
  };
  const made = (fn, config, inputs, kwargs) => {
    const rec = newLayer(fn, config, { sites: owner.sites, of: owner.id });
    rec.calls.push({ inputs, kwargs, sites: [] });
    return traced(rec, 0, 0);
  };
  /** An operation on tensors and numbers, in the words of the readers of saved models. */
  const emit = (op, operands, named = {}) => {
    const inputs = [];
    const kwargs = { ...named };
    operands.forEach((value, index) => {
      const ref = refOf(value);
      if (ref !== undefined) inputs.push(ref);
      else if (typeof value === 'number' && Number.isFinite(value)) kwargs[`arg${index}`] = value;
      else give(`${op} of what is no tensor of the model`);
    });
    if (inputs.length === 0) give(`${op} of numbers`);
    return made('$op', { op, name: nameFor(op) }, inputs, kwargs);
  };
  const isPlain = (initializer, name) =>
    initializer === name || (typeof initializer === 'object' && initializer?.$initializer === name);

  /* A matrix product with a weight is a dense layer; a weight added to it its bias. */
  const product = (x, weight) => {
    const [width, units] = weight.shape;
    if (refOf(x) === undefined || weight.shape.length !== 2 || weight.initializer === undefined)
      give('a product with this weight');
    const config = { units, useBias: false, kernelInitializer: weight.initializer, name: nameFor('matMul') };
    const { shape } = x;
    if (shape.at(-1) !== width) give('a product of other sizes');
    return made('dense', config, [refOf(x)], {});
  };
  const plus = (x, weight) => {
    const rec = s.layers[refOf(x)?.layer];
    if (
      rec?.fn === 'dense' &&
      rec.of === owner.id &&
      rec.config.useBias === false &&
      weight.shape.length === 1
    ) {
      rec.config.useBias = true;
      rec.config.biasInitializer = weight.initializer;
      return x;
    }
    return isPlain(weight.initializer, 'zeros') ? x : give('a weight is added');
  };
  const both = (op) => (a, b) => {
    const [left, right] = [weightIn(a), weightIn(b)];
    if (left === undefined && right === undefined) return emit(op, [a, b]);
    const [x, weight] = left === undefined ? [a, right] : [b, left];
    if (op === 'add') return plus(x, weight);
    if (op === 'multiply' && isPlain(weight.initializer, 'ones')) return x;
    return give(`${op} with a weight`);
  };
  const multiplied = (a, b, transposeA, transposeB) => {
    if (transposeA || transposeB) give('a transposed product');
    return weightIn(b) === undefined ? emit('matmul', [a, b]) : product(a, weightIn(b));
  };
  const one = (op) => (x) => emit(op, [x]);
  const reduce = (op) => (x, axis, keep) => {
    if (axis === undefined || axis === null) give(`${op} over everything`);
    return emit(op, [x], { axis: clean(axis), keepdims: keep === true });
  };
  const same = (x) => x;
  const tensors = (values) => (Array.isArray(values) ? values : give('a list of tensors'));
  const OPERATIONS = {
    add: both('add'),
    sub: both('subtract'),
    mul: both('multiply'),
    div: both('divide'),
    maximum: both('maximum'),
    minimum: both('minimum'),
    pow: both('power'),
    matMul: multiplied,
    dot: multiplied,
    square: (x) => emit('multiply', [x, x]),
    neg: one('negative'),
    mean: reduce('mean'),
    sum: reduce('sum'),
    max: reduce('max'),
    min: reduce('min'),
    reshape: (x, shape) => emit('reshape', [x], { shape: clean(shape) }),
    transpose: (x, order) =>
      order ? emit('transpose', [x], { axes: clean(order) }) : give('a whole transpose'),
    concat: (values, axis = 0) => emit('concatenate', tensors(values), { axis }),
    stack: (values, axis = 0) => emit('stack', tensors(values), { axis }),
    expandDims: (x, axis = 0) => emit('expanddims', [x], { axis }),
    squeeze: (x, axes) => emit('squeeze', [x], axes === undefined ? {} : { axis: clean(axes) }),
    leakyRelu: (x, alpha = 0.2) => emit('leakyrelu', [x], { alpha }),
    softmax: (x, axis = -1) => emit('softmax', [x], { axis }),
    gather: (x, index, axis = 0) => {
      const [at, ...more] = Array.isArray(index) ? index : [];
      if (typeof at !== 'number' || more.length > 0 || axis === 0) give('a gather of more than one place');
      const whole = { start: null, stop: null, step: null };
      const spec = Array.from({ length: axis }, () => whole);
      return emit('slice', [x], { key: [...spec, { start: at, stop: at + 1, step: null }] });
    },
    cast: same,
    toFloat: same,
    clone: same,
    asType: same,
  };
  for (const name of [
    'relu',
    'relu6',
    'sigmoid',
    'tanh',
    'elu',
    'selu',
    'softplus',
    'exp',
    'sqrt',
    'rsqrt',
    'log',
    'abs',
    'sign',
    'reciprocal',
  ])
    OPERATIONS[name] = one(name);

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
        const operation = OPERATIONS[key];
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
  s.tracedFunction = (key) => (owner === undefined ? undefined : OPERATIONS[key]);
  s.weight = (entry) => {
    const token = {
      read: () => token,
      name: entry.name,
      get shape() {
        return entry.shape;
      },
      write() {},
    };
    weightOf.set(token, entry);
    return token;
  };
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
    const before = { owner, traced: s.traced, untraceable: s.untraceable };
    owner = rec;
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
      owner = before.owner;
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
