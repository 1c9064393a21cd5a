import { HEALTHY, kerasDense, kerasSequential } from '../support/kerasJson.ts';
import type { BadFile } from './badFiles.ts';

const dense = (name: string, from: string, more: Readonly<Record<string, unknown>> = {}) => ({
  ...kerasDense(name, 4, more),
  name,
  inbound_nodes: [[[from, 0, 0, {}]]],
});

function functional(layers: readonly object[], output: string): string {
  const input = {
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, 4], dtype: 'float32', name: 'in' },
    name: 'in',
    inbound_nodes: [],
  };
  const config = {
    name: 'm',
    layers: [input, ...layers],
    input_layers: [['in', 0, 0]],
    output_layers: [[output, 0, 0]],
  };
  return JSON.stringify(
    { class_name: 'Functional', config, keras_version: '2.11.0', backend: 'tensorflow' },
    undefined,
    1,
  );
}

function nested(depth: number): string {
  return `{"class_name": "Sequential", "config": {"name": "deep", "layers": ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
}

/** JSON that holds no model, a broken one, or one that cannot be. */
export const JSON_FILES: readonly BadFile[] = [
  ['empty.json', '', 'The file is empty; expected a JSON document'],
  ['truncated.json', HEALTHY.slice(0, 300), /^truncated\.json:\d+:\d+: error: .* The file is truncated/m],
  ['list.json', '[1, 2, 3]', /no model/i],
  ['other.json', '{"name": "left-pad", "version": "1.0.0"}', /no model/i],
  ['number.json', '42', /no model/i],
  [
    'twice.json',
    JSON.stringify(HEALTHY),
    /the model as a text inside JSON .* write model\.to_json\(\) itself/,
  ],
  [
    'nan.json',
    HEALTHY.replace('0.02', 'NaN'),
    /^nan\.json:\d+:\d+: error: NaN is no JSON; .*allow_nan=False/,
  ],
  [
    'units-negative.json',
    kerasSequential([kerasDense('a', -3)]),
    /^units-negative\.json:\d+:\d+: error: .*-3/,
  ],
  ['units-text.json', kerasSequential([kerasDense('a', 3, { units: 'many' })]), /many/],
  ['units-absurd.json', kerasSequential([kerasDense('a', 2_000_000_000)]), /too large to exist/],
  [
    'units-huge.json',
    kerasSequential([kerasDense('a', 100_000_000)]),
    /too large to be measured; found .* of a; expected/,
  ],
  ['missing-link.json', functional([dense('a', 'nowhere')], 'a'), /nowhere/],
  ['cycle.json', functional([dense('a', 'b'), dense('b', 'a')], 'b'), /cycle|circle|itself/i],
  [
    'duplicate-name.json',
    functional([dense('a', 'in'), dense('a', 'in')], 'a'),
    /twice|duplicate|same name|two layers/i,
  ],
  [
    'duplicate-key.json',
    HEALTHY.replace('"units": 16', '"units": 16, "units": 17'),
    /^duplicate-key\.json:\d+:\d+: error: The key "units" stands twice in one object; found a second/,
  ],
  ['deep.json', nested(200_000), /deep|nest/i],
  ['bytes.json', Uint8Array.from({ length: 400 }, (_, index) => (index * 73) % 256), /no .*text/i],
  ['no-layers.json', '{"class_name": "Sequential", "config": {"layers": []}}', /The model has no layers/],
  ['no-config.json', '{"class_name": "Sequential"}', /This is no Keras model; expected \{"class_name"/],
  [
    'unknown-only.json',
    kerasSequential([kerasDense('a', 4, { kernel_initializer: { class_name: 'Magic', config: {} } })]),
    /No layer of the model can be inspected; found .*Magic/,
  ],
  [
    'no-outputs.json',
    functional([dense('a', 'in')], 'a').replace(/"output_layers": \[[^]*?\]\s*\]/, '"output_layers": []'),
    /names no outputs.*expected "output_layers"/,
  ],
];
