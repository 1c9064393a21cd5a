/* Modules: files of the workspace, packages, and the scope in which a file runs. */
(function install(s) {
  const RECORD = Symbol('record');
  const { packages } = s;
  const modules = new Map();
  const load = (index) => {
    if (modules.has(index)) return modules.get(index);
    const file = s.files[index];
    const record = { exports: {}, getters: new Map(), stars: [], esm: false, json: undefined };
    modules.set(index, record);
    if (file.json !== undefined) {
      record.exports = JSON.parse(file.json);
      return record;
    }
    const imports = new Map();
    const reserved = new Set([
      '__imp',
      '__exp',
      '__scope',
      'module',
      'exports',
      'require',
      '__filename',
      '__dirname',
      'arguments',
    ]);
    const globals = s.globals;
    const scope = new Proxy(Object.create(null), {
      has: (_, key) =>
        typeof key === 'string' &&
        !reserved.has(key) &&
        (imports.has(key) || globals.has(key) || !(key in globalThis)),
      get: (_, key) => {
        if (typeof key === 'symbol') return undefined;
        if (imports.has(key)) return imports.get(key)();
        if (globals.has(key)) return globals.get(key)();
        return s.unknown({ path: key, free: true });
      },
      set: (_, key, value) => {
        imports.set(key, () => value);
        return true;
      },
    });
    const take = (from, local, imported, exported) => {
      const target = resolve(index, from);
      const read = () => member(target(), imported, local ?? imported);
      if (local !== null && local !== undefined) imports.set(local, read);
      else if (exported !== undefined) record.getters.set(exported, read);
      else if (imported === '*') record.stars.push(target);
      target();
    };
    const provide = (name, read) => {
      record.esm = true;
      record.getters.set(name, read);
      if (file.classic) globals.set(name, read);
    };
    const module = { exports: record.exports };
    const require = Object.assign(
      (name) => {
        const found = resolve(index, String(name))();
        return found?.[RECORD]
          ? found[RECORD].esm
            ? namespace(found[RECORD])
            : found[RECORD].exports
          : found;
      },
      { main: index === s.entry ? module : undefined, resolve: (name) => name },
    );
    Object.defineProperty(record, 'exports', {
      get: () => module.exports,
      set: (value) => {
        module.exports = value;
      },
    });
    const started = s.start(index)(scope, take, provide, module, module.exports, require, file.path, '.');
    record.done = started;
    started.catch((error) => {
      if (s.isStop(error)) s.noteStop(error);
      else s.errors.push({ site: s.siteNow(), message: s.messageOf(error), run: s.run });
    });
    return record;
  };
  const namespace = (record) =>
    (record.namespace ??= new Proxy(Object.create(null), {
      get: (_, key) => {
        if (typeof key === 'symbol' || key === 'then') return undefined;
        if (record.getters.has(key)) return record.getters.get(key)();
        for (const star of record.stars) {
          const found = star()?.[RECORD];
          if (found?.getters.has(key)) return found.getters.get(key)();
        }
        return key === 'default' ? undefined : s.unknown({ path: String(key) });
      },
      has: () => true,
      ownKeys: () => [...record.getters.keys()],
      getOwnPropertyDescriptor: (_, key) => ({
        configurable: true,
        enumerable: true,
        value: record.getters.get(key)?.(),
      }),
    }));
  const member = (target, imported, local) => {
    if (target?.[RECORD]) {
      const record = target[RECORD];
      if (!record.esm) {
        if (imported === '*') return record.exports;
        if (imported === 'default') return record.exports?.default ?? record.exports;
        return record.exports?.[imported] ?? s.unknown({ path: local });
      }
      if (imported === '*') return namespace(record);
      return record.getters.has(imported)
        ? record.getters.get(imported)()
        : (namespace(record)[imported] ?? s.unknown({ path: local }));
    }
    if (
      imported === '*' ||
      (imported === 'default' && !(typeof target === 'object' && target !== null && 'default' in target))
    )
      return target;
    return target?.[imported];
  };
  const resolve = (index, name) => {
    if (/^@tensorflow\/tfjs-vis/.test(name)) return () => s.unknown({ path: 'tfvis' });
    if (
      /^@tensorflow\/tfjs(-(node|node-gpu|core|layers|react-native|converter|backend-.*|data))?(\/|$)/.test(
        name,
      )
    )
      return () => s.tf;
    const target = s.files[index].imports[name];
    if (target !== undefined) return () => ({ [RECORD]: load(target) });
    if (Object.hasOwn(packages, name)) return () => packages[name];
    const made = s.unknown({ path: name.replace(/^.*\//, '').replace(/\.\w+$/, '') });
    return () => made;
  };
  s.load = load;
});
