import type { Json } from '../json.ts';
import type { Semantics } from '../semantics.ts';
import { initializerKind } from './catalogue.ts';
import type { InitializerSpec } from './initializer.ts';
import { TRUNCATED_STD } from './scaled.ts';

/** An initializer in a framework's own words: the value of a serialized config, and a line of code. */
interface Spelling {
  readonly json: Json;
  readonly code: string;
}

/** Choices of a spelling: whose law is meant, which version of the target reads it, and the name of PyTorch's tensor. */
interface SpellOptions {
  /** Semantics under which the spec was read; its law is kept in the target (default: the target's own). */
  readonly from?: Semantics;
  /** The framework's version in the file: Keras below 2.4 knows no `HeNormal` class, only `VarianceScaling`. */
  readonly version?: string;
  readonly tensor?: string;
  /** Entries of that tensor, which an LSTM's bias needs to be told its forget gates. */
  readonly entries?: number;
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));

/** The spec whose law under `target` is what `spec` means under `from`; the same spec where nothing differs. */
function translated(spec: InitializerSpec, from: Semantics, target: Semantics): InitializerSpec {
  const scaled = initializerKind(spec.id).scaled?.(spec.params);
  if (scaled === undefined || from === target) return spec;
  const normalAt = (semantics: Semantics): boolean =>
    scaled.distribution === 'normal' || (semantics !== 'tfjs' && scaled.distribution === 'truncatedNormal');
  let { scale } = scaled;
  if (from === 'tfjs' && scaled.distribution === 'normal') scale *= TRUNCATED_STD ** 2;
  if (target === 'tfjs' && (normalAt(from) || scaled.distribution === 'untruncatedNormal'))
    scale /= TRUNCATED_STD ** 2;
  const sameScale = scale === scaled.scale;
  if (sameScale && spec.id !== 'varianceScaling' && !spec.id.startsWith('kaiming')) return spec;
  const uniform = scaled.distribution === 'uniform' || (from === 'tfjs' && scaled.distribution !== 'normal');
  const distribution = uniform ? 'uniform' : target === 'tfjs' ? 'normal' : 'truncatedNormal';
  return { ...spec, id: 'varianceScaling', params: { scale, mode: scaled.mode, distribution } };
}

/** Variance scaling in PyTorch: the function of the same fan with a gain, since `nn.init` has no free scale. */
function torchScaled(scale: number, mode: string, distribution: string, tensor: string): Spelling {
  const kind = distribution === 'uniform' ? 'uniform' : 'normal';
  if (mode === 'fanAvg') {
    const gain = scale === 1 ? '' : `, gain=${shown(Math.sqrt(scale))}`;
    return { json: `xavier_${kind}_`, code: `nn.init.xavier_${kind}_(${tensor}${gain})` };
  }
  const fan = mode === 'fanOut' ? ", mode='fan_out'" : '';
  const known = scale === 2 ? 'relu' : 'linear';
  const times = scale === 1 || scale === 2 ? '' : `.mul_(${shown(Math.sqrt(scale))})`;
  const call = `nn.init.kaiming_${kind}_(${tensor}${fan}, nonlinearity='${known}')`;
  return { json: `kaiming_${kind}_`, code: times === '' ? call : `with torch.no_grad(): ${call}${times}` };
}

const torchConstant = (value: number, tensor: string): string =>
  value === 0 || value === 1
    ? `nn.init.${value === 0 ? 'zeros' : 'ones'}_(${tensor})`
    : `nn.init.constant_(${tensor}, ${shown(value)})`;

/** An LSTM's bias in PyTorch, two statements: all of it, then the second quarter. */
function torchForgetGates(params: InitializerSpec['params'], tensor: string, entries: number): Spelling {
  const [base, forget] = [Number(params['base'] ?? 0), Number(params['forget'] ?? 1)];
  const gates = `${tensor}[${entries / 4}:${entries / 2}]`;
  const code = `${torchConstant(base, tensor)}\n${torchConstant(forget, gates)}`;
  return { json: 'forget gates', code };
}

const pythonValue = (value: number | string): string =>
  typeof value === 'number' ? shown(value) : `'${value}'`;

function pythonCall(
  prefix: string,
  name: string,
  config: Readonly<Record<string, number | string | null>>,
): string {
  const args = Object.entries(config).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${pythonValue(value)}`],
  );
  return `${prefix}${name}(${args.join(', ')})`;
}

const camel = (text: string): string =>
  text.replace(/_([a-z])/g, (_m, letter: string) => letter.toUpperCase());

function scriptCall(name: string, config: Readonly<Record<string, number | string | null>>): string {
  const args = Object.entries(config).flatMap(([key, value]) =>
    value === null ? [] : [`${key}: ${typeof value === 'number' ? shown(value) : `'${camel(value)}'`}`],
  );
  const body = args.length === 0 ? '{}' : `{${args.join(', ')}}`;
  return `tf.initializers.${name.charAt(0).toLowerCase()}${name.slice(1)}(${body})`;
}

const PLAIN = new Set(['zeros', 'ones', 'constant', 'identity', 'forgetGateOnes']);

/** Major and minor of a version text; a missing one counts as new. */
function isBefore24(version: string | undefined): boolean {
  const match = /(\d+)\.(\d+)/.exec(version ?? '');
  return match !== null && (Number(match[1]) < 2 || (Number(match[1]) === 2 && Number(match[2]) < 4));
}

function oldKeras(spec: InitializerSpec): InitializerSpec {
  const scaled = initializerKind(spec.id).scaled?.(spec.params);
  return scaled === undefined ? spec : { ...spec, id: 'varianceScaling', params: { ...scaled } };
}

/**
 * The initializer written for a framework so that it draws the same law, traps avoided (TF.js's missing correction is put
 * into the scale); undefined where that framework has no way to say it. PyTorch's `code` may be two lines.
 */
export function spellInitializer(
  spec: InitializerSpec,
  target: Semantics,
  options: SpellOptions = {},
): Spelling | undefined {
  let meant = translated(spec, options.from ?? target, target);
  const old = target === 'keras2' && isBefore24(options.version);
  if (old) meant = oldKeras(meant);
  const kind = initializerKind(meant.id);
  const scaled = kind.scaled?.(meant.params);
  const tensor = options.tensor ?? 'w';
  if (target === 'pytorch' && scaled !== undefined && !meant.id.startsWith('kaiming'))
    return torchScaled(scaled.scale, scaled.mode, scaled.distribution, tensor);
  if (target === 'pytorch' && meant.id === 'forgetGateOnes' && options.entries !== undefined)
    return torchForgetGates(meant.params, tensor, options.entries);
  const parts = kind.serialize(meant.params, target);
  if (parts === undefined) return undefined;
  if (target === 'pytorch') {
    const args = pythonCall('', '', parts.config).slice(1, -1);
    const call = `nn.init.${parts.className}(${args === '' ? tensor : `${tensor}, ${args}`})`;
    return { json: parts.className, code: call };
  }
  const shownConfig = { ...parts.config, ...(meant.seed === null ? {} : { seed: meant.seed }) };
  const config: Record<string, number | string | null> = { ...parts.config };
  if (!PLAIN.has(meant.id) && parts.className !== 'Constant') config['seed'] = meant.seed;
  if (old && config['distribution'] === 'truncated_normal') config['distribution'] = 'normal';
  if (target === 'tfjs') {
    const name = meant.id === 'varianceScaling' || scaled === undefined ? parts.className : meant.id;
    const args = name === meant.id && scaled !== undefined ? {} : shownConfig;
    return { json: { class_name: parts.className, config }, code: scriptCall(name, args) };
  }
  const prefix = target === 'keras3' ? 'keras.initializers.' : 'tf.keras.initializers.';
  const code = pythonCall(prefix, parts.className, shownConfig);
  if (target === 'keras2') return { json: { class_name: parts.className, config }, code };
  const module = 'keras.initializers';
  return { json: { module, class_name: parts.className, config, registered_name: null }, code };
}
