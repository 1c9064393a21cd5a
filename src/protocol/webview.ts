import * as v from 'valibot';
import type { ModelChange } from '../model/change.ts';
import type { Scenario } from '../model/scenario.ts';
import { LARGEST_FACTOR, type ScanAsked } from './widthFactors.ts';
import { STUDY_KINDS, type StudyKind } from './lsp.ts';
import type { KeptStudy, StudyAnswer } from './lspViews.ts';
import type { ReportPart } from './reportParts.ts';

/** Version of this seam; both sides refuse another one and say so. */
export const WEBVIEW_PROTOCOL = 2;

/** What a view that has no file offers to begin with. */
export const FIRST_STEPS = ['example', 'file', 'workspace', 'walkthrough'] as const;
export type FirstStep = (typeof FIRST_STEPS)[number];

/** What the active file is at, as a view shows it. */
export type ViewState =
  | {
      readonly kind: 'empty';
      readonly reason?: string;
      /** Where no file is shown: the name of the one in the editor, if its kind may hold a model, and whether a folder is open. */
      readonly open?: { readonly file?: string; readonly folder: boolean };
    }
  | { readonly kind: 'reading'; readonly file: string }
  | {
      readonly kind: 'measuring';
      readonly file: string;
      /** What is being done, for people. */
      readonly detail: string;
      readonly done: number;
      readonly total: number;
      readonly elapsedMs: number;
    }
  | { readonly kind: 'report'; readonly file: string; readonly stale: boolean }
  | { readonly kind: 'failed'; readonly file: string; readonly reason: string; readonly hint?: string };

/** The results that stand beside a state; `reports` (`encodeSummary`) only when the view has not had this id yet. */
export interface ShownResults {
  readonly id: string;
  readonly reports?: string;
}

/** Everything the host tells a view. `select` follows the editor's cursor; `reply` answers one request, never with a rejection left open. */
export type ToWebview =
  | {
      readonly type: 'state';
      readonly version: number;
      readonly state: ViewState;
      readonly results: ShownResults | null;
      /** False in an exported page and in restricted workspaces: no Measure, no Apply. */
      readonly canAct: boolean;
    }
  | { readonly type: 'select'; readonly layer: string }
  | { readonly type: 'open'; readonly section: string; readonly model?: string }
  | {
      readonly type: 'progress';
      readonly study: StudyKind;
      readonly done: number;
      readonly total: number;
      readonly text: string;
    }
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string };

/** What a view may ask for, and what the answer is. */
export interface ViewRequests {
  /** The one request that needs no file. */
  begin: { params: { readonly step: FirstStep }; result: null };
  measure: { params: { readonly model: string }; result: null };
  cancel: { params: Record<string, never>; result: null };
  /** Why these changes cannot be written into the file, in one line; null when they can. */
  refusal: {
    params: { readonly model: string; readonly changes: readonly ModelChange[] };
    result: string | null;
  };
  /** Opens the diff of these changes and, after Apply there, writes them. */
  apply: {
    params: { readonly model: string; readonly changes: readonly ModelChange[]; readonly diff: boolean };
    result: null;
  };
  why: { params: { readonly rule: string }; result: null };
  ignore: { params: { readonly rule: string; readonly layer: string }; result: null };
  copy: { params: { readonly text: string }; result: null };
  /** Opens the report panel, at a section when one is named. */
  openReport: { params: { readonly model: string; readonly section?: string }; result: null };
  /** A part of the results shown, as `encodeWire` text; null when it does not exist. */
  part: {
    params: { readonly results: string; readonly model: string; readonly part: ReportPart };
    result: string | null;
  };
  /** What a study will take, in words; `scan` says at which widths. */
  studyCost: { params: { readonly study: KeptStudy; readonly scan?: ScanAsked }; result: string };
  /** Runs a study; resolves with one line when it is done. */
  study: { params: { readonly study: KeptStudy; readonly scan?: ScanAsked }; result: string };
  /** The last result of a study. */
  studyResult: { params: { readonly study: KeptStudy }; result: StudyAnswer | null };
  /** Measures the model of a scenario: `encodeWire` of a MeasuredScenario. */
  scenario: { params: { readonly model: string; readonly scenario: Scenario }; result: string };
  cancelStudy: { params: { readonly study: StudyKind }; result: null };
  export: {
    params: {
      readonly model: string;
      readonly format: 'json' | 'csv' | 'html' | 'markdown' | 'png';
      readonly data?: string;
      readonly name?: string;
    };
    result: null;
  };
}

/** The names of the requests. */
export type ViewMethod = keyof ViewRequests;

/** Everything a view tells the host. */
export type FromWebview =
  | { readonly type: 'ready'; readonly version: number }
  | { readonly type: 'select'; readonly model: string; readonly layer: string }
  | {
      [M in ViewMethod]: {
        readonly type: 'request';
        readonly id: number;
        readonly method: M;
        readonly params: ViewRequests[M]['params'];
      };
    }[ViewMethod];

const text = v.pipe(v.string(), v.maxLength(20_000));
/** Tables and pictures. */
const long = v.pipe(v.string(), v.maxLength(20_000_000));
const seed = v.nullable(v.number());
const initializer = v.object({
  id: text,
  params: v.record(v.string(), v.union([v.number(), v.string()])),
  seed,
  written: text,
});
const layers = v.array(text);
const params = v.record(v.string(), v.number());
const changes = v.array(
  v.union([
    v.object({ layers, weight: text, initializer }),
    v.object({ layers, activation: v.object({ id: text, params, written: text }) }),
    v.object({ layers, width: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
    v.object({ layers, times: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(64)) }),
  ]),
);
const kept = v.picklist(['comparison', 'probe', 'scan', 'starts']);
const factor = v.pipe(v.number(), v.gtValue(0), v.maxValue(LARGEST_FACTOR));
const asked = v.object({
  study: kept,
  scan: v.optional(
    v.object({
      factors: v.optional(v.pipe(v.array(factor), v.minLength(2), v.maxLength(32))),
      parameter: v.optional(v.pipe(v.array(text), v.minLength(1), v.maxLength(32))),
    }),
  ),
});
const part = v.variant('kind', [
  v.object({ kind: v.literal('graph') }),
  v.object({ kind: v.literal('spec') }),
  v.object({ kind: v.literal('distributions'), layers: v.array(text) }),
]);
const scenario = v.object({
  layer: v.optional(text),
  initializer: v.optional(text),
  gain: v.number(),
  activation: v.optional(text),
  width: v.optional(v.pipe(v.number(), v.minValue(1 / 64), v.maxValue(64))),
  depth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
});
const request = <T extends v.GenericSchema>(method: string, params: T) =>
  v.object({ type: v.literal('request'), id: v.number(), method: v.literal(method), params });

const fromWebview = v.variant('type', [
  v.object({ type: v.literal('ready'), version: v.number() }),
  v.object({ type: v.literal('select'), model: text, layer: text }),
  v.variant('method', [
    request('begin', v.object({ step: v.picklist(FIRST_STEPS) })),
    request('measure', v.object({ model: text })),
    request('cancel', v.object({})),
    request('apply', v.object({ model: text, changes, diff: v.boolean() })),
    request('refusal', v.object({ model: text, changes })),
    request('why', v.object({ rule: text })),
    request('ignore', v.object({ rule: text, layer: text })),
    request('copy', v.object({ text: long })),
    request('openReport', v.object({ model: text, section: v.optional(text) })),
    request('part', v.object({ results: text, model: text, part })),
    request('studyCost', asked),
    request('study', asked),
    request('studyResult', v.object({ study: kept })),
    request('scenario', v.object({ model: text, scenario })),
    request('cancelStudy', v.object({ study: v.picklist(STUDY_KINDS) })),
    request(
      'export',
      v.object({
        model: text,
        format: v.picklist(['json', 'csv', 'html', 'markdown', 'png']),
        data: v.optional(long),
        name: v.optional(text),
      }),
    ),
  ]),
]);

/** The id of something like a request, so that even one that is refused gets an answer. */
export function requestId(message: unknown): number | undefined {
  const found = v.safeParse(v.object({ type: v.literal('request'), id: v.number() }), message);
  return found.success ? found.output.id : undefined;
}

/** A message from a view, checked; undefined when it is none of ours (it is then logged and dropped). */
export function parseFromWebview(message: unknown): FromWebview | undefined {
  const result = v.safeParse(fromWebview, message);
  return result.success ? (result.output as FromWebview) : undefined;
}
