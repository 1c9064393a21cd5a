import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { CancelNotification, ChangesRequest, PageRequest, ViewRequest } from '../../protocol/lsp.ts';
import { decodeReports } from '../../protocol/wireReports.ts';
import { RULE_SCHEME } from '../../protocol/virtual.ts';
import type { FromWebview } from '../../protocol/webview.ts';
import type { App } from '../app.ts';
import { applyAnswer } from '../commands/fix.ts';
import { jsonDocument } from '../../report/json.ts';
import { exportHtml } from './exportHtml.ts';

type Request = Extract<FromWebview, { readonly type: 'request' }>;

/** Does what a view asks for; rejects with the reason, in one line, why it cannot be done. */
export async function answerView(app: App, uri: vscode.Uri, request: Request): Promise<void> {
  const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);
  switch (request.method) {
    case 'measure':
      await run('initscope.inspectModel', uri.toString());
      return;
    case 'cancel':
      app.tell(CancelNotification, { uri: uri.toString() });
      return;
    case 'openReport':
      await run('initscope.openReport', uri.toString());
      return;
    case 'compare':
      await run('initscope.compareInitializers', uri.toString());
      return;
    case 'why':
      await run('markdown.showPreview', vscode.Uri.parse(`${RULE_SCHEME}:/${request.params.rule}.md`));
      return;
    case 'ignore':
      await run('initscope.silenceFinding', { uri: uri.toString(), ...request.params });
      return;
    case 'copy':
      await vscode.env.clipboard.writeText(request.params.text);
      return;
    case 'apply': {
      const { model, changes, diff } = request.params;
      const answer = await app.ask(ChangesRequest, { uri: uri.toString(), modelId: model, changes });
      await applyAnswer(answer, diff);
      return;
    }
    case 'export':
      await exportAs(app, uri, request.params);
      return;
  }
}

const EXTENSION = { json: 'json', csv: 'csv', html: 'html', markdown: 'md', png: 'png' } as const;

async function exportAs(
  app: App,
  uri: vscode.Uri,
  params: Extract<Request, { method: 'export' }>['params'],
): Promise<void> {
  const { format, data, name } = params;
  const stem = basename(uri.path).replace(/\.[^.]+$/, '');
  const suggestion = vscode.Uri.joinPath(uri, '..', `${name ?? `${stem}.initscope`}.${EXTENSION[format]}`);
  const target = await vscode.window.showSaveDialog({ defaultUri: suggestion, title: 'Export the report' });
  if (target === undefined) return;
  await writeFile(target.fsPath, await contents(app, uri, format, data));
}

async function contents(
  app: App,
  uri: vscode.Uri,
  format: keyof typeof EXTENSION,
  data: string | undefined,
): Promise<string | Uint8Array> {
  if (data !== undefined)
    return format === 'png' ? Buffer.from(data.replace(/^data:image\/png;base64,/, ''), 'base64') : data;
  if (format === 'markdown') return app.ask(PageRequest, { uri: uri.toString(), page: 'report' });
  const { reports } = await app.ask(ViewRequest, { uri: uri.toString() });
  if (reports === null) throw new Error('Nothing was measured yet.');
  if (format === 'html') return exportHtml(app.context, reports, basename(uri.path));
  if (format !== 'json') throw new Error(`The view sent no ${format}.`);
  const { version } = app.context.extension.packageJSON as { readonly version: string };
  return `${JSON.stringify(jsonDocument(decodeReports(reports), version), undefined, 2)}\n`;
}
