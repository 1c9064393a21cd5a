import { oraclePython } from '../../support/oracles.ts';
import { inRepo } from '../../support/root.ts';
import { inThemes } from './inThemes.ts';
import { openWorkbench, type Theme } from './workbench.ts';

/**
 * Pictures of the side view beside a model file, and of the report, in each theme.
 * `node scripts/bundled.mjs tests/host/support/viewPictures.ts [FILE [FOLDER [LINE]]]`; INITSCOPE_THEMES=light,dark and INITSCOPE_SIZE=1200x700 choose. LINE is shown, where findings are
 * waited for. A Python file is run by the oracles' interpreter.
 */
const [file = 'deep-sigmoid.json', folder = inRepo('examples'), line] = process.argv.slice(2);
const [width = 1400, height = 860] = process.env.INITSCOPE_SIZE?.split('x').map(Number) ?? [];
const python = file.endsWith('.py') ? oraclePython('torch') : null;
const name = file.replace(/\.\w+$/, '').replace(/\W+/g, '-');

async function take(theme: Theme): Promise<void> {
  const workbench = await openWorkbench({
    folder,
    theme,
    width,
    height,
    settings: {
      'editor.minimap.enabled': false,
      'window.commandCenter': false,
      ...(python === null ? {} : { 'initscope.python.path': python }),
    },
  });
  const { page } = workbench;
  try {
    await workbench.openFile(file);
    if (line !== undefined) await workbench.goTo(Number(line));
    if (python !== null) await workbench.command('Initscope: Inspect Model');
    await page
      .locator('.squiggly-error, .squiggly-warning')
      .first()
      .waitFor({ timeout: python === null ? 60_000 : 240_000 })
      .catch(() => {});
    await workbench.command('View: Show Initscope');
    await page.waitForTimeout(2500);
    console.log(await workbench.screenshot(`side-${name}-${theme}`));
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.command('Initscope: Open Report');
    await page.waitForTimeout(3500);
    await page.locator('.tab', { hasText: file }).first().click({ button: 'middle' });
    await page.mouse.move(width / 2, height - 20);
    await page.waitForTimeout(2500);
    console.log(await workbench.screenshot(`panel-${name}-${theme}`));
  } finally {
    await workbench.close();
  }
}

await inThemes(take);
