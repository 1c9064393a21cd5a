import type { Severity } from './finding.ts';
import type { Semantics } from './semantics.ts';

/** `initscope.json`: what a team agrees on. Nearest upwards from the file; held to a shipped JSON Schema. */
export interface ProjectConfig {
  /** Severity (or `off`) and thresholds by rule id. */
  readonly rules: Readonly<
    Record<
      string,
      { readonly severity?: Severity | 'off'; readonly thresholds?: Readonly<Record<string, number>> }
    >
  >;
  /** Findings that are meant to be there, each with a reason. `layer` and `file` are globs. */
  readonly ignore: readonly {
    readonly rule: string;
    readonly layer?: string;
    readonly file?: string;
    readonly reason: string;
  }[];
  readonly exclude: readonly string[];
  /** Per file glob. */
  readonly files: readonly {
    readonly pattern: string;
    readonly inputShapes?: Readonly<Record<string, readonly number[]>>;
    readonly params?: Readonly<Record<string, number | string | boolean>>;
    readonly semantics?: Semantics;
    readonly loss?: string;
    readonly data?: { readonly inputs: readonly string[]; readonly labels?: string };
  }[];
  readonly seeds?: number;
  readonly batch?: number;
}

/** The configuration of a project without `initscope.json`. */
export const DEFAULT_PROJECT_CONFIG: ProjectConfig = { rules: {}, ignore: [], exclude: [], files: [] };
