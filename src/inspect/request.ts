import type { ModelChange, EditResult } from '../model/change.ts';
import type { ComparisonSet } from '../model/comparison.ts';
import type { Finding } from '../model/finding.ts';
import type { Files, Measurer } from '../model/measurer.ts';
import type { CellSource } from '../model/origin.ts';
import type { Backend, DataSource } from '../model/plan.ts';
import type { Prediction } from '../model/prediction.ts';
import type { Prober, ProbeOptimizer, ProbeSet } from '../model/probe.ts';
import type { Problem } from '../model/problem.ts';
import type { PythonHost } from '../model/pythonHost.ts';
import type { SourceHost } from '../model/sourceHost.ts';
import type { ProjectConfig } from '../model/projectConfig.ts';
import type { Question, ReadOptions } from '../model/reader.ts';
import type { Report, ReportSet } from '../model/report.ts';
import type { Scanner, ScanSet } from '../model/scan.ts';
import type { MeasuredScenario, Scenario } from '../model/scenario.ts';
import type { ModelSpec } from '../model/spec.ts';
import type { RewriteResult } from '../readers/archive/rewrite.ts';

export type { RewriteResult };

/** Findings known before, by id (`rule` + layer): they are left out of the reports. */
export interface Baseline {
  readonly findings: readonly { readonly file: string; readonly modelId: string; readonly id: string }[];
}

/** One file to inspect, and every choice that is not in it. */
export interface InspectRequest {
  /** As the caller names it; relative paths are resolved by `Files`. */
  readonly path: string;
  /** The text of an open, possibly unsaved document. */
  readonly text?: string;
  readonly options: ReadOptions;
  /** Number of seeds of the first look, 5 when absent. */
  readonly seeds?: number;
  readonly batch?: number;
  readonly backend?: 'auto' | Backend;
  /** Work allowed for one model, in seconds of a nominal machine (constants in the repository, never a clock). */
  readonly budgetSeconds?: number;
  readonly start?: 'fresh' | 'saved' | 'both';
  /** Real inputs, and labels, instead of random ones. */
  readonly data?: DataSource;
  /** Only this model of the file (id or name). */
  readonly model?: string;
  /** Only these rules. */
  readonly select?: readonly string[];
  /** All rules but these. */
  readonly ignore?: readonly string[];
  /** Theory alone: no engine, no measurement. */
  readonly predictOnly?: boolean;
  readonly config: ProjectConfig;
  readonly baseline?: Baseline;
  /** The file was found in a folder, not named: when it is no model it gives nothing, not even a problem. */
  readonly found?: boolean;
  /** Fill `ReportLayer.distributions` (views). */
  readonly distributions?: boolean;
}

/** Where an inspection is; one call per step or finished seed. */
export interface InspectProgress {
  readonly phase: 'read' | 'measure' | 'twin' | 'advice' | 'probe';
  /** The model being measured. */
  readonly model?: string;
  readonly done: number;
  readonly total: number;
  readonly layer?: string;
  /** Something to say once, before the work starts: how long it will take. */
  readonly note?: string;
}

/** What a probe of one model takes, by the constants of the plan: nothing is trained to know it. */
export interface ProbeCost {
  readonly model: string;
  readonly trainings: number;
  /** Steps of each training. */
  readonly steps: number;
  /** Seconds of one thread of a nominal machine. */
  readonly seconds: number;
}

/** What a comparison of one model takes, by the constants of the plan. */
export interface CompareCost {
  readonly model: string;
  /** Starting points measured, each on `seeds` seeds. */
  readonly starts: number;
  readonly seeds: number;
  /** Seconds of one thread of a nominal machine. */
  readonly seconds: number;
}

/** How a probe is made. */
export interface ProbeChoices {
  /** Steps of each training, 200 when absent. */
  readonly steps?: number;
  /** Seeds of each training, 3 when absent. */
  readonly seeds?: number;
  /** Starting points besides the file's and the fitted one, by id. */
  readonly starts?: readonly string[];
}

/** What a scan of one model takes, by the constants of the plan. */
export interface ScanCost {
  readonly model: string;
  readonly widths: number;
  readonly seeds: number;
  readonly steps: number;
  /** Seconds of one thread of a nominal machine. */
  readonly seconds: number;
}

/** How a scan over widths is made. */
export interface ScanChoices {
  /** Factors of the file's width; 0.5, 1, 2, 4 when absent. */
  readonly factors?: readonly number[];
  /** The names of the width in the file; found when absent. */
  readonly parameter?: readonly string[];
  /** Adam when absent. */
  readonly optimizer?: ProbeOptimizer;
  /** Step size, the same at every width. */
  readonly rate?: number;
  /** Steps before the update is looked at, 3 when absent. */
  readonly steps?: number;
  /** Seeds, 5 when absent. */
  readonly seeds?: number;
}

/** What is known of one model without measuring. */
export interface StaticModel {
  readonly spec: ModelSpec;
  readonly prediction: Prediction;
  /** Findings that need no measurement, each `from: 'static'` or `'predicted'`. */
  readonly findings: readonly Finding[];
}

/** What a file says without measuring: instant, safe while typing. */
export interface StaticReading {
  readonly models: readonly StaticModel[];
  readonly problems: readonly Problem[];
  readonly skipped?: string;
  readonly notAModel?: string;
  readonly questions: readonly Question[];
  /** The formatted config of an archive, to which the origins refer. */
  readonly virtualText?: string;
  /** The cells of a notebook. */
  readonly cells?: readonly CellSource[];
  /** What the text alone shows of a file that is not run (Python). */
  readonly findings?: readonly Finding[];
}

/** Reports by key; a key covers everything a report depends on but `run`. Implementations never throw: a broken cache is a miss. */
export interface ReportCache {
  get(key: string): Promise<Report | undefined>;
  set(key: string, report: Report): Promise<void>;
}

/** What an inspector is made of. */
export interface InspectorParts {
  readonly measurer: Measurer;
  /** Trains for `probe`; without it a probe is refused. */
  readonly prober?: Prober;
  /** Takes the steps of `scan`; without it a scan is refused. */
  readonly scanner?: Scanner;
  readonly files: Files;
  /** Our version; part of every cache key. */
  readonly version: string;
  /** Named in `Report.run` only. */
  readonly machine: string;
  /** Backends that this process can use, best first; the first is what `auto` means. */
  readonly backends: readonly Backend[];
  readonly cache?: ReportCache;
  /** The user's Python; without one Python files are skipped, and never run by `readStatic`. */
  readonly python?: PythonHost;
  /** Where sources are evaluated; without one they are evaluated in place. */
  readonly sources?: SourceHost;
  /** Milliseconds of a monotonic clock, for `Report.run` only. */
  readonly now: () => number;
}

/** The one way from a file to its reports. */
export interface Inspector {
  /**
   * Reads, predicts, plans, measures, judges, measures twin and candidates, and gives one report per model. Bad input is in
   * `errors` and `skipped`, never thrown; rejects with the signal's reason when aborted, or with a fault of ours.
   */
  inspect(
    request: InspectRequest,
    signal: AbortSignal,
    onProgress?: (progress: InspectProgress) => void,
  ): Promise<ReportSet>;
  /** Specs, predictions and static findings; bad input is in `problems`. Python files are built only with `run`, else linted as text. */
  readStatic(request: InspectRequest, run?: boolean): Promise<StaticReading>;
  /** These changes as edits of the file as it is now: one edit where the changes share a place. */
  edit(request: InspectRequest, modelId: string, changes: readonly ModelChange[]): Promise<EditResult>;
  /** These changes as a whole new `.keras` archive, from the file as it is now; refused for any other format. */
  rewrite(request: InspectRequest, modelId: string, changes: readonly ModelChange[]): Promise<RewriteResult>;
  /** Every sensible initializer on the models of a file, ranked. Bad input is in `errors`. */
  compare(
    request: InspectRequest,
    signal: AbortSignal,
    onProgress?: (progress: InspectProgress) => void,
  ): Promise<ComparisonSet>;
  /** What `compare` with the same request would take; nothing is measured. Bad input is in `errors`. */
  compareCosts(
    request: InspectRequest,
    signal: AbortSignal,
  ): Promise<{ readonly costs: readonly CompareCost[]; readonly errors: readonly Problem[] }>;
  /** The models of a file (one, when the request names it) as a scenario changes them, measured. Bad input is in `errors`. */
  scenario(
    request: InspectRequest,
    scenario: Scenario,
    signal: AbortSignal,
    onProgress?: (progress: InspectProgress) => void,
  ): Promise<{ readonly measured: readonly MeasuredScenario[]; readonly errors: readonly Problem[] }>;
  /** Short trainings from several starting points. Bad input is in `errors`. */
  probe(
    request: InspectRequest,
    choices: ProbeChoices,
    signal: AbortSignal,
    onProgress?: (progress: InspectProgress) => void,
  ): Promise<ProbeSet>;
  /** What `probe` with the same arguments would take; nothing is trained. Bad input is in `errors`. */
  probeCosts(
    request: InspectRequest,
    choices: ProbeChoices,
    signal: AbortSignal,
  ): Promise<{ readonly costs: readonly ProbeCost[]; readonly errors: readonly Problem[] }>;
  /** The coordinate check: every activation and its update over widths of the model. Bad input is in `errors`. */
  scan(
    request: InspectRequest,
    choices: ScanChoices,
    signal: AbortSignal,
    onProgress?: (progress: InspectProgress) => void,
  ): Promise<ScanSet>;
  /** What `scan` with the same arguments would take; no width is searched for. Bad input is in `errors`. */
  scanCosts(
    request: InspectRequest,
    choices: ScanChoices,
    signal: AbortSignal,
  ): Promise<{ readonly costs: readonly ScanCost[]; readonly errors: readonly Problem[] }>;
}
