import type { Connection } from 'vscode-languageserver';
import type { InspectProgress } from '../inspect/inspector.ts';
import type { ReportSet } from '../model/report.ts';
import { withGraphs } from '../node/graphLayout.ts';
import { StudyProgressNotification } from '../protocol/lsp.ts';
import {
  ReportPartRequest,
  ScenarioRequest,
  StudyResultRequest,
  ViewRequest,
  WholeReportsRequest,
} from '../protocol/lspViews.ts';
import { encodeSummary, partOf } from '../protocol/reportParts.ts';
import { encodeReports, encodeWire } from '../protocol/wireReports.ts';
import { answer, signalOf, tell } from './messages.ts';
import type { Session } from './session.ts';
import { study } from './studyWork.ts';
import { fileUri } from './view.ts';

/** Results that views may still ask parts of, though their file was measured anew or closed. */
const KEPT = 8;

/** Results by the id they are sent under, the most recently asked for last. */
class SentResults {
  readonly #prefix: string;
  readonly #sets = new Map<string, ReportSet>();
  readonly #ids = new WeakMap<ReportSet, string>();
  readonly #drawn = new WeakMap<ReportSet, Promise<ReportSet>>();
  #next = 1;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  idOf(set: ReportSet): string {
    const id = this.#ids.get(set) ?? `${this.#prefix}-${this.#next++}`;
    this.#ids.set(set, id);
    this.#sets.delete(id);
    this.#sets.set(id, set);
    for (const oldest of [...this.#sets.keys()].slice(0, Math.max(0, this.#sets.size - KEPT)))
      this.#sets.delete(oldest);
    return id;
  }

  get(id: string): ReportSet | undefined {
    return this.#sets.get(id);
  }

  /** With the drawings, made once. */
  drawn(set: ReportSet): Promise<ReportSet> {
    const made = this.#drawn.get(set) ?? withGraphs(set);
    this.#drawn.set(set, made);
    return made;
  }
}

/** Answers what the views show: results in parts, studies, and measured scenarios. */
export function registerViewResults(connection: Connection, session: Session): void {
  const sent = new SentResults(session.id);

  answer(connection, ViewRequest, ({ uri, known }) => {
    const results = session.files.get(fileUri(uri))?.results;
    if (results === undefined) return { id: null, reports: null, stale: false };
    const { set, stale } = results;
    const id = sent.idOf(set);
    return { id, stale, reports: id === known ? null : encodeSummary(set) };
  });

  answer(connection, ReportPartRequest, async ({ id, modelId, part }) => {
    const known = sent.get(id);
    if (known === undefined) return null;
    const set = part.kind === 'graph' ? await sent.drawn(known) : known;
    const report = set.reports.find((each) => each.modelId === modelId);
    const found = report === undefined ? undefined : partOf(report, part);
    return found === undefined ? null : encodeWire(found);
  });

  answer(connection, WholeReportsRequest, async ({ id }) => {
    const known = sent.get(id);
    return known === undefined ? null : encodeReports(await sent.drawn(known));
  });

  answer(connection, StudyResultRequest, ({ uri, study }) => {
    const state = session.files.get(fileUri(uri));
    const found = state?.[study];
    if (state === undefined || found === undefined) return null;
    return { text: encodeWire(found.set), stale: state.outlived(found) };
  });

  answer(connection, ScenarioRequest, async ({ uri: asked, modelId, scenario }, token) => {
    const uri = fileUri(asked);
    const onProgress = ({ done, total }: InspectProgress): void => {
      const text = total > 1 ? `seed ${Math.min(done + 1, total)} of ${total}` : 'measuring';
      tell(connection, StudyProgressNotification, { uri, study: 'scenario', done, total, text });
    };
    const found = await study(
      session.work,
      session.state(uri),
      'scenario',
      signalOf(token),
      (inspector, request, signal) =>
        inspector.scenario({ ...request, model: modelId }, scenario, signal, onProgress),
    );
    if (found === undefined) throw new Error('Cancelled.');
    const [measured] = found.set.measured;
    if (measured === undefined)
      throw new Error(found.set.errors[0]?.message ?? 'No model was found in this file.');
    return encodeWire(measured);
  });
}
