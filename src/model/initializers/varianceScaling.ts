import { InputError } from '../problem.ts';
import type { Semantics } from '../semantics.ts';
import type { InitializerKind } from './initializer.ts';
import { camelCase, numberParameter } from './parameter.ts';
import { type FanMode, scaledLaw, spelledMode, UNCORRECTED_TRAP } from './scaled.ts';

function option(
  written: Readonly<Record<string, unknown>>,
  key: string,
  allowed: readonly string[],
): string | undefined {
  const value = Object.hasOwn(written, key) ? written[key] : undefined;
  if (value === undefined || value === null) return undefined;
  const canonical = typeof value === 'string' ? camelCase(value) : '';
  if (!allowed.includes(canonical))
    throw new InputError({
      message: `The initializer's ${key} is unknown.`,
      found: JSON.stringify(value),
      expected: allowed.join(', '),
    });
  return canonical;
}

/** What a missing distribution means, and what `normal` is another name of. */
function distributionOf(written: Readonly<Record<string, unknown>>, semantics: Semantics): string {
  const allowed = ['normal', 'uniform', 'truncatedNormal', 'untruncatedNormal'];
  const given = option(written, 'distribution', allowed);
  if (semantics !== 'tfjs') return given === undefined || given === 'normal' ? 'truncatedNormal' : given;
  if (given === 'untruncatedNormal')
    throw new InputError({
      message: 'TF.js has no distribution "untruncated_normal" and refuses the model.',
      found: '"untruncated_normal"',
      expected: 'normal, uniform, truncated_normal',
    });
  return given ?? 'normal';
}

/** Distributions as serialized configs name them; each framework's own law stays what it is (TF.js: `truncated_normal` is uniform). */
const TFJS_NAMES = { uniform: 'uniform', truncatedNormal: 'truncated_normal' };
const KERAS_NAMES = { ...TFJS_NAMES, normal: 'truncated_normal', untruncatedNormal: 'untruncated_normal' };

/**
 * Variance `scale` / fan. Under TF.js `normal` is truncated without correction and `truncated_normal` is drawn uniform; under
 * Keras `normal` is the same as `truncated_normal` (theory.md §5).
 */
export const varianceScaling: InitializerKind = {
  id: 'varianceScaling',
  names: ['VarianceScaling', 'variance_scaling'],
  params: (written, semantics) => {
    const scale = numberParameter(written, ['scale'], 1);
    if (scale < 0 || (scale === 0 && semantics !== 'tfjs'))
      throw new InputError({ message: "The initializer's scale is not positive.", found: String(scale) });
    const mode = option(written, 'mode', ['fanIn', 'fanOut', 'fanAvg']) ?? 'fanIn';
    return { scale, mode, distribution: distributionOf(written, semantics) };
  },
  law: (params, fans, semantics) =>
    scaledLaw(
      Number(params['scale']),
      params['mode'] as FanMode,
      String(params['distribution']),
      fans,
      semantics,
    ),
  serialize: (params, target) => {
    if (target === 'pytorch') return undefined;
    const names: Readonly<Record<string, string>> = target === 'tfjs' ? TFJS_NAMES : KERAS_NAMES;
    const distribution = names[String(params['distribution'])] ?? 'normal';
    const mode = spelledMode(params['mode'] as FanMode);
    return { className: 'VarianceScaling', config: { scale: Number(params['scale']), mode, distribution } };
  },
  trap: (written, semantics) => {
    if (semantics !== 'tfjs') return undefined;
    const distribution = distributionOf(written, semantics);
    if (distribution === 'truncatedNormal')
      return 'TF.js draws the distribution "truncated_normal" uniform (same variance)';
    return distribution === 'normal' ? UNCORRECTED_TRAP : undefined;
  },
  scaled: (params) => ({
    scale: Number(params['scale']),
    mode: params['mode'] as FanMode,
    distribution: String(params['distribution']),
  }),
};
