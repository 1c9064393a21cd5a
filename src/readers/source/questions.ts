import type { Question } from '../../model/reader.ts';
import type { Evaluation, Found } from './evaluate.ts';
import { guessFor } from './guess.ts';
import type { Places } from './places.ts';
import type { Need } from './rawConfigs.ts';
import { nameOf } from './variants.ts';

/** A name that a person can type after `--param`. */
const PLAIN_NAME = /^[\w$#-]+(\.[\w$-]+|\[\d+\])*$/;

function needsOf(found: Found): readonly Need[] {
  return found.outcome.kind === 'asks' ? found.outcome.needs : [];
}

/** How much is asked of a person: the number of names, then their length. */
export function askCost(evaluation: Evaluation, found: Found): number {
  const names = new Set(needsOf(found).flatMap((need) => namesOf(evaluation, need).map(({ name }) => name)));
  return names.size * 10_000 + [...names].reduce((sum, name) => sum + name.length, 0);
}

/** The names by which a need is asked, with the places of the values. */
function namesOf(evaluation: Evaluation, need: Need): { readonly name: string; readonly site: number }[] {
  const unknown = evaluation.recording.unknowns[need.unknown];
  const bases = unknown?.bases === undefined || unknown.bases.length === 0 ? [need.unknown] : unknown.bases;
  return bases.map((id) => {
    const base = evaluation.recording.unknowns[id];
    const path = questionName(base?.path ?? need.text ?? need.reached, need.reached);
    const written =
      bases.length === 1 && !PLAIN_NAME.test(path) && need.text !== undefined && PLAIN_NAME.test(need.text);
    return written ? { name: need.text ?? path, site: need.site } : { name: path, site: base?.site ?? -1 };
  });
}

/** What a person must tell before the asking models can be read, each name once. */
export function questionsOf(
  evaluation: Evaluation,
  asking: readonly Found[],
  path: string,
  places: Places,
): Question[] {
  const questions = new Map<string, Question>();
  const { recording } = evaluation;
  for (const found of asking) {
    for (const need of needsOf(found)) {
      for (const { name, site: own } of namesOf(evaluation, need)) {
        const site = own >= 0 && places.file(own) === path ? own : need.site;
        const offered = recording.offered.find(([offer]) => offer === name)?.[1][0];
        const guess =
          typeof offered === 'string' || typeof offered === 'number'
            ? offered
            : guessFor(name, need.reached, need.layer);
        const asked = questions.get(name);
        const models = [...new Set([...(asked?.models ?? []), nameOf(evaluation, found)])];
        // One answer for several layers: the guess of the one that takes most sizes.
        if (asked !== undefined && sizesIn(asked.guess) >= sizesIn(guess)) {
          questions.set(name, { ...asked, models });
          continue;
        }
        const origin = places.origin(site, 'layer');
        const message = `${name} (line ${places.line(site)}) is not known here`;
        questions.set(name, {
          name,
          message,
          place: {
            file: origin.file,
            range: origin.range,
            severity: 'error',
            message,
            hint: `give it in the editor, with --param ${name}=…, or in initscope.json`,
          },
          ...(guess === undefined ? {} : { guess }),
          models,
        });
      }
    }
  }
  return [...questions.values()];
}

/** How many sizes an answer gives. */
function sizesIn(guess: number | string | undefined): number {
  return guess === undefined ? 0 : String(guess).split(',').length;
}

function questionName(path: string, reached: string): string {
  if (/(^|\.)outputShape/.test(path)) return path.replace(/outputShape\b.*$/, 'outputShape');
  if (reached === 'loop' && path.endsWith('.length')) return path.slice(0, -'.length'.length);
  return path;
}
