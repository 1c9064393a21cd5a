import type { ActivationSpec } from './activations/activation.ts';
import type { BuildContext } from './buildSpec.ts';
import { layerKind } from './layers/catalogue.ts';
import { headLoss, lossText, parseLoss, writtenLoss } from './loss.ts';
import type { Problem } from './problem.ts';
import type { LayerSpec, NodeSpec, OutputSpec, TensorRef } from './spec.ts';

/** The activation that a node's output went through, looking back through layers that only reshape. */
function lastActivation(
  start: TensorRef,
  nodes: ReadonlyMap<string, NodeSpec>,
  layers: ReadonlyMap<string, LayerSpec>,
): ActivationSpec | undefined {
  let ref: TensorRef | undefined = start;
  while (ref !== undefined) {
    const node = nodes.get(ref.node);
    const layer = node === undefined ? undefined : layers.get(node.layer);
    if (node === undefined || layer === undefined) return undefined;
    if (layer.activation !== undefined) return layer.activation;
    const { signal } = layerKind(layer.kind);
    if (signal !== 'shape' && signal !== 'regularizer' && signal !== 'activation') return undefined;
    ref = node.inputs.length === 1 ? node.inputs[0] : undefined;
  }
  return undefined;
}

/** Whether an output is what a weighted layer gives, with no activation of its own or after it. */
function isRaw(
  start: TensorRef,
  nodes: ReadonlyMap<string, NodeSpec>,
  layers: ReadonlyMap<string, LayerSpec>,
): boolean {
  let ref: TensorRef | undefined = start;
  while (ref !== undefined) {
    const node = nodes.get(ref.node);
    const layer = node === undefined ? undefined : layers.get(node.layer);
    if (node === undefined || layer === undefined) return false;
    const { signal } = layerKind(layer.kind);
    if (layer.activation !== undefined && layer.activation.id !== 'linear') return false;
    if (signal === 'weighted') return true;
    if (signal !== 'shape' && signal !== 'regularizer' && signal !== 'activation') return false;
    ref = node.inputs.length === 1 ? node.inputs[0] : undefined;
  }
  return false;
}

/** The nodes that no other takes and no output names: where the graph ends because what follows was left out. */
function unusedNodes(
  nodes: readonly NodeSpec[],
  outputs: readonly { readonly ref: TensorRef }[],
): readonly NodeSpec[] {
  const used = new Set(nodes.flatMap((node) => node.inputs.map((ref) => ref.node)));
  return nodes.filter(({ id }) => !used.has(id) && !outputs.some(({ ref }) => ref.node === id));
}

/** The model's outputs with the loss of each: the option's, the file's, or what its head implies. `notes` gets what is to be said of a loss, by output name. */
export function outputSpecs(
  wanted: readonly { readonly ref: TensorRef; readonly name: string }[],
  nodes: readonly NodeSpec[],
  layers: readonly LayerSpec[],
  context: BuildContext,
  notes: Map<string, Problem>,
): readonly OutputSpec[] {
  const nodeById = new Map(nodes.map((node) => [node.id, node]));
  const layerById = new Map(layers.map((layer) => [layer.id, layer]));
  const outputs = wanted.filter(({ ref }) => nodeById.has(ref.node));
  const cut = (outputs.length < wanted.length ? unusedNodes(nodes, outputs) : []).map((node): OutputSpec => ({
    ref: { node: node.id, output: 0 },
    name: node.layer,
    shape: node.outputs[0] ?? [null],
    loss: { id: 'other', fromLogits: false, written: '', from: 'head' },
    cut: true,
  }));
  const judged = outputs.map(({ ref, name }, index): OutputSpec => {
    const shape = nodeById.get(ref.node)?.outputs[ref.output] ?? [null];
    const implied = headLoss(lastActivation(ref, nodeById, layerById));
    const option = context.options.loss;
    const written = option ?? writtenLoss(context.loss?.written, name, index, outputs.length);
    if (written === undefined || written === null) return { ref, name, shape, loss: implied };
    const loss = parseLoss(written, option === undefined ? 'file' : 'option');
    const at = option === undefined ? context.loss?.origin : undefined;
    if (loss !== undefined) {
      const meant = loss.fromLogits || !loss.id.endsWith('crossentropy') || !isRaw(ref, nodeById, layerById);
      if (!meant)
        notes.set(name, {
          file: context.file,
          ...(at === undefined ? {} : { range: at.range }),
          message: `The loss "${lossText(written)}" takes probabilities, and the output "${name}" is linear: it is taken here from logits, as was likely meant.`,
          hint: 'a softmax (or sigmoid) on the output, or from_logits=True',
          severity: 'note',
        });
      return { ref, name, shape, loss: meant ? loss : { ...loss, fromLogits: true } };
    }
    notes.set(name, {
      file: context.file,
      ...(at === undefined ? {} : { range: at.range }),
      message: `The loss "${lossText(written)}" is not known to Initscope; ${implied.id} is used, as the output's activation implies.`,
      severity: 'note',
    });
    return { ref, name, shape, loss: { ...implied, written: lossText(written) } };
  });
  return [...judged, ...cut];
}
