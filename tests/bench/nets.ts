import type { ModelSpec } from '../../src/model/spec.ts';
import { mlp, type TestLayer, testSpec } from '../support/builtSpecs.ts';

/** A network of the bench: the same layers as `torch_hooks.py` has under this name. */
export interface BenchNet {
  readonly name: 'mlp' | 'lenet' | 'vgg11' | 'resnet18';
  readonly batch: number;
  readonly spec: () => ModelSpec;
}

const conv = (filters: number, kernel: number, more: TestLayer['config'] = {}): TestLayer => ({
  class: 'Conv2D',
  config: { filters, kernel_size: kernel, padding: 'same', activation: 'relu', ...more },
});
const pool: TestLayer = { class: 'MaxPooling2D', config: { pool_size: 2 } };
const flatten: TestLayer = { class: 'Flatten', config: {} };
const dense = (units: number, activation = 'linear'): TestLayer => ({
  class: 'Dense',
  config: { units, activation },
});

function vgg(): TestLayer[] {
  const sizes = [64, 'M', 128, 'M', 256, 256, 'M', 512, 512, 'M', 512, 512, 'M'] as const;
  return [...sizes.map((size) => (size === 'M' ? pool : conv(size, 3))), flatten, dense(10)];
}

/** ResNet-18 with the CIFAR stem. */
function resnet(): TestLayer[] {
  const layers: TestLayer[] = [];
  let last = 'input';
  let serial = 0;
  const add = (className: string, config: TestLayer['config'], inputs = [last]): string => {
    const name = `n${serial++}`;
    layers.push({ class: className, name, config: config ?? {}, ...(layers.length === 0 ? {} : { inputs }) });
    last = name;
    return name;
  };
  const convNorm = (filters: number, kernel: number, stride: number, from: string): string => {
    add('Conv2D', { filters, kernel_size: kernel, strides: stride, padding: 'same', use_bias: false }, [
      from,
    ]);
    return add('BatchNormalization', {});
  };
  convNorm(64, 3, 1, last);
  add('Activation', { activation: 'relu' });
  let channels = 64;
  for (const [filters, first] of [
    [64, 1],
    [128, 2],
    [256, 2],
    [512, 2],
  ] as const)
    for (const stride of [first, 1]) {
      const start = last;
      convNorm(filters, 3, stride, start);
      add('Activation', { activation: 'relu' });
      const branch = convNorm(filters, 3, 1, last);
      const shortcut = stride === 1 && channels === filters ? start : convNorm(filters, 1, stride, start);
      add('Add', {}, [branch, shortcut]);
      add('Activation', { activation: 'relu' });
      channels = filters;
    }
  add('GlobalAveragePooling2D', {});
  add('Dense', { units: 10 });
  return layers;
}

const loss = 'sparse_categorical_crossentropy' as const;
const valid = { padding: 'valid' };

/** The networks that are timed against PyTorch with hooks. */
export const NETS: readonly BenchNet[] = [
  {
    name: 'mlp',
    batch: 64,
    spec: () =>
      testSpec({
        inputs: [784],
        layers: mlp([...new Array<number>(9).fill(512), 10], 'relu', 'he_normal', 'softmax'),
      }),
  },
  {
    name: 'lenet',
    batch: 64,
    spec: () =>
      testSpec({
        inputs: [28, 28, 1],
        layers: [
          conv(6, 5),
          pool,
          conv(16, 5, valid),
          pool,
          flatten,
          dense(120, 'relu'),
          dense(84, 'relu'),
          dense(10),
        ],
        loss,
      }),
  },
  { name: 'vgg11', batch: 8, spec: () => testSpec({ inputs: [32, 32, 3], layers: vgg(), loss }) },
  { name: 'resnet18', batch: 8, spec: () => testSpec({ inputs: [32, 32, 3], layers: resnet(), loss }) },
];
