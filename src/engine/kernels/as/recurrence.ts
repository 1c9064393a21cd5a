import { addProduct, addPacked } from './gemm';
import { sigmoid4, tanh4 } from './functions';
import { at, load4, store4 } from './simd';
import { openWorkspace } from './workspace';

/**
 * What the recurrences of lstm.ts, gru.ts and simpleRnn.ts share. A sequence is [batch, steps, …]; what is fed (pre-activations, gates, their gradients, the mask)
 * lies in the order of time, the states in the order in which the steps are taken, so that the state before step s is row s − 1 whichever way the loop runs.
 */
export let batch: i32 = 0;
export let steps: i32 = 0;
export let units: i32 = 0;
/** Floats from one sample's states to the next one's: steps·units, or a row more. */
export let pitch: i32 = 0;
let backwards: bool = false;
let mask: usize = 0;
/** Codes of the activations (see `activate`) and the slopes of hard sigmoids. */
let activation: i32 = 0;
let slope: f32 = 0;
let gateActivation: i32 = 0;
let gateSlope: f32 = 0;

/** Opens a recurrence. `maskAt` (0: none) holds 0 where a step of a sample does not count. */
export function openRecurrence(
  samples: i32, length: i32, width: i32, statePitch: i32, reversed: bool, maskAt: usize, code: i32, ofCode: f32, gateCode: i32, ofGate: f32, workspace: usize,
): void {
  batch = samples;
  steps = length;
  units = width;
  pitch = statePitch;
  backwards = reversed;
  mask = maskAt;
  activation = code;
  slope = ofCode;
  gateActivation = gateCode;
  gateSlope = ofGate;
  openWorkspace(workspace);
}

/** The place in time of step s. */
@inline
export function timeOf(s: i32): i32 {
  return backwards ? steps - 1 - s : s;
}

/** Whether step s does not count for a sample. */
@inline
export function masked(sample: i32, time: i32): bool {
  return mask != 0 && load<f32>(at(mask, sample * steps + time)) == 0;
}

@inline
function apply(code: i32, by: f32, v: v128): v128 {
  if (code == 1) return f32x4.max(f32x4.splat(0), v);
  if (code == 2) return tanh4(v);
  if (code == 3) return sigmoid4(v);
  if (code == 4) {
    const line = f32x4.add(f32x4.mul(v, f32x4.splat(by)), f32x4.splat(0.5));
    return f32x4.max(f32x4.splat(0), f32x4.min(f32x4.splat(1), line));
  }
  return v;
}

/** The derivative from the value y. */
@inline
function derivative(code: i32, by: f32, y: v128): v128 {
  const one = f32x4.splat(1);
  if (code == 1) return v128.and(f32x4.gt(y, f32x4.splat(0)), one);
  if (code == 2) return f32x4.sub(one, f32x4.mul(y, y));
  if (code == 3) return f32x4.mul(y, f32x4.sub(one, y));
  if (code == 4) return v128.and(v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.lt(y, one)), f32x4.splat(by));
  return one;
}

/** The layer's activation: 0 identity, 1 relu, 2 tanh, 3 sigmoid, 4 hard sigmoid. */
@inline
export function activate(v: v128): v128 {
  return apply(activation, slope, v);
}
@inline
export function derived(y: v128): v128 {
  return derivative(activation, slope, y);
}
/** The activation of the gates, likewise. */
@inline
export function gate(v: v128): v128 {
  return apply(gateActivation, gateSlope, v);
}
@inline
export function gateDerived(y: v128): v128 {
  return derivative(gateActivation, gateSlope, y);
}

/** The states before step s of the states at `all` (rows of their own at `start`, 0: zeros), or 0. */
@inline
export function before(all: usize, start: usize, s: i32): usize {
  return s == 0 ? start : at(all, (s - 1) * units);
}
/** The floats between two samples of `before`. */
@inline
export function beforePitch(s: i32, ofStates: i32): i32 {
  return s == 0 ? units : ofStates;
}

/** A masked step: the state stays (0 without one). */
export function hold(from: usize, to: usize): void {
  if (from) memory.copy(to, from, <usize>units << 2);
  else memory.fill(to, 0, <usize>units << 2);
}

/** Adds the gradient of step s's outputs to that of the state, and notes it at the first and last step taken. */
export function arrive(s: i32, dy: usize, dh: usize, first: usize, last: usize): void {
  for (let b = 0; b < batch; b++) {
    const from = at(dy, b * pitch + s * units), to = at(dh, b * units);
    for (let j = 0; j < units; j += 4) {
      const o = <usize>j << 2;
      store4(to + o, f32x4.add(load4(to + o, units - j), load4(from + o, units - j)), units - j);
    }
  }
  const bytes = <usize>(batch * units) << 2;
  if (s == steps - 1) memory.copy(last, dh, bytes);
  if (s == 0) memory.copy(first, dh, bytes);
}

/** Samples whose states are laid together for one product of `recurrentGradient`. */
function together(length: i32, samples: i32): i32 {
  return min(samples, max(1, 1024 / length));
}

/** Bytes of scratch for `recurrentGradient`. */
export function statesBytes(samples: i32, length: i32, width: i32): i32 {
  return together(length, samples) * length * width * 4;
}

/** The states before each step of a sample in the order of time, times `reset` (rows of length `resetPitch`) where given. */
function gather(h: usize, start: usize, reset: usize, resetPitch: i32, out: usize): void {
  const line = <usize>units << 2;
  for (let s = 0; s < steps; s++) {
    const time = timeOf(s);
    const row = at(out, time * units);
    hold(before(h, start, s), row);
    if (!reset) continue;
    const r = at(reset, time * resetPitch);
    for (let o: usize = 0; o < line; o += 4) store<f32>(row + o, load<f32>(row + o) * load<f32>(r + o));
  }
}

/**
 * du [units, columns] (row length `ldu`) = Σ over samples and steps of the state before the step (times a reset gate where given) times `delta`, rows of which
 * are `ldDelta` floats apart in the order of time.
 */
export function recurrentGradient(
  h: usize, start: usize, reset: usize, delta: usize, ldDelta: i32, columns: i32, du: usize, ldu: i32, scratch: usize,
): void {
  for (let i = 0; i < units; i++) memory.fill(at(du, i * ldu), 0, <usize>columns << 2);
  const most = together(steps, batch);
  for (let b = 0; b < batch; b += most) {
    const n = min(most, batch - b);
    for (let i = 0; i < n; i++) {
      const sample = b + i;
      const resetAt = reset ? at(reset, sample * steps * ldDelta) : 0;
      gather(at(h, sample * pitch), start ? at(start, sample * units) : 0, resetAt, ldDelta, at(scratch, i * steps * units));
    }
    addProduct(units, columns, n * steps, scratch, units, true, at(delta, b * steps * ldDelta), ldDelta, false, du, ldu);
  }
}

/** C += A·B with a packed B, where there is an A. */
@inline
export function through(from: usize, fromPitch: i32, depth: i32, packed: usize, out: usize, outPitch: i32, columns: i32): void {
  if (from) addPacked(batch, columns, depth, from, fromPitch, packed, out, outPitch);
}
