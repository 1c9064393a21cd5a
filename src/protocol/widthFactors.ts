/** What of a scan is asked from outside: factors of the width, and its names in the file where they are not to be found. */
export interface ScanAsked {
  readonly factors?: readonly number[];
  readonly parameter?: readonly string[];
}

/** The most that a width is multiplied by. */
export const LARGEST_FACTOR = 64;

/** Factors of a width as a person writes them ("0.5, 1, 2"): two or more different positive numbers; undefined when it is not that. */
export function widthFactors(text: string): readonly number[] | undefined {
  const factors = text.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)));
  const fits = factors.every((factor) => factor > 0 && factor <= LARGEST_FACTOR);
  return fits && new Set(factors).size >= 2 ? factors : undefined;
}

/** Names as a person writes them ("d_model, d_ff"); undefined when one of them is empty. */
export function widthNames(text: string): readonly string[] | undefined {
  const names = text.split(',').map((name) => name.trim());
  return names.includes('') ? undefined : names;
}
