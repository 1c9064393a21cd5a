import type { FileEdit } from '../../model/change.ts';
import type { LoopSite } from '../../model/codeSite.ts';
import type { InitializerSpec } from '../../model/initializers/initializer.ts';
import type { Semantics } from '../../model/semantics.ts';
import { asStatements, torchLine } from './torchLine.ts';

type Edit = FileEdit['edits'][number];

/** A weight that is to be drawn anew at the end of the model's `__init__`. */
export interface Apart {
  readonly loop: LoopSite;
  readonly shape: readonly number[];
  readonly initializer: InitializerSpec;
}

/** More conditions than these are no line that a person would write. */
const MOST_CONDITIONS = 8;

const quoted = (text: string): string => `'${text}'`;

const isAlike = (name: string, { start, end }: NonNullable<LoopSite['alike']>): boolean =>
  name.startsWith(start) && name.endsWith(end);

/** The condition on a name: of all parameters alike where these all get the same line, else of the one. */
function conditionOf({ name, alike }: LoopSite, lines: ReadonlyMap<string, string>): string {
  const line = lines.get(name);
  const same = [...lines].filter(
    ([each, own]) => own === line && alike !== undefined && isAlike(each, alike),
  );
  if (alike === undefined || alike.count === 1 || same.length !== alike.count)
    return `name == ${quoted(name)}`;
  const start = alike.start === '' ? '' : `name.startswith(${quoted(alike.start)}) and `;
  return `${start}name.endswith(${quoted(alike.end)})`;
}

/**
 * One loop over the parameters that draws all of these; undefined where one parameter is to be drawn in two ways, PyTorch cannot say it, or
 * too many conditions would be needed.
 */
export function loopEdit(apart: readonly Apart[], from: Semantics): Edit | undefined {
  const lines = new Map<string, string>();
  for (const { loop, shape, initializer } of apart) {
    const line = torchLine(initializer, shape, { nn: loop.nn, target: 'parameter' }, from);
    if (line === undefined || (lines.get(loop.name) ?? line) !== line) return undefined;
    lines.set(loop.name, line);
  }
  const conditions = new Map<string, string>();
  for (const { loop } of apart) {
    const line = lines.get(loop.name);
    if (line !== undefined) conditions.set(conditionOf(loop, lines), line);
  }
  const [first] = apart;
  if (first === undefined || conditions.size > MOST_CONDITIONS) return undefined;
  const { at, indent } = first.loop;
  const body = [...conditions].flatMap(([condition, line]) => [
    `    if ${condition}:`,
    ...asStatements(line).map((each) => `        ${each}`),
  ]);
  const text = ['for name, parameter in self.named_parameters():', ...body];
  return { range: { start: at, end: at }, text: text.map((each) => `${indent}${each}`).join('') };
}
