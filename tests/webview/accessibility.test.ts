import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { withGraphs } from '../../src/node/graphLayout.ts';
import { openBrowser } from '../support/browser.ts';
import { madeReport, madeSet } from '../support/reports.ts';
import { inRepo } from '../support/root.ts';
import { madeStudy } from '../support/studies.ts';
import { THEMES } from './support/themes.ts';
import { openView } from './support/viewPage.ts';
import { atRest, eachSection } from './support/waits.ts';

let browser: Browser | null = null;
before(async () => {
  browser = await openBrowser();
});
after(async () => browser?.close());

const axe = readFileSync(createRequire(inRepo('package.json')).resolve('axe-core/axe.min.js'), 'utf8');

interface Axe {
  run(): Promise<{
    violations: { impact: string; id: string; nodes: { html: string; any: { message: string }[] }[] }[];
  }>;
}

/** Serious violations in what the page shows now. */
async function serious(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: Axe }).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.any[0]?.message ?? ''}`);
  });
}

for (const theme of Object.keys(THEMES)) {
  test(`the side view has no serious accessibility violation in ${theme}`, async (t) => {
    if (browser === null) return t.skip('no browser');
    const { page, faults } = await openView(browser, 'side', { theme, set: madeSet(madeReport(10, 2e-5)) });
    await page.locator('.layer').first().click();
    await page.locator('.histogram').first().waitFor();
    await atRest(page);
    await page.evaluate(axe);
    assert.deepEqual(await serious(page), []);
    assert.deepEqual(faults, []);
    await page.close();
  });

  // What many layers add is in the page's structure: it is looked at on a dark and on a light ground.
  for (const layers of ['dark', 'high-contrast-light'].includes(theme) ? [10, 200] : [10]) {
    test(`every section of a report of ${layers} layers has no serious accessibility violation in ${theme}`, async (t) => {
      if (browser === null) return t.skip('no browser');
      const set = await withGraphs(madeSet(madeReport(layers, 2e-5)));
      const { page, faults } = await openView(browser, 'report', {
        theme,
        set,
        stale: true,
        answers: madeStudy,
      });
      await page.evaluate(axe);
      await eachSection(page, async (title) => {
        for (const table of await page.getByText('As a table').all()) await table.click();
        await atRest(page);
        assert.deepEqual(await serious(page), [], title);
      });
      assert.deepEqual(faults, []);
      await page.close();
    });
  }
}

test('Tab reaches every control of every section, and what has the focus shows it', async (t) => {
  if (browser === null) return t.skip('no browser');
  const set = await withGraphs(madeSet(madeReport(6, 2e-5)));
  const { page } = await openView(browser, 'report', { set, answers: madeStudy });
  await eachSection(page, async (title) => {
    const wanted = await page.evaluate(() => {
      const controls = Array.from(
        document.querySelectorAll<HTMLElement>(
          '[role=tabpanel] :is(button, input, select, summary, [tabindex="0"])',
        ),
      );
      const reachable = controls.filter(
        (each) => each.tabIndex >= 0 && each.checkVisibility() && !(each as HTMLButtonElement).disabled,
      );
      reachable.forEach((each, index) => each.setAttribute('data-stop', String(index)));
      return reachable.length;
    });
    await page.locator('[role=tab][aria-selected=true]').focus();
    const seen = new Set<string>();
    for (let step = 0; step < wanted + 3; step += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const active = document.activeElement as HTMLElement | null;
        if (active === null) return null;
        const style = getComputedStyle(active);
        const frame = active.querySelector('.frame');
        const shown =
          style.outlineStyle !== 'none' || (frame !== null && getComputedStyle(frame).strokeWidth !== '1px');
        return { stop: active.dataset['stop'] ?? null, shown, html: active.outerHTML.slice(0, 80) };
      });
      if (at?.stop === null || at === null) continue;
      seen.add(at.stop);
      assert.ok(at.shown, `${title}: the focus on ${at.html} does not show`);
    }
    assert.equal(seen.size, wanted, title);
  });
  await page.close();
});

test('at 200 % zoom nothing is cut off: no section is wider than the window', async (t) => {
  if (browser === null) return t.skip('no browser');
  const set = await withGraphs(madeSet(madeReport(30, 2e-5)));
  const { page } = await openView(browser, 'report', { set, answers: madeStudy, width: 640, height: 500 });
  await eachSection(page, async (title) => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${title}: ${over} px too wide`);
  });
  await page.close();
});

test('who asks for less motion gets none', async (t) => {
  if (browser === null) return t.skip('no browser');
  const { page } = await openView(browser, 'report', {
    set: madeSet(madeReport(6, 2e-5)),
    body: 'vscode-reduce-motion',
  });
  const moving = await page.evaluate(
    () =>
      Array.from(document.querySelectorAll('*')).filter((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element);
        return animationName !== 'none' || !/^0s(, 0s)*$/.test(transitionDuration);
      }).length,
  );
  assert.equal(moving, 0);
  await page.close();
});
