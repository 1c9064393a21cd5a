import { type KernelConfig, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { sameData } from '../sharedIdentity.ts';
import { address, type Heap, output, requireHeap, withScratch } from './heap.ts';

/** Names of the kernels; see recurrence.ts for what they compute. */
export const recurrenceKernel = 'InitscopeRecurrence';
export const recurrenceGradientKernel = 'InitscopeRecurrenceGradient';

/** An activation by the code of as/recurrence.ts, and the slope of a hard sigmoid. */
export interface FusedActivation {
  readonly code: number;
  readonly slope: number;
}

/** The recurrences; `gru` has its reset behind the matrix product, `gruBefore` before it. */
export type RecurrenceKind = 'simpleRnn' | 'lstm' | 'gru' | 'gruBefore';

/** What the kernels are told beside their tensors. */
export interface RecurrenceOptions {
  readonly kind: RecurrenceKind;
  readonly backwards: boolean;
  /** Whether the states have one row more, for the last memory of an LSTM. */
  readonly withMemory: boolean;
  readonly activation: FusedActivation;
  readonly gateActivation: FusedActivation;
}

type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

/** One run: the opened recurrence, where its tensors and its scratch lie. */
interface Run {
  readonly heap: Heap;
  readonly options: RecurrenceOptions;
  readonly batch: number;
  readonly steps: number;
  readonly units: number;
  /** The address of a tensor, 0 for none. */
  at(tensor: TensorInfo | undefined): number;
  /** The next so many bytes of scratch. */
  take(bytes: number): number;
  /** Packs columns `from` … `from + columns` of the recurrent kernel (or their transpose) into scratch. */
  pack(from: number, columns: number, transposed: boolean): number;
}

const WIDTH: Readonly<Record<RecurrenceKind, number>> = { simpleRnn: 1, lstm: 4, gru: 3, gruBefore: 3 };

/** Opens a recurrence over z [batch, steps, width·units] and runs `use`, scratch for everything it takes at hand. */
function open(
  heap: Heap,
  shape: readonly number[],
  inputs: Inputs,
  options: RecurrenceOptions,
  use: (run: Run) => void,
): void {
  const [batch, steps, wide] = shape as [number, number, number];
  const width = WIDTH[options.kind];
  const units = wide / width;
  const { workspaceBytes, packedBytes, statesBytes, openRecurrence, packOperand } = heap.kernels;
  const rows = batch * units * 4;
  const sequence = options.kind === 'gru' ? rows * steps : 0;
  const most = workspaceBytes!(0) + packedBytes!(wide, units + 8) + statesBytes!(batch, steps, units);
  withScratch(heap, most + width * rows + sequence + 256, (scratch) => {
    const at = (tensor: TensorInfo | undefined) => (tensor === undefined ? 0 : address(heap, tensor));
    let next = scratch + workspaceBytes!(0);
    const take = (bytes: number): number => {
      const taken = next;
      next += (bytes + 15) & ~15;
      return taken;
    };
    const { backwards, withMemory, activation, gateActivation } = options;
    const pitch = (steps + (withMemory ? 1 : 0)) * units;
    const codes = [activation.code, activation.slope, gateActivation.code, gateActivation.slope];
    openRecurrence!(batch, steps, units, pitch, +backwards, at(inputs['mask']), ...codes, scratch);
    const pack = (from: number, columns: number, transposed: boolean): number => {
      const [depth, across] = transposed ? [columns, units] : [units, columns];
      const packed = take(packedBytes!(depth, across));
      packOperand!(depth, across, at(inputs['recurrent']) + 4 * from, wide, +transposed, packed);
      return packed;
    };
    use({ heap, options, batch, steps, units, at, take, pack });
  });
}

/** States, and what each kind keeps beside them: gates and memory, gates and the product behind the reset, gates, nothing. */
function forward(heap: Heap, inputs: Inputs, options: RecurrenceOptions): TensorInfo[] {
  const z = inputs['z']!;
  const [batch, steps, wide] = z.shape as [number, number, number];
  const { kind, withMemory } = options;
  const units = wide / WIDTH[kind];
  const h = output(heap, [batch, steps + (withMemory ? 1 : 0), units]);
  const gates = kind === 'simpleRnn' ? undefined : output(heap, z.shape);
  const kept = kind === 'lstm' || kind === 'gru' ? output(heap, [batch, steps, units]) : undefined;
  const { simpleForward, lstmForward, gruForward, gruBeforeForward } = heap.kernels;
  open(heap, z.shape, inputs, options, ({ at, take, pack }) => {
    const { h0, c0, bias } = inputs;
    if (gates !== undefined) {
      const bytes = util.sizeFromShape(z.shape) * 4;
      heap.kernels.copyRuns!(at(z), bytes, at(gates), bytes, bytes, 1);
    }
    if (kind === 'simpleRnn') simpleForward!(at(z), at(h), at(h0), pack(0, units, false));
    if (kind === 'lstm') lstmForward!(at(gates), at(h), at(kept), at(h0), at(c0), pack(0, wide, false));
    if (kind === 'gru') {
      const packed = pack(0, wide, false);
      gruForward!(at(gates), at(h), at(kept), at(h0), packed, at(bias), take(batch * wide * 4));
    }
    if (kind === 'gruBefore') {
      const [first, last] = [pack(0, 2 * units, false), pack(2 * units, units, false)];
      gruBeforeForward!(at(gates), at(h), at(h0), first, last, take(batch * units * 4));
    }
  });
  return [h, gates, kept].filter((tensor) => tensor !== undefined);
}

/** Gradients of z, the recurrent kernel, h0, c0, its bias, and of the state after the first and the last step. */
function gradient(heap: Heap, inputs: Inputs, options: RecurrenceOptions): TensorInfo[] {
  const { h, gates, kept, h0, c0, recurrent, dy } = inputs;
  const { kind, withMemory } = options;
  const [batch, rows, units] = h!.shape as [number, number, number];
  const steps = rows - (withMemory ? 1 : 0);
  const wide = WIDTH[kind] * units;
  // An LSTM reads each row of gates before it writes that of dz, and nothing else reads them again.
  const dz = kind === 'lstm' ? sameData(heap.backend, gates!) : output(heap, [batch, steps, wide]);
  const du = output(heap, recurrent!.shape);
  const [dh, dc, first, last] = Array.from({ length: 4 }, () => output(heap, [batch, units]));
  const dBias = output(heap, [wide]);
  const { simpleBackward, lstmBackward, gruBackward, gruBeforeBackward, recurrentGradient, statesBytes } =
    heap.kernels;
  open(heap, dz.shape, inputs, options, ({ at, take, pack }) => {
    const [states, start, dzAt, duAt, dhAt] = [at(h), at(h0), at(dz), at(du), at(dh)];
    const [arriving, ends] = [at(dy), [at(first), at(last)] as const];
    const laid = take(statesBytes!(batch, steps, units));
    const weigh = (delta: number, pitch: number, from: number, columns: number, reset = 0): void =>
      void recurrentGradient!(states, start, reset, delta, pitch, columns, duAt + 4 * from, wide, laid);
    if (kind === 'simpleRnn') {
      simpleBackward!(states, start, arriving, pack(0, units, true), dzAt, dhAt, ...ends);
      weigh(dzAt, wide, 0, wide);
    }
    if (kind === 'lstm') {
      const packed = pack(0, wide, true);
      lstmBackward!(at(gates), at(kept), start, at(c0), arriving, packed, dzAt, dhAt, at(dc), ...ends);
      weigh(dzAt, wide, 0, wide);
    }
    if (kind === 'gru') {
      const packed = pack(0, wide, true);
      const [recalled, delta] = [take(batch * steps * units * 4), take(batch * wide * 4)];
      const from = [at(gates), states, at(kept), start, arriving, packed];
      gruBackward!(...from, dzAt, recalled, at(dBias), dhAt, ...ends, delta);
      weigh(dzAt, wide, 0, 2 * units);
      weigh(recalled, units, 2 * units, units);
    }
    if (kind === 'gruBefore') {
      const packed = [pack(0, 2 * units, true), pack(2 * units, units, true)];
      const scratch = take(batch * units * 4);
      gruBeforeBackward!(at(gates), states, start, arriving, ...packed, dzAt, dhAt, ...ends, scratch);
      weigh(dzAt, wide, 0, 2 * units);
      weigh(dzAt + 8 * units, wide, 2 * units, units, at(gates) + 4 * units);
    }
  });
  return [dz, du, dh!, dc!, dBias, first!, last!];
}

function kernel(
  kernelName: string,
  run: (heap: Heap, inputs: Inputs, options: RecurrenceOptions) => TensorInfo[],
): KernelConfig {
  return {
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, backend, attrs }) =>
      run(requireHeap(backend), inputs, attrs as unknown as RecurrenceOptions),
  };
}

/** Recurrences over whole sequences, and their gradients. */
export const recurrentKernels: readonly KernelConfig[] = [
  kernel(recurrenceKernel, forward),
  kernel(recurrenceGradientKernel, gradient),
];
