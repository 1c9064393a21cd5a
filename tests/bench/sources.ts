import { readFileSync } from 'node:fs';
import { contentHash } from '../../src/model/hash.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { judgeStatic } from '../../src/rules/static.ts';
import { predict } from '../../src/theory/predict.ts';
import { inRepo } from '../support/root.ts';

/** From a saved source to its static findings, in milliseconds: the first time in a process, and once more after an edit. */
export interface SourceRow {
  readonly source: string;
  readonly bytes: number;
  readonly models: number;
  readonly cold: number;
  readonly warm: number;
}

const FUNCTIONS = 60;

/** A source of the size of the largest real ones (45 kB, 60 functions that each build a model of five layers). */
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

/** Times the source at `path`, or a generated one; must run first in its process for a cold figure. */
export async function sourceRow(path: string | undefined): Promise<SourceRow> {
  const text = path === undefined ? generated() : readFileSync(path, 'utf8');
  const file = path ?? inRepo('generated.js');
  const once = async (written: string): Promise<{ ms: number; models: number }> => {
    const started = performance.now();
    const { models } = await readSource(file, written, nodeFiles, {});
    for (const spec of models) judgeStatic(spec, predict(spec), DEFAULT_PROJECT_CONFIG);
    return { ms: performance.now() - started, models: models.length };
  };
  const cold = await once(text);
  const warm: number[] = [];
  for (let round = 0; round < 5; round += 1)
    warm.push((await once(`${text}\n// ${contentHash(String(round))}\n`)).ms);
  return {
    source: path ?? 'generated',
    bytes: text.length,
    models: cold.models,
    cold: cold.ms,
    warm: warm.sort((a, b) => a - b)[2] ?? Number.NaN,
  };
}

/** One line for a terminal. */
export function sourceLine({ source, bytes, models, cold, warm }: SourceRow): string {
  return `source ${source} (${bytes} bytes, ${models} models): static findings after ${Math.round(cold)} ms cold, ${Math.round(warm)} ms warm`;
}
