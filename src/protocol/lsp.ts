import type { Command } from 'vscode-languageserver-protocol';
import type { ModelStatus } from './status.ts';

/** A request by name. Only the types of its parameters and result ride along; each side has a typed way to send and answer it. */
export interface RequestMessage<P, R> {
  readonly method: string;
  readonly types?: { readonly params: P; readonly result: R };
}

/** A notification by name, with the type of its parameters. */
export interface NotificationMessage<P> {
  readonly method: string;
  readonly types?: { readonly params: P };
}

/** What the client tells the server at start; other editors may leave all of it out. */
export interface InitializationOptions {
  /** Base URI of the rule pages shipped with the extension, with a trailing slash. */
  readonly rulePages?: string;
  /** False in a restricted workspace: no native backend, no data file of the workspace, no source is evaluated. */
  readonly trusted?: boolean;
  /** Folder whose node_modules may hold the native backend that the person installed. */
  readonly nativeFolder?: string;
  /** The client has the commands of the extension (silence with a reason, copy, open the formatted document). */
  readonly commands?: boolean;
  /** Files in whose work earlier servers ended: nothing is done for them until they are edited, saved or asked for. */
  readonly leaveAlone?: readonly string[];
}

/** Parameters that name one document. */
export interface UriParams {
  readonly uri: string;
}

/** Server → client, after every change: what is known of one file and what is being done for it. */
export const StatusNotification: NotificationMessage<ModelStatus> = {
  method: 'initscope/status',
};

/** Client → server: the document the person looks at; its work goes first. */
export const ActiveNotification: NotificationMessage<{ readonly uri: string | null }> = {
  method: 'initscope/active',
};

/** Server → client: a setting has a value that cannot be used; said once per key and value. */
export const SettingProblemNotification: NotificationMessage<{
  readonly key: string;
  readonly message: string;
}> = {
  method: 'initscope/settingProblem',
};

/** Answer to Inspect Model. `ok` false: nothing could be measured, and `message` says why in one line. */
export interface InspectAnswer {
  readonly ok: boolean;
  readonly message: string;
  /** It was cancelled, or an edit stopped it. */
  readonly stopped?: true;
}

/** One file, and the interpreter that may run it when it is Python; the server finds one when absent. */
interface InspectParams extends UriParams {
  readonly interpreter?: string;
  /** URIs of the cells of a notebook that is open, in order: its findings are shown there. */
  readonly cells?: readonly string[];
}

/** Client → server: measure one file now, open or not; resolves when measured. Python runs by this alone. Cancellable. */
export const InspectRequestMessage: RequestMessage<InspectParams, InspectAnswer> = {
  method: 'initscope/inspect',
};

/** Client → server: a notebook was edited, so that what was measured of it is stale, or closed. */
export const NotebookEditedNotification: NotificationMessage<UriParams & { readonly closed: boolean }> = {
  method: 'initscope/notebookEdited',
};

/** Totals of Inspect Workspace. */
export interface WorkspaceAnswer {
  readonly files: number;
  readonly models: number;
  readonly errors: number;
  readonly warnings: number;
  readonly failed: number;
  readonly cancelled: boolean;
}

/** The files of Inspect Workspace, and those of them that a person has in front of them: all others are published. */
interface WorkspaceParams {
  readonly uris: readonly string[];
  readonly shown: readonly string[];
}

/** Client → server: inspect these files one after the other and publish what they give. Cancellable. */
export const WorkspaceRequestMessage: RequestMessage<WorkspaceParams, WorkspaceAnswer> = {
  method: 'initscope/inspectWorkspace',
};

/** Server → client, during Inspect Workspace. */
export const WorkspaceProgressNotification: NotificationMessage<{
  readonly done: number;
  readonly total: number;
  readonly uri: string;
}> = {
  method: 'initscope/workspaceProgress',
};

/** Client → server: every sensible initializer measured on a file's models, ranked; the page `initializers` shows it. Cancellable. */
export const CompareRequest: RequestMessage<UriParams, InspectAnswer> = { method: 'initscope/compare' };

/** Client → server: how long a probe will take, in words (`message`), before it is started. */
export const ProbeCostRequest: RequestMessage<UriParams, InspectAnswer> = { method: 'initscope/probeCost' };

/** Client → server: short trainings from several starting points; the page `probe` shows them. Cancellable. */
export const ProbeRequestMessage: RequestMessage<UriParams, InspectAnswer> = { method: 'initscope/probe' };

/** Longer work on a file: initializers compared, short trainings, sizes over width, saved weights beside a fresh draw, a scenario of What if measured. */
export const STUDY_KINDS = ['comparison', 'probe', 'scan', 'starts', 'scenario'] as const;

/** One of these. */
export type StudyKind = (typeof STUDY_KINDS)[number];

/** How far a study is. */
export interface StudyStep {
  readonly uri: string;
  readonly study: StudyKind;
  readonly done: number;
  readonly total: number;
  readonly text: string;
}

/** Server → client, during a study. */
export const StudyProgressNotification: NotificationMessage<StudyStep> = {
  method: 'initscope/studyProgress',
};

/** The pages made of a file's last results. `report` is Markdown, `initializers` compares starting points, `probe` short trainings. */
export type PageKind = 'report' | 'initializers' | 'probe' | 'why';

/** Client → server: stop all that is being done for a file, comparisons and trainings too; its last results stay. */
export const CancelNotification: NotificationMessage<UriParams> = { method: 'initscope/cancel' };

/** Where a layer stands in a document; in the cell with this index (from 0) when the document is a notebook. */
export interface LayerPlace {
  readonly start: Place;
  readonly end: Place;
  readonly cell?: number;
}

/** Client → server: where a layer stands in a file, its formatted document or a notebook; null when it is nowhere. */
export const PlaceRequest: RequestMessage<
  { readonly uri: string; readonly modelId: string; readonly layer: string },
  LayerPlace | null
> = { method: 'initscope/place' };

/** A position in a document, 0-based, in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly character: number;
}

/** Client → server: the layers written at a position of a file, its formatted document or a notebook's cell, the innermost; empty between layers. */
export const LayersAtRequest: RequestMessage<
  { readonly uri: string; readonly position: Place },
  readonly string[]
> = { method: 'initscope/layersAt' };

/** Client → server: the text of a Markdown page about a file; a page always has text. */
export const PageRequest: RequestMessage<{ readonly uri: string; readonly page: PageKind }, string> = {
  method: 'initscope/page',
};

/** Client → server: the formatted text of a model, or of the configuration inside an archive; null when there is none. */
export const FormattedRequest: RequestMessage<UriParams, string | null> = {
  method: 'initscope/formatted',
};

/** A size that a file does not tell. */
export interface AskedQuestion {
  readonly name: string;
  readonly message: string;
  readonly guess?: number | string;
}

/** Client → server: what a file does not tell; empty when nothing is asked. */
export const QuestionsRequest: RequestMessage<UriParams, readonly AskedQuestion[]> = {
  method: 'initscope/questions',
};

/** Client → server: forget every result; nothing is measured until asked for or saved. */
export const ClearRequest: RequestMessage<Record<string, never>, null> = {
  method: 'initscope/clear',
};

/** Commands of the client that code actions, lenses and hovers of the server name. */
export const CLIENT_COMMANDS = {
  copyFix: 'initscope.copyFix',
  silence: 'initscope.silenceFinding',
  openFormatted: 'initscope.openFormattedModel',
  openReport: 'initscope.openReport',
  inspect: 'initscope.inspectModel',
  rewrite: 'initscope.rewriteArchive',
  answer: 'initscope.answerQuestions',
} as const;

/** The arguments of `initscope.copyFix`: the snippet itself, so that nothing is asked of the server. */
export interface CopyFixArguments {
  readonly framework: string;
  readonly text: string;
}

/** A command as LSP carries it, made of a client command and its arguments. */
export function clientCommand(title: string, command: string, ...args: unknown[]): Command {
  return { title, command, arguments: args };
}
