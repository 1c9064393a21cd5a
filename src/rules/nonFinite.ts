import { formatShare } from '../model/numberText.ts';
import { average, proof, type Context, type Symptom } from './context.ts';

/** `non-finite`: the first node with a value or gradient that is NaN or infinite, or a loss that is. */
export function nonFiniteSymptoms(context: Context): readonly Symptom[] {
  for (const node of context.spec.nodes) {
    for (const quantity of ['preActivation', 'activation'] as const) {
      const shares = context.look.values(node.id, quantity, (tap) => tap.value.nonFinite);
      const share = average(shares) ?? 0;
      if (share > 0)
        return [
          symptom(
            node.layer,
            share,
            `${formatShare(share)} of the values of ${node.layer} are NaN or infinite`,
          ),
        ];
    }
  }
  for (const node of context.spec.nodes.toReversed()) {
    for (const quantity of ['activation', 'preActivation'] as const) {
      const shares = context.look.values(node.id, quantity, (tap) => tap.gradient?.nonFinite);
      const share = average(shares) ?? 0;
      if (share > 0)
        return [
          symptom(
            node.layer,
            share,
            `${formatShare(share)} of the gradient at ${node.layer} is NaN or infinite`,
          ),
        ];
    }
  }
  const losses = context.measurement.seeds.flatMap((seed) => seed.losses);
  const bad = losses.find((loss) => !Number.isFinite(loss.value));
  if (bad === undefined) return [];
  const output = context.spec.outputs.find(({ name }) => name === bad.output) ?? context.spec.outputs[0];
  const layer = context.spec.nodes.find((node) => node.id === output?.ref.node)?.layer ?? '';
  return [symptom(layer, 1, `the loss of ${bad.output} is not finite`)];
}

function symptom(layer: string, share: number, message: string): Symptom {
  return {
    rule: 'non-finite',
    severity: 'error',
    layer,
    chain: true,
    message,
    values: [proof('non-finite', { mean: share, lo: share, hi: share, n: 1 }, [0, 0], 'share')],
  };
}
