import type { Advice, AdviceOutcome, Finding } from '../model/finding.ts';
import type { Semantics } from '../model/semantics.ts';
import type { ModelSpec } from '../model/spec.ts';
import { trunk } from '../model/trunk.ts';

/** Rules about scale that a calibration on data repairs whatever the activation. */
const SCALE = new Set([
  'scale-lottery',
  'exploding-signal',
  'vanishing-signal',
  'initializer-mismatch',
  'unscaled-initializer',
]);

const KEPT = ['head', 'residual-end', 'branch-scale', 'gate', 'before-norm'] as const;

/** Hidden layers of the trunk whose kernel sets the scale of what they give, in order. */
function calibrated(spec: ModelSpec): readonly string[] {
  const onTrunk = trunk(spec);
  const nodes = new Map(spec.nodes.map((node) => [node.layer, node.id]));
  return spec.layers.flatMap(({ id, roles, weights }) => {
    const [kernel, ...others] = weights;
    const plain = kernel?.part === 'kernel' && others.every(({ part }) => part === 'bias');
    const free = !KEPT.some((role) => roles.includes(role));
    return plain && free && onTrunk.has(nodes.get(id) ?? '') ? [id] : [];
  });
}

const keras = (
  names: string,
  values: string,
): string => `# LSUV: scale each kernel until its output has std 1 on a batch x of your data
for name in [${names}]:
    layer = model.get_layer(name)
    activation, layer.activation = layer.activation, keras.activations.linear
    part = keras.Model(model.inputs, layer.output)
    for _ in range(10):
        std = float(${values}.std())
        if abs(std - 1) < 0.02:
            break
        kernel, *rest = layer.get_weights()
        layer.set_weights([kernel / std, *rest])
    layer.activation = activation`;

const tfjs = (
  names: string,
): string => `// LSUV: scale each kernel until its output has std 1 on a batch x of your data
const { activation: linear } = tf.layers.dense({ units: 1 });
for (const name of [${names}]) {
  const layer = model.getLayer(name);
  const { activation } = layer;
  layer.activation = linear;
  const part = tf.model({ inputs: model.inputs, outputs: layer.output });
  for (let step = 0; step < 10; step++) {
    const std = tf.tidy(() => Math.sqrt(tf.moments(part.predict(x)).variance.dataSync()[0]));
    if (Math.abs(std - 1) < 0.02) break;
    const [kernel, ...rest] = layer.getWeights();
    layer.setWeights([tf.div(kernel, std), ...rest]);
  }
  layer.activation = activation;
}`;

const torch = (
  names: string,
): string => `# LSUV: scale each kernel until its output has std 1 on a batch x of your data
for name in [${names}]:
    layer, seen = model.get_submodule(name), []
    hook = layer.register_forward_hook(lambda module, inputs, output: seen.append(output.std().item()))
    with torch.no_grad():
        for _ in range(10):
            model(x)
            if abs(seen[-1] - 1) < 0.02:
                break
            layer.weight /= seen[-1]
    hook.remove()`;

function snippet(layers: readonly string[]): Readonly<Record<Semantics, string>> {
  const nested = layers.some((id) => id.includes('/'));
  const names = layers.map((id) => `'${id}'`).join(', ');
  const modules = layers.map((id) => `'${id.replaceAll('/', '.')}'`).join(', ');
  return {
    keras3: nested ? '' : keras(names, 'keras.ops.convert_to_numpy(part(x))'),
    keras2: nested ? '' : keras(names, 'part(x).numpy()').replaceAll('keras.', 'tf.keras.'),
    tfjs: nested ? '' : tfjs(names),
    pytorch: torch(modules),
  };
}

/**
 * Layer-sequential unit variance (Mishkin & Matas 2016, All you need is a good init, arXiv 1511.06422) as code to run on a batch of the
 * user's data, for findings about scale that no initializer helps, and for scales that are luck. Its outcome follows from what it does:
 * every calibrated layer gives std 1. Undefined where fewer than two layers can be calibrated so.
 */
export function lsuv(spec: ModelSpec, finding: Finding, before: AdviceOutcome): Advice | undefined {
  const layers = calibrated(spec);
  if (!SCALE.has(finding.rule) || layers.length < 2) return undefined;
  return {
    title: `LSUV: scale ${layers.length} kernels on a batch of your data before training`,
    changes: [],
    snippet: snippet(layers),
    proof: 'predicted',
    before,
    after: { ...before, signalRatio: 1, findings: before.findings.filter((rule) => rule !== finding.rule) },
    preferred: false,
    edit: {
      ok: false,
      refusal: { place: spec.file, reason: 'a procedure that runs on your data, to be copied' },
    },
  };
}
