import type { WorkspaceEdit } from 'vscode-languageserver-protocol';
import type { ModelChange, Repair } from '../model/change.ts';
import type { InspectAnswer, RequestMessage, UriParams } from './lsp.ts';
import type { ParamValue } from './paramValue.ts';

/** Either an edit to apply, or the reason why there is none. */
export type EditAnswer =
  { readonly edit: WorkspaceEdit; readonly title: string } | { readonly reason: string };

/** Client → server: these changes as an edit of the file's present text. */
export const ChangesRequest: RequestMessage<
  { readonly uri: string; readonly modelId: string; readonly changes: readonly ModelChange[] },
  EditAnswer
> = { method: 'initscope/changes' };

/** Client → server: the edit of everything proven in a file. */
export const FixAllRequest: RequestMessage<UriParams, EditAnswer> = {
  method: 'initscope/fixAll',
};

/** What to write into a `.keras` archive: everything proven in it, the repair of one finding (by its id), or these changes of a model. */
export interface RewriteParams extends UriParams {
  readonly finding?: string;
  readonly modelId?: string;
  readonly changes?: readonly ModelChange[];
}

/** What rewriting an archive would change, or the reason why nothing is. `hash` stands for the old and the new bytes. */
export type RewritePreview =
  | {
      readonly repairs: readonly Repair[];
      /** Unified diff of the formatted configuration. */
      readonly diff: string;
      readonly hash: string;
    }
  | { readonly reason: string };

/** Client → server: what rewriting an archive would change; nothing is written. */
export const RewritePreviewRequest: RequestMessage<RewriteParams, RewritePreview> = {
  method: 'initscope/rewritePreview',
};

/** Client → server: rewrite the archive as the preview of this `hash` showed it, and measure it again. */
export const RewriteRequest: RequestMessage<RewriteParams & { readonly hash: string }, InspectAnswer> = {
  method: 'initscope/rewrite',
};

/** Client → server: the edit of `initscope.json` that records these answers for a file. */
export const AnswerRequest: RequestMessage<
  { readonly uri: string; readonly answers: Readonly<Record<string, ParamValue>> },
  EditAnswer
> = {
  method: 'initscope/answer',
};

/** A line added to the nearest `initscope.json`. */
interface SilenceParams {
  readonly uri: string;
  readonly rule: string;
  /** Without it the rule is silenced in the whole file. */
  readonly layer?: string;
  readonly reason: string;
}

/** Client → server: the edit of `initscope.json` that ignores a finding. */
export const SilenceRequest: RequestMessage<SilenceParams, EditAnswer> = {
  method: 'initscope/silence',
};

/** Client → server: the edit of `initscope.json` that gives a file a sample of data instead of random input. */
export const DataSampleRequest: RequestMessage<
  { readonly uri: string; readonly sample: string },
  EditAnswer
> = {
  method: 'initscope/dataSample',
};
