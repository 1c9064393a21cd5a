import { twinChanges } from '../advice/twin.ts';
import type { Change } from '../model/change.ts';
import { everyLayer } from '../model/everyLayer.ts';
import type { InitializerSpec } from '../model/initializers/initializer.ts';
import { spellInitializer } from '../model/initializers/spell.ts';
import type { ModelSpec } from '../model/spec.ts';

/** An initialization of a whole model, as a set of changes of what the file has. */
export interface StartingPoint {
  readonly id: string;
  readonly title: string;
  readonly changes: readonly Change[];
}

type Params = InitializerSpec['params'];

const KERNELS: readonly (readonly [string, string, Params])[] = [
  ['glorot-normal', 'glorotNormal', {}],
  ['glorot-uniform', 'glorotUniform', {}],
  ['he-normal', 'heNormal', {}],
  ['he-uniform', 'heUniform', {}],
  ['lecun-normal', 'leCunNormal', {}],
  ['lecun-uniform', 'leCunUniform', {}],
  ['orthogonal', 'orthogonal', { gain: 1 }],
  ['pytorch-default', 'varianceScaling', { scale: 1 / 3, mode: 'fanIn', distribution: 'uniform' }],
  ['normal-0.05', 'randomNormal', { mean: 0, stddev: 0.05 }],
  ['normal-1', 'randomNormal', { mean: 0, stddev: 1 }],
  ['constant-0.01', 'constant', { value: 0.01 }],
];

const TITLES: Readonly<Record<string, string>> = {
  'pytorch-default': "PyTorch's default, U(±1/√fan_in)",
  'normal-0.05': 'N(0, 0.05²)',
  'normal-1': 'N(0, 1)',
  'constant-0.01': 'Constant 0.01, for contrast',
};

function titled(spec: ModelSpec, id: string, initializer: InitializerSpec): string {
  const code = spellInitializer(initializer, spec.semantics.value)?.code ?? initializer.id;
  const name = code.replace(/^(?:tf\.)?(?:keras\.)?initializers\./, '').replace(/\(.*$/s, '');
  return TITLES[id] ?? name;
}

/** Kernels a person would set: not the zeros by which a branch or a gate is designed to start. */
function kernelLayers(spec: ModelSpec): Map<string, string[]> {
  const byWeight = new Map<string, string[]>();
  for (const layer of everyLayer(spec.layers))
    for (const weight of layer.weights) {
      const designed = layer.roles.includes('residual-end') && weight.initializer.id === 'zeros';
      if (weight.part !== 'kernel' || designed) continue;
      byWeight.set(weight.name, [...(byWeight.get(weight.name) ?? []), layer.id]);
    }
  return byWeight;
}

/** What a model can sensibly start from: what the file has, the fitted one, and one initializer for all kernels. */
export function startingPoints(spec: ModelSpec): readonly StartingPoint[] {
  const kernels = kernelLayers(spec);
  const everywhere = KERNELS.map(([id, initializer, params]): StartingPoint => {
    const made: InitializerSpec = { id: initializer, params, seed: null, written: '(compared)' };
    const changes = [...kernels].map(([weight, layers]) => ({ layers, weight, initializer: made }));
    return { id, title: titled(spec, id, made), changes };
  });
  const fitted = twinChanges(spec);
  return [
    { id: 'file', title: 'as in the file', changes: [] },
    ...(fitted.length > 0 ? [{ id: 'fitted', title: 'fitted to each layer', changes: fitted }] : []),
    ...(kernels.size > 0 ? everywhere : []),
  ];
}
