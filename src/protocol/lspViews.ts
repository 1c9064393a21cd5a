import type { Scenario } from '../model/scenario.ts';
import type { ScanAsked } from './widthFactors.ts';
import type { InspectAnswer, RequestMessage, StudyKind, UriParams } from './lsp.ts';
import type { ReportPart } from './reportParts.ts';

/** The last results of a file. `id` names them; `reports` is their summary (`encodeSummary`), null when the asker knows that id. */
export interface ViewAnswer {
  readonly id: string | null;
  readonly reports: string | null;
  /** They belong to an earlier text. */
  readonly stale: boolean;
}

/** Client → server: the last results of a file for the views, without what they ask for part by part. */
export const ViewRequest: RequestMessage<UriParams & { readonly known?: string }, ViewAnswer> = {
  method: 'initscope/view',
};

/** Client → server: a part of one model of the results named `id`, as text; null when they are gone or have none. */
export const ReportPartRequest: RequestMessage<
  { readonly id: string; readonly modelId: string; readonly part: ReportPart },
  string | null
> = { method: 'initscope/reportPart' };

/** Client → server: the whole results named `id` (`encodeReports`, drawings included), for exports; null when they are gone. */
export const WholeReportsRequest: RequestMessage<{ readonly id: string }, string | null> = {
  method: 'initscope/wholeReports',
};

/** The studies whose results stay with a file. */
export type KeptStudy = Exclude<StudyKind, 'scenario'>;

/** What a study gave (`encodeWire` of a ComparisonSet, a ProbeSet, a ScanSet or a StartsSet), and whether it belongs to an earlier text. */
export interface StudyAnswer {
  readonly text: string;
  readonly stale: boolean;
}

/** Client → server: the last study of this kind of a file; null when there is none. */
export const StudyResultRequest: RequestMessage<
  UriParams & { readonly study: KeptStudy },
  StudyAnswer | null
> = {
  method: 'initscope/studyResult',
};

/** Client → server: how long a comparison will take, in words (`message`), before it is started. */
export const CompareCostRequest: RequestMessage<UriParams, InspectAnswer> = {
  method: 'initscope/compareCost',
};

/** A file whose widths are scanned, and at which. */
type ScanParams = UriParams & { readonly scan?: ScanAsked };

/** Client → server: how long a scan will take, in words (`message`), before it is started. */
export const ScanCostRequest: RequestMessage<ScanParams, InspectAnswer> = { method: 'initscope/scanCost' };

/** Client → server: a few steps of a file's models at several widths; the report's section shows the sizes. Cancellable. */
export const ScanRequest: RequestMessage<ScanParams, InspectAnswer> = { method: 'initscope/scan' };
/** Client → server: how long the saved weights take to measure, in words (`message`), before that is started. */
export const StartsCostRequest: RequestMessage<UriParams, InspectAnswer> = { method: 'initscope/startsCost' };

/** Client → server: a file's saved weights measured beside a fresh draw. Cancellable. */
export const StartsRequest: RequestMessage<UriParams, InspectAnswer> = { method: 'initscope/starts' };

/** Client → server: the model of a scenario, measured: `encodeWire` of a MeasuredScenario. Rejects with one line. Cancellable. */
export const ScenarioRequest: RequestMessage<
  UriParams & { readonly modelId: string; readonly scenario: Scenario },
  string
> = { method: 'initscope/scenario' };
