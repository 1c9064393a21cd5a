/** Room across the columns that a label needs, turned as it stands, in pixels. */
const LABEL_ROOM = 24;

/**
 * The columns that are labelled: those in `wanted`, the most important first, then evenly spread others, each as far from the next as
 * their words need. All of them where columns are `room` pixels wide or wider than a label.
 */
export function labelledColumns(
  count: number,
  room: number,
  wanted: readonly number[] = [],
): ReadonlySet<number> {
  const apart = Math.max(1, Math.ceil(LABEL_ROOM / Math.max(room, 0.1)));
  const even = Array.from({ length: Math.ceil(count / apart) }, (_, index) => index * apart);
  const taken = new Set<number>();
  for (const column of [...wanted, ...even]) {
    if (column < 0 || column >= count) continue;
    let free = true;
    for (let near = column - apart + 1; near < column + apart; near++) free &&= !taken.has(near);
    if (free) taken.add(column);
  }
  return taken;
}
