/* What a source expects around it: modules, page, process, command line. All of it inert. */
(function install(s) {
  const { isUnknown } = s;
  const RECORD = Symbol('record');
  const queue = [];
  s.later = (fn) => {
    if (queue.length < 80 && !queue.includes(fn)) queue.push(fn);
  };
  s.takeLater = () => queue.splice(0);

  const quiet = () => undefined;
  const listen = (...args) => {
    for (const arg of args) if (typeof arg === 'function' && !isUnknown(arg)) s.later(arg);
  };
  const own = (members, path) =>
    new Proxy(members, {
      get: (target, key) =>
        key in target || typeof key === 'symbol' || key === 'then'
          ? target[key]
          : s.unknown({ path: `${path}.${String(key)}` }),
      set: (target, key, value) => {
        if (typeof value === 'function' && /^on[a-z]/.test(String(key))) s.later(value);
        if (!(key === 'value' && isUnknown(value))) target[key] = value;
        return true;
      },
    });
  const elements = new Map();
  const element = (id) => {
    if (elements.has(id)) return elements.get(id);
    const said = s.elements[id];
    const members = {
      addEventListener: listen,
      removeEventListener: quiet,
      id,
      style: {},
      appendChild: quiet,
      focus: quiet,
      innerHTML: '',
      textContent: '',
      innerText: '',
      disabled: false,
    };
    const answer = s.answered(id);
    if (answer !== undefined) members.value = String(answer.value);
    if (said !== undefined) {
      if (said.value !== undefined) members.value ??= said.value;
      if (said.checked !== undefined) members.checked = said.checked;
      if (said.options !== undefined) {
        members.options = said.options.map((value) => ({ value, text: value, getAttribute: () => value }));
        members.selectedIndex = said.selectedIndex ?? 0;
      }
      members.getAttribute = (name) => said.attributes[String(name).toLowerCase()] ?? null;
    }
    const made = own(members, `#${id}`);
    elements.set(id, made);
    return made;
  };
  const find = (selector) =>
    /^#[\w-]+$/.test(String(selector))
      ? element(String(selector).slice(1))
      : own({ addEventListener: listen, style: {} }, 'element');
  const document = own(
    {
      getElementById: (id) => element(String(id)),
      querySelector: find,
      querySelectorAll: () => [],
      addEventListener: listen,
      createElement: () =>
        own(
          {
            addEventListener: listen,
            style: {},
            appendChild: quiet,
            getContext: () => s.unknown({ path: 'canvas' }),
          },
          'element',
        ),
      body: own({ appendChild: quiet }, 'body'),
    },
    'document',
  );
  const storage = { getItem: () => null, setItem: quiet, removeItem: quiet };
  const stop = () => {
    throw s.stop;
  };
  const process = own(
    {
      argv: ['node', 'source'],
      env: {},
      platform: 'linux',
      exit: stop,
      on: quiet,
      once: quiet,
      cwd: () => '.',
      stdout: own({ write: quiet }, 'stdout'),
    },
    'process',
  );

  const join = (...parts) => parts.map(String).join('/').replace(/\/+/g, '/');
  const path = {
    join,
    resolve: join,
    dirname: (name) => String(name).replace(/\/?[^/]*$/, '') || '.',
    basename: (name) => String(name).replace(/^.*\//, ''),
    extname: (name) => /\.[^./]*$/.exec(String(name))?.[0] ?? '',
    sep: '/',
  };
  path.default = path;

  class ArgumentParser {
    constructor() {
      this.found = {};
    }
    addArgument(names, options = {}) {
      const given = (Array.isArray(names) ? names : [names]).map(String);
      const long = given.find((name) => name.startsWith('--')) ?? given[0];
      const dest = options.dest ?? long.replace(/^-+/, '').replace(/-/g, '_');
      const value = options.defaultValue ?? options.default;
      const action = String(options.action ?? '');
      const answer = s.answered(dest);
      if (answer !== undefined) this.found[dest] = answer.value;
      else if (value !== undefined) this.found[dest] = value;
      else if (/storeTrue|store_true/.test(action)) this.found[dest] = false;
      else
        this.found[dest] =
          given[0].startsWith('-') && options.required !== true ? null : s.unknown({ path: `args.${dest}` });
    }
    add_argument(...args) {
      const options = typeof args.at(-1) === 'object' && !Array.isArray(args.at(-1)) ? args.pop() : {};
      this.addArgument(args.flat(), options);
    }
    addMutuallyExclusiveGroup() {
      return this;
    }
    parseArgs() {
      return this.found;
    }
    parse_args() {
      return this.found;
    }
    parseKnownArgs() {
      return [this.found, []];
    }
    parse_known_args() {
      return [this.found, []];
    }
    set_defaults() {}
    setDefaults() {}
  }
  const makeParser = new Proxy(ArgumentParser, { apply: () => new ArgumentParser() });
  const argparse = { ArgumentParser: makeParser };
  argparse.default = argparse;

  const packages = { path, argparse, 'node:path': path };
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

  const timer = (fn) => {
    if (typeof fn === 'function') s.later(fn);
    return 0;
  };
  s.globals = new Map(
    Object.entries({
      document,
      process,
      window: undefined,
      self: undefined,
      global: undefined,
      localStorage: storage,
      sessionStorage: storage,
      navigator: own({ userAgent: '' }, 'navigator'),
      location: own({ href: '', search: '', hash: '' }, 'location'),
      console: own(
        { log: quiet, warn: quiet, error: quiet, info: quiet, table: quiet, time: quiet, timeEnd: quiet },
        'console',
      ),
      performance: { now: () => 0 },
      setTimeout: timer,
      setInterval: timer,
      clearTimeout: quiet,
      clearInterval: quiet,
      requestAnimationFrame: timer,
      setImmediate: timer,
      queueMicrotask: timer,
      alert: quiet,
      addEventListener: listen,
      fetch: async () => s.unknown({ path: 'fetch()' }),
      URL: s.unknown({ path: 'URL' }),
      tf: s.tf,
      tfl: s.tf,
    }).map(([name, value]) => [name, () => value]),
  );
  const windowObject = new Proxy(
    { document, addEventListener: listen },
    {
      get: (target, key) =>
        key in target || typeof key === 'symbol'
          ? target[key]
          : s.globals.has(key)
            ? s.globals.get(key)()
            : s.unknown({ path: String(key), free: true }),
      set: (target, key, value) => {
        if (typeof value === 'function' && /^on[a-z]/.test(String(key))) s.later(value);
        s.globals.set(String(key), () => value);
        return true;
      },
    },
  );
  for (const name of ['window', 'self', 'global']) s.globals.set(name, () => windowObject);
});
