import { defaultInitializer, initializerLaw, INITIALIZERS } from '../../src/model/initializers/catalogue.ts';
import { frameworkFans } from '../../src/model/initializers/fans.ts';
import type { InitializerSpec } from '../../src/model/initializers/initializer.ts';
import { lawMoments } from '../../src/model/initializers/moments.ts';
import { spellInitializer } from '../../src/model/initializers/spell.ts';
import type { Json } from '../../src/model/json.ts';
import type { Semantics } from '../../src/model/semantics.ts';

/** An initializer of one framework as it is spelled for another, with the moments it must have there. */
export interface SpelledCase {
  readonly label: string;
  readonly code: string;
  readonly json: Json;
  /** As the target orders it. */
  readonly shape: readonly number[];
  readonly mean: number;
  readonly rms: number;
}

const FRAMEWORKS = ['keras2', 'keras3', 'tfjs', 'pytorch'] as const;
/** 400 inputs and 200 outputs; a tenth of both where the rms is exact (and TF.js takes minutes for more). */
function shapeIn(semantics: Semantics, { id }: InitializerSpec): readonly number[] {
  if (id === 'identity') return [20, 20];
  const [inputs, outputs] = id === 'orthogonal' ? [40, 20] : [400, 200];
  return semantics === 'pytorch' ? [outputs, inputs] : [inputs, outputs];
}

const make = (id: string, params: InitializerSpec['params']): InitializerSpec => ({
  id,
  params,
  seed: null,
  written: '(test)',
});

/** Parameters that no default has. */
const WRITTEN: readonly InitializerSpec[] = [
  make('constant', { value: -4.595 }),
  make('randomNormal', { mean: 0.1, stddev: 0.2 }),
  make('randomUniform', { minval: -0.3, maxval: 0.1 }),
  make('orthogonal', { gain: 1.3 }),
  ...(['fanIn', 'fanOut', 'fanAvg'] as const).flatMap((mode) =>
    (['truncatedNormal', 'uniform', 'untruncatedNormal'] as const).map((distribution) =>
      make('varianceScaling', { scale: 0.37, mode, distribution }),
    ),
  ),
];

/** Every initializer that can be spelled for this framework, from each framework that can mean it. */
export function spelledCases(target: Semantics): readonly SpelledCase[] {
  return FRAMEWORKS.flatMap((from) =>
    [...INITIALIZERS.map(({ id }) => defaultInitializer(id, from)), ...WRITTEN].flatMap((spec) => {
      if (spec.id === 'forgetGateOnes') return [];
      if (from === 'tfjs' && spec.params['distribution'] === 'untruncatedNormal') return [];
      const spelled = spellInitializer(spec, target, { from });
      if (spelled === undefined) return [];
      const meant = shapeIn(from, spec);
      const { mean, variance } = lawMoments(initializerLaw(spec, frameworkFans(meant, from), from), meant);
      const label = `${spec.id} ${JSON.stringify(spec.params)} of ${from} for ${target}: ${spelled.code}`;
      return [
        { label, ...spelled, shape: shapeIn(target, spec), mean, rms: Math.sqrt(variance + mean * mean) },
      ];
    }),
  );
}
