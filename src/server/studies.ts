import type { Connection } from 'vscode-languageserver';
import type { InspectProgress } from '../inspect/inspector.ts';
import type { Problem } from '../model/problem.ts';
import {
  CompareRequest,
  type InspectAnswer,
  ProbeCostRequest,
  ProbeRequestMessage,
  type StudyKind,
  StudyProgressNotification,
} from '../protocol/lsp.ts';
import {
  CompareCostRequest,
  ScanCostRequest,
  ScanRequest,
  StartsCostRequest,
  StartsRequest,
} from '../protocol/lspViews.ts';
import { formatNumber } from '../report/format.ts';
import { answer, signalOf, tell } from './messages.ts';
import type { Session } from './session.ts';
import { ask, study, studyKey } from './studyWork.ts';
import { fileUri } from './view.ts';

/** Tells the steps of a study of a file, in these words, to whoever follows it. */
type Follow = (uri: string, study: StudyKind, kind: string) => (progress: InspectProgress) => void;

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

/** Answers the starting points of the views: the saved weights measured beside a fresh draw. */
function registerStarts(connection: Connection, session: Session, follow: Follow): void {
  answer(connection, StartsCostRequest, ({ uri }): InspectAnswer => {
    const reports = session.files.get(fileUri(uri))?.reports ?? [];
    const seeds = reports.reduce((sum, { plan }) => sum + plan.seeds.length, 0);
    const message = `The saved weights on the inputs of ${seeds} seeds, beside the draws that the report already has.`;
    return seeds === 0 ? failed([]) : { ok: true, message };
  });

  answer(connection, StartsRequest, async ({ uri: asked }, token): Promise<InspectAnswer> => {
    const uri = fileUri(asked);
    const onProgress = follow(uri, 'starts', 'measuring saved weights');
    const done = await study(
      session.work,
      session.state(uri),
      'starts',
      signalOf(token),
      (inspector, request, signal) => inspector.inspect({ ...request, start: 'both' }, signal, onProgress),
    );
    if (done === undefined) return CANCELLED;
    const { reports, errors } = done.set;
    if (reports.length === 0) return failed(errors);
    const models = reports.map(({ modelId, starts }) => ({ modelId, starts }));
    session.state(uri).starts = { text: done.text, set: { models, errors } };
    return { ok: true, message: reports.map(({ starts }) => starts.saved?.summary ?? '').join(' ') };
  });
}

/** Answers Compare Initializers, Run Convergence Probe and the report's scan over widths; their results stay with the file until it is closed or cleared. */
export function registerStudies(connection: Connection, session: Session): void {
  const follow: Follow = (uri, study, kind) => {
    const since = Date.now();
    let said = 0;
    const key = studyKey(study, uri);
    return (progress) => {
      // Workers that were told to stop may still send a step.
      if (!session.queue.has(key)) return;
      const now = Date.now();
      if (progress.note === undefined && now - said < 100) return;
      said = now;
      const { done, total } = progress;
      const text = stepText(progress);
      session.work.working(session.state(uri), { kind: 'measuring', since, detail: `${kind}, ${text}` });
      tell(connection, StudyProgressNotification, { uri, study, done, total, text });
    };
  };

  registerStarts(connection, session, follow);

  answer(connection, CompareRequest, async ({ uri: asked }, token): Promise<InspectAnswer> => {
    const uri = fileUri(asked);
    const onProgress = follow(uri, 'comparison', 'comparing initializers');
    const done = await study(
      session.work,
      session.state(uri),
      'comparison',
      signalOf(token),
      (inspector, request, signal) => inspector.compare(request, signal, onProgress),
    );
    if (done === undefined) return CANCELLED;
    const { comparisons, errors } = done.set;
    if (comparisons.length === 0) return failed(errors);
    session.state(uri).comparison = done;
    const best = comparisons.map(
      ({ model, starts }) => `${model}: ${starts[0]?.title ?? 'nothing'} is best.`,
    );
    return { ok: true, message: best.join(' ') };
  });

  answer(connection, CompareCostRequest, async ({ uri }, token): Promise<InspectAnswer> => {
    const { costs, errors } = await ask(
      session.work,
      session.state(fileUri(uri)),
      signalOf(token),
      (inspector, request, signal) => inspector.compareCosts(request, signal),
    );
    const [first] = costs;
    if (first === undefined) return failed(errors);
    const message = `${first.starts} initializations on ${first.seeds} seeds each: ${secondsText(costs)}`;
    return { ok: true, message };
  });

  answer(connection, ProbeCostRequest, async ({ uri }, token): Promise<InspectAnswer> => {
    const { costs, errors } = await ask(
      session.work,
      session.state(fileUri(uri)),
      signalOf(token),
      (inspector, request, signal) => inspector.probeCosts(request, {}, signal),
    );
    if (costs.length === 0) return failed(errors);
    const trainings = costs.reduce((sum, cost) => sum + cost.trainings, 0);
    const message = `${trainings} trainings of ${costs[0]?.steps ?? 0} steps: ${secondsText(costs)}`;
    return { ok: true, message };
  });

  answer(connection, ProbeRequestMessage, async ({ uri: asked }, token): Promise<InspectAnswer> => {
    const uri = fileUri(asked);
    const onProgress = follow(uri, 'probe', 'training');
    const done = await study(
      session.work,
      session.state(uri),
      'probe',
      signalOf(token),
      (inspector, request, signal) => inspector.probe(request, {}, signal, onProgress),
    );
    if (done === undefined) return CANCELLED;
    const { probes, errors } = done.set;
    if (probes.length === 0) return failed(errors);
    session.state(uri).probe = done;
    const best = probes.map(
      ({ model, starts }) => `${model}: ${starts[0]?.title ?? 'nothing'} trains fastest.`,
    );
    return { ok: true, message: best.join(' ') };
  });

  answer(connection, ScanCostRequest, async ({ uri, scan = {} }, token): Promise<InspectAnswer> => {
    const { costs, errors } = await ask(
      session.work,
      session.state(fileUri(uri)),
      signalOf(token),
      (inspector, request, signal) => inspector.scanCosts(request, scan, signal),
    );
    const [first] = costs;
    if (first === undefined) return failed(errors);
    const { widths, seeds, steps } = first;
    const message = `${widths} widths, ${seeds} seeds and ${steps} steps each: ${secondsText(costs)}`;
    return { ok: true, message };
  });

  answer(connection, ScanRequest, async ({ uri: asked, scan = {} }, token): Promise<InspectAnswer> => {
    const uri = fileUri(asked);
    const onProgress = follow(uri, 'scan', 'scanning widths');
    const done = await study(
      session.work,
      session.state(uri),
      'scan',
      signalOf(token),
      (inspector, request, signal) => inspector.scan(request, scan, signal, onProgress),
    );
    if (done === undefined) return CANCELLED;
    const { scans, errors } = done.set;
    if (scans.length === 0) return failed(errors);
    session.state(uri).scan = done;
    return { ok: true, message: scans.map(({ model, verdict }) => `${model}: ${verdict}`).join(' ') };
  });
}
