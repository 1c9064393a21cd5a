import { draw, weightKey } from '../../src/engine/draws/draw.ts';
import type { Generator } from '../../src/engine/draws/generator.ts';
import { initializerLaw, parseInitializer } from '../../src/model/initializers/catalogue.ts';
import { frameworkFans } from '../../src/model/initializers/fans.ts';
import type { Semantics } from '../../src/model/semantics.ts';
import type { WeightSpec } from '../../src/model/spec.ts';
import type { InitializerCase } from './initializerCases.ts';

/** Our draw of an initializer under a framework's semantics. */
export function ownDraw(
  { class_name, config, shape }: InitializerCase,
  semantics: Semantics,
  generator: Generator,
): Float32Array {
  const initializer = parseInitializer({ class_name, config }, semantics);
  const fans = frameworkFans(shape, semantics);
  const weight = { name: 'kernel', initializer, ...fans } as unknown as WeightSpec;
  const law = initializerLaw(initializer, fans, semantics);
  const tensor = draw(law, shape, weightKey(11, 'layer', weight, semantics), generator);
  const values = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}
