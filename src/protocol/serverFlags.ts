/**
 * Node's flags for the server's process. Each of its threads lets its young generation grow to two halves of this many MB: twice 64
 * without it, which is most of the memory that a long session takes and wins no time (docs/performance.md).
 */
export const SERVER_FLAGS: readonly string[] = ['--max-semi-space-size=16'];
