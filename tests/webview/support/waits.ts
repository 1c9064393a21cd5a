import type { Page } from 'playwright-core';
import type { ViewPage } from './viewPage.ts';

const PATIENCE_MS = 30_000;

/**
 * Runs a check again until it passes, and returns what it returned. Its last failure is thrown when it never does: what
 * a page shows after an action may come a moment later, at once only on an idle machine.
 */
export async function settles<T>(check: () => T | Promise<T>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ; await new Promise((next) => setTimeout(next, 25)))
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
}

/** Resolves when the view has no request open and has changed nothing for some frames. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const requests = window as unknown as { requestsOpen?: number };
    let changed = 0;
    const observer = new MutationObserver(() => changed++);
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    for (let quiet = 0; quiet < 6; quiet++) {
      const before = changed;
      await frame();
      if (changed !== before || (requests.requestsOpen ?? 0) > 0) quiet = -1;
    }
    observer.disconnect();
  });
}

/** Opens a section of the report by the words on its tab, and waits until it is drawn. */
export async function openSection(page: Page, title: string | RegExp): Promise<void> {
  const tab = page.getByRole('tab', { name: title, ...(typeof title === 'string' ? { exact: true } : {}) });
  await tab.click();
  await settles(async () => {
    if ((await tab.getAttribute('aria-selected')) !== 'true') throw new Error(`${title} did not open`);
  });
  await atRest(page);
}

/** Opens every section in turn. */
export async function eachSection(page: Page, look: (title: string) => Promise<void>): Promise<void> {
  await page.getByRole('tab').first().waitFor();
  for (const title of await page.getByRole('tab').allTextContents()) {
    await openSection(page, title);
    await look(title);
  }
}

/** The parameters of the last request of a method, as soon as there is one. */
export async function asked(view: Pick<ViewPage, 'sent'>, method: string): Promise<Record<string, unknown>> {
  return settles(async () => {
    const found = (await view.sent()).findLast((each) => each['method'] === method);
    if (found === undefined) throw new Error(`nobody asked for ${method}`);
    return found['params'] as Record<string, unknown>;
  });
}

/** Waits until the last layer that the view told of is this one. */
export async function tellsOf(view: Pick<ViewPage, 'sent'>, layer: string): Promise<void> {
  await settles(async () => {
    const told = (await view.sent()).findLast(({ type }) => type === 'select')?.['layer'];
    if (told !== layer) throw new Error(`told of ${String(told)}, not of ${layer}`);
  });
}
