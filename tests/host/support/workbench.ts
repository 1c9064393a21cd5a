import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { findBrowser, launchBrowser, serveVSCode } from '../../../scripts/support/vscode.mjs';
import { inRepo } from '../../support/root.ts';

/** Each look as its setting, and as VS Code marks a window that has it. */
const themes = {
  light: { setting: 'Light Modern', mark: 'vs', scheme: 'light' },
  dark: { setting: 'Dark Modern', mark: 'vs-dark', scheme: 'dark' },
  'high-contrast': { setting: 'Default High Contrast', mark: 'hc-black', scheme: 'dark' },
  'high-contrast-light': { setting: 'Default High Contrast Light', mark: 'hc-light', scheme: 'light' },
} as const;

/** The four looks every view must work in. */
export type Theme = keyof typeof themes;

export interface WorkbenchOptions {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  /** The look, waited for; dark, as soon as it comes, unless said. */
  readonly theme?: Theme;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the workspace is trusted; true unless said. */
  readonly trusted?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** A window of the browser-served VS Code with our extension, driven by Playwright. */
export interface Workbench {
  readonly page: Page;
  /** Opens a file of the workspace by its name or relative path. */
  openFile(path: string): Promise<void>;
  /** Puts the cursor on a line (1-based) of the active editor, which gets the focus. */
  goTo(line: number): Promise<void>;
  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void>;
  /** The document inside the webview that is shown (of a panel, or of a view by its title). */
  webview(title?: string): FrameLocator;
  /** Writes a picture to `.cache/screenshots/<name>.png`; returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a workspace folder in a fresh window; throws when the machine has no browser. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const browserPath = await findBrowser();
  if (browserPath === null) throw new Error('No Chromium or Chrome: set INITSCOPE_BROWSER to one.');
  const { setting, mark, scheme } = themes[options.theme ?? 'dark'];
  const server = await serveVSCode({
    trusted: options.trusted ?? true,
    settings: { 'workbench.colorTheme': setting, ...options.settings },
  });
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server.stop();
  };
  try {
    browser = await launchBrowser(browserPath);
    const viewport = { width: options.width ?? 1400, height: options.height ?? 900 };
    const page = await browser.newPage({ viewport, colorScheme: scheme });
    page.setDefaultTimeout(120_000);
    await page.goto(server.url(options.folder));
    await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
    // The extension that holds the themes may come late; until then a window has VS Code's own light or dark look.
    if (options.theme !== undefined) await page.locator(`.monaco-workbench.${mark}`).waitFor();
    return { page, close, ...actions(page) };
  } catch (error) {
    await close();
    throw error;
  }
}

function actions(page: Page): Omit<Workbench, 'page' | 'close'> {
  const input = page.locator('.quick-input-widget input').first();
  const rows = page.locator('.quick-input-list .monaco-list-row');
  /** A key that is pressed while the focus moves between the editor and a view is lost, and a box that closes takes no text. */
  const ask = async (keys: string, text: string): Promise<void> => {
    for (let tries = 0; tries < 20; tries++) {
      if (!(await input.isVisible())) await page.keyboard.press(keys);
      const filled = input.fill(text, { timeout: 3000 });
      if (await filled.then(() => true).catch(() => false)) return;
    }
    throw new Error(`Quick Open took no text: ${text}`);
  };
  const close = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await input.waitFor({ state: 'hidden', timeout: 3000 }).catch(() => undefined);
  };
  /** Chooses the first row that is offered. */
  const pickFirst = async (keys: string, text: string): Promise<void> => {
    await ask(keys, text);
    await rows.first().waitFor();
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  };
  /** Chooses the first row with these words; a list may be older than a file, so it is asked for anew while they are missing. */
  const pickWith = async (words: string, keys: string, text: string): Promise<void> => {
    const row = rows.filter({ hasText: words }).first();
    for (let tries = 0; tries < 10; tries++) {
      if (tries > 0) await close();
      await ask(keys, text);
      const found = row.waitFor({ timeout: 6000 });
      if (await found.then(() => true).catch(() => false)) break;
    }
    await row.click();
    await input.waitFor({ state: 'hidden' });
  };
  return {
    openFile: async (path) => {
      const name = path.split('/').at(-1) ?? path;
      await pickWith(name, 'Control+P', path);
      await page.locator('.tab.active', { hasText: name }).waitFor();
    },
    goTo: (line) => pickFirst('Control+P', `:${line}`),
    command: (title) => pickFirst('F1', `>${title}`),
    webview: (title) => {
      const within = title === undefined ? 'iframe.webview.ready' : `iframe.webview.ready[title="${title}"]`;
      return page.frameLocator(within).frameLocator('iframe#active-frame');
    },
    screenshot: async (name) => {
      const path = inRepo('.cache', 'screenshots', `${name}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await page.screenshot({ path });
      return path;
    },
  };
}
