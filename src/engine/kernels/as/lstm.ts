import { activate, arrive, batch, before, beforePitch, derived, gate, gateDerived, hold, masked, pitch, steps, through, timeOf, units } from './recurrence';
import { at, load4, store4 } from './simd';

/** One sample's step: gates from their pre-activations at g (in place), memory and state from those before. */
function row(g: usize, cp: usize, c: usize, h: usize): void {
  const line = <usize>units << 2;
  for (let j = 0; j < units; j += 4) {
    const left = units - j, o = <usize>j << 2;
    const p = g + o;
    const input = gate(load4(p, left)), forget = gate(load4(p + line, left));
    const candidate = activate(load4(p + 2 * line, left)), output = gate(load4(p + 3 * line, left));
    let m = f32x4.mul(input, candidate);
    if (cp) m = f32x4.add(f32x4.mul(forget, load4(cp + o, left)), m);
    store4(p, input, left);
    store4(p + line, forget, left);
    store4(p + 2 * line, candidate, left);
    store4(p + 3 * line, output, left);
    store4(c + o, m, left);
    store4(h + o, f32x4.mul(output, activate(m)), left);
  }
}

/**
 * An LSTM over a sequence: gates [batch, steps, 4·units] (i f c o) hold the inputs' part of the pre-activations and become the gates; c [batch, steps, units] and
 * h become memory and state; h0 and c0 [batch, units] are those before (0: zeros); `packed` is the recurrent kernel [units, 4·units]. A row more in h gets the last memory.
 */
export function lstmForward(gates: usize, h: usize, c: usize, h0: usize, c0: usize, packed: usize): void {
  const wide = 4 * units, length = steps * units;
  for (let s = 0; s < steps; s++) {
    const time = timeOf(s);
    const hp = before(h, h0, s), cp = before(c, c0, s);
    const hStep = beforePitch(s, pitch), cStep = beforePitch(s, length);
    through(hp, hStep, units, packed, at(gates, time * wide), steps * wide, wide);
    for (let b = 0; b < batch; b++) {
      const cFrom = cp ? at(cp, b * cStep) : 0;
      const cTo = at(c, b * length + s * units), hTo = at(h, b * pitch + s * units);
      row(at(gates, (b * steps + time) * wide), cFrom, cTo, hTo);
      if (!masked(b, time)) continue;
      hold(cFrom, cTo);
      hold(hp ? at(hp, b * hStep) : 0, hTo);
    }
  }
  if (pitch == length) return;
  for (let b = 0; b < batch; b++) hold(at(c, b * length + (steps - 1) * units), at(h, b * pitch + length));
}

function rowBack(g: usize, c: usize, cp: usize, dh: usize, dc: usize, dz: usize): void {
  const line = <usize>units << 2;
  for (let j = 0; j < units; j += 4) {
    const left = units - j, o = <usize>j << 2;
    const p = g + o, q = dz + o;
    const input = load4(p, left), forget = load4(p + line, left), candidate = load4(p + 2 * line, left), output = load4(p + 3 * line, left);
    const y = activate(load4(c + o, left));
    const d = load4(dh + o, left);
    const m = f32x4.add(load4(dc + o, left), f32x4.mul(f32x4.mul(d, output), derived(y)));
    store4(q, f32x4.mul(f32x4.mul(m, candidate), gateDerived(input)), left);
    const old = cp ? load4(cp + o, left) : f32x4.splat(0);
    store4(q + line, f32x4.mul(f32x4.mul(m, old), gateDerived(forget)), left);
    store4(q + 2 * line, f32x4.mul(f32x4.mul(m, input), derived(candidate)), left);
    store4(q + 3 * line, f32x4.mul(f32x4.mul(d, y), gateDerived(output)), left);
    store4(dc + o, f32x4.mul(m, forget), left);
    store4(dh + o, f32x4.splat(0), left);
  }
}

/**
 * The way back: from dy (laid as h) to dz [batch, steps, 4·units], the gradient of the pre-activations; dh and dc [batch, units] end as those of h0 and c0; first and
 * last get the gradient of the state after the first and the last step. `packed` is the transposed recurrent kernel. dz may lie where the gates do.
 */
export function lstmBackward(
  gates: usize, c: usize, h0: usize, c0: usize, dy: usize, packed: usize, dz: usize, dh: usize, dc: usize, first: usize, last: usize,
): void {
  const wide = 4 * units, length = steps * units;
  memory.fill(dh, 0, <usize>(batch * units) << 2);
  for (let b = 0; b < batch; b++) hold(pitch == length ? 0 : at(dy, b * pitch + length), at(dc, b * units));
  for (let s = steps - 1; s >= 0; s--) {
    const time = timeOf(s);
    const cp = before(c, c0, s), cStep = beforePitch(s, length);
    arrive(s, dy, dh, first, last);
    for (let b = 0; b < batch; b++) {
      const at4 = (b * steps + time) * wide;
      if (masked(b, time)) memory.fill(at(dz, at4), 0, <usize>wide << 2);
      else rowBack(at(gates, at4), at(c, b * length + s * units), cp ? at(cp, b * cStep) : 0, at(dh, b * units), at(dc, b * units), at(dz, at4));
    }
    if (s > 0 || h0) through(at(dz, time * wide), steps * wide, wide, packed, dh, units, units);
  }
}
