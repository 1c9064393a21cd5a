import { UnknownPartError } from '../problem.ts';
import type { Shape } from '../shape.ts';
import { onlyInput } from './declare.ts';
import type { LayerKind, RawConfig } from './kind.ts';
import { RECURRENT_ARGUMENTS } from './recurrent.ts';
import { type InnerJson, innerJson, innerOf, innerWeights, kindOf, readInner } from './wrapped.ts';

export type RnnConfig = {
  /** Cells from the bottom up; each is a recurrent kind run for one step. */
  readonly cells: readonly InnerJson[];
  readonly keys: readonly string[];
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
};

const STATES: Readonly<Record<string, number>> = { simpleRnn: 1, lstm: 2, gru: 1 };

function cellsOf(raw: RawConfig): readonly { readonly raw: RawConfig; readonly key: string }[] {
  const list: unknown = raw.raw('cell', 'cells');
  if (Array.isArray(list)) {
    const key = raw.has('cell') ? 'cell' : 'cells';
    return raw.nestedList(key).map((cell, i) => ({ raw: cell, key: `${key}/${i}` }));
  }
  const cell = raw.nested('cell');
  if (cell.className !== 'StackedRNNCells') return [{ raw: cell, key: 'cell' }];
  return cell.nestedList('cells').map((inner, i) => ({ raw: inner, key: `cell/cells/${i}` }));
}

const unitsOf = (cell: InnerJson): number => Number((cell.config as { readonly units?: number }).units ?? 1);

/** A loop over steps of one cell or of several stacked ones; inner layers `cell0`, `cell1` … */
export const rnn: LayerKind<RnnConfig> = {
  id: 'rnn',
  classes: ['RNN'],
  signal: 'weighted',
  callArguments: RECURRENT_ARGUMENTS,
  parse: (raw) => {
    const cells = cellsOf(raw);
    const inner = cells.map((cell, i) => readInner(cell.raw, `cell${i}`));
    const strange = inner.find((cell) => STATES[cell.kind] === undefined);
    if (strange !== undefined)
      throw new UnknownPartError({
        message: `the cell ${strange.className} is not known to Initscope.`,
        found: strange.className,
      });
    return {
      config: {
        cells: inner.map(innerJson),
        keys: cells.map((cell) => cell.key),
        returnSequences: raw.boolean(['return_sequences'], false),
        returnState: raw.boolean(['return_state'], false),
        goBackwards: raw.boolean(['go_backwards'], false),
      },
      initializers: {},
      inner,
    };
  },
  outputs: (config, inputs) => {
    const input = onlyInput(inputs, 3);
    const batch = input[0] ?? null;
    const top = config.cells.at(-1);
    const units = top === undefined ? 1 : unitsOf(top);
    const states = config.cells.flatMap((cell): readonly Shape[] =>
      Array.from({ length: STATES[cell.kind] ?? 1 }, () => [batch, unitsOf(cell)]),
    );
    const output: Shape = config.returnSequences ? [batch, input[1] ?? null, units] : [batch, units];
    return [output, ...(config.returnState ? states : [])];
  },
  weights: (parsed, inputs, semantics) => {
    let step: Shape = [null, onlyInput(inputs, 3)[2] ?? null];
    return innerOf(parsed).flatMap((inner, i) => {
      const weights = innerWeights(inner, parsed.config.keys[i] ?? 'cell', [step], semantics);
      step = [null, unitsOf(innerJson(inner))];
      return weights;
    });
  },
  multiplyAdds: (config, inputs) => {
    const input = onlyInput(inputs, 3);
    let shape: Shape = input;
    return config.cells.reduce((sum, cell) => {
      const own = kindOf(cell).multiplyAdds(cell.config, [shape]);
      shape = [input[0] ?? null, input[1] ?? null, unitsOf(cell)];
      return sum + own;
    }, 0);
  },
};
