/* The language's own containers and functions, where they would lose an unknown. */
(function install(s) {
  const { isUnknown, describe } = s;

  /* A callback with arguments runs an unknown number of times: what it fills has an unknown length. */
  const uncounted = new WeakSet();
  let often = 0;
  s.oftenOrNever = (fn, run) => {
    if (fn.length === 0) return run();
    often += 1;
    try {
      return run();
    } finally {
      often -= 1;
    }
  };
  const push = Array.prototype.push;
  Array.prototype.push = function (...items) {
    if (often > 0 && Array.isArray(this)) uncounted.add(this);
    return push.apply(this, items);
  };
  for (const [owner, name] of [
    [Set, 'add'],
    [Map, 'set'],
  ]) {
    const original = owner.prototype[name];
    owner.prototype[name] = function (...items) {
      if (often > 0 || isUnknown(s.settle(items[0]))) s.api.__x(s.siteNow(), 'a set of data', this);
      return original.apply(this, items);
    };
  }
  s.provide({
    __len(site, value) {
      if (typeof value === 'object' && value !== null && uncounted.has(value))
        return s.unknown({ path: s.texts(site), site });
      return value.length;
    },
    __as(site, spread, values) {
      const made = [];
      for (let index = 0; index < values.length; index += 1) {
        const value = s.settle(values[index]);
        if (!spread.includes(index)) push.call(made, value);
        else if (
          isUnknown(value) ||
          ((value instanceof Set || value instanceof Map) && Object.hasOwn(value, 'size'))
        )
          return s.unknown({ path: s.texts(site), site });
        else {
          if (uncounted.has(value)) uncounted.add(made);
          for (const item of value) push.call(made, item);
        }
      }
      return made;
    },
  });

  /* Native functions that would lose an unknown. */
  const passing = (owner, names, label) => {
    for (const name of names) {
      const original = owner[name];
      if (typeof original !== 'function') continue;
      owner[name] = function (...args) {
        const settled = args.map(s.settle);
        const found = settled.filter(isUnknown);
        if (found.length === 0) return original.apply(owner, settled);
        const info = s.infoOf(found[0]);
        if (
          /^(parseInt|parseFloat|Number|floor|round|ceil|trunc|isInteger)$/.test(name) &&
          info.bases === undefined &&
          settled.length < 3
        )
          return name === 'isInteger' ? s.derive(`Number.isInteger(${info.path})`, found) : found[0];
        return s.derive(`${label}${name}(${settled.map(describe).join(', ')})`, found);
      };
    }
  };
  passing(
    Math,
    [
      'floor',
      'ceil',
      'round',
      'trunc',
      'abs',
      'min',
      'max',
      'sqrt',
      'pow',
      'log',
      'log2',
      'log10',
      'exp',
      'sign',
    ],
    'Math.',
  );
  passing(Number, ['isInteger', 'isFinite', 'isNaN', 'parseInt', 'parseFloat'], 'Number.');
  passing(globalThis, ['parseInt', 'parseFloat', 'isNaN', 'isFinite'], '');
  passing(Object, ['keys', 'values', 'entries'], 'Object.');
  passing(Array, ['from', 'isArray'], 'Array.');
  passing(JSON, ['stringify'], 'JSON.');
  const number = Number;
  globalThis.Number = new Proxy(number, {
    apply: (_, __, args) => (isUnknown(s.settle(args[0])) ? s.settle(args[0]) : number(s.settle(args[0]))),
  });
  const array = Array;
  globalThis.Array = new Proxy(array, { apply: (_, __, args) => s.api.__na(...args) });
  let state = 123456789;
  Math.random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 4294967296;
  };
});
