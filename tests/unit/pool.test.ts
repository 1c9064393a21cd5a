import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { MeasureRequest } from '../../src/model/measurer.ts';
import { createPool, type PoolOptions } from '../../src/node/pool.ts';
import { inRepo } from '../support/root.ts';
import { mlp, testPlan, testSpec } from '../support/builtSpecs.ts';

const workerPath = inRepo('dist/worker.cjs');
const never = new AbortController().signal;

function request(width: number, depth: number, batch: number, seeds: readonly number[]): MeasureRequest {
  const layers = mlp([...new Array<number>(depth).fill(width), 10], 'relu', 'he_normal', 'softmax');
  const spec = testSpec({ inputs: [width], layers });
  return { spec, changes: [], plan: { ...testPlan(spec, batch, seeds), backend: 'wasm' }, seeds };
}

async function withPool<T>(
  options: Partial<PoolOptions>,
  use: (pool: ReturnType<typeof createPool>) => Promise<T>,
) {
  const pool = createPool({ workerPath, workers: 2, startSeconds: 0, ...options });
  try {
    return await use(pool);
  } finally {
    await pool.dispose();
  }
}

describe('the pool of measuring workers', () => {
  test('gives byte-equal measurements on 1, 2 and 4 workers, and after its workers were let go', async () => {
    const asked = request(32, 3, 64, [5, 3, 9, 1]);
    const texts = await Promise.all(
      [{ workers: 1 }, { workers: 2 }, { workers: 4 }, { workers: 2, heapLimit: 0 }].map((options) =>
        withPool(options, async (pool) => {
          await pool.measure({ ...asked, seeds: [2] }, never);
          return JSON.stringify(await pool.measure(asked, never));
        }),
      ),
    );
    assert.equal(new Set(texts).size, 1);
    assert.deepEqual(
      (JSON.parse(texts[0]!) as { seeds: { seed: number }[] }).seeds.map(({ seed }) => seed),
      [5, 3, 9, 1],
    );
  });

  test('runs as many seeds at a time as memory allows, one at least, with the same numbers', async () => {
    const asked = request(32, 3, 64, [1, 2, 3]);
    const most = async (memory: number): Promise<{ text: string; most: number }> =>
      withPool({ workers: 3, memory }, async (pool) => {
        const text = JSON.stringify(await pool.measure(asked, never));
        return { text, most: pool.workers() };
      });
    const [small, large] = [await most(1), await most(1e12)];
    assert.equal(small.most, 1);
    assert.equal(large.most, 3);
    assert.equal(small.text, large.text);
  });

  test('keeps workers warm for the next call and lets them go when they are idle', async () => {
    await withPool({ workers: 2, idleMs: 300 }, async (pool) => {
      await pool.measure(request(16, 1, 64, [1, 2]), never);
      assert.equal(pool.workers(), 2);
      await pool.measure(request(16, 1, 64, [3]), never);
      assert.equal(pool.workers(), 2);
      for (const end = performance.now() + 60_000; pool.workers() > 0 && performance.now() < end;)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(pool.workers(), 0);
    });
  });

  test('starts another worker only where it wins back its start', async () => {
    const most = (seeds: readonly number[], startSeconds: number) =>
      withPool({ workers: 3, startSeconds }, async (pool) => {
        await pool.measure(request(32, 3, 64, seeds), never);
        return pool.workers();
      });
    assert.equal(await most([1, 2, 3], 0.3), 1);
    assert.equal(await most([1, 2, 3], 1e-9), 3);
  });

  test('reports progress up to the last seed', async () => {
    const seen: number[] = [];
    await withPool({}, (pool) =>
      pool.measure(request(16, 1, 64, [1, 2, 3]), never, ({ done }) => seen.push(done)),
    );
    assert.equal(seen.at(-1), 3);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
  });

  test('rejects at once when aborted and measures again afterwards', async () => {
    await withPool({ workers: 1, killAfterMs: 50 }, async (pool) => {
      const controller = new AbortController();
      let running: Promise<unknown> = Promise.resolve();
      await new Promise<void>((atWork) => {
        running = pool.measure(request(2048, 12, 256, [1, 2, 3]), controller.signal, () => atWork());
      });
      let rejected = false;
      running.catch(() => (rejected = true));
      controller.abort();
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(rejected, 'without waiting for the worker');
      await assert.rejects(running, { name: 'AbortError' });
      const after = await pool.measure(request(16, 1, 64, [1]), never);
      assert.equal(after.seeds.length, 1);
      await assert.rejects(pool.measure(request(16, 1, 64, [1]), AbortSignal.abort()), {
        name: 'AbortError',
      });
    });
  });

  test('lets a heap that has grown past its limit go with its worker, and keeps one below it', async () => {
    await withPool({ workers: 1, heapLimit: 1 << 25 }, async (pool) => {
      await pool.measure(request(16, 1, 64, [1]), never);
      assert.equal(pool.workers(), 1);
      await pool.measure(request(1024, 6, 16, [1]), never);
      assert.equal(pool.workers(), 0, 'six kernels of 4 MB and their gradients');
      assert.equal((await pool.measure(request(16, 1, 64, [2]), never)).seeds.length, 1);
      assert.equal(pool.workers(), 1);
    });
  });

  test('a worker whose measurements were aborted has not grown: its heap stays below what one of them needs and a little', async () => {
    // One measurement takes 3 × 4 MB of kernels and as much of gradients; ten that left their kernels behind would take 120 MB.
    const asked = request(1024, 3, 32, [1]);
    await withPool({ workers: 1, heapLimit: 1 << 26, killAfterMs: 600_000 }, async (pool) => {
      await pool.measure(asked, never);
      assert.equal(pool.workers(), 1, 'one measurement fits');
      for (let round = 0; round < 10; round++) {
        const controller = new AbortController();
        const running = pool.measure(asked, controller.signal, () => controller.abort());
        await assert.rejects(running, { name: 'AbortError' });
      }
      await pool.measure(asked, never);
      assert.equal(pool.workers(), 1, 'and so it does after ten that were stopped at their first layer');
    });
  });

  test('turns a crash into one line and recovers with the next call', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'initscope-pool-'));
    try {
      const crashing = join(folder, 'worker.cjs');
      const flag = join(folder, 'crashed');
      writeFileSync(
        crashing,
        `const fs = require('node:fs');
         if (fs.existsSync(${JSON.stringify(flag)})) require(${JSON.stringify(workerPath)});
         else { fs.writeFileSync(${JSON.stringify(flag)}, ''); throw new Error('struck by a meteor\\n at line 7'); }`,
      );
      await withPool({ workerPath: crashing, workers: 1 }, async (pool) => {
        const error: unknown = await pool
          .measure(request(16, 1, 64, [1]), never)
          .catch((reason: unknown) => reason);
        assert.ok(error instanceof Error);
        assert.equal(error.message, 'The measuring worker stopped: struck by a meteor');
        assert.equal((await pool.measure(request(16, 1, 64, [1]), never)).seeds.length, 1);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('runs plans of several backends and kernels in turn', async () => {
    const asked = request(16, 1, 64, [1, 2]);
    await withPool({ workers: 1 }, async (pool) => {
      const seen: string[] = [];
      for (const [backend, kernels] of [
        ['wasm', 'own-relaxed'],
        ['wasm', 'stock'],
        ['cpu', 'stock'],
        ['wasm', 'own-plain'],
      ] as const) {
        const { engine } = await pool.measure({ ...asked, plan: { ...asked.plan, backend, kernels } }, never);
        seen.push(`${engine.backend} ${engine.kernels}`);
      }
      assert.deepEqual(seen, ['wasm own-relaxed', 'wasm stock', 'cpu stock', 'wasm own-plain']);
    });
  });

  test('answers a backend that is not there with one line', async () => {
    const asked = request(16, 1, 64, [1]);
    const native = { ...asked, plan: { ...asked.plan, backend: 'tensorflow' as const } };
    await withPool({ nativeFolders: [tmpdir()] }, async (pool) => {
      await assert.rejects(pool.measure(native, never), /tensorflow backend needs @tensorflow\/tfjs-node/);
      assert.equal((await pool.measure(asked, never)).engine.backend, 'wasm');
    });
  });
});
