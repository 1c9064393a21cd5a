import * as vscode from 'vscode';
import {
  CompareRequest,
  type InspectAnswer,
  ProbeCostRequest,
  ProbeRequestMessage,
  type RequestMessage,
  type StudyKind,
  type UriParams,
} from '../../protocol/lsp.ts';
import {
  CompareCostRequest,
  type KeptStudy,
  ScanCostRequest,
  ScanRequest,
  ScenarioRequest,
  StartsCostRequest,
  StartsRequest,
  type StudyAnswer,
  StudyResultRequest,
} from '../../protocol/lspViews.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { ScanAsked } from '../../protocol/widthFactors.ts';
import type { ToWebview } from '../../protocol/webview.ts';
import type { App } from '../app.ts';

type StudyParams = UriParams & { readonly scan?: ScanAsked };

interface Study {
  readonly cost: RequestMessage<StudyParams, InspectAnswer>;
  readonly run: RequestMessage<StudyParams, InspectAnswer>;
}

/** What a study is asked: which, and a scan at which widths. */
interface Asked {
  readonly study: KeptStudy;
  readonly scan?: ScanAsked;
}

const STUDIES: Readonly<Record<KeptStudy, Study>> = {
  comparison: { cost: CompareCostRequest, run: CompareRequest },
  probe: { cost: ProbeCostRequest, run: ProbeRequestMessage },
  scan: { cost: ScanCostRequest, run: ScanRequest },
  starts: { cost: StartsCostRequest, run: StartsRequest },
};

function messageOf(answer: InspectAnswer): string {
  if (!answer.ok) throw new Error(answer.message);
  return answer.message;
}

/** The longer work that one view has started: at most one of each kind, told step by step, cancelled with the view. */
export class ViewStudies implements vscode.Disposable {
  readonly #app: App;
  readonly #post: (message: ToWebview) => void;
  readonly #running = new Map<StudyKind, vscode.CancellationTokenSource>();

  constructor(app: App, post: (message: ToWebview) => void) {
    this.#app = app;
    this.#post = post;
  }

  async cost(uri: vscode.Uri, { study, ...how }: Asked): Promise<string> {
    return messageOf(await this.#app.ask(STUDIES[study].cost, { uri: uri.toString(), ...how }));
  }

  async run(uri: vscode.Uri, { study, ...how }: Asked): Promise<string> {
    return messageOf(await this.#follow(uri, study, STUDIES[study].run, { uri: uri.toString(), ...how }));
  }

  result(uri: vscode.Uri, study: KeptStudy): Promise<StudyAnswer | null> {
    return this.#app.ask(StudyResultRequest, { uri: uri.toString(), study });
  }

  measure(uri: vscode.Uri, modelId: string, scenario: Scenario): Promise<string> {
    return this.#follow(uri, 'scenario', ScenarioRequest, { uri: uri.toString(), modelId, scenario });
  }

  cancel(study: StudyKind): void {
    this.#running.get(study)?.cancel();
  }

  dispose(): void {
    for (const source of this.#running.values()) source.cancel();
  }

  async #follow<P extends UriParams, R>(
    uri: vscode.Uri,
    study: StudyKind,
    message: RequestMessage<P, R>,
    params: P,
  ): Promise<R> {
    this.cancel(study);
    const source = new vscode.CancellationTokenSource();
    this.#running.set(study, source);
    const client = await this.#app.client();
    try {
      return await client.study(study, message, params, source.token, ({ done, total, text }) =>
        this.#post({ type: 'progress', study, done, total, text }),
      );
    } finally {
      source.dispose();
      if (this.#running.get(study) === source) this.#running.delete(study);
    }
  }
}
