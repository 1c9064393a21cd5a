import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadResult } from '../../src/model/reader.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { UNWATCHED } from '../../src/readers/source/watch.ts';
import rows from './tfjsSources.json';

/*
 * Reads every row of tfjsSources.json and writes docs/sources-table.md. The sources are public and not ours: bring them to
 * INITSCOPE_SOURCES (<folder>/<repo>/<path>, at the row's commit, each repository with a `.git` or `package.json` at its top), then run `node scripts/bundled.mjs tests/corpus/tfjsSourcesTable.ts`.
 */
const folder = process.env['INITSCOPE_SOURCES'] ?? '/tmp/sources';
const only = process.argv[2];

interface Row {
  readonly repo: string;
  readonly path: string;
  readonly models: number;
  /** What the repository or its data says; other questions get their guess. */
  readonly answers?: Readonly<Record<string, number | string>>;
  /** `listed` where absent: a row of SOURCES.tsv. `found` later, to look for failures. `untuned`: what the first run of a finished reader gave. */
  readonly set?: string;
}

function describe(result: ReadResult): string {
  if (result.skipped !== undefined) return `declined: ${result.skipped}`;
  if (result.notAModel !== undefined) return result.notAModel;
  return result.models
    .map((model) => `${model.id} (${model.layers.length} layers, ${model.parameters.total} parameters)`)
    .join(', ');
}

interface Tally {
  readonly lines: string[];
  without: number;
  withAnswers: number;
  clear: number;
  slowest: number;
}
const tally = (): Tally => ({ lines: [], without: 0, withAnswers: 0, clear: 0, slowest: 0 });
const sets = { listed: tally(), found: tally(), untuned: tally() };
/** A busy machine must not refuse what the editor's own thread would read. */
const watch = {
  ...UNWATCHED,
  now: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
};
for (const row of rows as readonly Row[]) {
  if (only !== undefined && !row.path.includes(only)) continue;
  const counts = sets[(row.set ?? 'listed') as keyof typeof sets];
  const root = join(folder, row.repo);
  const path = join(root, row.path);
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const before = process.cpuUsage();
  const first = await readSource(path, text, nodeFiles, {}, watch);
  const { user, system } = process.cpuUsage(before);
  const elapsed = (user + system) / 1000;
  counts.slowest = Math.max(counts.slowest, elapsed);
  let answered = first;
  const params: Record<string, number | string | boolean> = { ...row.answers };
  for (let round = 0; round < 4 && (answered.questions?.length ?? 0) > 0; round += 1) {
    for (const question of answered.questions ?? [])
      if (question.guess !== undefined) params[question.name] ??= question.guess;
    answered = await readSource(path, text, nodeFiles, { params }, watch);
  }
  const complete = first.models.length >= row.models && (first.questions?.length ?? 0) === 0;
  const completeAnswered = answered.models.length >= row.models && (answered.questions?.length ?? 0) === 0;
  if (complete) counts.without += 1;
  if (completeAnswered) counts.withAnswers += 1;
  if (
    first.models.length > 0 ||
    (first.questions?.length ?? 0) > 0 ||
    first.problems.length > 0 ||
    first.notAModel !== undefined ||
    first.skipped !== undefined
  )
    counts.clear += 1;
  const asked = first.questions?.map((question) => question.name).join(', ') ?? '';
  counts.lines.push(
    `| ${row.repo} | ${row.path} | ${row.models} | ${first.models.length} | ${asked || '–'} | ${answered.models.length} | ${Math.round(elapsed)} | ${[describe(answered), ...answered.problems.map((problem) => problem.message)].filter(Boolean).join('; ').replaceAll('|', '\\|')} |`,
  );
  if (only !== undefined)
    console.log(
      JSON.stringify({ first, params, answered: answered === first ? undefined : answered }, null, 1).slice(
        0,
        12000,
      ),
    );
}
const figures = ({ lines, without, withAnswers, clear, slowest }: Tally): string => {
  const share = (count: number): string =>
    `${count} of ${lines.length} (${Math.round((100 * count) / lines.length)} %)`;
  return `- every expected model inspected without a question: ${share(without)}
- every expected model inspected with the questions answered: ${share(withAnswers)}
- a clear answer: ${share(clear)}; slowest ${Math.round(slowest)} ms

| repository | file | expected | found | asked | with answers | ms | result |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}`;
};
const text = `# Real TF.js sources

Written by \`node scripts/bundled.mjs tests/corpus/tfjsSourcesTable.ts\` over the rows of \`tests/corpus/tfjsSources.json\`. The models of the
34 sources listed first were counted by hand before the reader existed. The counts of the 40 found later were set after a first run of the
reader and are weaker evidence; a search for the calls that make models agrees with 35 of them and differs where models stand on loaded ones.
Some of the answers come from memory of the data sets, not from the repositories. The sources are read where they lie in their repositories and are not part of this one. "Asked" are the sizes that no
file of the repository tells; "with answers" gives each the row's answer where it has one, else its prefilled guess; "ms" is processor time.

## The sources listed before the reader existed

${figures(sets.listed)}

## Sources of other repositories, found later to look for failures

${figures(sets.found)}

## Sources of further repositories, chosen by name and counted by hand before they were read

${figures(sets.untuned)}
`;
if (only === undefined) writeFileSync('docs/sources-table.md', text);
console.log(text);
