import type { Finding, ProofValue, Severity } from '../model/finding.ts';
import type { Origin } from '../model/origin.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { LayerSpec, ModelSpec } from '../model/spec.ts';

/** A finding before it has an id, an origin and its configured severity. */
export interface Draft {
  readonly rule: string;
  readonly severity: Severity;
  /** The causing layer first. */
  readonly layers: readonly string[];
  readonly message: string;
  readonly cause: string;
  readonly values?: readonly ProofValue[];
  readonly echoes?: Finding['echoes'];
  /** Weight whose initializer is underlined rather than the layer. */
  readonly weight?: string;
}

function findLayer(layers: readonly LayerSpec[], id: string): LayerSpec | undefined {
  for (const layer of layers) {
    if (layer.id === id) return layer;
    const inner = layer.inner === undefined ? undefined : findLayer(layer.inner, id);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Where a finding stands: the initializer of the weight, where the file writes one, else the layer. */
function originOf(spec: ModelSpec, layer: LayerSpec | undefined, weight: string | undefined): Origin {
  const at =
    weight === undefined
      ? undefined
      : layer?.origins.find((origin) => origin.kind === 'initializer' && origin.weight === weight);
  return at ?? layer?.origins[0] ?? spec.origin;
}

/** The finding of a draft, with the configured severity; undefined when its rule is off. */
export function makeFinding(
  spec: ModelSpec,
  config: ProjectConfig,
  draft: Draft,
  from: Finding['from'],
): Finding | undefined {
  const severity = config.rules[draft.rule]?.severity ?? draft.severity;
  if (severity === 'off') return undefined;
  const [layer = ''] = draft.layers;
  return {
    id: `${draft.rule}:${layer}`,
    rule: draft.rule,
    severity,
    layer,
    layers: draft.layers,
    origin: originOf(spec, findLayer(spec.layers, layer), draft.weight),
    message: draft.message,
    cause: draft.cause,
    values: draft.values ?? [],
    echoes: draft.echoes ?? [],
    from,
    advice: [],
  };
}
