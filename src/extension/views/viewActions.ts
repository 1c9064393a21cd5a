import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { CancelNotification, PageRequest } from '../../protocol/lsp.ts';
import { isKerasArchive } from '../../protocol/candidate.ts';
import { ChangesRequest, RewritePreviewRequest } from '../../protocol/lspEdits.ts';
import { ReportPartRequest, WholeReportsRequest } from '../../protocol/lspViews.ts';
import type { ComparisonSet } from '../../model/comparison.ts';
import type { ProbeSet } from '../../model/probe.ts';
import type { ScanSet } from '../../model/scan.ts';
import type { StartsSet } from '../../model/startsSet.ts';
import { decodeReports, decodeWire, type PageData } from '../../protocol/wireReports.ts';
import { RULE_SCHEME } from '../../protocol/virtual.ts';
import type { FromWebview } from '../../protocol/webview.ts';
import type { App } from '../app.ts';
import { applyAnswer } from '../commands/fix.ts';
import { rewriteWith } from '../commands/rewrite.ts';
import { jsonDocument } from '../../report/json.ts';
import { exportHtml } from './exportHtml.ts';
import type { ViewStudies } from './viewStudies.ts';

type Request = Exclude<Extract<FromWebview, { readonly type: 'request' }>, { readonly method: 'begin' }>;

/** Does what a view asks for, `results` being what it shows; rejects with the reason, in one line, why it cannot be done. */
export async function answerView(
  app: App,
  uri: vscode.Uri,
  request: Request,
  studies: ViewStudies,
  results: string | undefined,
): Promise<unknown> {
  const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);
  switch (request.method) {
    case 'measure':
      await run('initscope.inspectModel', uri.toString());
      return null;
    case 'cancel':
      app.tell(CancelNotification, { uri: uri.toString() });
      return null;
    case 'openReport':
      app.openReport(uri, request.params.section, request.params.model);
      return null;
    case 'part': {
      const { results: id, model, part } = request.params;
      return app.ask(ReportPartRequest, { id, modelId: model, part });
    }
    case 'studyCost':
      return studies.cost(uri, request.params);
    case 'study':
      return studies.run(uri, request.params);
    case 'studyResult':
      return studies.result(uri, request.params.study);
    case 'scenario':
      return studies.measure(uri, request.params.model, request.params.scenario);
    case 'cancelStudy':
      studies.cancel(request.params.study);
      return null;
    case 'why':
      await run('markdown.showPreview', vscode.Uri.parse(`${RULE_SCHEME}:/${request.params.rule}.md`));
      return null;
    case 'ignore':
      await run('initscope.silenceFinding', { uri: uri.toString(), ...request.params });
      return null;
    case 'copy':
      await vscode.env.clipboard.writeText(request.params.text);
      return null;
    case 'refusal': {
      const { model: modelId, changes } = request.params;
      const answer = isKerasArchive(uri.path)
        ? await app.ask(RewritePreviewRequest, { uri: uri.toString(), modelId, changes })
        : await app.ask(ChangesRequest, { uri: uri.toString(), modelId, changes });
      return 'reason' in answer ? answer.reason : null;
    }
    case 'apply': {
      const { model, changes, diff } = request.params;
      if (isKerasArchive(uri.path)) {
        await rewriteWith(app, uri, { modelId: model, changes });
        return null;
      }
      const answer = await app.ask(ChangesRequest, { uri: uri.toString(), modelId: model, changes });
      await applyAnswer(answer, diff);
      return null;
    }
    case 'export':
      await exportAs(app, uri, request.params, studies, results);
      return null;
  }
}

const EXTENSION = { json: 'json', csv: 'csv', html: 'html', markdown: 'md', png: 'png' } as const;

async function exportAs(
  app: App,
  uri: vscode.Uri,
  params: Extract<Request, { method: 'export' }>['params'],
  studies: ViewStudies,
  results: string | undefined,
): Promise<void> {
  const { format, data, name } = params;
  const stem = basename(uri.path).replace(/\.[^.]+$/, '');
  const suggestion = vscode.Uri.joinPath(uri, '..', `${name ?? `${stem}.initscope`}.${EXTENSION[format]}`);
  const target = await vscode.window.showSaveDialog({ defaultUri: suggestion, title: 'Export the report' });
  if (target === undefined) return;
  const content =
    data === undefined
      ? await contents(app, uri, format, studies, results)
      : format === 'png'
        ? Buffer.from(data.replace(/^data:image\/png;base64,/, ''), 'base64')
        : data;
  await writeFile(target.fsPath, content);
}

async function contents(
  app: App,
  uri: vscode.Uri,
  format: keyof typeof EXTENSION,
  studies: ViewStudies,
  results: string | undefined,
): Promise<string> {
  if (format === 'markdown') return app.ask(PageRequest, { uri: uri.toString(), page: 'report' });
  const whole = results === undefined ? null : await app.ask(WholeReportsRequest, { id: results });
  if (whole === null) throw new Error('Nothing was measured yet.');
  const reports = decodeReports(whole);
  if (format === 'html') {
    const [comparison, probe, scan, starts] = await Promise.all([
      studies.result(uri, 'comparison'),
      studies.result(uri, 'probe'),
      studies.result(uri, 'scan'),
      studies.result(uri, 'starts'),
    ]);
    const page: PageData = {
      reports,
      ...(comparison === null ? {} : { comparison: decodeWire(comparison.text) as ComparisonSet }),
      ...(probe === null ? {} : { probe: decodeWire(probe.text) as ProbeSet }),
      ...(scan === null ? {} : { scan: decodeWire(scan.text) as ScanSet }),
      ...(starts === null ? {} : { starts: decodeWire(starts.text) as StartsSet }),
    };
    return exportHtml(app.context, page, basename(uri.path));
  }
  if (format !== 'json') throw new Error(`The view sent no ${format}.`);
  return `${JSON.stringify(jsonDocument(reports, app.version), undefined, 2)}\n`;
}
