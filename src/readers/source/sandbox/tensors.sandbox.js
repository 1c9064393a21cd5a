/* Data tensors: no values, only shapes where they follow. */
(function install(s) {
  const { isUnknown } = s;
  const shapeOfData = (value) => {
    const shape = [];
    for (let at = s.settle(value); Array.isArray(at) || ArrayBuffer.isView(at); at = s.settle(at[0])) {
      shape.push(at.length);
      if (shape.length > 8) break;
    }
    return shape;
  };
  const product = (shape) =>
    shape.reduce((a, b) => (typeof a === 'number' && typeof b === 'number' ? a * b : undefined), 1);
  const make = (shape, path = 'tensor') => {
    const known = Array.isArray(shape) ? shape : undefined;
    const self = {
      get shape() {
        return known ?? s.unknown({ path: `${path}.shape` });
      },
      get rank() {
        return this.shape.length;
      },
      get size() {
        return (known && product(known)) ?? s.unknown({ path: `${path}.size` });
      },
      dtype: 'float32',
      dispose() {},
      print() {},
      dataSync: () => s.unknown({ path: `${path}.dataSync()` }),
      arraySync: () => s.unknown({ path: `${path}.arraySync()` }),
      data: async () => s.unknown({ path: `${path}.data()` }),
      array: async () => s.unknown({ path: `${path}.array()` }),
      reshape: (to) => make(filled(to, known), path),
      expandDims: (axis = 0) =>
        make(known && known.toSpliced(axis < 0 ? known.length + 1 + axis : axis, 0, 1), path),
      squeeze: (axes) =>
        make(
          known && known.filter((size, index) => (axes === undefined ? size !== 1 : !axes.includes(index))),
          path,
        ),
      slice: (begin, size) => make(known && sliced(known, begin, size), path),
      argMax: (axis = 0) =>
        make(known && known.filter((_, index) => index !== (axis < 0 ? known.length + axis : axis)), path),
      transpose: (order) =>
        make(known && (order ? order.map((axis) => known[axis]) : known.toReversed()), path),
      concat: (other, axis = 0) => joined([self, ...(Array.isArray(other) ? other : [other])], axis),
      get: () => s.unknown({ path: `${path}.get()` }),
      set() {},
      toTensor: () => make(known, path),
    };
    for (const name of [
      'toFloat',
      'toInt',
      'cast',
      'asType',
      'clone',
      'relu',
      'neg',
      'exp',
      'square',
      'sqrt',
      'abs',
      'sigmoid',
      'tanh',
      'div',
      'sub',
      'add',
      'mul',
      'log',
    ])
      self[name] = (other) =>
        make(
          known === undefined
            ? undefined
            : other?.shape && !isUnknown(other.shape) && other.shape.length > known.length
              ? other.shape
              : known,
          path,
        );
    return new Proxy(self, {
      get: (target, key) =>
        key in target || typeof key === 'symbol' || key === 'then'
          ? target[key]
          : (...args) => (args, make(undefined, path)),
    });
  };
  const filled = (to, from) => {
    if (!Array.isArray(to) || !to.includes(-1)) return Array.isArray(to) ? to : undefined;
    const total = from && product(from);
    const rest = product(to.filter((size) => size !== -1));
    return total === undefined || rest === undefined
      ? undefined
      : to.map((size) => (size === -1 ? total / rest : size));
  };
  const sliced = (shape, begin, size) => {
    const starts = Array.isArray(begin) ? begin : [begin];
    const sizes = Array.isArray(size) ? size : [size];
    return shape.map((whole, axis) =>
      sizes[axis] === undefined || sizes[axis] === -1
        ? axis < starts.length && typeof whole === 'number' && typeof starts[axis] === 'number'
          ? whole - starts[axis]
          : whole
        : sizes[axis],
    );
  };
  const joined = (tensors, axis = 0) => {
    const shapes = (Array.isArray(tensors) ? tensors : []).map((tensor) => tensor?.shape);
    if (shapes.length === 0 || shapes.some((shape) => !Array.isArray(shape))) return make(undefined);
    const at = axis < 0 ? shapes[0].length + axis : axis;
    return make(
      shapes[0].map((size, index) =>
        index === at ? shapes.reduce((sum, shape) => sum + shape[index], 0) : size,
      ),
    );
  };
  const fromShape = (shape) =>
    make(
      isUnknown(shape)
        ? undefined
        : Array.isArray(shape)
          ? shape
          : typeof shape === 'number'
            ? [shape]
            : undefined,
    );
  const fromData = (data, shape) =>
    make(
      isUnknown(s.settle(data)) && shape === undefined
        ? undefined
        : Array.isArray(shape)
          ? shape
          : shapeOfData(data),
    );
  s.tensors = {
    tensor: fromData,
    tensor1d: fromData,
    tensor2d: fromData,
    tensor3d: fromData,
    tensor4d: fromData,
    tensor5d: fromData,
    scalar: () => make([]),
    zeros: fromShape,
    ones: fromShape,
    fill: fromShape,
    randomNormal: fromShape,
    randomUniform: fromShape,
    truncatedNormal: fromShape,
    buffer: fromShape,
    oneHot: (indices, depth) =>
      make(
        Array.isArray(indices?.shape ?? shapeOfData(indices))
          ? [...(indices?.shape ?? shapeOfData(indices)), depth]
          : undefined,
      ),
    concat: joined,
    stack: (tensors) =>
      make(
        Array.isArray(tensors) && Array.isArray(tensors[0]?.shape)
          ? [tensors.length, ...tensors[0].shape]
          : undefined,
      ),
  };
});
