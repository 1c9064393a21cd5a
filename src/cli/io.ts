/** What a command may touch of the process; tests give their own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Aborted by SIGINT. */
  readonly signal: AbortSignal;
}

/** Exit codes of every command; a higher one wins. */
export const EXIT = { ok: 0, findings: 1, usage: 2, fault: 3, interrupted: 130 } as const;

/** Bad usage: one line for the person, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Whether colours are welcome: a terminal, no NO_COLOR (any non-empty value), no dumb terminal. */
export function wantsColor(io: Io): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = io.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return io.outIsTerminal && TERM !== 'dumb';
}
