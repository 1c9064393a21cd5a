/* The operations of `tf` while the `call` of a program's own layer is followed: each becomes a layer of the graph, or is given up. */
(function install(s) {
  const { recordOf, newLayer } = s.recorder;
  const { clean } = s;
  const weightOf = new WeakMap();
  /* The layer whose `call` is being followed. */
  s.owner = undefined;

  const give = (why) => {
    s.untraceable = true;
    throw new Error(`not followed: ${why}`);
  };
  const refOf = (value) =>
    typeof value === 'object' && value !== null ? recordOf.get(value)?.tensor : undefined;
  const weightIn = (value) => (typeof value === 'object' && value !== null ? weightOf.get(value) : undefined);
  const nameFor = (op) => {
    s.owner.operations = (s.owner.operations ?? 0) + 1;
    const own =
      typeof s.owner.config.name === 'string' ? s.owner.config.name : `${s.owner.className}_${s.owner.id}`;
    return `${own}_${op}${s.owner.operations}`;
  };
  const made = (fn, config, inputs, kwargs) => {
    const rec = newLayer(fn, config, { sites: s.owner.sites, of: s.owner.id });
    rec.calls.push({ inputs, kwargs, sites: [] });
    return s.traced(rec, 0, 0);
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
      rec.of === s.owner.id &&
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
  s.following = { give, refOf, operations: OPERATIONS };
});
