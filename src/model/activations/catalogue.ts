import type { Semantics } from '../semantics.ts';
import type { ActivationKind, ActivationSpec } from './activation.ts';
import { PLAIN } from './plain.ts';
import { RECTIFIERS } from './rectifiers.ts';
import { SATURATING } from './saturating.ts';
import { SMOOTH_RECTIFIERS } from './smooth.ts';

/** Every activation we know, over Keras 1–3, TF.js and PyTorch. */
export const ACTIVATIONS: readonly ActivationKind[] = [
  ...PLAIN,
  ...RECTIFIERS,
  ...SMOOTH_RECTIFIERS,
  ...SATURATING,
];

const byId = new Map(ACTIVATIONS.map((kind) => [kind.id, kind]));
const byName = new Map(ACTIVATIONS.flatMap((kind) => kind.names.map((name) => [name, kind] as const)));

/** The catalogue row of an ActivationSpec's id. Throws a RangeError on an id that is not in the catalogue. */
export function activationKind(id: string): ActivationKind {
  const kind = byId.get(id);
  if (kind === undefined) throw new RangeError(`no activation '${id}' in the catalogue`);
  return kind;
}

/** The identity, as a layer without activation has it. */
export const LINEAR: ActivationSpec = { id: 'linear', params: {}, written: 'linear' };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const finite = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Spellings of one parameter over frameworks and versions. */
const PARAMETER_KEYS: Readonly<Record<string, readonly string[]>> = {
  negative_slope: ['negative_slope', 'negativeSlope', 'alpha'],
  alpha: ['alpha'],
  max_value: ['max_value', 'maxValue'],
  threshold: ['threshold', 'theta', 'threshold_value', 'lambd'],
  default_value: ['default_value', 'value'],
  axis: ['axis', 'dim'],
  beta: ['beta'],
  b: ['b'],
};

/** What a class (a layer used as activation) has as defaults where they differ from the function of that name. */
function classDefaults(name: string, semantics: Semantics | undefined): Readonly<Record<string, number>> {
  if (semantics === 'pytorch')
    return name === 'LeakyReLU' || name === 'leaky_relu' ? { negative_slope: 0.01 } : {};
  return name === 'LeakyReLU' || name === 'leakyReLU' ? { negative_slope: 0.3 } : {};
}

function withParams(
  kind: ActivationKind,
  name: string,
  config: Readonly<Record<string, unknown>>,
  semantics: Semantics | undefined,
): Readonly<Record<string, number>> {
  const params: Record<string, number> = { ...kind.params, ...classDefaults(name, semantics) };
  if (kind.id === 'hard_sigmoid') {
    params['slope'] = semantics === 'keras3' || semantics === 'pytorch' ? 1 / 6 : 0.2;
  }
  for (const key of Object.keys(params)) {
    for (const spelling of PARAMETER_KEYS[key] ?? []) {
      const value = Object.hasOwn(config, spelling) ? finite(config[spelling]) : undefined;
      if (value !== undefined) {
        params[key] = value;
        break;
      }
    }
  }
  return params;
}

/** A ReLU layer's options make it another activation: a leak, a ceiling, a threshold. */
function relu(written: string, config: Readonly<Record<string, unknown>>): ActivationSpec {
  const max = finite(config['max_value'] ?? config['maxValue']);
  const leak = finite(config['negative_slope'] ?? config['negativeSlope']) ?? 0;
  const threshold = finite(config['threshold']) ?? 0;
  if (max === undefined && threshold === 0) {
    if (leak === 0) return { id: 'relu', params: {}, written };
    return { id: 'leaky_relu', params: { negative_slope: leak }, written };
  }
  if (max === 6 && leak === 0 && threshold === 0) return { id: 'relu6', params: {}, written };
  const defaults = activationKind('clipped_relu').params;
  const params = {
    ...defaults,
    negative_slope: leak,
    threshold,
    ...(max === undefined ? {} : { max_value: max }),
  };
  return { id: 'clipped_relu', params, written };
}

/**
 * The activation that a file writes: a name, `{class_name, config}` of a layer or function, or null (linear). Parameters are
 * complete; `hard_sigmoid` has slope 1/6 under keras3 and pytorch, else 0.2; `gelu` with `approximate` is `gelu_tanh`.
 * Undefined when it is not in the catalogue (the caller names its place).
 */
export function parseActivation(raw: unknown, semantics?: Semantics): ActivationSpec | undefined {
  if (raw === null || raw === undefined) return LINEAR;
  if (isRecord(raw)) {
    const name = raw['class_name'] ?? raw['className'];
    const config = raw['config'];
    if (typeof name !== 'string') return undefined;
    if (name === 'function' && typeof config === 'string') return parseActivation(config, semantics);
    const options = isRecord(config) ? config : {};
    if (name === 'Activation') return parseActivation(options['activation'], semantics);
    return parseNamed(name, options, semantics);
  }
  return typeof raw === 'string' ? parseNamed(raw, {}, semantics) : undefined;
}

function parseNamed(
  written: string,
  config: Readonly<Record<string, unknown>>,
  semantics: Semantics | undefined,
): ActivationSpec | undefined {
  const name = written.includes('>') ? written.slice(written.lastIndexOf('>') + 1) : written;
  const kind = byName.get(name) ?? byName.get(name.replace(/^(?:keras|tf|torch|nn)\.(?:.*\.)?/, ''));
  if (kind === undefined) return undefined;
  if (kind.id === 'relu') return relu(written, config);
  if (kind.id === 'gelu' && (config['approximate'] === true || config['approximate'] === 'tanh')) {
    return { id: 'gelu_tanh', params: {}, written };
  }
  return { id: kind.id, params: withParams(kind, name, config, semantics), written };
}
