import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { encodeWire, type PageData } from '../../protocol/wireReports.ts';
import { htmlReport } from '../../report/html.ts';
import { viewRoot } from './viewHtml.ts';

/** The report, and the studies that were made, as one page that works offline. */
export async function exportHtml(
  context: vscode.ExtensionContext,
  page: PageData,
  title: string,
): Promise<string> {
  const [script = '', style = ''] = await Promise.all(
    ['report.js', 'report.css'].map((name) =>
      readFile(vscode.Uri.joinPath(viewRoot(context), name).fsPath, 'utf8'),
    ),
  );
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  return htmlReport(encodeWire(page), title, {
    script,
    style,
    scriptHash: hash(script),
    styleHash: hash(style),
  });
}
