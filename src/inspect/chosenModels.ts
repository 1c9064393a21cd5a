import type { Problem } from '../model/problem.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { Reading } from './reading.ts';
import type { InspectRequest } from './request.ts';

/** The models of a file that a request is about: by id, else by name. */
export function chosenModels(request: InspectRequest, models: readonly ModelSpec[]): readonly ModelSpec[] {
  const { model: wanted } = request;
  if (wanted === undefined) return models;
  const chosen = models.filter(({ id }) => id === wanted);
  return chosen.length > 0 ? chosen : models.filter(({ name }) => name === wanted);
}

/** Problems of the file itself, besides those of its models; what only models ask that are not wanted is none. */
export function fileProblems(
  request: InspectRequest,
  reading: Reading,
  chosen: readonly ModelSpec[],
): Problem[] {
  const file = request.path;
  const problems = [...reading.problems];
  if (reading.notAModel !== undefined && request.found !== true)
    problems.push({ file, severity: 'error', message: reading.notAModel });
  const asked = (reading.questions ?? []).filter(
    ({ models }) =>
      chosen.length === 0 || request.model === undefined || models?.includes(request.model) !== false,
  );
  for (const { message, place } of asked)
    problems.push({ ...place, file: place.file, severity: 'error', message });
  const waits = asked.some(({ models }) => request.model !== undefined && models?.includes(request.model));
  if (request.model !== undefined && chosen.length === 0 && !waits && reading.models.length > 0)
    problems.push({
      file,
      severity: 'error',
      message: `the file has no model ${request.model}`,
      expected: reading.models.map(({ id }) => id).join(', '),
    });
  return problems;
}
