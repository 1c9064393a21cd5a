import { InputError } from './problem.ts';
import { isInput, isRawRef, type RawLayer, type RawModel, type RawRef } from './rawModel.ts';

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
  const units = new Map<string, Unit>();
  for (const layer of model.layers) {
    const calls = isInput(layer) ? [{ inputs: [] }] : layer.calls;
    calls.forEach((call, index) => {
      const refs = [...call.inputs];
      refsIn(Object.values(('kwargs' in call ? call.kwargs : undefined) ?? {}), refs);
      units.set(`${layer.name}\n${index}`, { layer, call: index, refs });
    });
  }
  const done = new Set<string>();
  const open = new Set<string>();
  const result: Unit[] = [];
  for (const start of units.keys()) {
    const stack: { key: string; next: number }[] = [{ key: start, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const unit = top === undefined ? undefined : units.get(top.key);
      if (top === undefined || unit === undefined) break;
      if (done.has(top.key)) {
        stack.pop();
        continue;
      }
      open.add(top.key);
      const ref = unit.refs[top.next++];
      if (ref === undefined) {
        result.push(unit);
        done.add(top.key);
        open.delete(top.key);
        stack.pop();
        continue;
      }
      const key = `${ref.layer}\n${ref.call}`;
      if (!units.has(key)) {
        const exists = byName.get(ref.layer);
        const calls = exists?.calls.length ?? 0;
        throw exists === undefined
          ? located(
              unit.layer,
              `Layer "${unit.layer.name}" takes its input from "${ref.layer}", which is not in the model.`,
              {
                found: `"${ref.layer}"`,
                expected: 'the name of a layer of the same model',
              },
            )
          : located(
              unit.layer,
              `Layer "${unit.layer.name}" takes call ${ref.call} of "${ref.layer}", which is called ${calls} times.`,
            );
      }
      if (done.has(key)) continue;
      if (open.has(key)) {
        const names = stack.map((item) => units.get(item.key)?.layer.name ?? '');
        const from = stack.findIndex((item) => item.key === key);
        throw located(unit.layer, 'The layers form a cycle.', {
          found: [...names.slice(from), names[from] ?? ''].slice(0, 12).join(' → '),
          expected: 'a graph without cycles',
        });
      }
      stack.push({ key, next: 0 });
    }
  }
  return result;
}
