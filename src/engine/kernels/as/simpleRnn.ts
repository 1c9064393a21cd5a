import { activate, arrive, batch, before, beforePitch, derived, hold, masked, pitch, steps, through, timeOf, units } from './recurrence';
import { at, load4, store4 } from './simd';

/** h ← φ(z + h·U) over a sequence: z [batch, steps, units], h [batch, steps, units] in the order taken; `packed` is U. */
export function simpleForward(z: usize, h: usize, h0: usize, packed: usize): void {
  for (let s = 0; s < steps; s++) {
    const time = timeOf(s);
    const hp = before(h, h0, s), hStep = beforePitch(s, pitch);
    for (let b = 0; b < batch; b++) hold(at(z, (b * steps + time) * units), at(h, b * pitch + s * units));
    through(hp, hStep, units, packed, at(h, s * units), pitch, units);
    for (let b = 0; b < batch; b++) {
      const to = at(h, b * pitch + s * units);
      if (masked(b, time)) hold(hp ? at(hp, b * hStep) : 0, to);
      else
        for (let j = 0; j < units; j += 4) {
          const p = at(to, j);
          store4(p, activate(load4(p, units - j)), units - j);
        }
    }
  }
}

/** The way back, as `lstmBackward` without a memory. */
export function simpleBackward(h: usize, h0: usize, dy: usize, packed: usize, dz: usize, dh: usize, first: usize, last: usize): void {
  memory.fill(dh, 0, <usize>(batch * units) << 2);
  for (let s = steps - 1; s >= 0; s--) {
    const time = timeOf(s);
    arrive(s, dy, dh, first, last);
    for (let b = 0; b < batch; b++) {
      const to = at(dz, (b * steps + time) * units), d = at(dh, b * units), y = at(h, b * pitch + s * units);
      if (masked(b, time)) {
        hold(0, to);
        continue;
      }
      for (let j = 0; j < units; j += 4) {
        const left = units - j;
        store4(at(to, j), f32x4.mul(load4(at(d, j), left), derived(load4(at(y, j), left))), left);
      }
      hold(0, d);
    }
    if (s > 0 || h0) through(at(dz, time * units), steps * units, units, packed, dh, units, units);
  }
}
