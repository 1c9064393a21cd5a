import type { Advice, AdviceOutcome } from '../model/finding.ts';
import { formatNumber } from '../model/numberText.ts';
import type { Semantics } from '../model/semantics.ts';
import type { ModelSpec } from '../model/spec.ts';

function snippet(divisor: number): Readonly<Record<Semantics, string>> {
  const by = String(divisor);
  return {
    keras3: `# first layer of the model\nkeras.layers.Rescaling(1 / ${by}),`,
    keras2: `# first layer of the model\ntf.keras.layers.Rescaling(1 / ${by}),`,
    tfjs: `// first layer of the model\ntf.layers.rescaling({scale: 1 / ${by}}),`,
    pytorch: `x = x / ${by}`,
  };
}

/** A round number near the rms of data: 255 for pixels, else two digits. */
export function divisorOf(rms: number): number {
  return rms > 100 && rms < 255 ? 255 : Number(rms.toPrecision(2));
}

/** Advice to divide an input by a number, with what was measured on the data divided by it. */
export function rescaling(
  spec: ModelSpec,
  input: string,
  divisor: number,
  before: AdviceOutcome,
  after: AdviceOutcome,
): Advice {
  return {
    title: `divide ${input} by ${formatNumber(divisor)}, where it is loaded or in a first layer`,
    changes: [],
    snippet: snippet(divisor),
    proof: 'measured',
    before,
    after,
    preferred: false,
    edit: { ok: false, refusal: { place: spec.file, reason: 'the data are scaled, not an initializer' } },
  };
}
