import { argumentsOf, assignedOf, calledName, calleeOf, type PyNode, textOf, within } from './syntax.ts';
import type { TrapFacts } from './trap.ts';

const DRAWS = /(^|\.)init\.|_init_weights|(kaiming|xavier|orthogonal|trunc_normal|he_normal)_?/;
const FILLS = /\.(normal_|uniform_|apply|reset_parameters|load_state_dict|copy_)$/;

/** Whether a file draws weights itself, in any way: what PyTorch draws by default is then not what trains. */
export function drawsWeights({ syntax, calls }: TrapFacts): boolean {
  return calls.some((call) => {
    const callee = calleeOf(syntax, call);
    return DRAWS.test(callee) || FILLS.test(callee) || /pretrained|weights/.test(pretrained(syntax, call));
  });
}

function pretrained(syntax: TrapFacts['syntax'], call: PyNode): string {
  return [...argumentsOf(syntax, call).keywords.keys()].filter((name) => name === 'pretrained').join(' ');
}

/** Classes of the file that are PyTorch modules, by name. */
export function moduleClasses({ syntax, classes }: TrapFacts): ReadonlyMap<string, PyNode> {
  const found = new Map<string, PyNode>();
  let grew = true;
  while (grew) {
    grew = false;
    for (const definition of classes) {
      const named = definition.getChild('VariableName');
      const name = named === null ? '' : textOf(syntax, named);
      const bases = argumentsOf(syntax, definition).positional.map((base) => textOf(syntax, base));
      if (found.has(name) || name === '') continue;
      if (!bases.some((base) => /(^|\.)(Lightning)?Module$/.test(base) || found.has(base))) continue;
      found.set(name, definition);
      grew = true;
    }
  }
  return found;
}

/** What `self.NAME = call(…)` of a class builds: the calls by attribute. */
export function attributesOf(syntax: TrapFacts['syntax'], definition: PyNode): ReadonlyMap<string, PyNode> {
  const found = new Map<string, PyNode>();
  for (const assignment of within(definition, 'AssignStatement')) {
    const { targets = [], value } = assignedOf(assignment) ?? {};
    const name = targets.map((target) => /^self\.(\w+)$/.exec(textOf(syntax, target))?.[1]).find(Boolean);
    if (name !== undefined && value?.name === 'CallExpression') found.set(name, value);
  }
  return found;
}

/** Whether a call builds one of these of torch.nn. */
export function builds(
  syntax: TrapFacts['syntax'],
  call: PyNode | undefined,
  ...names: readonly string[]
): boolean {
  return call !== undefined && names.includes(calledName(syntax, call));
}
