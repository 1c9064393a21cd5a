/* React's hooks, as far as they give a component its values: the first state, refs, memos; effects run later, once. Elements call components that build. */
(function install(s) {
  s.provide({
    /** An element of a component: a component that builds is called with its attributes, others are left alone. */
    __jx(site, read, attributes, children) {
      s.api.__g(site, () => {
        const component = read();
        if (s.isUnknown(component) || !s.builders.has(component)) return;
        const props =
          children.length > 0
            ? { ...attributes, children: children.length > 1 ? children : children[0] }
            : attributes;
        s.api.__r(site, () => {
          if (typeof component.prototype?.render !== 'function') return component(props);
          const made = new component(props);
          made.props ??= props;
          made.render();
          if (typeof made.componentDidMount === 'function') made.componentDidMount();
        });
      });
    },
  });
  const value = (given) => (typeof given === 'function' && !s.isUnknown(given) ? given() : given);
  const hooks = {
    useState: (first) => [value(first), () => undefined],
    useReducer: (_, first, init) => [typeof init === 'function' ? init(first) : first, () => undefined],
    useRef: (current) => ({ current }),
    useMemo: (make) => value(make),
    useCallback: (fn) => fn,
    useEffect: (effect) => s.later(effect),
    useLayoutEffect: (effect) => s.later(effect),
    memo: (component) => component,
    forwardRef: (component) => component,
    createElement: (type, props, ...children) => s.api.__jx(s.siteNow(), () => type, props ?? {}, children),
    Component: class {
      constructor(props) {
        this.props = props;
      }
      setState(state) {
        if (!s.isUnknown(state) && typeof state === 'object') this.state = { ...this.state, ...state };
      }
    },
  };
  hooks.PureComponent = hooks.Component;
  const react = new Proxy(hooks, {
    get: (target, key) =>
      key === 'default'
        ? react
        : key in target || typeof key === 'symbol'
          ? target[key]
          : s.unknown({ path: `React.${key}` }),
  });
  /* Vue's: a ref or a reactive object holds what it was given. */
  const ref = (given) => ({ value: given });
  const vue = new Proxy(
    {
      ref,
      shallowRef: ref,
      reactive: (given) => given,
      computed: (make) => ({ value: value(make) }),
      onMounted: s.later,
    },
    {
      get: (target, key) =>
        key in target || typeof key === 'symbol' ? target[key] : s.unknown({ path: `Vue.${key}` }),
    },
  );
  Object.assign(s.packages, { react, vue });
});
