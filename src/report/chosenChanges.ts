import type { Change, Repair } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import { outcomeText } from './reportText.ts';

/**
 * Whether a repair of everything includes this finding. What is only information says that something better exists, not that
 * something is wrong: its advice waits until a person names the finding or its rule.
 */
export function repairedUnasked({ severity }: Pick<Finding, 'severity'>): boolean {
  return severity === 'error' || severity === 'warning';
}

/**
 * The advice to write for a report: the preferred (else first) one of each finding that is not refused; earlier findings win.
 * With `whole` (an archive that is rewritten) the lack of text edits is no refusal.
 */
export function chosenChanges(
  findings: readonly Finding[],
  whole = false,
): { changes: Change[]; repairs: Repair[] } {
  const taken = new Set<string>();
  const changes: Change[] = [];
  const repairs: Repair[] = [];
  for (const { advice } of findings) {
    const usable = advice.filter(({ edit }) => whole || edit?.ok !== false);
    const best = usable.find(({ preferred }) => preferred) ?? usable[0];
    if (best === undefined) continue;
    const free = best.changes.flatMap((change) => {
      const layers = change.layers.filter((layer) => !taken.has(`${change.weight}\n${layer}`));
      return layers.length === 0 ? [] : [{ ...change, layers }];
    });
    if (free.length === 0) continue;
    for (const { layers, weight } of free) for (const layer of layers) taken.add(`${weight}\n${layer}`);
    changes.push(...free);
    const proof = outcomeText(best.before, best.after);
    repairs.push({
      title: `${best.title}${proof === '' ? '' : ` (${proof})`}`,
      ...(best.caveat === undefined ? {} : { caveat: best.caveat }),
    });
  }
  return { changes, repairs };
}
