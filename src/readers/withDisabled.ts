import type { Problem } from '../model/problem.ts';
import type { DisabledRules, ModelSpec } from '../model/spec.ts';

/** Gives each model of a file the comments that hold for one of its layers; one that holds for none is a problem. */
export function withDisabled(
  models: readonly ModelSpec[],
  comments: readonly DisabledRules[],
  file: string,
): { readonly models: readonly ModelSpec[]; readonly problems: readonly Problem[] } {
  const used = new Set<DisabledRules>();
  const result = models.map((model) => {
    const disabled = comments.filter(({ range }) =>
      model.layers.some(({ origins }) =>
        origins.some(
          (origin) =>
            origin.file === file &&
            (origin.kind === 'layer' || origin.kind === 'initializer' || origin === origins[0]) &&
            origin.range.start >= range.start &&
            origin.range.start < range.end,
        ),
      ),
    );
    for (const comment of disabled) used.add(comment);
    return disabled.length === 0 ? model : { ...model, disabled };
  });
  const problems = comments
    .filter((comment) => models.length > 0 && !used.has(comment))
    .map(({ comment, written }): Problem => {
      return { file, range: comment, severity: 'note', message: `${written} holds for no layer here.` };
    });
  return { models: result, problems };
}
