/** Gives the results of `act` in the order of the list; so many are under way at once, the next ones begun when one is asked for. */
export function ahead<A, T>(
  list: readonly A[],
  atOnce: number,
  act: (each: A) => Promise<T>,
): () => Promise<T> {
  const begun: Promise<T>[] = [];
  let asked = 0;
  return () => {
    for (const each of list.slice(begun.length, asked + atOnce)) {
      const one = act(each);
      one.catch(() => undefined);
      begun.push(one);
    }
    const next = begun[asked++];
    return next ?? Promise.reject(new RangeError('the list is at its end'));
  };
}
