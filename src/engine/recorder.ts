import type * as tf from '@tensorflow/tfjs-core';
import type { Quantity, TapStats, TensorStats } from '../model/measurement.ts';
import { type FlatPart, type Statistics, unitLayout } from './statistics.ts';
import { tap, type TapListener } from './taps.ts';
import { joinUnits, tallyOf, unitStats, type UnitSums, type UnitTally } from './unitSums.ts';

/** What is tapped and how it is judged. */
export interface TapRequest {
  readonly node: string;
  readonly layer: string;
  readonly quantity: Quantity;
  /** Samples in the batch, whatever the tensor's first axis is. */
  readonly batch: number;
  readonly name?: string;
  readonly unitAxis: number;
  readonly flat?: FlatPart;
  readonly rectifier: boolean;
  /** Shares over units matter here: the tap asks for more samples when it has too few. */
  readonly wantsShares: boolean;
  readonly inputRms?: number;
  readonly biasMean?: number;
}

interface Entry {
  readonly request: TapRequest;
  readonly value: TensorStats;
  units?: UnitTally;
  /** Where more rows may be joined, and the last part that joined any. */
  readonly sums?: UnitSums;
  joined?: number;
  saturated?: number;
  gradient?: TensorStats;
  gradientNorm?: number;
}

/** Samples × positions below which shares over units are not judged. */
export const ENOUGH_SAMPLES = 64;

function keyOf({ node, layer, quantity, name = '' }: TapRequest): string {
  return [node, layer, quantity, name].join('\n');
}

/** Collects the taps of one seed: the pass with gradients first, parts that only add samples after it. */
export interface Recorder {
  /** Reads a tensor (and its gradient, if it is on the way) and passes it on. A tensor tapped before is read only once. */
  tap<T extends tf.Tensor>(tensor: T, request: TapRequest): T;
  /** Reads a tensor that is not on the tape; what returns takes its gradient. */
  watch(tensor: tf.TensorInfo, request: TapRequest): (gradient: tf.TensorInfo) => void;
  /** Reads the value only. */
  observe(tensor: tf.Tensor, request: TapRequest): void;
  /** Sets the saturated share of the tap that was recorded last for this node (softmax, pre-activation flats). */
  setSaturated(request: TapRequest, share: number): void;
  /** rms of a tensor that has been tapped. */
  rms(tensor: tf.Tensor): number | undefined;
  /** From here on taps only add their rows to those that lack samples. */
  startExtraPart(): void;
  /** Rows the poorest tap still lacks; 0 when every tap that wants shares has enough. */
  lacking(): { readonly samples: number; readonly of: number } | undefined;
  result(): TapStats[];
}

function toStats(entry: Entry): TapStats {
  const { request, value, saturated, gradient, gradientNorm } = entry;
  const units = entry.units && unitStats(entry.units, request.rectifier);
  return {
    node: request.node,
    layer: request.layer,
    quantity: request.quantity,
    ...(request.name === undefined ? {} : { name: request.name }),
    value,
    ...(units === undefined ? {} : { units: saturated === undefined ? units : { ...units, saturated } }),
    ...(gradient === undefined ? {} : { gradient }),
    ...(gradientNorm === undefined ? {} : { gradientNorm }),
    ...(request.inputRms === undefined ? {} : { inputRms: request.inputRms }),
    ...(request.biasMean === undefined ? {} : { biasMean: request.biasMean }),
  };
}

/** A recorder whose reads go through `statistics`. */
export function createRecorder(statistics: Statistics): Recorder {
  const entries = new Map<string, Entry>();
  const tapped = new Map<number, Entry>();
  /** Entries that share one tensor: gradients found for the first hold for all. */
  const aliases = new Map<Entry, Entry>();
  /** 0 is the pass with gradients, the others only add rows. */
  let part = 0;

  const read = (tensor: tf.TensorInfo, request: TapRequest): Entry => {
    const layout = tensor.shape.length < 2 ? undefined : unitLayout(tensor.shape, request.unitAxis);
    const joinable = layout !== undefined && layout.outer * layout.inner < ENOUGH_SAMPLES;
    const { value, units, sums } = statistics.reduce(tensor, layout, { flat: request.flat, sums: joinable });
    const entry: Entry = {
      request,
      value,
      ...(units === undefined ? {} : { units }),
      ...(joinable && sums !== undefined ? { sums } : {}),
    };
    entries.set(keyOf(request), entry);
    return entry;
  };
  const readGradient = (entry: Entry, gradient: tf.TensorInfo): void => {
    const { value } = statistics.reduce(gradient);
    const samples = entry.request.batch;
    entry.gradient = value;
    entry.gradientNorm = value.rms * Math.sqrt((value.count * (1 - value.nonFinite)) / Math.max(1, samples));
  };
  const addPart = (tensor: tf.TensorInfo, request: TapRequest): void => {
    const known = entries.get(keyOf(request));
    const entry = known && (aliases.get(known) ?? known);
    const sums = entry?.sums;
    if (entry === undefined || sums === undefined || !request.wantsShares) return;
    if (sums.rows >= ENOUGH_SAMPLES || entry.joined === part) return;
    const layout = unitLayout(tensor.shape, request.unitAxis);
    const { sums: more } = statistics.reduce(tensor, layout, { flat: request.flat, sums: true });
    if (more?.units !== sums.units) return;
    joinUnits(sums, more);
    entry.joined = part;
    entry.units = tallyOf(sums);
  };

  return {
    tap: (tensor, request) => {
      if (part > 0) {
        addPart(tensor, request);
        return tensor;
      }
      const known = tapped.get(tensor.id);
      if (known !== undefined) {
        const entry: Entry = { ...known, request };
        entries.set(keyOf(request), entry);
        aliases.set(entry, known);
        return tensor;
      }
      let entry: Entry | undefined;
      const listener: TapListener = {
        value: (value) => (entry = read(value, request)),
        gradient: (gradient) => entry !== undefined && readGradient(entry, gradient),
      };
      const passed = tap(tensor, listener);
      if (entry !== undefined) tapped.set(passed.id, entry);
      return passed;
    },
    watch: (tensor, request) => {
      if (part > 0) {
        addPart(tensor, request);
        return () => undefined;
      }
      const entry = read(tensor, request);
      return (gradient) => readGradient(entry, gradient);
    },
    observe: (tensor, request) => {
      if (part > 0) addPart(tensor, request);
      else read(tensor, request);
    },
    setSaturated: (request, share) => {
      const entry = entries.get(keyOf(request));
      if (entry !== undefined && part === 0) entry.saturated = share;
    },
    rms: (tensor) => tapped.get(tensor.id)?.value.rms,
    startExtraPart: () => {
      part++;
    },
    lacking: () => {
      const poor = [...entries.values()].filter(
        ({ request, sums }) => request.wantsShares && sums !== undefined && sums.rows < ENOUGH_SAMPLES,
      );
      if (poor.length === 0) return undefined;
      return { samples: Math.min(...poor.map(({ sums }) => sums!.rows)), of: ENOUGH_SAMPLES };
    },
    result: () =>
      [...entries.values()].map((entry) => {
        const { gradient, gradientNorm, units } = aliases.get(entry) ?? entry;
        if (units !== undefined) entry.units = units;
        if (gradient !== undefined) entry.gradient = gradient;
        if (gradientNorm !== undefined) entry.gradientNorm = gradientNorm;
        return toStats(entry);
      }),
  };
}
