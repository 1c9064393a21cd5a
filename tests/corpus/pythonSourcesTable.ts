import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../src/model/problem.ts';
import type { ReportSet } from '../../src/model/report.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';
import rows from './pythonSources.json';

/*
 * Inspects every row of pythonSources.json by the command line, as a person would, without answers and, where it asks, with its own
 * guesses (or the row's answers) given, and writes the table of docs/python-table.md to the file named by INITSCOPE_TABLE. The files are
 * public and not ours: bring them to INITSCOPE_SOURCES (<folder>/<repo>/<path>, at the row's commit, each repository with a `.git` at its
 * top), then run `node scripts/bundled.mjs tests/corpus/pythonSourcesTable.ts [PARTS OF PATHS …]`.
 */
const folder = process.env['INITSCOPE_SOURCES'] ?? '/tmp/sources';
const table = process.env['INITSCOPE_TABLE'] ?? inRepo('dist/python-table.md');
const only = process.argv.slice(2);
const LONGEST = 300_000;

interface Row {
  readonly repo: string;
  readonly path: string;
  /** What the repository says of values that the file leaves open; other questions get their guess. */
  readonly answers?: Readonly<Record<string, number | string>>;
  /** Inputs that the repository's data have, by name, as --input-shape takes them. */
  readonly shapes?: readonly string[];
  /** Why there is nothing to inspect in it, where a person reading it finds none. */
  readonly none?: string;
  /** Not one of the rows of SOURCES.tsv. */
  readonly more?: boolean;
}

interface Run {
  readonly set?: ReportSet;
  readonly seconds: number;
  readonly said: string;
}

function inspect(path: string, more: readonly string[]): Run {
  const started = performance.now();
  const args = ['inspect', path, '--json', '--no-cache', '--seeds', '2', '--fail-on', 'never', ...more];
  const python = oraclePython('torch');
  if (python !== null) args.push('--python', python);
  const { stdout, stderr, status } = spawnSync(process.execPath, [inRepo('dist/cli.cjs'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, KERAS_BACKEND: oracleEnv['KERAS_BACKEND'] ?? 'torch', NO_COLOR: '1' },
    maxBuffer: 1 << 28,
    timeout: LONGEST,
  });
  const seconds = (performance.now() - started) / 1000;
  try {
    return { set: JSON.parse(stdout) as ReportSet, seconds, said: '' };
  } catch {
    return { seconds, said: status === null ? 'it did not end' : stderr.trim().slice(-200) };
  }
}

const severe = ({ set }: Run): readonly Problem[] =>
  (set?.errors ?? []).filter(({ severity }) => severity === 'error');

interface Tally {
  readonly lines: string[];
  files: number;
  without: number;
  every: number;
  withAnswers: number;
  clear: number;
}
const tally = (): Tally => ({ lines: [], files: 0, without: 0, every: 0, withAnswers: 0, clear: 0 });
const listed = tally();
const found = tally();
for (const row of rows as readonly Row[]) {
  const path = join(folder, row.repo, row.path);
  if (only.length > 0 && !only.some((part) => path.includes(part))) continue;
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  const counts = row.more === true ? found : listed;
  const first = inspect(path, []);
  const questions = first.set?.questions ?? [];
  const complete = (run: Run): boolean => (run.set?.reports.length ?? 0) > 0 && severe(run).length === 0;
  const params = new Map(Object.entries(row.answers ?? {}).map(([name, value]) => [name, String(value)]));
  for (const { name, guess } of questions)
    if (guess !== undefined && !params.has(name)) params.set(name, String(guess));
  const answers = [...params].flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  const shapes = (row.shapes ?? []).flatMap((shape) => ['--input-shape', shape]);
  const again = !complete(first) && answers.length + shapes.length > 0;
  const last = again ? inspect(path, [...answers, ...shapes]) : first;
  const builds = row.none === undefined;
  counts.files += builds ? 1 : 0;
  if (
    first.set !== undefined &&
    (first.set.reports.length > 0 || first.set.errors.length + first.set.skipped.length > 0)
  )
    counts.clear += 1;
  if (builds && (first.set?.reports.length ?? 0) > 0) counts.without += 1;
  if (builds && complete(first)) counts.every += 1;
  if (builds && (last.set?.reports.length ?? 0) > 0) counts.withAnswers += 1;
  const names = (run: Run): string => run.set?.reports.map(({ model }) => model).join(', ') ?? '';
  const said = [
    ...severe(last).map(({ message }) => message),
    ...(last.set?.skipped ?? []).map(({ reason }) => reason),
    last.said,
  ];
  const findings = (last.set?.reports ?? []).flatMap(({ model, findings }) =>
    findings
      .filter(({ severity }) => severity !== 'information')
      .map(({ rule, layer }) => `${model}: ${rule} at ${layer}`),
  );
  const cells = [
    `${row.repo} \`${row.path}\``,
    names(first) || '–',
    first.seconds.toFixed(1),
    again
      ? `${names(last) || '–'} (${[...params].map((pair) => pair.join(' = ')).join(', ')} ${shapes.join(' ')})`
      : '',
    [...findings, ...said, row.none ?? ''].filter(Boolean).join('; '),
  ];
  counts.lines.push(`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  console.log(counts.lines.at(-1));
}
const figures = ({ lines, files, without, every, withAnswers, clear }: Tally): string => {
  const share = (count: number, of: number): string =>
    `${count} of ${of} (${Math.round((100 * count) / of)} %)`;
  return `- a model inspected without a question: ${share(without, files)} of the files that build one
- every model of the file inspected without a question: ${share(every, files)}
- a model inspected with the answers: ${share(withAnswers, files)}
- a clear answer: ${share(clear, lines.length)}

| file | inspected without a question | seconds | with answers | findings above information, and what was said |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
};
if (only.length === 0) writeFileSync(table, `${figures(listed)}\n## Files besides\n\n${figures(found)}`);
