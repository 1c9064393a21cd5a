import * as v from 'valibot';
import type { Change } from '../model/change.ts';

/** Version of this seam; both sides refuse another one and say so. */
export const WEBVIEW_PROTOCOL = 1;

/** What the active file is at, as a view shows it. */
export type ViewState =
  | { readonly kind: 'empty'; readonly reason?: string }
  | { readonly kind: 'reading'; readonly file: string }
  | {
      readonly kind: 'measuring';
      readonly file: string;
      readonly model: string;
      readonly done: number;
      readonly total: number;
      readonly elapsedMs: number;
      /** The last result (`encodeReports`), shown while the new one is made. */
      readonly reports?: string;
    }
  | {
      readonly kind: 'report';
      readonly file: string;
      /** A ReportSet written by `encodeReports`. */
      readonly reports: string;
      readonly stale: boolean;
      /** The model shown first; the others are selectable. */
      readonly model?: string;
    }
  | { readonly kind: 'failed'; readonly file: string; readonly reason: string; readonly hint?: string };

/** Everything the host tells a view. `select` follows the editor's cursor; `reply` answers one request, never with a rejection left open. */
export type ToWebview =
  | {
      readonly type: 'state';
      readonly version: number;
      readonly state: ViewState;
      /** False in an exported page and in restricted workspaces: no Measure, no Apply. */
      readonly canAct: boolean;
    }
  | { readonly type: 'select'; readonly layer: string }
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string };

/** What a view may ask for, and what the answer is. */
export interface ViewRequests {
  measure: { params: { readonly model: string }; result: null };
  cancel: { params: Record<string, never>; result: null };
  /** Opens the diff of these changes and, after Apply there, writes them. */
  apply: {
    params: { readonly model: string; readonly changes: readonly Change[]; readonly diff: boolean };
    result: null;
  };
  why: { params: { readonly rule: string }; result: null };
  ignore: { params: { readonly rule: string; readonly layer: string }; result: null };
  copy: { params: { readonly text: string }; result: null };
  openReport: { params: { readonly model: string }; result: null };
  compare: { params: { readonly model: string }; result: null };
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
const seed = v.nullable(v.number());
const initializer = v.object({
  id: text,
  params: v.record(v.string(), v.union([v.number(), v.string()])),
  seed,
  written: text,
});
const changes = v.array(v.object({ layers: v.array(text), weight: text, initializer }));
const request = <T extends v.GenericSchema>(method: string, params: T) =>
  v.object({ type: v.literal('request'), id: v.number(), method: v.literal(method), params });

const fromWebview = v.variant('type', [
  v.object({ type: v.literal('ready'), version: v.number() }),
  v.object({ type: v.literal('select'), model: text, layer: text }),
  v.variant('method', [
    request('measure', v.object({ model: text })),
    request('cancel', v.object({})),
    request('apply', v.object({ model: text, changes, diff: v.boolean() })),
    request('why', v.object({ rule: text })),
    request('ignore', v.object({ rule: text, layer: text })),
    request('copy', v.object({ text })),
    request('openReport', v.object({ model: text })),
    request('compare', v.object({ model: text })),
    request(
      'export',
      v.object({
        model: text,
        format: v.picklist(['json', 'csv', 'html', 'markdown', 'png']),
        data: v.optional(v.pipe(v.string(), v.maxLength(20_000_000))),
        name: v.optional(text),
      }),
    ),
  ]),
]);

/** A message from a view, checked; undefined when it is none of ours (it is then logged and dropped). */
export function parseFromWebview(message: unknown): FromWebview | undefined {
  const result = v.safeParse(fromWebview, message);
  return result.success ? (result.output as FromWebview) : undefined;
}
