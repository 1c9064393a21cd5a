/* Values that the file does not tell. They pass through calls, properties and (rewritten) operators, and remember where they come from. */
(function install(s) {
  const infos = new WeakMap();
  const list = [];
  const isUnknown = (value) => typeof value === 'function' && infos.has(value);
  const MARK = /\u27e8\?(\d+)\u27e9/;
  const parseAnswer = (value) => {
    if (typeof value !== 'string') return value;
    const text = value.trim();
    if (/^\[?\s*-?[\d.]+(\s*,\s*-?[\d.]+)*\s*,?\s*\]?$/.test(text) && /[,[]/.test(text)) {
      return text
        .replace(/[[\]\s]/g, '')
        .split(',')
        .filter(Boolean)
        .map(Number);
    }
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : value;
  };

  /** The answer a person gave for this path, by the whole path, by its end after a dot, or by its last name. */
  const answerFor = (path) => {
    for (const name of Object.keys(s.answers)) {
      const bare = name.replace(/\(\)$/, '');
      const own = path.replace(/\(\)$/, '');
      if (
        own === bare ||
        own.endsWith(`.${bare}`) ||
        own === `#${bare}.value` ||
        `${s.fnName ?? ''}.${own}` === bare
      ) {
        return { value: parseAnswer(s.answers[name]) };
      }
    }
    return undefined;
  };

  const make = (info) => {
    if (s.traced !== undefined) s.untraceable = true;
    const own = { id: list.length, bases: undefined, site: s.siteNow(), ...info };
    own.path = String(own.path).slice(0, 120);
    list.push(own);
    const children = new Map();
    const child = (key, suffix) => {
      if (!children.has(key)) children.set(key, s.unknown({ path: own.path + suffix, parent: own }));
      return children.get(key);
    };
    const target = function () {};
    const proxy = new Proxy(target, {
      get(_, key) {
        const known = s.assumed.get(own.path);
        if (known !== undefined) {
          const value = known[key];
          return typeof value === 'function' ? value.bind(known) : value;
        }
        if (key === Symbol.toPrimitive) return (hint) => (hint === 'number' ? NaN : `\u27e8?${own.id}\u27e9`);
        if (key === Symbol.iterator) {
          return function* () {
            for (let index = 0; index < 32; index += 1) yield child(index, `[${index}]`);
          };
        }
        if (typeof key === 'symbol' || key === 'then' || key === 'prototype')
          return key === 'prototype' ? {} : undefined;
        if (key === 'toString' || key === 'toJSON') return () => `\u27e8?${own.id}\u27e9`;
        if (children.has(`=${key}`)) return children.get(`=${key}`);
        if (own.absent?.includes(key) && answerFor(`${own.path}.${key}`) === undefined) return undefined;
        return child(key, MARK.test(key) ? '[…]' : /^\d+$/.test(key) ? `[${key}]` : `.${key}`);
      },
      set(_, key, value) {
        children.set(`=${String(key)}`, value);
        if (typeof value === 'function' && /^on[a-z]/.test(String(key))) s.later(value);
        return true;
      },
      has: () => true,
      apply(_, self, args) {
        const each = args.find((arg) => typeof arg === 'function' && !isUnknown(arg));
        const method = /\.(forEach|map|reduce|filter|flatMap)$/.exec(own.path);
        if (each !== undefined && method) {
          const before = s.layers.length;
          const item = s.unknown({ path: `${own.parent?.path ?? own.path}[0]`, parent: own.parent });
          const result = s.oftenOrNever(each, () =>
            method[1] === 'reduce' ? each(args[1] ?? item, item, 0) : each(item, 0, self),
          );
          if (s.layers.length > before && own.parent) s.ask(own.parent, s.siteNow(), 'loop');
          if (method[1] === 'reduce') return result;
        } else for (const arg of args) if (typeof arg === 'function' && !isUnknown(arg)) s.later(arg);
        const short = args.every(
          (arg) => typeof arg === 'number' || (typeof arg === 'string' && arg.length < 24),
        );
        return s.unknown({
          path: `${own.path}(${short ? args.map((arg) => JSON.stringify(arg)).join(', ') : ''})`,
          parent: own,
        });
      },
      construct: () => s.unknown({ path: `new ${own.path}()`, parent: own }),
    });
    infos.set(proxy, own);
    own.proxy = proxy;
    return proxy;
  };

  s.isUnknown = isUnknown;
  s.infoOf = (value) => infos.get(value);
  s.unknownList = list;
  /** A value nobody knows, or the answer given for it. */
  s.unknown = (info) => {
    const answer = info.derived ? undefined : answerFor(info.path);
    return answer === undefined ? make(info) : answer.value;
  };
  s.answered = answerFor;
  /** What an unknown is taken for in this run; other values stay as they are. */
  s.settle = (value) => {
    if (isUnknown(value)) {
      const known = s.assumed.get(infos.get(value).path);
      return known === undefined ? value : known;
    }
    if (typeof value === 'string') {
      const mark = MARK.exec(value);
      if (mark) return list[Number(mark[1])]?.proxy ?? value;
    }
    return value;
  };
  const basesOf = (value) => {
    const info = infos.get(value);
    return info === undefined ? [] : (info.bases ?? [info]);
  };
  s.basesOf = basesOf;
  /** An unknown made of others by an operator. */
  s.derive = (path, values, extra) => {
    const bases = [...new Set(values.flatMap(basesOf))];
    return make({ path, derived: true, bases, ...extra });
  };
});
