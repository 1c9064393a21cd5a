import type { Node } from '@babel/types';
import type { Finding } from '../../model/finding.ts';
import { parseInitializer } from '../../model/initializers/catalogue.ts';
import type { Origin, TextRange } from '../../model/origin.ts';
import { UnknownPartError } from '../../model/problem.ts';
import { calleeName, isBuildingCallee } from './aliases.ts';
import { classOfInitializerFunction } from './layerNames.ts';
import { configOf, keyOf, rangeOf } from './places.ts';
import type { Statics } from './statics.ts';
import { bare, propertyName, walk, type Syntax } from './syntax.ts';

/** Layers of one size with one seed: among three, two have the same input as well. */
const SAME = 3;

interface Trap {
  readonly rule: string;
  readonly kind: Origin['kind'];
  /** The function of `tf.layers`. */
  readonly layer: string;
  readonly range: TextRange;
  readonly message: string;
}

interface LayerCall {
  readonly fn: string;
  readonly call: Node;
  readonly properties: ReadonlyMap<string, Node>;
  /** Something is spread into the config: what is not written may be set all the same. */
  readonly open: boolean;
}

/** The value of a literal, or undefined for what only running would tell. */
function literal(node: Node): unknown {
  const value = bare(node);
  if (value.type === 'NumericLiteral' || value.type === 'StringLiteral' || value.type === 'BooleanLiteral')
    return value.value;
  if (value.type !== 'UnaryExpression' || value.operator !== '-') return undefined;
  const inner = literal(value.argument);
  return typeof inner === 'number' ? -inner : undefined;
}

function propertiesOf(object: Extract<Node, { type: 'ObjectExpression' }>): ReadonlyMap<string, Node> {
  return new Map(
    object.properties.flatMap((property) => {
      const key = keyOf(property);
      return key === undefined || property.type !== 'ObjectProperty' ? [] : [[key, property.value]];
    }),
  );
}

/** `'heNormal'` or `tf.initializers.heNormal({…})` as a file would save it; undefined for anything computed. */
function initializerOf(node: Node): { class_name: string; config: Record<string, unknown> } | undefined {
  const value = bare(node);
  if (value.type === 'StringLiteral')
    return { class_name: classOfInitializerFunction(value.value), config: {} };
  if (value.type !== 'CallExpression') return undefined;
  const callee = bare(value.callee);
  const name = propertyName(callee);
  if (name === undefined || !('object' in callee)) return undefined;
  const owner = bare(callee.object);
  if (
    propertyName(owner) !== 'initializers' &&
    !(owner.type === 'Identifier' && owner.name === 'initializers')
  )
    return undefined;
  const config: Record<string, unknown> = {};
  const given = value.arguments[0] === undefined ? undefined : bare(value.arguments[0]);
  if (given?.type === 'ObjectExpression')
    for (const [key, entry] of propertiesOf(given)) config[key] = literal(entry);
  return { class_name: classOfInitializerFunction(name), config };
}

function layerCalls(syntax: Syntax, statics: Statics): LayerCall[] {
  const { program } = syntax.file;
  const found: LayerCall[] = [];
  walk(program, (call) => {
    if (call.type !== 'CallExpression' || isBuildingCallee(call.callee, statics.aliases) !== 'layer') return;
    const object = configOf(call, program)?.object;
    found.push({
      fn: calleeName(call.callee) ?? '',
      call,
      properties: object === undefined ? new Map() : propertiesOf(object),
      open:
        (object === undefined && call.arguments.length > 0) ||
        (object?.properties.some(({ type }) => type !== 'ObjectProperty') ?? false),
    });
  });
  return found;
}

/** Initializers that TensorFlow.js draws otherwise than they are written. */
function misread({ fn, properties }: LayerCall): Trap[] {
  return [...properties].flatMap(([key, node]): Trap[] => {
    if (!key.endsWith('Initializer')) return [];
    const written = initializerOf(node);
    if (written === undefined) return [];
    try {
      const { trap } = parseInitializer(written, 'tfjs');
      return trap === undefined
        ? []
        : [
            {
              rule: 'framework-trap',
              kind: 'initializer',
              layer: fn,
              range: rangeOf(node),
              message: `${key}: ${trap}`,
            },
          ];
    } catch (error) {
      if (error instanceof UnknownPartError) return [];
      throw error;
    }
  });
}

function forgetBias({ fn, call, properties, open }: LayerCall): Trap[] {
  const unit = properties.get('unitForgetBias');
  const off = unit === undefined ? !open : literal(unit) === false;
  if (!/^lstm(Cell)?$/.test(fn) || !off || properties.has('biasInitializer')) return [];
  return [
    {
      rule: 'lstm-forget-bias',
      kind: 'layer',
      layer: fn,
      range: unit === undefined ? rangeOf(call) : rangeOf(unit),
      message: `${fn} without unitForgetBias: true starts its forget gates at σ(0) in TensorFlow.js: half the cell is forgotten in every step`,
    },
  ];
}

/** Layers of one kind and size whose initializers are given the same seed. */
function equalSeeds(calls: readonly LayerCall[]): Trap[] {
  const groups = new Map<
    string,
    { readonly call: LayerCall; readonly node: Node; readonly seed: number }[]
  >();
  for (const call of calls) {
    const size = call.properties.get('units') ?? call.properties.get('filters');
    const node = call.properties.get('kernelInitializer');
    const written = node === undefined ? undefined : initializerOf(node);
    const seed = written?.config['seed'];
    const width = size === undefined ? undefined : literal(size);
    if (node === undefined || typeof seed !== 'number' || seed === 0 || width === undefined) continue;
    const key = JSON.stringify([call.fn, width, written]);
    groups.set(key, [...(groups.get(key) ?? []), { call, node, seed }]);
  }
  return [...groups.values()].flatMap((group): Trap[] => {
    const [first] = group;
    if (first === undefined || group.length < SAME) return [];
    return [
      {
        rule: 'duplicate-weights',
        kind: 'initializer',
        layer: first.call.fn,
        range: rangeOf(first.node),
        message: `${group.length} ${first.call.fn} layers of one size draw with the seed ${first.seed}: those with inputs of one width start with equal weights`,
      },
    ];
  });
}

/** What a source shows without being run. Ranges are exact; milliseconds; never fails. */
export function lintSource(syntax: Syntax, statics: Statics): Finding[] {
  const calls = layerCalls(syntax, statics);
  const traps = [...calls.flatMap((call) => [...misread(call), ...forgetBias(call)]), ...equalSeeds(calls)];
  return traps.map(({ rule, kind, layer, range, message }) => ({
    id: `${rule}:${range.start}`,
    rule,
    severity: rule === 'framework-trap' ? 'hint' : 'information',
    layer,
    layers: [layer],
    origin: { file: syntax.path, range, kind },
    message,
    cause: message,
    values: [],
    echoes: [],
    from: 'static',
    advice: [],
  }));
}
