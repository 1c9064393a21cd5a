import { existsSync } from 'node:fs';
import type { Finding } from '../../src/model/finding.ts';
import { cli } from '../support/cli.ts';
import { oraclePython } from '../support/oracles.ts';
import { checkout } from './checkout.ts';
import type { Voice } from './quiet.ts';
import { FOUND_FILES } from './foundFiles.ts';
import { TORCH_FILES } from './foundTorch.ts';
import { JS_FILES, PYTHON_FILES, type RealFile } from './realFiles.ts';
import { serious } from './tally.ts';

interface Outcome {
  readonly reports: readonly { readonly model: string; readonly findings: readonly Finding[] }[];
  readonly errors: readonly { readonly message: string }[];
}

/** What the hand-labelled files gave, per (file, rule). */
export interface RealSummary {
  readonly files: number;
  readonly models: number;
  readonly notRead: number;
  readonly faults: number;
  readonly found: number;
  readonly falseAlarms: number;
  readonly recall: number;
  readonly precision: number;
}

async function inspect(
  file: RealFile,
  folder: string,
  python: string | undefined,
): Promise<Outcome | undefined> {
  const params = Object.entries(file.params ?? {}).flatMap(([name, value]) => [
    '--param',
    `${name}=${value}`,
  ]);
  const interpreter = python === undefined ? [] : ['--python', python, '--batch', '16', '--seeds', '4'];
  const run = await cli(
    ['inspect', file.path, '--json', '--quiet', '--no-cache', ...params, ...interpreter],
    {
      cwd: folder,
    },
  );
  try {
    return JSON.parse(run.out) as Outcome;
  } catch {
    return undefined;
  }
}

/** Inspects every hand-labelled file (python ones with the torch oracle's interpreter) and compares with its label. */
export async function runReal(wanted: (name: string) => boolean, voice: Voice): Promise<RealSummary> {
  const python = oraclePython('torch') ?? undefined;
  let [files, models, notRead, faults, found, falseAlarms] = [0, 0, 0, 0, 0, 0];
  const rows = [
    ...[...JS_FILES, ...FOUND_FILES].map((file) => [file, undefined] as const),
    ...[...PYTHON_FILES, ...TORCH_FILES].map((file) => [file, python] as const),
  ];
  for (const [file, interpreter] of rows.filter(([{ repo, path }]) => wanted(`${repo}/${path}`))) {
    const name = `${file.repo}/${file.path}`;
    const folder = checkout(file.repo, file.commit);
    files += 1;
    faults += file.faults?.length ?? 0;
    if (folder === undefined || (file.path.endsWith('.py') && !existsSync(interpreter ?? ''))) {
      notRead += 1;
      voice.say(`ABSENT ${name}: ${folder === undefined ? 'no mirror of it here' : 'no interpreter'}`);
      continue;
    }
    const outcome = await inspect(file, folder, interpreter);
    const reports = outcome?.reports ?? [];
    models += reports.length;
    if (reports.length === 0) {
      notRead += 1;
      voice.say(`NOT READ ${name}: ${outcome?.errors[0]?.message ?? 'no report'}`);
      continue;
    }
    const alarms = reports.flatMap(({ model, findings }) =>
      serious(findings).map((finding) => ({ model, finding })),
    );
    const matches = (label: NonNullable<RealFile['faults']>[number]) =>
      alarms.filter(
        ({ model, finding }) =>
          (label.model === undefined || label.model === model) && label.rules.includes(finding.rule),
      );
    const explained = new Set((file.faults ?? []).flatMap(matches));
    for (const label of file.faults ?? []) {
      if (matches(label).length > 0) found += 1;
      else voice.say(`MISSED ${name}: ${label.rules.join('|')}: ${file.why}`);
    }
    for (const alarm of alarms) {
      if (explained.has(alarm)) {
        voice.say(`FOUND ${name}: ${alarm.finding.rule} at ${alarm.finding.layer}: ${file.why}`);
        continue;
      }
      falseAlarms += 1;
      const { rule, layer, message } = alarm.finding;
      voice.say(`FALSE ALARM ${name} ${alarm.model}: ${rule} at ${layer}: ${message}; labelled: ${file.why}`);
    }
    if (voice.verbose) voice.say(`${name}: ${reports.length} models, ${alarms.length} warnings`);
  }
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
  return {
    ...{ files, models, notRead, faults, found, falseAlarms },
    recall: share(found, faults),
    precision: share(found, found + falseAlarms),
  };
}
