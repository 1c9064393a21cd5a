/** Hears how far a program is, so that somebody outside its thread can stop it and say where it was. */
export interface EvaluationWatch {
  /** The program begins to run; what ran before was ours. */
  started(): void;
  /** It is about to call something that QuickJS cannot interrupt, on this line (1-based) of the inspected source. */
  at(line: number): void;
  ended(): void;
}

/** A watch for whoever cannot stop a program anyway. */
export const UNWATCHED: EvaluationWatch = {
  started: () => undefined,
  at: () => undefined,
  ended: () => undefined,
};
