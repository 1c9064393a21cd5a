/** Two halves of the sets that the rules were tuned on, by a fixed hash of the name, and the held-out set. */
export type Half = 'tuned-a' | 'tuned-b' | 'held-out';

/** The half of a model: FNV-1a of its name, so that it never changes; names that start with `held-` are the held-out set. */
export function halfOf(name: string): Half {
  if (name.startsWith('held-')) return 'held-out';
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return ((hash >>> 16) & 1) === 0 ? 'tuned-a' : 'tuned-b';
}
