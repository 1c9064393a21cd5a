import { strToU8, zipSync } from 'fflate';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepo } from '../../support/root.ts';
import { inThemes } from './inThemes.ts';
import { openWorkbench, type Theme, type Workbench } from './workbench.ts';

/**
 * Pictures of what a person sees, in each theme: squiggle with hover, lightbulb, Problems with the lens, status, an archive and the
 * question before it is rewritten, walkthrough.
 * `node scripts/bundled.mjs tests/host/support/pictures.ts [FILE [WORD [FOLDER]]]` — WORD is the text the pointer rests on.
 */
const examples = existsSync(inRepo('examples')) ? inRepo('examples') : inRepo('tests', 'host', 'workspace');
const [file = 'deep-sigmoid.json', word = '"Dense"', source = examples] = process.argv.slice(2);

/** An archive with something to repair, beside the files of a copy of the folder. */
const ARCHIVE = 'zero-mlp.keras';
const folder = mkdtempSync(join(tmpdir(), 'initscope-pictures-'));
cpSync(source, folder, { recursive: true });
writeFileSync(
  join(folder, ARCHIVE),
  zipSync({
    'config.json': readFileSync(inRepo('examples', 'zero-mlp.json')),
    'metadata.json': strToU8('{"keras_version":"3.5.0","date_saved":"2026-01-01@00:00:00"}'),
  }),
);

async function quiet(workbench: Workbench): Promise<void> {
  await workbench.page.keyboard.press('Escape');
  await workbench.page.mouse.move(700, 890);
  await workbench.page.waitForTimeout(400);
}

async function take(theme: Theme): Promise<void> {
  const workbench = await openWorkbench({
    folder,
    theme,
    width: 1200,
    height: 760,
    settings: {
      'explorer.autoReveal': false,
      'editor.minimap.enabled': false,
      'window.commandCenter': false,
    },
  });
  const { page } = workbench;
  const shot = async (name: string): Promise<void> =>
    void console.log(await workbench.screenshot(`${name}-${theme}`));
  try {
    await workbench.openFile(file);
    const squiggle = page.locator('.squiggly-error, .squiggly-warning').first();
    await squiggle.waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1500);
    await shot('squiggle');
    await squiggle.hover({ force: true });
    await page.locator('.monaco-hover:not(.hidden)').first().waitFor();
    await page.waitForTimeout(800);
    await shot('finding');
    await quiet(workbench);
    await page.locator('.view-line span', { hasText: word }).last().hover();
    await page.locator('.monaco-hover:not(.hidden)').first().waitFor();
    await page.waitForTimeout(800);
    await shot('hover');
    await quiet(workbench);
    const box = await squiggle.boundingBox();
    if (box !== null) await page.mouse.click(box.x + 20, box.y + 2);
    await workbench.command('Quick Fix...');
    await page.locator('.action-widget').first().waitFor();
    await page.waitForTimeout(500);
    await shot('lightbulb');
    await quiet(workbench);
    await workbench.command('View: Focus Problems');
    await page.waitForTimeout(800);
    await shot('problems');
    const status = page.locator('.statusbar-item[id="status.languageStatus"]');
    await status.hover();
    await page.waitForTimeout(1200);
    await shot('status');
    await quiet(workbench);
    await workbench.command('Initscope: Open Report');
    await page.waitForTimeout(2500);
    await shot('report');
    await workbench.command('View: Close All Editors');
    await workbench.openFile(ARCHIVE);
    await page.locator('.monaco-workbench .webview-container, iframe.webview').first().waitFor();
    await page.waitForTimeout(6000);
    await shot('archive');
    await workbench.command('Initscope: Apply Suggested Initializers');
    await page.locator('.monaco-dialog-box').first().waitFor();
    await page.waitForTimeout(500);
    await shot('modal');
    await page.keyboard.press('Escape');
    await workbench.command('View: Close All Editors');
    await workbench.command('View: Close Panel');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await page.keyboard.press('F1');
    for (const words of ['>Welcome: Open Walkthrough', 'Repair a network']) {
      await page.waitForTimeout(600);
      await page.locator('.quick-input-widget input').first().fill(words);
      await page.waitForTimeout(600);
      await page.keyboard.press('Enter');
    }
    await page.waitForTimeout(2500);
    await shot('walkthrough');
  } finally {
    await workbench.close();
  }
}

try {
  await inThemes(take);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
