import type { Finding } from '../model/finding.ts';
import type { Prediction } from '../model/prediction.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { ReadResult } from '../model/reader.ts';
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

/** What the text of a file shows that is not run, as far as the request and the project want it, with configured severities. */
export function textFindings(
  { findings = [], disabled }: Pick<ReadResult, 'findings' | 'disabled'>,
  request: InspectRequest,
): readonly Finding[] {
  const { config } = request;
  const wanted = remaining(findings, request.path, '', { ...request, disabled });
  return wanted.map((finding) => {
    const severity = config.rules[finding.rule]?.severity;
    return severity === undefined || severity === 'off' ? finding : { ...finding, severity };
  });
}
