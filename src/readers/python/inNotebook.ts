import type { CodeSite, LoopSite } from '../../model/codeSite.ts';
import type { Finding } from '../../model/finding.ts';
import type { Origin, TextRange } from '../../model/origin.ts';
import type { Problem } from '../../model/problem.ts';
import type { Question } from '../../model/reader.ts';
import type { DisabledRules, LayerSpec, ModelSpec } from '../../model/spec.ts';
import type { Notebook } from './notebook.ts';

/** Moves everything that points into a notebook's code to where it stands in the document, with the cell it is in. */
interface Placing {
  spec(spec: ModelSpec): ModelSpec;
  problem(problem: Problem): Problem;
  question(question: Question): Question;
  finding(finding: Finding): Finding;
  disabled(comment: DisabledRules): DisabledRules;
}

/** The text of an edit as it stands inside a JSON string of a cell's source (a string may hold several lines). */
export function asCellSource(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Placing for a notebook at `file`. Places in other files stay. */
export function placing(notebook: Notebook, file: string): Placing {
  const range = (each: TextRange): TextRange => notebook.toDocument(each);
  const point = (offset: number): number => notebook.toDocument({ start: offset, end: offset }).start;
  const origin = (each: Origin): Origin =>
    each.file === file ? { ...each, range: range(each.range), cell: notebook.toCell(each.range) } : each;
  const looped = ({ loop }: { readonly loop?: LoopSite }) =>
    loop === undefined ? {} : { loop: { ...loop, at: point(loop.at) } };
  const site = (each: CodeSite): CodeSite => {
    switch (each.mode) {
      case 'none':
        return { ...each, ...looped(each) };
      case 'insert':
        return { ...each, at: point(each.at), ...looped(each) };
      case 'replace':
        return { ...each, range: range(each.range), ...looped(each) };
      case 'keyword':
        return {
          ...each,
          after: point(each.after),
          ...(each.value === undefined ? {} : { value: range(each.value) }),
        };
    }
  };
  const layer = (each: LayerSpec): LayerSpec => ({
    ...each,
    origins: each.origins.map(origin),
    weights: each.weights.map((weight) =>
      weight.code === undefined ? weight : { ...weight, code: site(weight.code) },
    ),
    ...(each.inner === undefined ? {} : { inner: each.inner.map(layer) }),
  });
  const problem = (each: Problem): Problem =>
    each.file === file && each.range !== undefined
      ? { ...each, range: range(each.range), cell: notebook.toCell(each.range) }
      : each;
  const disabled = (each: DisabledRules): DisabledRules => ({
    ...each,
    comment: range(each.comment),
    range: range(each.range),
  });
  return {
    problem,
    disabled,
    finding: (each) => ({ ...each, origin: origin(each.origin) }),
    question: (each) => ({ ...each, place: problem(each.place) }),
    spec: (spec) => ({
      ...spec,
      origin: origin(spec.origin),
      layers: spec.layers.map(layer),
      problems: spec.problems.map(problem),
      ...(spec.disabled === undefined ? {} : { disabled: spec.disabled.map(disabled) }),
    }),
  };
}
