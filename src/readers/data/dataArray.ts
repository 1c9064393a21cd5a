/** An array of a data file: its shape is known, its values are read by rows. */
export interface DataArray {
  /** Name in an archive; empty for a file of one array. */
  readonly name: string;
  /** File (and name in it) for messages. */
  readonly where: string;
  readonly file: string;
  /** Rows first; never empty. */
  readonly shape: readonly number[];
  /** The rows carry no shape of their own (a table): any input of as many values takes them. */
  readonly flat: boolean;
  /** Rows [0, count), row-major. Rejects with an InputError. */
  rows(count: number): Promise<Float64Array>;
}

/** Values per row of a shape with the rows first. */
export const rowSize = (shape: readonly number[]): number =>
  shape.slice(1).reduce((product, size) => product * size, 1);
