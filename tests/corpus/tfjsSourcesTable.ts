import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Files } from '../../src/model/measurer.ts';
import type { ReadResult } from '../../src/model/reader.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import rows from './tfjsSources.json';

/*
 * Reads every row of tfjsSources.json and writes docs/sources-table.md. The sources are public and not ours: bring them to
 * INITSCOPE_SOURCES (<folder>/<repo>/<path>, at the row's commit), then run `node scripts/bundled.mjs tests/corpus/tfjsSourcesTable.ts`.
 */
const folder = process.env['INITSCOPE_SOURCES'] ?? '/tmp/sources';
const only = process.argv[2];

const filesUnder = (root: string): Files => ({
  size: (path) => Promise.resolve(statSync(path).size),
  read: (path, start, end) => Promise.resolve(new Uint8Array(readFileSync(path).subarray(start, end))),
  beside: (base, name) => {
    const path = resolve(dirname(base), name);
    return path.startsWith(root) ? path : undefined;
  },
  exists: (path) => Promise.resolve(existsSync(path) && statSync(path).isFile()),
});

/** Answers a person would type: the guess of each question, or what the repository says. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {};

function describe(result: ReadResult): string {
  if (result.skipped !== undefined) return `declined: ${result.skipped}`;
  if (result.notAModel !== undefined) return result.notAModel;
  return result.models
    .map((model) => `${model.id} (${model.layers.length} layers, ${model.parameters.total} parameters)`)
    .join(', ');
}

const lines: string[] = [];
let without = 0;
let withAnswers = 0;
let clear = 0;
let slowest = 0;
for (const row of rows) {
  if (only !== undefined && !row.path.includes(only)) continue;
  const root = join(folder, row.repo);
  const path = join(root, row.path);
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const started = performance.now();
  const first = await readSource(path, text, filesUnder(root), {});
  const elapsed = performance.now() - started;
  slowest = Math.max(slowest, elapsed);
  let answered = first;
  const params: Record<string, number | string | boolean> = { ...ANSWERS[row.path] };
  for (let round = 0; round < 4 && (answered.questions?.length ?? 0) > 0; round += 1) {
    for (const question of answered.questions ?? [])
      if (question.guess !== undefined) params[question.name] ??= question.guess;
    answered = await readSource(path, text, filesUnder(root), { params });
  }
  const complete = first.models.length >= row.models && (first.questions?.length ?? 0) === 0;
  const completeAnswered = answered.models.length >= row.models && (answered.questions?.length ?? 0) === 0;
  if (complete) without += 1;
  if (completeAnswered) withAnswers += 1;
  if (
    first.models.length > 0 ||
    (first.questions?.length ?? 0) > 0 ||
    first.problems.length > 0 ||
    first.notAModel !== undefined ||
    first.skipped !== undefined
  )
    clear += 1;
  const asked = first.questions?.map((question) => question.name).join(', ') ?? '';
  lines.push(
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
const share = (count: number): string =>
  `${count} of ${lines.length} (${Math.round((100 * count) / lines.length)} %)`;
const text = `# Real TF.js sources

Written by \`node scripts/bundled.mjs tests/corpus/tfjsSourcesTable.ts\` over the rows of \`tests/corpus/tfjsSources.json\`, whose models were
counted by hand before the reader existed. The sources are read where they lie in their repositories and are not part of this one.
"Asked" are the sizes that no file of the repository tells; "with answers" gives each its prefilled guess.

- every expected model inspected without a question: ${share(without)}
- every expected model inspected with the questions answered: ${share(withAnswers)}
- a clear answer: ${share(clear)}; slowest ${Math.round(slowest)} ms

| repository | file | expected | found | asked | with answers | ms | result |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
if (only === undefined)
  writeFileSync(join(process.env['INITSCOPE_ROOT'] ?? '.', 'docs/sources-table.md'), text);
console.log(text);
