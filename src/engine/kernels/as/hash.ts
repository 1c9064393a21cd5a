@inline
function mix(h: v128, v: v128, prime: v128): v128 {
  const turned = v128.or(i32x4.shl(h, 5), i32x4.shr_u(h, 27));
  return i32x4.mul(v128.xor(turned, v), prime);
}

/** Sixteen running hashes of `count` words at x, element e in hash e mod 16, from and to `state` (64 bytes): h ← (h ⋘ 5 ⊕ word)·factor. */
export function hashWords(x: usize, count: i32, factor: i32, state: usize): void {
  const prime = i32x4.splat(factor);
  let a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  const end = x + (<usize>(count & ~15) << 2);
  for (; x < end; x += 64) {
    a = mix(a, v128.load(x), prime);
    b = mix(b, v128.load(x, 16), prime);
    c = mix(c, v128.load(x, 32), prime);
    d = mix(d, v128.load(x, 48), prime);
  }
  v128.store(state, a);
  v128.store(state, b, 16);
  v128.store(state, c, 32);
  v128.store(state, d, 48);
  for (let i = 0; i < (count & 15); i++) {
    const p = state + (<usize>i << 2);
    store<u32>(p, (rotl<u32>(load<u32>(p), 5) ^ load<u32>(x + (<usize>i << 2))) * factor);
  }
}
