import { pathToFileURL } from 'node:url';
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { isArchive, isCandidate, isPython } from '../protocol/candidate.ts';
import {
  ClearRequest,
  FormattedRequest,
  InspectRequestMessage,
  PageRequest,
  WorkspaceProgressNotification,
  WorkspaceRequestMessage,
  type WorkspaceAnswer,
} from '../protocol/lsp.ts';
import {
  AnswerRequest,
  DataSampleRequest,
  FixAllRequest,
  SilenceRequest,
  type EditAnswer,
} from '../protocol/lspEdits.ts';
import { whyNone } from './codeActions.ts';
import { everything, workspaceEdit } from './edits.ts';
import type { FileState } from './fileState.ts';
import type { FeatureContext } from './features.ts';
import { pageOf } from './pages.ts';
import type { ServerParts } from './parts.ts';
import { decodeText, pathOf } from './paths.ts';
import { appendToConfig, configTarget, dataEntry, ignoreEntry, paramsInConfig } from './projectEdits.ts';
import type { Publisher } from './publisher.ts';
import { PRIORITY } from './fileWork.ts';
import type { Session } from './session.ts';
import { answer, signalOf, tell } from './messages.ts';
import { fileUri } from './view.ts';

async function looksLikeModel(parts: ServerParts, path: string): Promise<boolean> {
  if (isArchive(path)) return true;
  try {
    const head = decodeText(await parts.files.read(path, 0, 65536));
    return isCandidate(/\.json$/i.test(path) ? 'json' : 'javascript', head);
  } catch {
    return false;
  }
}

function whyNoRepair(state: FileState): string {
  const advised = state.reports.flatMap(({ findings }) => findings).filter(({ advice }) => advice.length > 0);
  const first = advised[0];
  return first === undefined ? 'No repair was proven for this file.' : whyNone(state, first);
}

function fixAll(session: Session, uri: string): EditAnswer {
  const state = session.files.get(fileUri(uri));
  if (state === undefined) return { reason: 'This file is not a model that Initscope knows.' };
  if (state.fresh === undefined)
    return { reason: 'The file was edited or not measured yet; run Inspect Model first.' };
  const { edits, findings } = everything(state);
  const edit = findings === 0 ? undefined : workspaceEdit(state, edits);
  if (edit === undefined) return { reason: whyNoRepair(state) };
  return { edit, title: `Repair everything proven (${findings} findings)` };
}

/** Answers to the commands of the extension. */
export function registerCommands(
  connection: Connection,
  context: FeatureContext,
  parts: ServerParts,
  publisher: Publisher,
): void {
  const { session } = context;

  answer(connection, InspectRequestMessage, ({ uri, interpreter, cells }, token) => {
    if (cells !== undefined) session.state(fileUri(uri)).cells = cells;
    session.requests.interpreter = interpreter ?? session.requests.interpreter;
    return session.inspect(fileUri(uri), signalOf(token));
  });

  answer(connection, WorkspaceRequestMessage, async ({ uris, shown }, token): Promise<WorkspaceAnswer> => {
    const totals = { files: 0, models: 0, errors: 0, warnings: 0, failed: 0 };
    const signal = signalOf(token);
    const visible = new Set(shown);
    // News of a changed initscope.json may be on its way still.
    await session.configsChanged();
    for (const [done, uri] of uris.entries()) {
      if (signal.aborted) break;
      if (!(await looksLikeModel(parts, pathOf(uri)))) continue;
      if ((await session.requests.configs.of(pathOf(uri))).excluded === true) continue;
      tell(connection, WorkspaceProgressNotification, { done, total: uris.length, uri });
      session.state(uri).background = !visible.has(uri);
      const outcome = await session.inspect(uri, signal, PRIORITY.scan);
      if (signal.aborted) break;
      const state = session.files.get(uri);
      const reports = state?.reports ?? [];
      const nothing =
        reports.length === 0 && state?.failure === undefined && state?.reading?.content.problems.length === 0;
      if (nothing) {
        if (state?.open === undefined) session.closed(uri);
        continue;
      }
      totals.files++;
      totals.models += reports.length;
      if (!outcome.ok) totals.failed++;
      for (const { findings } of reports) {
        totals.errors += findings.filter(({ severity }) => severity === 'error').length;
        totals.warnings += findings.filter(({ severity }) => severity === 'warning').length;
      }
    }
    return { ...totals, cancelled: signal.aborted };
  });

  answer(connection, PageRequest, ({ uri, page }) => pageOf(session.state(fileUri(uri)), page));
  answer(connection, FormattedRequest, async ({ uri }, token) => {
    const state = session.state(fileUri(uri));
    // A file that could not be read is not read again for this: its status makes the editor ask once more.
    if (state.reading === undefined && state.failure === undefined) await session.readOnly(state.uri);
    return token.isCancellationRequested ? null : (state.formatted()?.value.text ?? null);
  });
  answer(connection, FixAllRequest, ({ uri }) => fixAll(session, uri));
  answer(connection, ClearRequest, () => {
    session.clear();
    return null;
  });

  const writeConfig = (uri: string, make: (target: string, path: string) => EditAnswer): EditAnswer => {
    if (!fileUri(uri).startsWith('file:'))
      return { reason: 'Save the file first: initscope.json names files of a folder.' };
    const path = pathOf(fileUri(uri));
    try {
      return make(configTarget(path, context.roots()), path);
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error) };
    }
  };
  answer(connection, SilenceRequest, ({ uri, rule, layer, reason }) =>
    writeConfig(uri, (target, path) => ({
      edit: appendToConfig(target, 'ignore', ignoreEntry(target, path, rule, layer, reason)),
      title: `Silence ${rule}`,
    })),
  );
  answer(connection, DataSampleRequest, async ({ uri, sample }) => {
    const state = session.state(fileUri(uri));
    if (state.reading === undefined) await session.readOnly(state.uri);
    if (!isPython(state.path) && (state.reading?.content.models.length ?? 0) === 0)
      return { reason: 'There is no model in this file that could take the sample.' };
    return writeConfig(uri, (target, path) => ({
      edit: appendToConfig(target, 'files', dataEntry(target, path, pathOf(sample))),
      title: 'Use data sample',
    }));
  });

  answer(connection, AnswerRequest, async ({ uri, answers }) => {
    const { options } = await session.requests.configs.of(pathOf(fileUri(uri)));
    return writeConfig(uri, (target, path) => ({
      edit: paramsInConfig(target, path, answers, options.params ?? {}),
      title: 'Answer questions',
    }));
  });

  let configShown: string | undefined;
  context.reportConfig = (file, problems) => {
    const uri = file === undefined ? undefined : pathToFileURL(file).href;
    if (configShown !== undefined && (uri !== configShown || problems.length === 0)) {
      publisher.push(configShown, []);
      configShown = undefined;
    }
    if (file === undefined || uri === undefined || problems.length === 0) return;
    configShown = uri;
    void parts.files
      .read(file)
      .then((bytes) => TextDocument.create(uri, 'json', 0, decodeText(bytes)))
      .then((document) =>
        publisher.push(
          uri,
          problems.map(({ message, range, hint }) => ({
            range: {
              start: document.positionAt(range?.start ?? 0),
              end: document.positionAt(range?.end ?? 0),
            },
            severity: 1,
            source: 'Initscope',
            message: hint === undefined ? message : `${message}\n${hint}`,
          })),
        ),
      )
      .catch(() => {});
  };
}
