import type { Inspected } from './inspectModel.ts';

/** How prediction and measurement of one model agree on the rms of its nodes. */
export interface Agreement {
  readonly layers: number;
  readonly within: number;
  readonly worst: { readonly node: string; readonly delta: number; readonly allowed: number } | undefined;
}

/** |Δ ln rms| after the finite-width bias ≤ 3 · max(sample SE, theoretical SE) + 3 %, node by node. */
export function agreement({ prediction, measurement }: Inspected): Agreement {
  let layers = 0;
  let within = 0;
  let worst: Agreement['worst'];
  for (const [node, predicted] of Object.entries(prediction.nodes)) {
    const logs = measurement.seeds.flatMap((seed) =>
      seed.taps
        .filter((tap) => tap.node === node && tap.quantity === 'activation' && tap.name === undefined)
        .map((tap) => Math.log(tap.value.rms)),
    );
    if (logs.length < 2 || logs.some((value) => !Number.isFinite(value)) || predicted.secondMoment <= 0)
      continue;
    const mean = logs.reduce((all, next) => all + next, 0) / logs.length;
    const square = logs.reduce((all, next) => all + (next - mean) ** 2, 0) / (logs.length - 1);
    const delta = mean - (0.5 * Math.log(predicted.secondMoment) + predicted.biasLog);
    const allowed = (3 * Math.max(Math.sqrt(square), predicted.sdLog)) / Math.sqrt(logs.length) + 0.03;
    layers += 1;
    if (Math.abs(delta) <= allowed) within += 1;
    else if (worst === undefined || Math.abs(delta) - allowed > Math.abs(worst.delta) - worst.allowed)
      worst = { node, delta, allowed };
  }
  return { layers, within, worst };
}
