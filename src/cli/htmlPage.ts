import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportSet } from '../model/report.ts';
import { withGraphs } from '../node/graphLayout.ts';
import { packageFolder } from '../node/version.ts';
import { encodeWire, type PageData } from '../protocol/wireReports.ts';
import { htmlReport } from '../report/html.ts';

/** The results, and studies of the same models, as one self-contained page, with the view that lies beside our bundle; undefined when there is no report to show. */
export async function htmlPage(
  set: ReportSet,
  studies: Omit<PageData, 'reports'> = {},
): Promise<string | undefined> {
  const [first, ...more] = set.reports;
  if (first === undefined) return undefined;
  const title = more.length === 0 ? first.file : `${first.file} and ${more.length} more`;
  const read = (name: string) => readFile(join(packageFolder(), 'dist', 'webview', name), 'utf8');
  const [script, style] = await Promise.all([read('report.js'), read('report.css')]);
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  const parts = { script, style, scriptHash: hash(script), styleHash: hash(style) };
  return htmlReport(encodeWire({ ...studies, reports: await withGraphs(set) }), title, parts);
}
