import picomatch from 'picomatch';
import type { Finding } from '../model/finding.ts';
import type { Problem } from '../model/problem.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { DisabledRules } from '../model/spec.ts';
import type { Baseline } from './request.ts';

/** What leaves a finding out of a report. */
interface Suppression {
  readonly select?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly config: ProjectConfig;
  readonly baseline?: Baseline | undefined;
  /** Comments of the file. */
  readonly disabled?: readonly DisabledRules[] | undefined;
}

function holdsFor({ rules, range }: DisabledRules, { rule, origin }: Finding): boolean {
  const { start } = origin.range;
  return start >= range.start && start < range.end && (rules.length === 0 || rules.includes(rule));
}

/** Comments that leave out nothing: what they were written for is gone. */
export function unusedComments(
  disabled: readonly DisabledRules[] | undefined,
  findings: readonly Finding[],
  file: string,
): readonly Problem[] {
  return (disabled ?? []).flatMap((comment): Problem[] =>
    findings.some((finding) => holdsFor(comment, finding))
      ? []
      : [
          {
            file,
            range: comment.comment,
            severity: 'note',
            message: `${comment.written} leaves nothing out.`,
          },
        ],
  );
}

/** The findings that remain, in order: selected, not ignored by call or configuration, not in the baseline, not `off`. */
export function remaining(
  findings: readonly Finding[],
  file: string,
  modelId: string,
  { select, ignore, config, baseline, disabled }: Suppression,
): readonly Finding[] {
  const known = new Set(
    (baseline?.findings ?? [])
      .filter((entry) => entry.file === file && entry.modelId === modelId)
      .map(({ id }) => id),
  );
  const ignored = ({ rule, layer }: Finding) =>
    config.ignore.some(
      (entry) =>
        (entry.rule === rule || entry.rule === '*') &&
        (entry.layer === undefined || picomatch.isMatch(layer, entry.layer, { dot: true })),
    );
  return findings.filter(
    (finding) =>
      (select === undefined || select.includes(finding.rule)) &&
      ignore?.includes(finding.rule) !== true &&
      config.rules[finding.rule]?.severity !== 'off' &&
      !known.has(finding.id) &&
      disabled?.some((comment) => holdsFor(comment, finding)) !== true &&
      !ignored(finding),
  );
}
