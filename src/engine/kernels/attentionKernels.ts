import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { address, type Heap, output, requireHeap, withScratch } from './heap.ts';

/** Names of the kernels; attention.ts puts them together. */
export const logitsKernel = 'InitscopeAttentionLogits';
export const weightsKernel = 'InitscopeAttentionWeights';
export const valuesKernel = 'InitscopeAttentionValues';
export const attentionGradientKernel = 'InitscopeAttentionGradient';
export const logitsGradientKernel = 'InitscopeAttentionLogitsGradient';

/** What is added to the logit of a source that may not be seen. */
export const HIDDEN = -1e9;

/** How the heads lie: as many for queries, and as many for keys and values, of which the former is a multiple. */
export interface Heads {
  readonly heads: number;
  readonly keyHeads: number;
  /** Whether a target sees no later source. */
  readonly causal: boolean;
}

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

/** Opens an attention with logits of this shape and runs `use`. */
function open(
  heap: Heap,
  shape: readonly number[],
  { heads, keyHeads }: Heads,
  use: (at: (x: TensorInfo | undefined) => number) => void,
): void {
  const [batch, , targets, sources] = shape as [number, number, number, number];
  if (batch * heads * targets * sources === 0)
    throw new RangeError('an attention over nothing cannot be measured');
  withScratch(heap, heap.kernels.workspaceBytes!(0), (scratch) => {
    heap.kernels.openAttention!(batch, heads, heads / keyHeads, targets, sources, scratch);
    use((tensor) => (tensor === undefined ? 0 : address(heap, tensor)));
  });
}

function logits(heap: Heap, { q, k }: Inputs, attrs: Heads): TensorInfo[] {
  const [batch, targets, wide] = q!.shape as [number, number, number];
  const size = wide / attrs.heads;
  const out = output(heap, [batch, attrs.heads, targets, k!.shape[1]!]);
  open(
    heap,
    out.shape,
    attrs,
    (at) => void heap.kernels.attentionLogits!(at(q), at(k), size, 1 / Math.sqrt(size), at(out)),
  );
  return [out];
}

function weights(heap: Heap, inputs: Inputs, attrs: Heads): TensorInfo[] {
  const { logits: given, mask } = inputs;
  const out = output(heap, given!.shape);
  open(
    heap,
    out.shape,
    attrs,
    (at) => void heap.kernels.attentionWeights!(at(given), +attrs.causal, at(mask), HIDDEN, at(out)),
  );
  return [out];
}

function values(heap: Heap, inputs: Inputs, attrs: Heads): TensorInfo[] {
  const { weights: given, v } = inputs;
  const [batch, heads, targets] = given!.shape as [number, number, number];
  const size = v!.shape[2]! / attrs.keyHeads;
  const out = output(heap, [batch, targets, heads * size]);
  open(
    heap,
    given!.shape,
    attrs,
    (at) => void heap.kernels.attentionValues!(at(given), at(v), size, at(out)),
  );
  return [out];
}

function gradient(heap: Heap, inputs: Inputs, attrs: Heads): TensorInfo[] {
  const { weights: given, v, dy } = inputs;
  const [dLogits, dv] = [output(heap, given!.shape), output(heap, v!.shape)];
  const size = v!.shape[2]! / attrs.keyHeads;
  open(
    heap,
    given!.shape,
    attrs,
    (at) => void heap.kernels.attentionBack!(at(given), at(v), at(dy), size, at(dLogits), at(dv)),
  );
  return [dLogits, dv];
}

function logitsGradient(heap: Heap, { dLogits, q, k }: Inputs, attrs: Heads): TensorInfo[] {
  const [dq, dk] = [output(heap, q!.shape), output(heap, k!.shape)];
  const size = q!.shape[2]! / attrs.heads;
  open(
    heap,
    dLogits!.shape,
    attrs,
    (at) =>
      void heap.kernels.attentionLogitsBack!(
        at(dLogits),
        at(q),
        at(k),
        size,
        1 / Math.sqrt(size),
        at(dq),
        at(dk),
      ),
  );
  return [dq, dk];
}

function kernel(
  kernelName: string,
  run: (heap: Heap, inputs: Inputs, attrs: Heads) => TensorInfo[],
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) => run(requireHeap(backend), inputs, attrs as unknown as Heads),
  };
}

/** The parts of softmax attention, forward and backward. */
export const attentionKernels: readonly KernelConfig[] = [
  kernel(logitsKernel, logits),
  kernel(weightsKernel, weights),
  kernel(valuesKernel, values),
  kernel(attentionGradientKernel, gradient),
  kernel(logitsGradientKernel, logitsGradient),
];
