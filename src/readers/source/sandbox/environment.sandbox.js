/* What a source expects around it: page, process, command line. All of it inert. */
(function install(s) {
  const { isUnknown } = s;
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
  s.packages = packages;

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
