import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { htmlReport } from '../../report/html.ts';
import { viewRoot } from './viewHtml.ts';

/** The report as one page that works offline, from the reports' wire text. */
export async function exportHtml(
  context: vscode.ExtensionContext,
  reports: string,
  title: string,
): Promise<string> {
  const [script = '', style = ''] = await Promise.all(
    ['report.js', 'report.css'].map((name) =>
      readFile(vscode.Uri.joinPath(viewRoot(context), name).fsPath, 'utf8'),
    ),
  );
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  return htmlReport(reports, title, {
    script,
    style,
    scriptHash: hash(script),
    styleHash: hash(style),
  });
}
