/* What rewritten calls, values and classes do. */
(function install(s) {
  const { isUnknown } = s;

  /* Promises somebody waits for; those that never come are settled with an unknown when nothing else is left to do. */
  const waiting = new Set();
  s.releaseWaiting = () => {
    const all = [...waiting];
    waiting.clear();
    for (const release of all) release();
    return all.length;
  };
  s.provide({
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
      if (typeof fn !== 'function') return fn;
      s.builders.add(fn);
      if (!s.functions.has(number)) s.functions.set(number, { fn });
      return fn;
    },
    __regc(owner, methods, className) {
      s.builders.add(owner);
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
  });
});
