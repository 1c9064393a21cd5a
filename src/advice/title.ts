import type { Change } from '../model/change.ts';
import { spellInitializer } from '../model/initializers/spell.ts';
import type { ModelSpec } from '../model/spec.ts';

/** An initializer in the words of the file's own framework, short. */
export function spelled(spec: ModelSpec, change: Change): string {
  const spelling = spellInitializer(change.initializer, spec.semantics.value, { from: spec.semantics.value });
  const code = spelling?.code ?? change.initializer.id;
  return code.replace(/^(?:tf\.)?(?:keras\.)?initializers\./, '').replace(/\((?:\{\})?\)$/, '');
}

/** A change in a few words: `HeNormal for the kernels of d1 and 8 more layers`. */
export function titleOf(spec: ModelSpec, changes: readonly Change[]): string {
  const parts = changes.map((change) => {
    const [first = '', second] = change.layers;
    const rest = change.layers.length - 1;
    const whose =
      rest === 0 ? first : rest === 1 ? `${first} and ${second ?? ''}` : `${first} and ${rest} more layers`;
    return `${spelled(spec, change)} for the ${change.weight} of ${whose}`;
  });
  return parts.length > 3
    ? `${parts.slice(0, 2).join('; ')}; and ${parts.length - 2} more changes`
    : parts.join('; ');
}
