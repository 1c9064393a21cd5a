import { mkdirSync } from 'node:fs';
import { openBrowser } from '../../support/browser.ts';
import { madeReport, madeSet } from '../../support/reports.ts';
import { inRepo } from '../../support/root.ts';
import { openView } from './viewPage.ts';
import { THEMES } from './themes.ts';

const browser = await openBrowser();
if (browser !== null) {
  mkdirSync(inRepo('.cache/screenshots'), { recursive: true });
  for (const theme of Object.keys(THEMES)) {
    for (const view of ['side', 'report'] as const) {
      for (const [name, count] of [
        ['small', 10],
        ['deep', 200],
      ] as const) {
        const { page, faults } = await openView(browser, view, {
          theme,
          set: madeSet(madeReport(count, 2e-5)),
        });
        await page.screenshot({ path: inRepo(`.cache/screenshots/${view}-${name}-${theme}.png`) });
        if (faults.length > 0) console.log(view, name, theme, faults);
        await page.close();
      }
    }
  }
  await browser.close();
}
