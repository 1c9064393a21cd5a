import { formatCount, formatNumber } from '../../../model/numberText.ts';
import { timesRun } from './counting.ts';
import { childrenOf, calledName, calleeOf, rangeOf, type PyNode, textOf, within } from './syntax.ts';
import { drawsWeights, moduleClasses } from './torchFacts.ts';
import type { FindTraps, Trap, TrapFacts } from './trap.ts';

const WEIGHTED = new Set(['Linear', 'Conv1d', 'Conv2d', 'Conv3d']);
const RECTIFIES = /(^|\.)(ReLU6?|relu_?|relu6|LeakyReLU|leaky_relu_?)$/;
const BENDS = /(^|\.)(GELU|gelu|SiLU|silu|SELU|selu|Tanh|tanh|Sigmoid|ELU|elu|Mish)$/;
const STEADIES = /Norm|norm$|skip|residual|shortcut|downsample/i;
/** Healthy to 4 layers and worse from 5 on, measured (docs/rules/initializer-mismatch.md). */
const DEEP = 6;
/** Std over data that one layer of W ~ U(−1/√fan_in, 1/√fan_in) and ReLU keeps: √(1/3 · 1/2). */
const KEPT = Math.sqrt(1 / 6);

interface Depth {
  readonly layers: number;
  readonly rectified: boolean;
  /** A normalization, a residual sum or another activation keeps the scale, or may. */
  readonly steadied: boolean;
  readonly deepest: PyNode | undefined;
}

function sums(syntax: TrapFacts['syntax'], definition: PyNode): boolean {
  const forwards = within(definition, 'FunctionDefinition').filter((each) => {
    const name = each.getChild('VariableName');
    return name !== null && !/^__init__$/.test(textOf(syntax, name));
  });
  return forwards.some(
    (each) =>
      within(each, 'UpdateStatement').some((update) => /\+=/.test(textOf(syntax, update))) ||
      within(each, 'BinaryExpression').some((sum) => {
        const [left, operator, right] = childrenOf(sum);
        const numeric = [left, right].some((side) => side?.name === 'Number');
        return operator !== undefined && textOf(syntax, operator) === '+' && !numeric;
      }),
  );
}

function depthOf(
  facts: TrapFacts,
  owner: PyNode,
  modules: ReadonlyMap<string, PyNode>,
  seen: readonly string[],
): Depth {
  const { syntax } = facts;
  let layers = 0;
  let most = 0;
  let deepest: PyNode | undefined;
  let rectified = false;
  let steadied = sums(syntax, owner);
  for (const call of within(owner, 'CallExpression')) {
    const callee = calleeOf(syntax, call);
    const name = calledName(syntax, call);
    const times = timesRun(syntax, call);
    rectified ||= RECTIFIES.test(callee);
    steadied ||= STEADIES.test(callee) || BENDS.test(callee);
    const inner = modules.get(name);
    if (inner !== undefined && !seen.includes(name)) {
      const part = depthOf(facts, inner, modules, [...seen, name]);
      layers += times * part.layers;
      rectified ||= part.rectified;
      steadied ||= part.steadied;
      if (times * part.layers > most) [most, deepest] = [times * part.layers, part.deepest];
    } else if (WEIGHTED.has(name)) {
      layers += times;
      if (times > most) [most, deepest] = [times, call];
    }
  }
  return { layers, rectified, steadied, deepest };
}

function trapOf(layer: string, { layers, rectified, steadied, deepest }: Depth): Trap[] {
  if (layers - 1 < DEEP || !rectified || steadied || deepest === undefined) return [];
  const rest = formatNumber(1 / KEPT ** (layers - 1));
  const cause = `PyTorch draws by default with gain 1/√3 where ReLU wants √2`;
  return [
    {
      rule: 'initializer-mismatch',
      layer,
      range: rangeOf(deepest),
      message: `${cause}: each of ${formatCount(layers)} layers keeps about 0.41 of the spread over the data, ${formatCount(layers - 1)} of them 1/${rest}; nn.init.kaiming_normal_(w, nonlinearity='relu') keeps it`,
      cause,
    },
  ];
}

/** Deep ReLU nets without normalization or residual sums that are left at PyTorch's default (kaiming_uniform with a = √5). */
export const deepRelu: FindTraps = (facts) => {
  const { syntax, calls } = facts;
  const modules = moduleClasses(facts);
  if (drawsWeights(facts)) return [];
  const parts = new Set(
    [...modules].flatMap(([, definition]) =>
      within(definition, 'CallExpression').map((call) => calledName(syntax, call)),
    ),
  );
  const found = [...modules].flatMap(([name, definition]) =>
    parts.has(name) ? [] : trapOf(name, depthOf(facts, definition, modules, [name])),
  );
  const outside = calls.filter((call) => {
    if (calledName(syntax, call) !== 'Sequential') return false;
    for (let up = call.parent; up !== null; up = up.parent)
      if (
        up.name === 'ClassDefinition' ||
        (up.name === 'CallExpression' && calledName(syntax, up) === 'Sequential')
      )
        return false;
    return true;
  });
  return [...found, ...outside.flatMap((call) => trapOf('Sequential', depthOf(facts, call, modules, [])))];
};
