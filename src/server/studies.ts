import type { Connection } from 'vscode-languageserver';
import type { InspectProgress, InspectRequest, Inspector } from '../inspect/inspector.ts';
import type { Problem } from '../model/problem.ts';
import {
  CompareRequest,
  type InspectAnswer,
  ProbeCostRequest,
  ProbeRequestMessage,
  type RequestMessage,
  type StudyKind,
  StudyProgressNotification,
  type UriParams,
} from '../protocol/lsp.ts';
import {
  CompareCostRequest,
  ScanCostRequest,
  ScanRequest,
  StartsCostRequest,
  StartsRequest,
} from '../protocol/lspViews.ts';
import { formatNumber } from '../report/format.ts';
import type { FileState, Study } from './fileState.ts';
import { answer, signalOf, tell } from './messages.ts';
import type { Session } from './session.ts';
import { ask, study, studyKey } from './studyWork.ts';
import { fileUri } from './view.ts';

/** How one kind of study is made of a file, and what is told of its result. */
interface StudyParts<P, T> {
  readonly kind: StudyKind;
  /** What is being done, in words. */
  readonly doing: string;
  readonly make: (
    inspector: Inspector,
    request: InspectRequest,
    params: P,
    signal: AbortSignal,
    onProgress: (progress: InspectProgress) => void,
  ) => Promise<T>;
  /** Keeps the result with the file and says it, model by model; nothing when no model was found. */
  readonly keep: (state: FileState, done: Study<T>) => readonly string[];
}

const CANCELLED: InspectAnswer = { ok: false, message: 'Cancelled.', stopped: true };

function failed(errors: readonly Problem[]): InspectAnswer {
  return { ok: false, message: errors[0]?.message ?? 'No model was found in this file.' };
}

function secondsText(costs: readonly { readonly seconds: number }[]): string {
  const seconds = costs.reduce((sum, cost) => sum + cost.seconds, 0);
  return `about ${formatNumber(seconds, 2)} s of one thread.`;
}

function stepText({ phase, done, total, layer }: InspectProgress): string {
  const where = layer === undefined ? '' : `${layer}: `;
  const unit = phase === 'probe' ? 'step' : 'seed';
  return total > 1 ? `${where}${unit} ${Math.min(done + 1, total)} of ${total}` : `${where}${phase}`;
}

/** Whoever follows the steps of a study of a file is told of them, at most ten times a second. */
function follow(connection: Connection, session: Session, uri: string, study: StudyKind, doing: string) {
  const since = Date.now();
  let said = 0;
  const key = studyKey(study, uri);
  return (progress: InspectProgress): void => {
    // Workers that were told to stop may still send a step.
    if (!session.queue.has(key)) return;
    const now = Date.now();
    if (progress.note === undefined && now - said < 100) return;
    said = now;
    const { done, total } = progress;
    const text = stepText(progress);
    session.work.working(session.state(uri), { kind: 'measuring', since, detail: `${doing}, ${text}` });
    tell(connection, StudyProgressNotification, { uri, study, done, total, text });
  };
}

/** Answers Compare Initializers, Run Convergence Probe and the report's starting points and scan over widths; their results stay with the file until it is closed or cleared. */
export function registerStudies(connection: Connection, session: Session): void {
  const costs = <P extends UriParams, T>(
    message: RequestMessage<P, InspectAnswer>,
    count: (
      inspector: Inspector,
      request: InspectRequest,
      params: P,
      signal: AbortSignal,
    ) => Promise<{ readonly costs: readonly T[]; readonly errors: readonly Problem[] }>,
    say: (first: T, all: readonly T[]) => string,
  ): void =>
    answer(connection, message, async (params, token): Promise<InspectAnswer> => {
      const { costs, errors } = await ask(
        session.work,
        session.state(fileUri(params.uri)),
        signalOf(token),
        (inspector, request, signal) => count(inspector, request, params, signal),
      );
      const [first] = costs;
      return first === undefined ? failed(errors) : { ok: true, message: say(first, costs) };
    });

  const studies = <P extends UriParams, T extends { readonly errors: readonly Problem[] }>(
    message: RequestMessage<P, InspectAnswer>,
    { kind, doing, make, keep }: StudyParts<P, T>,
  ): void =>
    answer(connection, message, async (params, token): Promise<InspectAnswer> => {
      const uri = fileUri(params.uri);
      const onProgress = follow(connection, session, uri, kind, doing);
      const done = await study(
        session.work,
        session.state(uri),
        kind,
        signalOf(token),
        (inspector, request, signal) => make(inspector, request, params, signal, onProgress),
      );
      if (done === undefined) return CANCELLED;
      const said = keep(session.state(uri), done);
      return said.length === 0 ? failed(done.set.errors) : { ok: true, message: said.join(' ') };
    });

  answer(connection, StartsCostRequest, ({ uri }): InspectAnswer => {
    const reports = session.files.get(fileUri(uri))?.reports ?? [];
    const seeds = reports.reduce((sum, { plan }) => sum + plan.seeds.length, 0);
    const message = `The saved weights on the inputs of ${seeds} seeds, beside the draws that the report already has.`;
    return seeds === 0 ? failed([]) : { ok: true, message };
  });

  studies(StartsRequest, {
    kind: 'starts',
    doing: 'measuring saved weights',
    make: (inspector, request, _params, signal, onProgress) =>
      inspector.inspect({ ...request, start: 'both' }, signal, onProgress),
    keep: (state, { text, set: { reports, errors } }) => {
      const models = reports.map(({ modelId, starts }) => ({ modelId, starts }));
      if (models.length > 0) state.starts = { text, set: { models, errors } };
      return reports.map(({ starts }) => starts.saved?.summary ?? '');
    },
  });

  costs(
    CompareCostRequest,
    (inspector, request, _params, signal) => inspector.compareCosts(request, signal),
    (first, all) => `${first.starts} initializations on ${first.seeds} seeds each: ${secondsText(all)}`,
  );

  studies(CompareRequest, {
    kind: 'comparison',
    doing: 'comparing initializers',
    make: (inspector, request, _params, signal, onProgress) => inspector.compare(request, signal, onProgress),
    keep: (state, done) => {
      const { comparisons } = done.set;
      if (comparisons.length > 0) state.comparison = done;
      return comparisons.map(({ model, starts }) => `${model}: ${starts[0]?.title ?? 'nothing'} is best.`);
    },
  });

  costs(
    ProbeCostRequest,
    (inspector, request, _params, signal) => inspector.probeCosts(request, {}, signal),
    (first, all) => {
      const trainings = all.reduce((sum, cost) => sum + cost.trainings, 0);
      return `${trainings} trainings of ${first.steps} steps: ${secondsText(all)}`;
    },
  );

  studies(ProbeRequestMessage, {
    kind: 'probe',
    doing: 'training',
    make: (inspector, request, _params, signal, onProgress) =>
      inspector.probe(request, {}, signal, onProgress),
    keep: (state, done) => {
      const { probes } = done.set;
      if (probes.length > 0) state.probe = done;
      return probes.map(({ model, starts }) => `${model}: ${starts[0]?.title ?? 'nothing'} trains fastest.`);
    },
  });

  costs(
    ScanCostRequest,
    (inspector, request, { scan = {} }, signal) => inspector.scanCosts(request, scan, signal),
    ({ widths, seeds, steps }, all) =>
      `${widths} widths, ${seeds} seeds and ${steps} steps each: ${secondsText(all)}`,
  );

  studies(ScanRequest, {
    kind: 'scan',
    doing: 'scanning widths',
    make: (inspector, request, { scan = {} }, signal, onProgress) =>
      inspector.scan(request, scan, signal, onProgress),
    keep: (state, done) => {
      const { scans } = done.set;
      if (scans.length > 0) state.scan = done;
      return scans.map(({ model, verdict }) => `${model}: ${verdict}`);
    },
  });
}
