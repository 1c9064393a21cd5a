import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { ToWebview } from '../../../src/protocol/webview.ts';
import { WEBVIEW_PROTOCOL } from '../../../src/protocol/webview.ts';
import type { ReportSet } from '../../../src/model/report.ts';
import { encodeSummary, partOf, type ReportPart } from '../../../src/protocol/reportParts.ts';
import { encodeWire } from '../../../src/protocol/wireReports.ts';
import { inRepo } from '../../support/root.ts';
import { THEMES } from './themes.ts';
import { atRest } from './waits.ts';

/** A view in a real browser under the policy of a webview, with a stand-in for VS Code. */
export interface ViewPage {
  readonly page: Page;
  /** Messages the view has sent. */
  sent(): Promise<readonly Record<string, unknown>[]>;
  /** Resolves when the view's own listener has heard it. */
  post(message: ToWebview): Promise<void>;
  /** What went wrong in the page: exceptions and policy violations. */
  readonly faults: readonly string[];
}

/** What the stand-in for VS Code answers to a request; an Error is a refusal, undefined leaves it to the default (parts of the set, else null). */
export type Answers = (method: string, params: Readonly<Record<string, unknown>>) => unknown;

/** How a view is opened. */
export interface ViewOptions {
  readonly theme?: string;
  readonly set?: ReportSet;
  readonly width?: number;
  readonly height?: number;
  readonly stale?: boolean;
  readonly answers?: Answers;
  /** What VS Code kept of the view. */
  readonly state?: Readonly<Record<string, unknown>>;
  /** Classes of the body besides the theme's. */
  readonly body?: string;
}

/** The state message that shows a set of reports. */
export function showing(set: ReportSet, stale = false, id = 'r1'): ToWebview {
  return {
    type: 'state',
    version: WEBVIEW_PROTOCOL,
    canAct: true,
    state: { kind: 'report', file: set.reports[0]?.file ?? '', stale },
    results: { id, reports: encodeSummary(set) },
  };
}

function defaultAnswer(
  set: ReportSet | undefined,
  method: string,
  params: Readonly<Record<string, unknown>>,
) {
  if (method === 'studyCost') return 'about 3 s of one thread.';
  if (method !== 'part') return null;
  const report = set?.reports.find(({ modelId }) => modelId === params['model']);
  const part = report === undefined ? undefined : partOf(report, params['part'] as ReportPart);
  return part === undefined ? null : encodeWire(part);
}

/** Opens `side` or `report` in a theme and shows a set of reports. */
export async function openView(
  browser: Browser,
  view: 'side' | 'report',
  options: ViewOptions = {},
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
<body class="${theme?.body ?? ''} ${options.body ?? ''}"><div id="root"></div>
<script nonce="t">window.sent = []; let state = ${JSON.stringify(options.state ?? null)}; window.acquireVsCodeApi = () => ({
  postMessage: (m) => { window.sent.push(m); if (m.type !== 'request') return; window.requestsOpen = (window.requestsOpen ?? 0) + 1;
    window.answerRequest(m.method, m.params).then((r) => { window.postMessage({ type: 'reply', id: m.id, ...r }, '*'); window.requestsOpen -= 1; }); },
  getState: () => state, setState: (s) => { state = s; window.kept = s; } });</script>
<script nonce="t" type="module">${readFileSync(inRepo(`dist/webview/${view}.js`), 'utf8').replaceAll('</script', '<\\/script')}</script></body></html>`;
  await page.exposeFunction('answerRequest', async (method: string, params: Record<string, unknown>) => {
    try {
      const own: unknown = await options.answers?.(method, params);
      return { ok: true, value: own === undefined ? defaultAnswer(options.set, method, params) : own };
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) };
    }
  });
  await page.route('http://view.test/', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('http://view.test/');
  const post = (message: ToWebview) =>
    page.evaluate(
      (data) =>
        new Promise<void>((handled) => {
          const hear = (event: MessageEvent) => {
            if ((event.data as ToWebview).type === 'reply') return;
            window.removeEventListener('message', hear);
            handled();
          };
          window.addEventListener('message', hear);
          window.postMessage(data, '*');
        }),
      message as never,
    );
  if (options.set !== undefined) {
    await post(showing(options.set, options.stale));
    await atRest(page);
  }
  return {
    page,
    faults,
    post,
    sent: () => page.evaluate(() => (window as unknown as { sent: Record<string, unknown>[] }).sent),
  };
}
