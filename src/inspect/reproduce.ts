import type { Plan } from '../model/plan.ts';
import type { InspectRequest } from './request.ts';

/** A word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that makes the same result again: file, model, every choice that the plan fixed, and a study's `more` words. */
export function reproduceCommand(
  request: InspectRequest,
  modelId: string,
  plan: Plan | undefined,
  command: 'inspect' | 'compare' | 'scan' = 'inspect',
  more: readonly string[] = [],
): string {
  const words = ['initscope', command, request.path, '--model', modelId];
  const { semantics, inputShapes, loss, params } = request.options;
  if (request.predictOnly === true || plan === undefined) words.push('--predict-only');
  else {
    words.push('--backend', plan.backend, '--batch', String(plan.batch));
    if (request.seeds !== undefined) words.push('--seeds', String(request.seeds));
    if (request.start !== undefined && request.start !== 'fresh') words.push('--start', request.start);
    for (const path of request.data?.inputs ?? []) words.push('--data', path);
    if (request.data?.labels !== undefined) words.push('--labels', request.data.labels);
    if (request.budgetSeconds !== undefined) words.push('--budget', String(request.budgetSeconds));
  }
  if (semantics !== undefined) words.push('--semantics', semantics);
  for (const [name, shape] of Object.entries(inputShapes ?? {}))
    words.push('--input-shape', name === '' ? shape.join(',') : `${name}=${shape.join(',')}`);
  if (loss !== undefined) words.push('--loss', loss);
  for (const [name, value] of Object.entries(params ?? {})) words.push('--param', `${name}=${String(value)}`);
  return [...words, ...more].map(shellWord).join(' ');
}
