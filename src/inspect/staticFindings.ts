import type { Finding } from '../model/finding.ts';
import type { Prediction } from '../model/prediction.ts';
import type { ModelSpec } from '../model/spec.ts';
import { judgeStatic } from '../rules/static.ts';
import type { InspectRequest } from './request.ts';
import { remaining } from './suppress.ts';

/** Findings that need no measurement, as far as the request and the project want them. */
export function staticFindings(
  spec: ModelSpec,
  prediction: Prediction,
  request: InspectRequest,
): readonly Finding[] {
  return remaining(judgeStatic(spec, prediction, request.config), request.path, spec.id, {
    ...request,
    disabled: spec.disabled,
  });
}
