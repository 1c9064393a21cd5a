/* What rewritten operators, conditions, loops and calls do. */
(function install(s) {
  const MAX_PLAIN_ROUNDS = 1500;
  const MAX_ALL_ROUNDS = 80000;
  let allRounds = 0;
  const MAX_BUILDING_ROUNDS = 3000;
  /* Beyond this many unknowns the program computes with data that is not there: its plain loops are cut short. */
  const MANY_UNKNOWNS = 1500;
  const { isUnknown } = s;
  const skipped = new Set();
  const rounds = new Map();
  s.newRun = () => {
    rounds.clear();
    allRounds = 0;
    skipped.clear();
    s.siteStack.length = 0;
  };

  const describe = (value) =>
    isUnknown(value)
      ? s.infoOf(value).path
      : typeof value === 'string'
        ? JSON.stringify(value)
        : String(value).slice(0, 40);
  const native = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
    '**': (a, b) => a ** b,
    '==': (a, b) => a == b,
    '!=': (a, b) => a != b,
    '===': (a, b) => a === b,
    '!==': (a, b) => a !== b,
    '<': (a, b) => a < b,
    '>': (a, b) => a > b,
    '<=': (a, b) => a <= b,
    '>=': (a, b) => a >= b,
    '&': (a, b) => a & b,
    '|': (a, b) => a | b,
    '^': (a, b) => a ^ b,
    '<<': (a, b) => a << b,
    '>>': (a, b) => a >> b,
    '>>>': (a, b) => a >>> b,
    in: (a, b) => a in b,
    instanceof: (a, b) => a instanceof b,
  };

  const binary = (op, left, right) => {
    const a = s.settle(left);
    const b = s.settle(right);
    if (!isUnknown(a) && !isUnknown(b)) {
      if (typeof a === 'bigint') s.mark(s.siteNow());
      return native[op](a, b);
    }
    if (op === 'instanceof') return false;
    const equality = /^([=!])==?$/.exec(op);
    if (equality) {
      const [unknown, other] = isUnknown(a) ? [a, b] : [b, a];
      const negated = equality[1] === '!';
      if (other === null || other === undefined) return negated;
      const info = s.infoOf(unknown);
      if (
        !isUnknown(other) &&
        info.bases === undefined &&
        typeof other !== 'object' &&
        typeof other !== 'function'
      ) {
        return s.derive(`${info.path} ${op} ${describe(other)}`, [unknown], {
          equal: { info, value: other, negated },
        });
      }
    }
    return s.derive(`${describe(a)} ${op} ${describe(b)}`, [a, b]);
  };

  /** Decides an unknown condition of a branch that builds: the first literal it is compared with, stated; else it is asked. */
  const decide = (value, site) => {
    const settled = s.settle(value);
    if (!isUnknown(settled)) return Boolean(settled);
    const info = s.infoOf(settled);
    if (info.not) return !decide(info.not, site);
    if (info.both) return decide(info.both[0], site) && decide(info.both[1], site);
    if (info.either) return decide(info.either[0], site) || decide(info.either[1], site);
    if (info.equal) {
      const { info: base, value: literal, negated } = info.equal;
      if (s.assumed.has(base.path)) return (s.assumed.get(base.path) === literal) !== negated;
      const offered = s.offered.get(base.path) ?? new Set();
      offered.add(literal);
      s.offered.set(base.path, offered);
      if (s.tried.get(base.path)?.includes(literal)) return negated;
      s.assumed.set(base.path, literal);
      s.notes.push({ kind: 'assumed', path: base.path, value: literal, site, run: s.run });
      return !negated;
    }
    s.ask(settled, site, 'branch');
    return true;
  };

  const test = (site, value) => {
    const facts = s.branches[site] ?? { builds: 0, guard: false };
    const settled = s.settle(value);
    if (isUnknown(settled) && s.traced !== undefined) s.untraceable = true;
    if (facts.guard) {
      if (isUnknown(settled) || settled) {
        if (isUnknown(settled)) skipped.add(site);
        return isUnknown(settled) ? false : s.alone ? false : Boolean(settled);
      }
      return false;
    }
    if (!isUnknown(settled)) return Boolean(settled);
    if (facts.builds === 0) {
      skipped.add(site);
      return false;
    }
    return decide(settled, site);
  };

  const round = (site, value) => {
    const facts = s.branches[site] ?? { builds: 0 };
    const done = rounds.get(site) ?? 0;
    const settled = s.settle(value);
    if (isUnknown(settled)) {
      if (facts.builds === 0) {
        skipped.add(site);
        return false;
      }
      if (done === 0) s.ask(settled, site, 'loop');
      rounds.set(site, done === 0 ? 1 : 0);
      return done === 0;
    }
    if (!settled) return false;
    const limit =
      facts.builds !== 0 ? MAX_BUILDING_ROUNDS : s.unknownList.length > MANY_UNKNOWNS ? 1 : MAX_PLAIN_ROUNDS;
    if (done >= limit || (facts.builds === 0 && (allRounds += 1) > MAX_ALL_ROUNDS)) {
      if (facts.builds !== 0) s.fault(site, `this loop did not end after ${limit} rounds`);
      skipped.add(site);
      return false;
    }
    rounds.set(site, done + 1);
    return true;
  };

  const capped = function* (site, source, limit) {
    let count = 0;
    for (const item of source) {
      if (count++ >= limit) {
        skipped.add(site);
        return;
      }
      yield item;
    }
  };

  /* Promises somebody waits for; those that never come are settled with an unknown when nothing else is left to do. */
  const waiting = new Set();
  s.releaseWaiting = () => {
    const all = [...waiting];
    waiting.clear();
    for (const release of all) release();
    return all.length;
  };
  const api = {
    __aw(site, value) {
      if (!(value instanceof Promise)) return value;
      return new Promise((resolve, reject) => {
        const release = () => resolve(s.unknown({ path: s.texts(site), site }));
        waiting.add(release);
        value.then(
          (result) => {
            waiting.delete(release);
            resolve(result);
          },
          (error) => {
            waiting.delete(release);
            reject(error);
          },
        );
      });
    },
    __b: binary,
    __u(op, value) {
      const settled = s.settle(value);
      if (!isUnknown(settled))
        return op === '!' ? !settled : op === '-' ? -settled : op === '+' ? +settled : ~settled;
      if (op === '!') return s.derive(`!${describe(settled)}`, [settled], { not: settled });
      const info = s.infoOf(settled);
      return op === '+' && info.bases === undefined
        ? settled
        : s.derive(`${op}${describe(settled)}`, [settled]);
    },
    __ty(read) {
      const value = s.settle(read());
      if (!isUnknown(value)) return typeof value;
      const info = s.infoOf(value);
      return info.free ? 'undefined' : s.derive(`typeof ${info.path}`, [value]);
    },
    __c: test,
    __t(site, value, yes, no) {
      const settled = s.settle(value);
      if (!isUnknown(settled)) return settled ? yes() : no();
      if ((s.branches[site]?.builds ?? 0) !== 0) return decide(settled, site) ? yes() : no();
      const info = s.infoOf(settled);
      if (info.equal && s.assumed.has(info.equal.info.path)) return decide(settled, site) ? yes() : no();
      const a = yes();
      const b = no();
      return a === b ? a : s.derive(`${info.path} ? … : …`, [settled, ...[a, b].filter(isUnknown)]);
    },
    __l(op, site, left, right) {
      const value = s.settle(left);
      if (!isUnknown(value)) {
        if (op === '&&') return value ? right() : value;
        if (op === '||') return value || right();
        return value ?? right();
      }
      if (op === '??') return value;
      const info = s.infoOf(value);
      if (op === '&&') {
        if (s.branches[site]?.builds === 1) return decide(value, site) ? right() : false;
        const other = right();
        return s.derive(`${info.path} && …`, [value, ...(isUnknown(other) ? [other] : [])], {
          both: [value, other],
        });
      }
      if (info.bases === undefined) {
        const fallback = right();
        return isUnknown(fallback) ||
          fallback === undefined ||
          fallback === null ||
          typeof fallback === 'function'
          ? value
          : fallback;
      }
      const other = right();
      return s.derive(`${info.path} || …`, [value, ...(isUnknown(other) ? [other] : [])], {
        either: [value, other],
      });
    },
    __w: round,
    __o(site, value) {
      const settled = s.settle(value);
      const builds = s.branches[site]?.builds ?? 0;
      if (!isUnknown(settled))
        return settled?.[Symbol.iterator] === undefined && settled?.[Symbol.asyncIterator] !== undefined
          ? settled
          : capped(
              site,
              settled,
              builds ? MAX_BUILDING_ROUNDS : s.unknownList.length > MANY_UNKNOWNS ? 1 : MAX_PLAIN_ROUNDS,
            );
      if (builds === 0) {
        skipped.add(site);
        return [];
      }
      s.ask(settled, site, 'loop');
      return [settled[0]];
    },
    __oi(site, value) {
      const settled = s.settle(value);
      if (!isUnknown(settled)) return settled;
      skipped.add(site);
      return {};
    },
    __sw(site, value, literals) {
      const settled = s.settle(value);
      if (!isUnknown(settled)) return settled;
      const info = s.infoOf(settled);
      if ((s.branches[site]?.builds ?? 0) === 0 || info.bases !== undefined) {
        skipped.add(site);
        return literals[0];
      }
      for (const literal of literals) {
        const offered = s.offered.get(info.path) ?? new Set();
        offered.add(literal);
        s.offered.set(info.path, offered);
      }
      for (const literal of literals) {
        if (decide(binary('===', settled, literal), site)) return literal;
      }
      return settled;
    },
    __n(site) {
      rounds.delete(site);
      skipped.delete(site);
    },
    /** A loop that builds nothing failed: what it would have set is not known. */
    __sk(site, error) {
      api.__err(site, error);
      skipped.add(site);
    },
    __k: (site) => skipped.has(site),
    __x(site, name, value) {
      if (value instanceof Set || value instanceof Map) {
        Object.defineProperty(value, 'size', {
          get: () => s.unknown({ path: `${name}.size`, site }),
          configurable: true,
        });
        return value;
      }
      if (
        (typeof value === 'object' && value !== null && !Array.isArray(value)) ||
        typeof value === 'function'
      )
        return value;
      return s.unknown({ path: name, site });
    },
    __v(name, site, value) {
      if ((isUnknown(value) || !value) && Object.keys(s.answers).length > 0) {
        const answer = s.answered(name);
        if (answer !== undefined) return answer.value;
      }
      s.named(value, name);
      return value;
    },
    __dd(value, defaults) {
      if (isUnknown(value) && defaults.length > 0) s.infoOf(value).absent = defaults;
      return value;
    },
    __sp(value) {
      const settled = s.settle(value);
      if ((settled instanceof Set || settled instanceof Map) && Object.hasOwn(settled, 'size'))
        return s.unknown({ path: 'values' });
      return isUnknown(settled) ? [settled[0]] : settled;
    },
    __g(site, read) {
      let value;
      try {
        value = read();
      } catch (error) {
        s.passStop(error, site);
        s.errors.push({ site, message: s.messageOf(error), run: s.run });
        return s.unknown({ path: s.texts(site), site });
      }
      if ((isUnknown(value) || !value) && Object.keys(s.answers).length > 0) {
        const answer = s.answered(s.texts(site));
        if (answer !== undefined) return answer.value;
      }
      return typeof value === 'number' && value !== value ? s.unknown({ path: s.texts(site), site }) : value;
    },
    async __ga(site, read) {
      try {
        return await read();
      } catch (error) {
        s.passStop(error, site);
        s.errors.push({ site, message: s.messageOf(error), run: s.run });
        return s.unknown({ path: s.texts(site).replace(/^await\s+/, ''), site });
      }
    },
    __err(site, error) {
      s.passStop(error, site);
      s.errors.push({ site, message: s.messageOf(error), run: s.run });
    },
    __r(site, call) {
      s.siteStack.push(site);
      if (s.siteStack.length > 400) {
        s.siteStack.pop();
        throw new RangeError('calls are nested too deeply');
      }
      try {
        return call();
      } finally {
        s.siteStack.pop();
      }
    },
    /** Something follows that may run long inside QuickJS itself: the host is told the place first. */
    __h: (site) => s.mark(site),
    __p(site, value) {
      s.tag(value, site);
      return value;
    },
    __na(...args) {
      if (args.length === 1 && isUnknown(s.settle(args[0]))) return s.settle(args[0]);
      if (args.length === 1 && typeof args[0] === 'number' && args[0] > 1e7)
        throw new RangeError('an array of this size is not made here');
      return args.length === 1 && typeof args[0] !== 'number'
        ? args[0]?.[Symbol.iterator]
          ? Array.from(args[0])
          : [args[0]]
        : new Array(...args);
    },
    __reg(number, fn) {
      if (typeof fn === 'function' && !s.functions.has(number)) s.functions.set(number, { fn });
      return fn;
    },
    __regc(owner, methods, className) {
      if (!s.classes.has(className)) s.classes.set(className, owner);
      for (const [number, name, isStatic] of methods)
        if (!s.functions.has(number)) s.functions.set(number, { owner, name, isStatic: isStatic === 1 });
      return owner;
    },
    __cls: (value) => (isUnknown(value) ? class {} : value),
    __enum(members) {
      const made = {};
      let next = 0;
      for (const [name, value] of members) {
        made[name] = value === undefined ? next : value;
        if (typeof made[name] === 'number') {
          next = made[name] + 1;
          made[made[name]] = name;
        }
      }
      return made;
    },
    __dyn: async (require, name) => require(name),
  };
  s.control = api;
  s.describe = describe;
  for (const [name, value] of Object.entries(api)) {
    Object.defineProperty(globalThis, name, {
      value: Object.freeze(value),
      writable: false,
      configurable: false,
      enumerable: false,
    });
  }
});
