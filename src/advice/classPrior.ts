import { everyLayer } from '../model/everyLayer.ts';
import type { Advice, AdviceOutcome, Finding } from '../model/finding.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Semantics } from '../model/semantics.ts';
import type { ModelSpec } from '../model/spec.ts';

function snippet(layer: string, bias: readonly number[]): Readonly<Record<Semantics, string>> {
  const values = `[${bias.join(', ')}]`;
  const keras = layer.includes('/') ? '' : `model.get_layer('${layer}').bias.assign(${values})`;
  return {
    keras3: keras,
    keras2: keras,
    tfjs: layer.includes('/')
      ? ''
      : `const head = model.getLayer('${layer}');\nhead.setWeights([head.getWeights()[0], tf.tensor1d(${values})]);`,
    pytorch: `with torch.no_grad():\n    model.get_submodule('${layer.replaceAll('/', '.')}').bias.copy_(torch.tensor(${values}))`,
  };
}

/**
 * The log prior of several classes as code that sets the head's bias once the model is built: initializers take one number, not one per
 * class, so no file can say it. Its outcome follows from what it does. Undefined for other findings, heads of one unit and several losses.
 */
export function classPrior(
  spec: ModelSpec,
  finding: Finding,
  measurement: Measurement,
  before: AdviceOutcome,
): Advice | undefined {
  if (finding.rule !== 'output-bias') return undefined;
  const [only, ...others] = measurement.seeds[0]?.losses ?? [];
  const bias = only?.prior?.bias ?? [];
  const head = everyLayer(spec.layers).find(({ id }) => id === finding.layer);
  if (bias.length < 2 || others.length > 0 || head?.weights.some(({ part }) => part === 'bias') !== true)
    return undefined;
  return {
    title: `set the bias of ${finding.layer} to the log prior of the ${bias.length} classes once the model is built`,
    changes: [],
    snippet: snippet(
      finding.layer,
      bias.map((value) => Number(value.toPrecision(3))),
    ),
    proof: 'predicted',
    before,
    after: { ...before, findings: before.findings.filter((rule) => rule !== finding.rule) },
    preferred: false,
    edit: {
      ok: false,
      refusal: { place: spec.file, reason: 'no initializer takes one number per class; to be copied' },
    },
  };
}
