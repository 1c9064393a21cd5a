/* What rewritten loops and switches do: they end, and one whose rounds are not known is asked for where it builds. */
(function install(s) {
  const MAX_PLAIN_ROUNDS = 1500;
  const MAX_ALL_ROUNDS = 80000;
  let allRounds = 0;
  const MAX_BUILDING_ROUNDS = 3000;
  /* Beyond this many unknowns the program computes with data that is not there: its plain loops are cut short. */
  const MANY_UNKNOWNS = 1500;
  const { isUnknown, skipped, binary, decide } = s;
  const rounds = new Map();
  s.newRun = () => {
    rounds.clear();
    allRounds = 0;
    skipped.clear();
    s.siteStack.length = 0;
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

  s.provide({
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
      s.api.__err(site, error);
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
  });
});
