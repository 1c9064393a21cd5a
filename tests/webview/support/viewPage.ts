import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { ToWebview } from '../../../src/protocol/webview.ts';
import { WEBVIEW_PROTOCOL } from '../../../src/protocol/webview.ts';
import type { ReportSet } from '../../../src/model/report.ts';
import { encodeReports } from '../../../src/protocol/wireReports.ts';
import { inRepo } from '../../support/root.ts';
import { THEMES } from './themes.ts';

/** A view in a real browser under the policy of a webview, with a stand-in for VS Code. */
export interface ViewPage {
  readonly page: Page;
  /** Messages the view has sent. */
  sent(): Promise<readonly Record<string, unknown>[]>;
  post(message: ToWebview): Promise<void>;
  /** What went wrong in the page: exceptions and policy violations. */
  readonly faults: readonly string[];
}

/** Opens `side` or `report` in a theme and shows a set of reports. */
export async function openView(
  browser: Browser,
  view: 'side' | 'report',
  options: { theme?: string; set?: ReportSet; width?: number; height?: number; stale?: boolean } = {},
): Promise<ViewPage> {
  const page = await browser.newPage({
    viewport: { width: options.width ?? (view === 'side' ? 320 : 1280), height: options.height ?? 800 },
  });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  const theme = THEMES[options.theme ?? 'dark'];
  const variables = Object.entries(theme?.variables ?? {}).map(
    ([name, value]) => `--vscode-${name}: ${value};`,
  );
  const body = view === 'side' ? 'background: var(--vscode-editor-background)' : '';
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${view}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-t'; style-src 'nonce-t'; img-src data:">
<style nonce="t">:root { ${variables.join(' ')} } html { ${body} }</style>
<style nonce="t">${readFileSync(inRepo(`dist/webview/${view}.css`), 'utf8')}</style></head>
<body class="${theme?.body ?? ''}"><div id="root"></div>
<script nonce="t">window.sent = []; let state; window.acquireVsCodeApi = () => ({
  postMessage: (m) => { window.sent.push(m); if (m.type === 'request') window.postMessage({ type: 'reply', id: m.id, ok: true, value: null }, '*'); },
  getState: () => state, setState: (s) => { state = s; } });</script>
<script nonce="t" type="module">${readFileSync(inRepo(`dist/webview/${view}.js`), 'utf8').replaceAll('</script', '<\\/script')}</script></body></html>`;
  await page.route('http://view.test/', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('http://view.test/');
  const post = (message: ToWebview) =>
    page.evaluate((data) => window.postMessage(data, '*'), message as never);
  if (options.set !== undefined) {
    const file = options.set.reports[0]?.file ?? '';
    await post({
      type: 'state',
      version: WEBVIEW_PROTOCOL,
      canAct: true,
      state: { kind: 'report', file, reports: encodeReports(options.set), stale: options.stale ?? false },
    });
    await page.waitForTimeout(300);
  }
  return {
    page,
    faults,
    post,
    sent: () => page.evaluate(() => (window as unknown as { sent: Record<string, unknown>[] }).sent),
  };
}
