/** The engine's backends; `python` is the user's own interpreter. */
export type Backend = 'tensorflow' | 'wasm' | 'cpu' | 'python';

/** Whether weights are drawn by their initializers or taken from the file. */
export type Start = 'fresh' | 'saved';

/** Counted work of one forward and backward pass at the plan's batch; the plan follows from it and never from a clock. */
export interface WorkSize {
  readonly parameters: number;
  /** Multiply-adds of one forward pass. */
  readonly multiplyAdds: number;
  /** Bytes of weights + pre-activations + activations, float32. */
  readonly bytes: number;
}

/** User data instead of random inputs: files (`path`, or `input=path`) read strictly, rows sampled in order. */
export interface DataSource {
  readonly inputs: readonly string[];
  readonly labels?: string;
  /** Rows of the files, and a hash of what was read of them: set once they have been read. */
  readonly rows?: number;
  readonly hash?: string;
  /** What the values of an input are divided by, by input name: a rescaling that is tried as advice. */
  readonly divisors?: Readonly<Record<string, number>>;
}

/** What will be run, fixed before anything is measured. Same spec, same plan: same numbers. */
export interface Plan {
  readonly backend: Backend;
  /** `own-relaxed`, `own-plain`, `stock`: which kernels the backend uses. */
  readonly kernels: string;
  readonly batch: number;
  /** Seeds of the first look; further looks extend the list to `looks`. */
  readonly seeds: readonly number[];
  /** Seed counts at which a verdict may be taken, increasing (5, 10, 20). */
  readonly looks: readonly number[];
  /** Concrete input shapes with the batch, by input name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** `normal`: N(0,1), and uniform ids for the inputs of `ids`. */
  readonly inputLaw: 'normal' | 'data';
  /** Names of the inputs that take ids; absent where none does. */
  readonly ids?: readonly string[];
  readonly data?: DataSource;
  readonly start: Start;
  readonly size: WorkSize;
  /** One sentence a choice: backend, batch, seeds, sizes. */
  readonly why: readonly string[];
}
