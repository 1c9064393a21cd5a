import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Baseline } from '../inspect/request.ts';
import { UsageError } from './io.ts';

type Entry = Baseline['findings'][number];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

function entriesOf(report: unknown): Entry[] | undefined {
  if (!isObject(report)) return undefined;
  const { file, modelId } = report;
  const findings = list(report['findings']);
  if (typeof file !== 'string' || typeof modelId !== 'string' || findings === undefined) return undefined;
  return findings.flatMap((finding) =>
    isObject(finding) && typeof finding['id'] === 'string' ? [{ file, modelId, id: finding['id'] }] : [],
  );
}

/** The findings in a report written earlier with `--json`. Throws a UsageError when the file is anything else. */
export async function readBaseline(cwd: string, path: string): Promise<Baseline> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(resolve(cwd, path), 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    throw new UsageError(`--baseline ${path} cannot be read: ${reason}`);
  }
  const reports = isObject(document) ? list(document['reports']) : undefined;
  const findings = reports?.map(entriesOf);
  if (findings === undefined || findings.includes(undefined))
    throw new UsageError(
      `--baseline ${path} is not a report; write one with initscope inspect … --json --output ${path}`,
    );
  return { findings: findings.flatMap((entries) => entries ?? []) };
}
