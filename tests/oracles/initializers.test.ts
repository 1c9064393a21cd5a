import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type EngineBackend, openBackend } from '../../src/engine/backends.ts';
import { criticalDistance, kolmogorovSmirnov, moments } from '../support/distributions.ts';
import { INITIALIZER_CASES } from '../support/initializerCases.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { ownDraw } from '../support/ownDraws.ts';
import { inRepo } from '../support/root.ts';

function drawWith(python: string, framework: string): (Float32Array | string)[] {
  const folder = mkdtempSync(join(tmpdir(), 'initscope-draws-'));
  try {
    const [asked, answered] = [join(folder, 'in.json'), join(folder, 'out.json')];
    writeFileSync(asked, JSON.stringify(INITIALIZER_CASES));
    execFileSync(python, [inRepo('tests/oracles/initializers.py'), asked, answered, framework], {
      env: { ...oracleEnv, TF_USE_LEGACY_KERAS: '1' } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const answers = JSON.parse(readFileSync(answered, 'utf8')) as (string | { error: string })[];
    return answers.map((answer) =>
      typeof answer === 'string'
        ? new Float32Array(Uint8Array.from(Buffer.from(answer, 'base64')).buffer)
        : answer.error,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The bounds of a framework's draws but for 3 in 10⁵ values on each side: Keras 3 on PyTorch draws a truncated value four times and keeps
 * the first where none lies within two deviations, which is 4 in 10⁶.
 */
function support(values: Float32Array): { low: number; high: number } {
  const sorted = Float32Array.from(values).sort();
  const left = Math.round(3e-5 * sorted.length);
  return { low: sorted[left]!, high: sorted[sorted.length - 1 - left]! };
}

for (const [semantics, oracle] of [
  ['keras3', 'torch'],
  ['keras2', 'tf'],
] as const) {
  describe(`our draws have the distribution of ${semantics}`, () => {
    const python = oraclePython(oracle);
    let theirs: (Float32Array | string)[] = [];
    let backend: EngineBackend;
    before(async () => {
      backend = await openBackend('wasm');
      if (python !== null) theirs = drawWith(python, semantics);
    });
    INITIALIZER_CASES.forEach((given, index) => {
      const label = `${given.class_name} ${JSON.stringify(given.config)} (${given.shape.join(', ')})`;
      test(label, { skip: python === null && 'npm run oracles' }, () => {
        const reference = theirs[index]!;
        if (typeof reference === 'string') {
          assert.throws(
            () => ownDraw(given, semantics, backend.generator),
            `${semantics} refuses: ${reference}`,
          );
          return;
        }
        const ours = ownDraw(given, semantics, backend.generator);
        assert.equal(ours.length, reference.length);
        const [a, b] = [moments(ours), moments(reference)];
        if (b.std < 1e-7 || given.class_name === 'Identity') {
          const worst = Math.max(...ours.map((value, i) => Math.abs(value - reference[i]!)));
          assert.ok(worst < 1e-6, `differs by ${worst}`);
          return;
        }
        const distance = kolmogorovSmirnov(ours, reference);
        const critical = criticalDistance(ours.length, reference.length);
        assert.ok(distance < critical, `distance ${distance}, critical ${critical}`);
        assert.ok(Math.abs(a.std / b.std - 1) < 0.015, `std ${a.std} and ${b.std}`);
        assert.ok(
          Math.abs(a.mean - b.mean) < (5 * b.std) / Math.sqrt(ours.length / 2),
          `mean ${a.mean} and ${b.mean}`,
        );
        const bounds = support(reference);
        if (/Uniform|Truncated|Normal$/.test(given.class_name) && given.class_name !== 'RandomNormal')
          for (const side of ['low', 'high'] as const)
            assert.ok(
              Math.abs(a[side] - bounds[side]) < 0.01 * b.std,
              `${side} ${a[side]} and ${bounds[side]}`,
            );
      });
    });
  });
}
