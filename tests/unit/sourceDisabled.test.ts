import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../../src/model/finding.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../src/model/projectConfig.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { remaining, unusedComments } from '../../src/inspect/suppress.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from '../support/projectFiles.ts';

async function read(text: string, path = '/project/model.js') {
  return readSource(path, text, projectFiles({ [path]: text }), {});
}

/** A finding of a rule on every layer that has weights. */
function findingsOf(spec: ModelSpec, rule: string): Finding[] {
  return spec.layers.flatMap((layer) => {
    const [origin] = layer.origins;
    if (layer.weights.length === 0 || origin === undefined) return [];
    return [
      {
        id: `${rule}:${layer.id}`,
        rule,
        severity: 'warning',
        layer: layer.id,
        layers: [layer.id],
        origin,
        message: '',
        cause: '',
        values: [],
        echoes: [],
        from: 'static',
        advice: [],
      },
    ];
  });
}

const left = (spec: ModelSpec, rule: string): string[] =>
  remaining(findingsOf(spec, rule), spec.file, spec.id, {
    config: DEFAULT_PROJECT_CONFIG,
    disabled: spec.disabled,
  }).map(({ layer }) => layer);

describe('comments that leave findings out', () => {
  it('hold for the statement on the next line and for the rules they name', async () => {
    const { models } = await read(`import * as tf from '@tensorflow/tfjs';
export const m = tf.sequential();
// initscope-disable-next-line dead-relu, symmetric-units -- on purpose
m.add(
  tf.layers.dense({units: 2, inputShape: [3]}));
m.add(tf.layers.dense({units: 2}));
/* initscope-disable-next-line */
m.add(tf.layers.dense({units: 1}));
`);
    const [spec] = models;
    assert.ok(spec);
    assert.deepEqual(left(spec, 'dead-relu'), ['dense_Dense2']);
    assert.deepEqual(left(spec, 'initial-loss'), ['dense_Dense1', 'dense_Dense2']);
    assert.equal(unusedComments(spec.disabled, findingsOf(spec, 'dead-relu'), spec.file).length, 0);
    const unused = unusedComments(spec.disabled, findingsOf(spec, 'initial-loss'), spec.file);
    assert.deepEqual(
      unused.map(({ message }) => message),
      ['initscope-disable-next-line dead-relu, symmetric-units leaves nothing out.'],
    );
  });

  it('hold in JSX and in HTML comments, and are reported there when they leave nothing out', async () => {
    const jsx = `import * as tf from '@tensorflow/tfjs';
export function App() {
  return <div>
    {/* initscope-disable-next-line dead-relu */}
    <button onClick={() => { const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]}); m.summary(); }}>go</button>
  </div>;
}`;
    const html = `<!-- initscope-disable-next-line dead-relu -->
<script>const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]});</script>`;
    const { disabled = [], models } = await read(jsx, '/project/App.jsx');
    assert.deepEqual(
      models.map((spec) => [left(spec, 'dead-relu').length, left(spec, 'initial-loss').length]),
      [[0, 1]],
    );
    assert.deepEqual(
      disabled.map(({ rules, range }) => [rules, jsx.slice(range.start, range.start + 7)]),
      [[['dead-relu'], '<button']],
    );
    assert.match(
      unusedComments(disabled, [], '/project/App.jsx')[0]?.message ?? '',
      /dead-relu leaves nothing out/,
    );
    const [spec] = (await read(html, '/project/page.html')).models;
    assert.ok(spec);
    assert.deepEqual(left(spec, 'dead-relu'), []);
    assert.equal(left(spec, 'initial-loss').length, 1);
    assert.equal(unusedComments(spec.disabled, findingsOf(spec, 'dead-relu'), spec.file).length, 0);
    const [unused] = unusedComments(spec.disabled, findingsOf(spec, 'initial-loss'), spec.file);
    assert.match(unused?.message ?? '', /dead-relu leaves nothing out/);
  });

  it('hold for one layer of a list, in pages too, and never for a whole function', async () => {
    const page = `<script>
const m = tf.sequential({layers: [
  // initscope-disable-next-line dead-relu
  tf.layers.dense({units: 2, inputShape: [3]}),
  tf.layers.dense({units: 2}),
]});
</script>`;
    const [spec] = (await read(page, '/project/page.html')).models;
    assert.ok(spec);
    assert.deepEqual(left(spec, 'dead-relu'), ['dense_Dense2']);
    const whole = await read(`import * as tf from '@tensorflow/tfjs';
// initscope-disable-next-line dead-relu
export function build() {
  return tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]});
}`);
    assert.equal(whole.models[0]?.disabled, undefined);
    assert.ok(whole.problems.some(({ message }) => message.includes('holds for no layer')));
  });
});
