import type { Backend } from '../model/plan.ts';

/** When models are measured. `onType`: after a pause in typing. */
export type RunMode = 'onSave' | 'onType' | 'manual';

/** What a person may choose; everything a team agrees on is in `initscope.json`. */
export interface Settings {
  readonly run: RunMode;
  /** Pause after the last key stroke before an unsaved model is measured (`onType`). */
  readonly typingDelayMs: number;
  readonly diagnostics: boolean;
  readonly hints: boolean;
  readonly hover: boolean;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly backend: 'auto' | Backend;
  readonly budgetSeconds: number;
  readonly workers: number;
  readonly idleMinutes: number;
  readonly maxFileMegabytes: number;
}

/** What an editor without settings gets. */
export const DEFAULT_SETTINGS: Settings = {
  run: 'onSave',
  typingDelayMs: 1500,
  diagnostics: true,
  hints: true,
  hover: true,
  codeLens: true,
  inlayHints: false,
  backend: 'auto',
  budgetSeconds: 20,
  workers: 0,
  idleMinutes: 5,
  maxFileMegabytes: 10,
};

/** A setting that was given a value it cannot have, and what is used instead. */
export interface SettingProblem {
  readonly key: string;
  readonly message: string;
}

type Read = (path: string) => unknown;

function lookUp(root: unknown): Read {
  return (path) => {
    let value: unknown = root;
    for (const key of path.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Readonly<Record<string, unknown>>)[key];
    }
    return value;
  };
}

/** Settings from what the editor sends for the section `initscope`; never throws, every bad value falls back and is named. */
export function settingsFrom(section: unknown): { settings: Settings; problems: SettingProblem[] } {
  const read = lookUp(section);
  const problems: SettingProblem[] = [];
  const refuse = <T>(key: string, found: unknown, expected: string, fallback: T): T => {
    const message = `initscope.${key} is ${JSON.stringify(found) ?? String(found)}; expected ${expected}. Using ${JSON.stringify(fallback)}.`;
    problems.push({ key: `initscope.${key}`, message });
    return fallback;
  };
  const oneOf = <T extends string>(key: string, values: readonly T[], fallback: T): T => {
    const found = read(key);
    if (found === undefined || found === null) return fallback;
    return (
      values.find((value) => value === found) ?? refuse(key, found, `one of ${values.join(', ')}`, fallback)
    );
  };
  const bool = (key: string, fallback: boolean): boolean => {
    const found = read(key);
    if (found === undefined || found === null || typeof found === 'boolean') return found ?? fallback;
    return refuse(key, found, 'true or false', fallback);
  };
  const number = (key: string, low: number, high: number, fallback: number): number => {
    const found = read(key);
    if (found === undefined || found === null) return fallback;
    if (typeof found === 'number' && found >= low && found <= high) return found;
    return refuse(key, found, `a number from ${low} to ${high}`, fallback);
  };
  const d = DEFAULT_SETTINGS;
  return {
    problems,
    settings: {
      run: oneOf<RunMode>('run', ['onSave', 'onType', 'manual'], d.run),
      typingDelayMs: number('typingDelay', 200, 60_000, d.typingDelayMs),
      diagnostics: bool('diagnostics.enable', d.diagnostics),
      hints: bool('diagnostics.hints', d.hints),
      hover: bool('hover.enable', d.hover),
      codeLens: bool('codeLens.enable', d.codeLens),
      inlayHints: bool('inlayHints.enable', d.inlayHints),
      backend: oneOf<'auto' | Backend>('backend', ['auto', 'tensorflow', 'wasm', 'cpu'], d.backend),
      budgetSeconds: number('budget.seconds', 1, 3600, d.budgetSeconds),
      workers: number('workers', 0, 64, d.workers),
      idleMinutes: number('idleShutdown.minutes', 0.05, 1440, d.idleMinutes),
      maxFileMegabytes: number('maxFileSize.megabytes', 1, 50, d.maxFileMegabytes),
    },
  };
}
