/** Hears how far a program is, so that somebody outside its thread can stop it and say where it was. */
export interface EvaluationWatch {
  /** Milliseconds that this thread has worked, or, where nobody can tell, that went by: only differences mean something. */
  now(): number;
  /** The program is running and gives a sign of life; it has used so many milliseconds. */
  alive(used: number): void;
  /** It is about to call something that QuickJS cannot interrupt, on this line (1-based) of the inspected source. */
  at(line: number): void;
  /** What runs now is ours. */
  paused(): void;
}

/** A watch for whoever cannot stop a program anyway. */
export const UNWATCHED: EvaluationWatch = {
  now: () => performance.now(),
  alive: () => undefined,
  at: () => undefined,
  paused: () => undefined,
};
