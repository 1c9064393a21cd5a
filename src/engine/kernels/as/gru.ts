import { activate, arrive, batch, before, beforePitch, derived, gate, gateDerived, hold, masked, pitch, steps, through, timeOf, units } from './recurrence';
import { at, load4, store4 } from './simd';

/** h = z·(state before) + (1 − z)·candidate. */
@inline
function mix(z: v128, old: v128, candidate: v128): v128 {
  return f32x4.add(f32x4.mul(z, old), f32x4.mul(f32x4.sub(f32x4.splat(1), z), candidate));
}

@inline
function stateAt(hp: usize, o: usize, left: i32): v128 {
  return hp ? load4(hp + o, left) : f32x4.splat(0);
}

/** One sample's step with the reset behind the product: x holds what the inputs give, q what the state gives; x becomes the gates z r h. */
function rowAfter(x: usize, q: usize, hp: usize, recalled: usize, h: usize): void {
  const line = <usize>units << 2;
  for (let j = 0; j < units; j += 4) {
    const left = units - j, o = <usize>j << 2;
    const p = x + o;
    const z = gate(f32x4.add(load4(p, left), load4(q + o, left)));
    const r = gate(f32x4.add(load4(p + line, left), load4(q + line + o, left)));
    const back = load4(q + 2 * line + o, left);
    const candidate = activate(f32x4.add(load4(p + 2 * line, left), f32x4.mul(r, back)));
    store4(p, z, left);
    store4(p + line, r, left);
    store4(p + 2 * line, candidate, left);
    store4(recalled + o, back, left);
    store4(h + o, mix(z, stateAt(hp, o, left), candidate), left);
  }
}

/**
 * A GRU with the reset behind the matrix product: gates [batch, steps, 3·units] hold the inputs' part and become z, r and the candidate; recalled [batch, steps, units]
 * gets the product's last part, q [batch, 3·units] is scratch; `packed` is the recurrent kernel, `bias` (0: none) its bias.
 */
export function gruForward(gates: usize, h: usize, recalled: usize, h0: usize, packed: usize, bias: usize, q: usize): void {
  const wide = 3 * units;
  for (let s = 0; s < steps; s++) {
    const time = timeOf(s);
    const hp = before(h, h0, s), hStep = beforePitch(s, pitch);
    for (let b = 0; b < batch; b++) {
      if (bias) memory.copy(at(q, b * wide), bias, <usize>wide << 2);
      else memory.fill(at(q, b * wide), 0, <usize>wide << 2);
    }
    through(hp, hStep, units, packed, q, wide, wide);
    for (let b = 0; b < batch; b++) {
      const from = hp ? at(hp, b * hStep) : 0, to = at(h, b * pitch + s * units);
      rowAfter(at(gates, (b * steps + time) * wide), at(q, b * wide), from, at(recalled, (b * steps + time) * units), to);
      if (masked(b, time)) hold(from, to);
    }
  }
}

/** z and r of one sample in place, and the state times r. */
function rowGates(x: usize, hp: usize, reset: usize): void {
  const line = <usize>units << 2;
  for (let j = 0; j < units; j += 4) {
    const left = units - j, o = <usize>j << 2;
    const r = gate(load4(x + line + o, left));
    store4(x + o, gate(load4(x + o, left)), left);
    store4(x + line + o, r, left);
    store4(reset + o, f32x4.mul(r, stateAt(hp, o, left)), left);
  }
}

function rowCandidate(x: usize, hp: usize, h: usize): void {
  const line = <usize>units << 2;
  for (let j = 0; j < units; j += 4) {
    const left = units - j, o = <usize>j << 2;
    const candidate = activate(load4(x + 2 * line + o, left));
    store4(x + 2 * line + o, candidate, left);
    store4(h + o, mix(load4(x + o, left), stateAt(hp, o, left), candidate), left);
  }
}

/** The same with the reset before the product: `packed` are the kernel's first 2·units columns, `packedLast` the others; `reset` [batch, units] is scratch. */
export function gruBeforeForward(gates: usize, h: usize, h0: usize, packed: usize, packedLast: usize, reset: usize): void {
  const wide = 3 * units;
  for (let s = 0; s < steps; s++) {
    const time = timeOf(s);
    const x = at(gates, time * wide);
    const hp = before(h, h0, s), hStep = beforePitch(s, pitch);
    through(hp, hStep, units, packed, x, steps * wide, 2 * units);
    for (let b = 0; b < batch; b++) rowGates(at(x, b * steps * wide), hp ? at(hp, b * hStep) : 0, at(reset, b * units));
    if (hp) through(reset, units, units, packedLast, at(x, 2 * units), steps * wide, units);
    for (let b = 0; b < batch; b++) {
      const from = hp ? at(hp, b * hStep) : 0, to = at(h, b * pitch + s * units);
      rowCandidate(at(x, b * steps * wide), from, to);
      if (masked(b, time)) hold(from, to);
    }
  }
}

/** Gradients of z and the candidate at dz, of the state as far as it passes by (dh, in place). */
@inline
function rowMixBack(x: usize, hp: usize, dh: usize, dz: usize, o: usize, left: i32): v128 {
  const line = <usize>units << 2;
  const z = load4(x + o, left), candidate = load4(x + 2 * line + o, left), d = load4(dh + o, left);
  const inner = f32x4.mul(f32x4.mul(d, f32x4.sub(f32x4.splat(1), z)), derived(candidate));
  store4(dz + o, f32x4.mul(f32x4.mul(d, f32x4.sub(stateAt(hp, o, left), candidate)), gateDerived(z)), left);
  store4(dz + 2 * line + o, inner, left);
  store4(dh + o, f32x4.mul(d, z), left);
  return inner;
}

function rowAfterBack(x: usize, recalled: usize, hp: usize, dh: usize, dz: usize, delta: usize, dRecalled: usize): void {
  const line = <usize>units << 2;
  for (let j = 0; j < units; j += 4) {
    const left = units - j, o = <usize>j << 2;
    const inner = rowMixBack(x, hp, dh, dz, o, left);
    const r = load4(x + line + o, left);
    const dr = f32x4.mul(f32x4.mul(inner, load4(recalled + o, left)), gateDerived(r));
    const back = f32x4.mul(inner, r);
    store4(dz + line + o, dr, left);
    store4(delta + o, load4(dz + o, left), left);
    store4(delta + line + o, dr, left);
    store4(delta + 2 * line + o, back, left);
    store4(dRecalled + o, back, left);
  }
}

function accumulate(from: usize, to: usize, n: i32): void {
  for (let j = 0; j < n; j += 4) store4(at(to, j), f32x4.add(load4(at(to, j), n - j), load4(at(from, j), n - j)), n - j);
}

/**
 * The way back of `gruForward`: dz and dRecalled [batch, steps, …], dBias [3·units], dh ends as the gradient of h0. `packed` is the transposed kernel, delta [batch, 3·units]
 * scratch.
 */
export function gruBackward(
  gates: usize, h: usize, recalled: usize, h0: usize, dy: usize, packed: usize, dz: usize, dRecalled: usize, dBias: usize, dh: usize, first: usize, last: usize,
  delta: usize,
): void {
  const wide = 3 * units;
  memory.fill(dh, 0, <usize>(batch * units) << 2);
  memory.fill(dBias, 0, <usize>wide << 2);
  for (let s = steps - 1; s >= 0; s--) {
    const time = timeOf(s);
    const hp = before(h, h0, s), hStep = beforePitch(s, pitch);
    arrive(s, dy, dh, first, last);
    for (let b = 0; b < batch; b++) {
      const i = b * steps + time;
      const own = at(delta, b * wide), back = at(dRecalled, i * units), to = at(dz, i * wide);
      if (masked(b, time)) {
        memory.fill(own, 0, <usize>wide << 2);
        memory.fill(to, 0, <usize>wide << 2);
        hold(0, back);
        continue;
      }
      rowAfterBack(at(gates, i * wide), at(recalled, i * units), hp ? at(hp, b * hStep) : 0, at(dh, b * units), to, own, back);
      accumulate(own, dBias, wide);
    }
    if (s > 0 || h0) through(delta, wide, wide, packed, dh, units, units);
  }
}

function rowResetBack(x: usize, hp: usize, dReset: usize, dh: usize, dz: usize): void {
  const line = <usize>units << 2;
  for (let j = 0; j < units; j += 4) {
    const left = units - j, o = <usize>j << 2;
    const r = load4(x + line + o, left), d = load4(dReset + o, left);
    store4(dz + line + o, f32x4.mul(f32x4.mul(d, stateAt(hp, o, left)), gateDerived(r)), left);
    store4(dh + o, f32x4.add(load4(dh + o, left), f32x4.mul(d, r)), left);
  }
}

/** The way back of `gruBeforeForward`; `packed` and `packedLast` are the transposed parts of the kernel, dReset [batch, units] scratch. */
export function gruBeforeBackward(
  gates: usize, h: usize, h0: usize, dy: usize, packed: usize, packedLast: usize, dz: usize, dh: usize, first: usize, last: usize, dReset: usize,
): void {
  const wide = 3 * units;
  memory.fill(dh, 0, <usize>(batch * units) << 2);
  for (let s = steps - 1; s >= 0; s--) {
    const time = timeOf(s);
    const hp = before(h, h0, s), hStep = beforePitch(s, pitch);
    arrive(s, dy, dh, first, last);
    for (let b = 0; b < batch; b++) {
      const i = (b * steps + time) * wide;
      if (masked(b, time)) memory.fill(at(dz, i), 0, <usize>wide << 2);
      else
        for (let j = 0; j < units; j += 4)
          rowMixBack(at(gates, i), hp ? at(hp, b * hStep) : 0, at(dh, b * units), at(dz, i), <usize>j << 2, units - j);
    }
    memory.fill(dReset, 0, <usize>(batch * units) << 2);
    through(at(dz, time * wide + 2 * units), steps * wide, units, packedLast, dReset, units, units);
    for (let b = 0; b < batch; b++) {
      const i = (b * steps + time) * wide;
      if (!masked(b, time)) rowResetBack(at(gates, i), hp ? at(hp, b * hStep) : 0, at(dReset, b * units), at(dh, b * units), at(dz, i));
    }
    if (s > 0 || h0) through(at(dz, time * wide), steps * wide, 2 * units, packed, dh, units, units);
  }
}
