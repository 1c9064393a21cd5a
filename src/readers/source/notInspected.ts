import type { Node } from '@babel/types';
import type { Problem } from '../../model/problem.ts';
import type { Evaluation } from './evaluate.ts';
import { rangeOf, type Places } from './places.ts';

/** A model that cannot be inspected whatever is answered. */
export function excludedProblem(places: Places, site: number, path: string, reason: string): Problem {
  const node = places.node(site);
  return {
    file: path,
    ...(node === undefined ? {} : { range: rangeOf(node) }),
    severity: 'note',
    message: `The model of line ${places.line(site)} is not inspected: ${reason}.`,
  };
}

/** A model whose line never ran, or failed. */
export function unreachedProblem(
  evaluation: Evaluation,
  places: Places,
  site: number,
  path: string,
): Problem {
  const node = places.node(site);
  const fn = evaluation.program.sites[site]?.fn;
  const error =
    evaluation.recording.errors.find((entry) => evaluation.program.sites[entry.site]?.fn === fn) ??
    evaluation.recording.errors.at(-1);
  const why =
    evaluation.stopped ??
    (error === undefined
      ? 'this line was not reached'
      : `${error.message}${error.site >= 0 ? ` (line ${places.line(error.site)})` : ''}`);
  return {
    file: path,
    ...(node === undefined ? {} : { range: rangeOf(node) }),
    severity: 'note',
    message: `The model of line ${places.line(site)} was not built: ${why}.`,
  };
}

/** A model that is made where nothing is run, in a decorator. */
export function notRunProblem(node: Node, path: string): Problem {
  return {
    file: path,
    range: rangeOf(node),
    severity: 'note',
    message: `The model of line ${node.loc?.start.line ?? 0} is not inspected: it is made where nothing is run here.`,
  };
}
