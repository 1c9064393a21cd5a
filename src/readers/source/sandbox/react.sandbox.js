/* React's hooks, as far as they give a component its values: the first state, refs, memos; effects run later, once. */
(function install(s) {
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
