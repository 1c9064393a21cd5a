import picomatch from 'picomatch';
import type { Finding } from '../model/finding.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { Baseline } from './request.ts';

/** What leaves a finding out of a report. */
export interface Suppression {
  readonly select?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly config: ProjectConfig;
  readonly baseline?: Baseline | undefined;
}

/** The findings that remain, in order: selected, not ignored by call or configuration, not in the baseline, not `off`. */
export function remaining(
  findings: readonly Finding[],
  file: string,
  modelId: string,
  { select, ignore, config, baseline }: Suppression,
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
      !ignored(finding),
  );
}
