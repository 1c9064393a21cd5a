import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KerasCase } from './kerasCase.ts';
import { oracleEnv } from './oracles.ts';
import { pack, type Packed, unpack } from './packed.ts';
import { inRepo } from './root.ts';
import type { Block } from './runLayers.ts';

/** What the oracle says of a case. */
export interface OracleResult {
  readonly output: Block;
  readonly inputGradients: readonly (Block | null)[];
  readonly weightGradients: readonly (Block | null)[];
}

/** A case with all it is run with; without a projection only the output is asked for. */
export interface OracleQuestion {
  readonly given: KerasCase;
  readonly inputs: readonly Block[];
  readonly weights: readonly Block[];
  readonly projection?: Float32Array;
  readonly outputShape?: readonly number[];
}

/** Runs all questions in one Python process; an answer is a result or the framework's error in one line. */
export function askKeras(
  python: string,
  framework: 'keras3' | 'keras2',
  questions: readonly OracleQuestion[],
): (OracleResult | string)[] {
  const folder = mkdtempSync(join(tmpdir(), 'initscope-oracle-'));
  try {
    const [asked, answered] = [join(folder, 'in.json'), join(folder, 'out.json')];
    const cases = questions.map(({ given, inputs, weights, projection, outputShape }) => ({
      class: given.class,
      config: given.config ?? {},
      ...(given.training === undefined ? {} : { training: given.training }),
      ...(given.spread === undefined ? {} : { spread: true }),
      ...(given.ids === undefined ? {} : { ids: true }),
      call: given.call ?? {},
      inputs: inputs.map(pack),
      weights: weights.map(pack),
      ...(projection === undefined ? {} : { projection: pack({ shape: outputShape!, values: projection }) }),
    }));
    writeFileSync(asked, JSON.stringify(cases));
    execFileSync(python, [inRepo('tests/oracles/layers.py'), asked, answered, framework], {
      env: { ...oracleEnv, TF_USE_LEGACY_KERAS: '1' } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const answers = JSON.parse(readFileSync(answered, 'utf8')) as (
      | { error: string }
      | { output: Packed; inputGradients?: (Packed | null)[]; weightGradients?: (Packed | null)[] }
    )[];
    const open = (blocks: readonly (Packed | null)[] = []) =>
      blocks.map((block) => (block === null ? null : unpack(block)));
    return answers.map((answer) =>
      'error' in answer
        ? answer.error
        : {
            output: unpack(answer.output),
            inputGradients: open(answer.inputGradients),
            weightGradients: open(answer.weightGradients),
          },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
