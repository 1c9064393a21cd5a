import type { EditResult } from '../../model/change.ts';
import type { Change } from '../../model/change.ts';
import type { ModelSpec } from '../../model/spec.ts';

export function editSource(_text: string, _spec: ModelSpec, _changes: readonly Change[]): EditResult {
  return { ok: false, refusal: { place: '', reason: 'not written yet' } };
}
