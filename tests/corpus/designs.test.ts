import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { functional3 } from '../support/kerasJson.ts';

/** What is used of a written report. */
interface Written {
  readonly file: string;
  readonly layers: readonly { readonly id: string; readonly role: readonly string[] }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly severity: string;
    readonly message: string;
  }[];
}

type Layer = Parameters<typeof functional3>[2][number];

const init = (class_name: string, config: object = {}) => ({ class_name, config });
const he = { kernel_initializer: init('HeNormal', { seed: null }) };
const zeros = { kernel_initializer: init('Zeros') };
const dense = (from: string, more: object = {}): Layer => ['Dense', { units: 32, ...he, ...more }, [from]];
const conv = (from: string, more: object = {}): Layer => [
  'Conv2D',
  { filters: 16, kernel_size: [3, 3], padding: 'same', ...he, ...more },
  [from],
];
const relu = (from: string): Layer => ['Activation', { activation: 'relu' }, [from]];
const add = (...from: string[]): Layer => ['Add', {}, from];
const small = { embeddings_initializer: init('RandomNormal', { mean: 0, stddev: 0.02, seed: null }) };
const head = (from: string, more: object = {}): Layer => [
  'Dense',
  { units: 4, activation: 'softmax', kernel_initializer: init('GlorotUniform', { seed: null }), ...more },
  [from],
];

/** A legitimate design: its layers (named l0, l1 … on the input `in`), what a layer of it is, none of which is ever a fault. */
const DESIGNS: readonly (readonly [
  name: string,
  input: readonly [readonly number[], string],
  layers: readonly Layer[],
  roles: Readonly<Record<string, string>>,
])[] = [
  [
    'a residual branch whose last kernel is zero',
    [[32], 'float32'],
    [
      dense('in'),
      dense('l0', { activation: 'relu' }),
      dense('l1', zeros),
      add('l0', 'l2'),
      relu('l3'),
      head('l4'),
    ],
    { l2: 'residual-end', l5: 'head' },
  ],
  [
    'a BatchNorm with γ = 0 at the end of a branch',
    [[32], 'float32'],
    [
      dense('in'),
      dense('l0', { activation: 'relu' }),
      dense('l1'),
      ['BatchNormalization', { gamma_initializer: init('Zeros') }, ['l2']],
      add('l0', 'l3'),
      relu('l4'),
      head('l5'),
    ],
    { l2: 'before-norm', l3: 'residual-end' },
  ],
  [
    'a gate that starts at σ(0)',
    [[32], 'float32'],
    [
      dense('in', { activation: 'relu' }),
      dense('l0', { ...zeros, activation: 'sigmoid' }),
      ['Multiply', {}, ['l0', 'l1']],
      head('l2'),
    ],
    { l1: 'gate' },
  ],
  [
    'a head of zeros',
    [[32], 'float32'],
    [dense('in', { activation: 'relu' }), dense('l0', { activation: 'relu' }), head('l1', zeros)],
    { l2: 'head' },
  ],
  [
    'an embedding of Keras’s own small scale',
    [[16], 'int32'],
    [
      ['Embedding', { input_dim: 50, output_dim: 32 }, ['in']],
      ['GlobalAveragePooling1D', {}, ['l0']],
      ['LayerNormalization', {}, ['l1']],
      dense('l2', { activation: 'relu' }),
      head('l3'),
    ],
    { l0: 'embedding', l2: 'norm' },
  ],
  [
    'a ReZero scale: a branch times a learned vector of zeros',
    [[6, 32], 'float32'],
    [
      dense('in'),
      dense('l0', { activation: 'relu' }),
      dense('l1'),
      ['EinsumDense', { equation: 'abc,c->abc', output_shape: [null, 32], ...zeros }, ['l2']],
      add('l0', 'l3'),
      relu('l4'),
      head('l5'),
    ],
    { l3: 'residual-end', l6: 'head' },
  ],
  [
    'a SkipInit scale: a depthwise kernel of zeros, one by one, at the end of a branch',
    [[8, 8, 16], 'float32'],
    [
      conv('in'),
      conv('l0', { activation: 'relu' }),
      conv('l1'),
      [
        'DepthwiseConv2D',
        { kernel_size: [1, 1], use_bias: false, depthwise_initializer: init('Zeros') },
        ['l2'],
      ],
      add('l0', 'l3'),
      ['GlobalAveragePooling2D', {}, ['l4']],
      head('l5'),
    ],
    { l3: 'residual-end', l6: 'head' },
  ],
  [
    'a layer that is called twice',
    [[32], 'float32'],
    [
      dense('in', { activation: 'relu' }),
      dense('l0', { activation: 'relu' }),
      ['=l1', {}, ['l1']],
      head('l2'),
    ],
    { l1: 'tied', l3: 'head' },
  ],
  [
    'an embedding that is the head too, at N(0, .02²)',
    [[16], 'int32'],
    [
      ['ReversibleEmbedding', { input_dim: 50, output_dim: 64, ...small }, ['in']],
      ['LayerNormalization', {}, ['l0']],
      ['=l0', {}, ['l1'], { reverse: true }],
    ],
    { l0: 'tied' },
  ],
  [
    'a kernel of N(0, .01²) before a norm',
    [[32], 'float32'],
    [
      dense('in', { kernel_initializer: init('RandomNormal', { mean: 0, stddev: 0.01, seed: null }) }),
      ['LayerNormalization', {}, ['l0']],
      relu('l1'),
      head('l2'),
    ],
    { l0: 'before-norm', l1: 'norm' },
  ],
];

test('designs are recognised by their roles and never flagged', async (t) => {
  const files = Object.fromEntries(
    DESIGNS.map(([, [shape, dtype], layers], index) => [`d${index}.json`, functional3(shape, dtype, layers)]),
  );
  await inFolder(files, async (folder) => {
    const { out, err } = await cli(['inspect', '.', '--json', '--quiet', '--no-cache'], { cwd: folder });
    assert.equal(err, '');
    const { reports } = JSON.parse(out) as { reports: Written[] };
    for (const [index, [name, , , roles]] of DESIGNS.entries())
      await t.test(name, () => {
        const report = reports.find(({ file }) => file.endsWith(`d${index}.json`));
        const own = Object.fromEntries(report?.layers.map((layer) => [layer.id, layer.role]) ?? []);
        for (const [layer, role] of Object.entries(roles))
          assert.ok(own[layer]?.includes(role), `${layer}: ${own[layer]?.join()}`);
        const told = report?.findings.filter(
          ({ severity }) => severity === 'error' || severity === 'warning',
        );
        assert.deepEqual(
          told?.map(({ rule, message }) => `${rule}: ${message}`),
          [],
        );
      });
  });
});
