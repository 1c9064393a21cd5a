import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createSourceHost } from '../../src/node/sourceHost.ts';
import { inFolder } from '../support/folder.ts';
import { processorTime } from '../support/processorTime.ts';
import { inRepo } from '../support/root.ts';

const TF = "import * as tf from '@tensorflow/tfjs';\n";
const MODEL = 'export const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]});\n';

/** Programs and the line that the message must name; all of them would run for ever, or for minutes, or for gigabytes. */
const HANGING: Readonly<Record<string, readonly [code: string, line: number]>> = {
  'a native method on a sparse array': ['const a = [];\na.length = 2 ** 32 - 1;\na.indexOf(1);', 4],
  'a native method reversing it': ['const a = []; a.length = 2 ** 32 - 1;\na.reverse();', 3],
  'an endless loop nobody rewrote': ["\n\nnew Function('while (true) {}')();", 4],
  'deep recursion': ['const deep = (n) => deep(n + 1) + 1;\ndeep(0);', 3],
  'two gigabytes': ['const all = [];\nfor (;;) all.push(new Uint8Array(1e7).fill(1));', 3],
  'a slow pattern': ["const s = 'a'.repeat(60) + 'b';\n/^(a+)+$/.test(s);", 3],
};

describe('sources read in a worker', () => {
  const host = createSourceHost({ workerPath: inRepo('dist/sources.cjs') });
  after(() => host.dispose());

  it('gives what reading in place gives', async () => {
    const { models, problems } = await host.read('/project/m.js', TF + MODEL, {});
    assert.deepEqual(problems, []);
    assert.deepEqual(
      models.map(({ id, parameters }) => [id, parameters.total]),
      [['m', 8]],
    );
  });

  for (const [name, [code, line]] of Object.entries(HANGING)) {
    it(`says within seconds where ${name} hangs`, { timeout: 120_000 }, async () => {
      const text = `${TF}${code}\nbuild();\nfunction build() { return tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]}); }\n`;
      const reading = host.read('/project/m.js', text, {});
      const took = await processorTime(() => reading);
      const { problems, models } = await reading;
      assert.ok(took < 4000, `${took} ms of the processor for a limit of 2900, with starting and parsing`);
      const said = problems.map(({ message }) => message).join('\n');
      if (models.length === 0) assert.match(said, new RegExp(`\\(line ${line}\\)`), said);
    });
  }

  it('reads on after a worker was killed', async () => {
    assert.equal((await host.read('/project/m.js', TF + MODEL, {})).models.length, 1);
  });
});

describe('a worker that does not answer', () => {
  const withDouble = (
    body: string,
    use: (host: ReturnType<typeof createSourceHost>) => Promise<void>,
    limitMs = 300,
  ) =>
    inFolder(
      {
        'double.cjs': `const { parentPort } = require('node:worker_threads');\nparentPort.on('message', ({ id, clock }) => { const slots = new Float64Array(clock); ${body} });`,
      },
      async (folder) => {
        const host = createSourceHost({ workerPath: join(folder, 'double.cjs'), limitMs });
        await use(host);
        await host.dispose();
      },
    );

  it('is killed when its program runs too long, with the line it was at', { timeout: 60_000 }, () =>
    withDouble('slots[0] = Date.now(); slots[1] = 2; for (;;);', async (host) => {
      const text = 'one\ntwo\nthree';
      for (let round = 0; round < 2; round += 1) {
        const { models, problems } = await host.read('/project/m.js', text, {});
        assert.deepEqual(models, []);
        assert.match(problems[0]?.message ?? '', /it hung \(line 2\) and was stopped after 0\.3 s/);
        assert.deepEqual(problems[0]?.range, { start: 4, end: 7 });
      }
    }),
  );

  it('is not killed while a busy machine lets it work slowly', { timeout: 60_000 }, () =>
    withDouble(
      "const began = Date.now(); const step = () => { slots[0] = Date.now(); slots[2] += 10; if (slots[0] - began < 4000) setTimeout(step, 50); else parentPort.postMessage({ id, result: { models: [], problems: [], notAModel: 'fine' } }); }; step();",
      async (host) => assert.equal((await host.read('/project/m.js', 'x', {})).notAModel, 'fine'),
      2500,
    ),
  );

  it('is killed when its program has used its time, though it gives signs of life', { timeout: 60_000 }, () =>
    withDouble('setInterval(() => { slots[0] = Date.now(); slots[2] += 50; }, 20);', async (host) =>
      assert.match((await host.read('/project/m.js', 'x', {})).problems[0]?.message ?? '', /it hung/),
    ),
  );

  it('is told from one that ended by itself', () =>
    withDouble('process.exit(3);', async (host) => {
      const { problems } = await host.read('/project/m.js', 'x', {});
      assert.match(problems[0]?.message ?? '', /it ended the thread that runs it \(code 3\)/);
    }));

  it('answers the reads that wait behind it', { timeout: 60_000 }, () =>
    withDouble(
      "if (id === 0) { slots[0] = Date.now(); for (;;); } else parentPort.postMessage({ id, result: { models: [], problems: [], notAModel: 'fine' } });",
      async (host) => {
        const [first, second] = await Promise.all([
          host.read('/project/a.js', 'x', {}),
          host.read('/project/b.js', 'x', {}),
        ]);
        assert.match(first.problems[0]?.message ?? '', /hung/);
        assert.equal(second.notAModel, 'fine');
      },
    ),
  );
});
