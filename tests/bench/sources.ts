import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { ReadOptions } from '../../src/model/reader.ts';
import { createSourceHost } from '../../src/node/sourceHost.ts';
import { judgeStatic } from '../../src/rules/static.ts';
import { predict } from '../../src/theory/predict.ts';
import { inRepo } from '../support/root.ts';

/** Milliseconds by the clock and of the processor, in all threads. */
interface Spent {
  readonly clock: number;
  readonly processor: number;
}

/** From a saved source to its static findings: the first time with a new thread, and after an edit (median of five). */
export interface SourceRow {
  readonly source: string;
  readonly bytes: number;
  readonly models: number;
  readonly cold: Spent;
  readonly warm: Spent;
}

/** The largest of the real sources, the largest of those listed before the reader existed, and the one with most models. */
const REAL = [
  'tensorflow/tfjs-models/speech-commands/src/browser_fft_recognizer.ts',
  'CloudZero2049/TD3-TensorFlowJS/Run From Zombie V0.09/TD3script.js',
  'tensorflow/tfjs-examples/mnist-acgan/gan.js',
  'tensorflow/tfjs/e2e/integration_tests/create_save_predict.js',
];
const FUNCTIONS = 60;

/** A source of the size of the largest real ones (45 kB), of 60 functions that each build a model of five layers. */
function generated(): string {
  const one = (index: number): string => `
/** Builds net ${index}: ${'what a comment of a real source tells about it. '.repeat(6)} */
export function build${index}(units = ${8 + index}) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units, activation: 'relu', inputShape: [${4 + index}] }));
  for (let i = 0; i < 3; i++) model.add(tf.layers.dense({ units: units * 2, activation: 'tanh', kernelInitializer: 'glorotNormal' }));
  model.add(tf.layers.dense({ units: 3, activation: 'softmax' }));
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  return model;
}
`;
  return `import * as tf from '@tensorflow/tfjs';\n${Array.from({ length: FUNCTIONS }, (_, index) => one(index)).join('')}`;
}

async function spentOn(work: () => Promise<void>): Promise<Spent> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { clock: performance.now() - started, processor: (user + system) / 1000 };
}

/** Guesses for what the source asks, as the editor offers them. */
async function answersFor(host: ReturnType<typeof createSourceHost>, path: string, text: string) {
  const params: Record<string, number | string> = {};
  for (let round = 0; round < 4; round += 1) {
    const { questions = [] } = await host.read(path, text, { params });
    if (questions.length === 0) break;
    for (const { name, guess } of questions) if (guess !== undefined) params[name] ??= guess;
  }
  return params;
}

async function sourceRow(source: string, path: string, text: string): Promise<SourceRow> {
  const workerPath = inRepo('dist/sources.cjs');
  const asking = createSourceHost({ workerPath });
  const options: ReadOptions = { params: await answersFor(asking, path, text) };
  await asking.dispose();
  const host = createSourceHost({ workerPath });
  let count = 0;
  const once = async (written: string): Promise<void> => {
    const { models } = await host.read(path, written, options);
    for (const spec of models) judgeStatic(spec, predict(spec), DEFAULT_PROJECT_CONFIG);
    count = models.length;
  };
  const cold = await spentOn(() => once(text));
  const warm: Spent[] = [];
  for (let round = 0; round < 5; round += 1) warm.push(await spentOn(() => once(`${text}\n// ${round}\n`)));
  await host.dispose();
  const middle = (of: keyof Spent): number =>
    warm.map((spent) => spent[of]).sort((a, b) => a - b)[2] ?? Number.NaN;
  return {
    source,
    bytes: text.length,
    models: count,
    cold,
    warm: { clock: middle('clock'), processor: middle('processor') },
  };
}

/** One row a source: `path` alone, or the real ones that are at hand (in INITSCOPE_SOURCES) and the generated one. */
export async function sourceRows(path: string | undefined): Promise<readonly SourceRow[]> {
  const folder = process.env['INITSCOPE_SOURCES'] ?? '/tmp/sources';
  const real = path === undefined ? REAL.map((name) => join(folder, name)).filter(existsSync) : [path];
  const rows: SourceRow[] = [];
  for (const file of real)
    rows.push(await sourceRow(file.replace(`${folder}/`, ''), file, readFileSync(file, 'utf8')));
  if (path === undefined) rows.push(await sourceRow('generated', inRepo('generated.js'), generated()));
  return rows;
}

/** A table for a terminal and for docs/performance.md. */
export function sourceTable(rows: readonly SourceRow[]): string {
  const ms = ({ clock, processor }: Spent): string => `${Math.round(processor)} (${Math.round(clock)})`;
  return [
    '| save to static findings, processor (clock) in ms | bytes | models | cold | warm |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ source, bytes, models, cold, warm }) =>
        `| ${source} | ${bytes} | ${models} | ${ms(cold)} | ${ms(warm)} |`,
    ),
  ].join('\n');
}
