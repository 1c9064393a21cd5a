import { InputError } from './problem.ts';
import { isInput, isRawRef, type RawCall, type RawLayer, type RawModel, type RawRef } from './rawModel.ts';

function refsIn(value: unknown, into: RawRef[]): void {
  if (isRawRef(value)) into.push(value);
  else if (Array.isArray(value)) for (const item of value) refsIn(item, into);
}

/** An error at a layer's place. */
export function located(
  layer: RawLayer,
  message: string,
  more: { found?: string; expected?: string; hint?: string } = {},
): InputError {
  const [at] = layer.origins;
  return new InputError({
    message,
    ...more,
    ...(at === undefined ? {} : { file: at.file, range: at.range }),
  });
}

/** One call of a layer, with every tensor it takes. */
export interface Unit {
  readonly layer: RawLayer;
  readonly call: number;
  readonly refs: readonly RawRef[];
}

/** Calls of one model in topological order, file order where it leaves a choice. Throws an InputError on cycles and bad links. */
export function ordered(model: RawModel, byName: ReadonlyMap<string, RawLayer>): Unit[] {
  const units = new Map<string, readonly Visited[]>();
  for (const layer of model.layers) units.set(layer.name, unitsOf(layer));
  const result: Unit[] = [];
  for (const starts of units.values())
    for (const start of starts) {
      const stack: Visited[] = start.state === 'new' ? [start] : [];
      for (let unit = stack.at(-1); unit !== undefined; unit = stack.at(-1)) {
        unit.state = 'open';
        const ref = unit.refs[unit.next++];
        if (ref === undefined) {
          result.push(unit);
          unit.state = 'done';
          stack.pop();
          continue;
        }
        const source = units.get(ref.layer)?.[ref.call];
        if (source === undefined) throw badLink(unit.layer, ref, byName);
        if (source.state === 'open') throw cycle(unit.layer, stack, source);
        if (source.state === 'new') stack.push(source);
      }
    }
  return result;
}

/** A call on its way into the order: whether it stands in it already, or waits for what it takes. */
interface Visited extends Unit {
  state: 'new' | 'open' | 'done';
  /** Which of `refs` is looked at next. */
  next: number;
}

function unitsOf(layer: RawLayer): readonly Visited[] {
  const calls: readonly RawCall[] = isInput(layer) ? [{ inputs: [] }] : layer.calls;
  return calls.map((each, call): Visited => {
    const refs = [...each.inputs];
    if (each.kwargs !== undefined) refsIn(Object.values(each.kwargs), refs);
    return { layer, call, refs, state: 'new', next: 0 };
  });
}

function badLink(asker: RawLayer, ref: RawRef, byName: ReadonlyMap<string, RawLayer>): InputError {
  const exists = byName.get(ref.layer);
  if (exists === undefined)
    return located(
      asker,
      `Layer "${asker.name}" takes its input from "${ref.layer}", which is not in the model.`,
      { found: `"${ref.layer}"`, expected: 'the name of a layer of the same model' },
    );
  return located(
    asker,
    `Layer "${asker.name}" takes call ${ref.call} of "${ref.layer}", which is called ${exists.calls.length} times.`,
  );
}

function cycle(asker: RawLayer, stack: readonly Unit[], source: Unit): InputError {
  const names = stack.map(({ layer }) => layer.name);
  const from = stack.findIndex((unit) => unit === source);
  return located(asker, 'The layers form a cycle.', {
    found: [...names.slice(from), names[from] ?? ''].slice(0, 12).join(' → '),
    expected: 'a graph without cycles',
  });
}
