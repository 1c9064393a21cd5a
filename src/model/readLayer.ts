import { layerKind, layerKindFor } from './layers/catalogue.ts';
import type { PlacedLayer } from './flatGraph.ts';
import type { JsonObject } from './json.ts';
import type { LayerKind, ParsedLayer, RawConfig } from './layers/kind.ts';
import { OPAQUE_CLASSES } from './layers/opaqueClasses.ts';
import { distributedOver } from './layers/timeDistributed.ts';
import { rawConfig } from './layers/rawConfig.ts';
import { InputError, type Problem, UnknownPartError } from './problem.ts';
import type { Semantics } from './semantics.ts';

/** Kinds whose activation makes their own next input. */
const RECURRENT = new Set(['simpleRnn', 'lstm', 'gru', 'convLstm']);

/** A placed layer with what its kind read out of its config. */
export interface Read {
  readonly placed: PlacedLayer;
  readonly kind: LayerKind;
  readonly parsed: ParsedLayer<never>;
  /** Keyword arguments of its calls that take tensors, in order. */
  readonly callArguments: readonly string[];
  readonly opaque?: string;
  /** Its activation is glu, which halves the last axis. */
  readonly halved: boolean;
}

/** What was read out of a config: readers that meet the same layer again hand over the very same object. */
const parsedBefore = new WeakMap<
  JsonObject,
  { readonly className: string; readonly semantics: Semantics; readonly parsed: ParsedLayer<never> }
>();

/** A note at a layer, or at the place of the error that it is about. */
export function note(placed: PlacedLayer, message: string, error?: InputError): Problem {
  const [layer] = placed.raw.origins;
  const file = error?.problem.file ?? layer?.file ?? '';
  const range = error?.problem.range ?? layer?.range;
  const { found, expected, hint } = error?.problem ?? {};
  return {
    file,
    message,
    severity: 'note',
    ...(range === undefined ? {} : { range }),
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Adds the layer's place to an error that has none. */
export function atLayer<T>(placed: PlacedLayer, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InputError) || error.problem.range !== undefined) throw error;
    const [at] = placed.raw.origins;
    const message = `Layer "${placed.id}" (${placed.raw.className}): ${error.problem.message}`;
    throw new InputError({
      ...error.problem,
      message,
      ...(at === undefined ? {} : { file: at.file, range: at.range }),
    });
  }
}

/** The layer applied to every step of `steps` leading axes: wrapped as TimeDistributed wraps it. */
function overSteps(
  steps: number,
  className: string,
  { kind, parsed }: Pick<Read, 'kind' | 'parsed'>,
): Pick<Read, 'kind' | 'parsed'> {
  if (steps === 0) return { kind, parsed };
  const outer = distributedOver({ name: 'layer', className, kind: kind.id, parsed });
  const wrapped = { kind: layerKind('timeDistributed'), parsed: outer as ParsedLayer<never> };
  return overSteps(steps - 1, className, wrapped);
}

/** Reads a layer with the kind of its class; one that no kind can read becomes opaque, with a note that says why. */
export function readLayer(placed: PlacedLayer, semantics: Semantics, problems: Problem[]): Read {
  const { raw } = placed;
  const readable = (className: string, config: JsonObject): RawConfig =>
    rawConfig(className, config, semantics, (...keys) => raw.place(...keys));
  const known = layerKindFor(raw.className, raw.config);
  const unknown = (reason: string, error?: InputError): Read => {
    problems.push(note(placed, `Layer "${placed.id}": ${reason}`, error));
    const kind = layerKind('opaque');
    const stated = {
      ...raw.config,
      ...(raw.stated === undefined ? {} : { stated_shapes: raw.stated }),
      ...(raw.keepsShape === true ? { keeps_shape: true } : {}),
    };
    const parsed = kind.parse(readable(raw.className, stated)) as ParsedLayer<never>;
    return { placed, kind, parsed, callArguments: [], opaque: reason, halved: false };
  };
  if (known === undefined) {
    const design = Object.hasOwn(OPAQUE_CLASSES, raw.className) ? OPAQUE_CLASSES[raw.className] : undefined;
    return unknown(
      design === undefined
        ? `the class ${raw.className} is not known to Initscope.`
        : `${raw.className} is not run: ${design.reason}.`,
    );
  }
  try {
    const before = parsedBefore.get(raw.config);
    const same = before?.className === known.className && before.semantics === semantics;
    const parsed = same
      ? before.parsed
      : (atLayer(placed, () =>
          known.kind.parse(readable(known.className, raw.config)),
        ) as ParsedLayer<never>);
    if (!same) parsedBefore.set(raw.config, { className: known.className, semantics, parsed });
    const halved = parsed.activation?.id === 'glu';
    if (halved && RECURRENT.has(known.kind.id))
      return unknown('glu halves the state of a recurrent layer, which no framework can run.');
    return {
      placed,
      halved,
      ...overSteps(placed.steps, raw.className, { kind: known.kind, parsed }),
      callArguments: known.kind.callArguments ?? [],
    };
  } catch (error) {
    if (error instanceof UnknownPartError) return unknown(error.problem.message, error);
    throw error;
  }
}
