/* What rewritten operators and conditions do: an unknown passes through the first and is decided by the second. */
(function install(s) {
  const { isUnknown } = s;
  const skipped = new Set();
  /* Branches and loops of this run that an unknown kept from running: what they set is not known. */
  s.skipped = skipped;
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

  s.describe = describe;
  s.binary = binary;
  s.decide = decide;
  s.provide({
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
      const { builds = 0, shows = false } = s.branches[site] ?? {};
      if (builds !== 0 && !shows) return decide(settled, site) ? yes() : no();
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
        if (s.branches[site]?.builds === 1 && !s.branches[site].shows)
          return decide(value, site) ? right() : false;
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
  });
});
