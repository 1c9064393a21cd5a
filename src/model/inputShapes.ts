import type { PlacedCall } from './flatGraph.ts';
import type { EmbeddingConfig } from './layers/embedding.ts';
import type { OperationConfig } from './layers/operation.ts';
import type { InputConfig } from './layers/input.ts';
import { InputError } from './problem.ts';
import type { ReadOptions } from './reader.ts';
import { formatShape, type Shape } from './shape.ts';
import type { InputSpec } from './spec.ts';

/** Shapes by node, batch first. */
export type InputShapes = ReadonlyMap<string, Shape>;

/** Sizes tried in turn where the file leaves one open: images (rank 4 with the batch), and everything else. */
const IMAGE = [64, 128, 224, 320] as const;
const LENGTH = [32, 64, 128, 256] as const;

function filled(shape: readonly (number | null)[], attempt: number): Shape {
  const spatial = shape.length >= 3 ? IMAGE : LENGTH;
  return [null, ...shape.map((size) => size ?? spatial[attempt] ?? spatial[0])];
}

interface Consumer {
  readonly kind: { readonly id: string; readonly signal: string };
  readonly parsed: { readonly config: unknown };
}

function isOneHot(
  read: Consumer | undefined,
): read is Consumer & { readonly parsed: { readonly config: OperationConfig } } {
  return read?.kind.id === 'operation' && (read.parsed.config as OperationConfig).op === 'oneHot';
}

/** The smallest vocabulary among the embeddings that an input reaches through layers that keep its values. */
function vocabularyOf(
  node: string,
  calls: readonly PlacedCall[],
  layers: ReadonlyMap<string, Consumer>,
): number | undefined {
  const reached = new Set([node]);
  let vocabulary: number | undefined;
  for (const call of calls) {
    if (!call.inputs.some((ref) => reached.has(ref.node))) continue;
    const read = layers.get(call.layer.id);
    if (read?.kind.id === 'embedding') {
      const size = (read.parsed.config as EmbeddingConfig).inputDim;
      vocabulary = Math.min(vocabulary ?? size, size);
    } else if (read?.kind.id === 'categoryEncoding') {
      const size = (read.parsed.config as { readonly numTokens: number }).numTokens;
      vocabulary = Math.min(vocabulary ?? size, size);
    } else if (isOneHot(read)) {
      const size = read.parsed.config.sections;
      vocabulary = Math.min(vocabulary ?? size, size);
    } else if (read?.kind.signal === 'shape' || read?.kind.signal === 'regularizer') reached.add(call.node);
  }
  return vocabulary;
}

/**
 * Concrete input shapes: the caller's (`options.inputShapes`), the file's, and for sizes the file leaves open the first of a
 * few candidates with which every layer fits; each choice is stated in `assumed`. Rejects what `infer` rejects for all of them.
 */
export function inputShapes<T>(
  inputs: readonly PlacedCall[],
  configs: ReadonlyMap<string, InputConfig>,
  context: { readonly options: ReadOptions },
  calls: readonly PlacedCall[],
  layers: ReadonlyMap<string, Consumer>,
  infer: (shapes: InputShapes) => T,
): T & { readonly chosen: readonly InputSpec[] } {
  const asked = context.options.inputShapes ?? {};
  const given = new Map(
    inputs.map((call) => {
      const name = call.layer.raw.name;
      const own = Object.hasOwn(asked, name)
        ? asked[name]
        : inputs.length === 1 && Object.hasOwn(asked, '')
          ? asked['']
          : undefined;
      const shape = own ?? configs.get(call.node)?.shape ?? null;
      if (shape === null) {
        const [at] = call.layer.raw.origins;
        throw new InputError({
          message: `The shape of the input "${name}" is not in the file.`,
          expected: 'batch_input_shape, batch_shape or input_shape on the first layer',
          hint: 'Give it: --input-shape, or inputShapes in initscope.json.',
          ...(at === undefined ? {} : { file: at.file, range: at.range }),
        });
      }
      return [call.node, shape] as const;
    }),
  );
  const open = [...given.values()].some((shape) => shape.includes(null));
  let failure: unknown;
  for (let attempt = 0; attempt < (open ? IMAGE.length : 1); attempt++) {
    const shapes = new Map([...given].map(([node, shape]) => [node, filled(shape, attempt)] as const));
    try {
      const result = infer(shapes);
      const chosen = inputs.map((call): InputSpec => {
        const written = given.get(call.node) ?? [];
        const shape = shapes.get(call.node) ?? [null];
        const vocabulary = vocabularyOf(call.node, calls, layers);
        const assumed = written.includes(null)
          ? `The file leaves sizes of the input open, ${formatShape([null, ...written])}; measured with ${formatShape(shape)}.`
          : undefined;
        return {
          node: call.node,
          name: call.layer.raw.name,
          shape,
          values: vocabulary === undefined ? 'real' : 'ids',
          ...(vocabulary === undefined ? {} : { vocabulary }),
          ...(assumed === undefined ? {} : { assumed }),
        };
      });
      return { ...result, chosen };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      failure ??= error;
    }
  }
  throw failure;
}
