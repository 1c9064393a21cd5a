import type { ActivationSpec } from '../model/activations/activation.ts';
import { LINEAR } from '../model/activations/catalogue.ts';
import type { LayerSpec, ModelSpec, NodeSpec } from '../model/spec.ts';
import { graphOf } from '../model/specGraph.ts';

/** What follows a layer's linear part: its activation, and whether a norm comes before that. */
interface Following {
  readonly activation: ActivationSpec;
  readonly beforeNorm: boolean;
  /** The layer is an output of the model (perhaps through its activation). */
  readonly output: boolean;
  /** Layer that holds the activation (itself when fused). */
  readonly at: string;
}

const NORMS = /norm/i;
const TRANSPARENT =
  /^(dropout|identity|flatten|reshape|permute|pooling|maxPooling|averagePooling|padding|cropping|upSampling|noise|masking)/i;

/** Whether a layer kind normalizes its input. */
export function isNorm(layer: LayerSpec): boolean {
  return NORMS.test(layer.kind) && layer.kind !== 'spectralNorm' && layer.kind !== 'spectralNormalization';
}

/** The activation (or norm and then activation) that a layer's linear part meets first, looking through pooling, dropout and reshapes. */
export function following(spec: ModelSpec, layerId: string): Following {
  const graph = graphOf(spec);
  const layer = graph.layers.get(layerId);
  const node = graph.firstNode.get(layerId);
  const output = node !== undefined && graph.outputs.has(node.id);
  if (layer?.activation !== undefined && layer.activation.id !== 'linear') {
    return { activation: layer.activation, beforeNorm: false, output, at: layerId };
  }
  let at = node;
  let beforeNorm = false;
  for (let step = 0; at !== undefined && step < 12; step += 1) {
    const next: NodeSpec | undefined = graph.consumers.get(at.id)?.at(0);
    const nextLayer = next === undefined ? undefined : graph.layers.get(next.layer);
    if (next === undefined || nextLayer === undefined) break;
    const reachesOutput = graph.outputs.has(next.id);
    if (nextLayer.kind === 'prelu') {
      const activation = { id: 'prelu', params: { negative_slope: 0 }, written: 'PReLU' };
      return { activation, beforeNorm, output: output || reachesOutput, at: nextLayer.id };
    }
    if (isNorm(nextLayer)) beforeNorm = true;
    else if (nextLayer.kind === 'activation' && nextLayer.activation !== undefined) {
      return {
        activation: nextLayer.activation,
        beforeNorm,
        output: output || reachesOutput,
        at: nextLayer.id,
      };
    } else if (!TRANSPARENT.test(nextLayer.kind)) break;
    at = next;
    if (reachesOutput) return { activation: LINEAR, beforeNorm, output: true, at: layerId };
  }
  return { activation: LINEAR, beforeNorm, output, at: layerId };
}
