/** Copies `count` runs of `bytes` bytes (a multiple of 4), `fromStep` and `toStep` bytes apart. */
export function copyRuns(from: usize, fromStep: i32, to: usize, toStep: i32, bytes: i32, count: i32): void {
  if (bytes >= 64) {
    for (let i = 0; i < count; i++) {
      memory.copy(to, from, bytes);
      from += <usize>fromStep;
      to += <usize>toStep;
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    let o: usize = 0;
    for (; o + 16 <= <usize>bytes; o += 16) v128.store(to + o, v128.load(from + o));
    for (; o < <usize>bytes; o += 4) store<u32>(to + o, load<u32>(from + o));
    from += <usize>fromStep;
    to += <usize>toStep;
  }
}
