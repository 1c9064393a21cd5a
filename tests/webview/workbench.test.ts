import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findBrowser } from '../../scripts/support/vscode.mjs';
import { openWorkbench, type Workbench } from '../host/support/workbench.ts';
import { scratchFolder } from '../support/folder.ts';
import { deepModel, everywhere } from '../support/recorded.ts';
import { settles } from './support/waits.ts';
import { LONG, viewFrame as view } from './support/viewFrame.ts';

const folder = scratchFolder();
const file = join(folder, 'net.json');
const SOURCE = [
  "import * as tf from '@tensorflow/tfjs';",
  'const model: tf.Sequential = tf.sequential();',
  "model.add(tf.layers.dense({ name: 'wide', units: 32, activation: 'relu', inputShape: [8] }));",
  "model.add(tf.layers.dense({ name: 'narrow', units: 2 }));",
];
let workbench: Workbench | undefined;

before(async () => {
  const model: unknown = JSON.parse(
    readFileSync(deepModel('net', 8, { units: 32, initializer: everywhere.normal(0.02) }), 'utf8'),
  );
  writeFileSync(file, `${JSON.stringify(model, undefined, 2)}\n`);
  writeFileSync(join(folder, 'net.ts'), `${SOURCE.join('\n')}\n`);
  writeFileSync(join(folder, 'other.ts'), 'export const answer = 42;\n');
  if ((await findBrowser()) !== null)
    workbench = await openWorkbench({ folder, settings: { 'files.autoSave': 'afterDelay' } });
});
after(async () => workbench?.close());

/** The line (1-based) on which a layer's definition begins or its name stands: where the cursor may be to mean it. */
function linesOf(layer: string): { first: number; name: number } {
  const lines = readFileSync(file, 'utf8').split('\n');
  const name = lines.findIndex((line) => line.includes(`"name": "${layer}"`));
  return {
    first: lines.slice(0, name).findLastIndex((line) => line.includes('class_name')) + 1,
    name: name + 1,
  };
}

async function line(bench: Workbench): Promise<number> {
  const text = await bench.page.locator('[id="status.editor.selection"]').textContent();
  return Number(/Ln (\d+)/.exec(text ?? '')?.[1]);
}

test('a side view without a file offers the first steps, and loads nothing but what lies beside its script', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  await workbench.openFile('other.ts');
  await workbench.command('View: Show Initscope');
  const side = await view(workbench, 'side');
  await side.getByRole('button', { name: 'Inspect other.ts' }).waitFor(LONG);
  await side.getByRole('button', { name: 'Open Example' }).waitFor(LONG);
  await side.getByRole('button', { name: 'Inspect Workspace' }).waitFor(LONG);
  const loads = (path: string) =>
    side
      .locator('link[rel=stylesheet]')
      .first()
      .evaluate(
        (own, to) =>
          new Promise<string>((settled) => {
            const link = document.createElement('link');
            link.rel = 'stylesheet';
            link.href = (own as HTMLLinkElement).href.replace(/dist\/webview\/side\.css$/, to);
            for (const event of ['load', 'error'])
              link.addEventListener(event, () => (link.remove(), settled(event)));
            document.head.append(link);
          }),
        path,
      );
  assert.equal(await loads('dist/webview/report.css'), 'load');
  // A stylesheet of the sources beside dist, which a wider root would hand out.
  assert.equal(await loads('webview/shared/text.css'), 'error');
  await side.getByRole('button', { name: 'Show me how' }).waitFor();
});

test('the side view follows the file and its cursor, and reveals the line of a layer', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  await workbench.openFile('net.json');
  await workbench.goTo(linesOf('dense_3').name);
  await workbench.command('View: Show Initscope');
  const side = await view(workbench, 'side');
  await side.locator('.verdict').waitFor(LONG);
  await side.locator('[aria-selected=true]', { hasText: 'dense_3' }).waitFor(LONG);
  await side.getByRole('option', { name: /^dense_5/ }).click();
  await side.locator('.detail-box .histogram').first().waitFor();
  const { first, name } = linesOf('dense_5');
  const bench = workbench;
  await settles(async () => {
    const revealed = await line(bench);
    assert.ok(
      revealed >= first - 1 && revealed <= name,
      `line ${revealed}, the layer is at ${first} to ${name}`,
    );
  });
  await workbench.page.keyboard.press('Control+1');
  await workbench.goTo(linesOf('dense_2').name);
  await workbench.page.keyboard.press('End');
  await side.locator('[aria-selected=true]', { hasText: 'dense_2' }).waitFor();
});

test('the side view follows to a TypeScript source and reveals the call of a layer', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  await workbench.openFile('net.ts');
  const side = await view(workbench, 'side');
  await side.getByRole('option', { name: /^narrow/ }).click(LONG);
  await side.locator('.detail-box .histogram').first().waitFor(LONG);
  await workbench.page
    .locator('[id="status.editor.selection"]', { hasText: `Ln ${SOURCE.length}` })
    .waitFor(LONG);
  await workbench.openFile('net.json');
  await side.getByRole('option', { name: /^dense_5/ }).waitFor(LONG);
});

test('the report opens beside it, compares from the panel, and a repair there changes the file', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  await (await view(workbench, 'side')).getByRole('button', { name: 'Compare' }).click();
  const shown = await view(workbench, 'report');
  await shown.getByText(/initializations on 5 seeds each: about/).waitFor(LONG);
  await shown.getByRole('button', { name: 'Compare initializers' }).click();
  await shown.locator('.ranked tbody tr').nth(9).waitFor(LONG);
  await shown.getByRole('tab', { name: 'What if' }).click();
  await shown.getByRole('combobox', { name: 'initializer' }).selectOption('heNormal');
  await shown.getByRole('combobox', { name: 'width' }).selectOption('2');
  await shown.getByRole('button', { name: 'Measure' }).click();
  await shown.getByText(/Measured over \d+ seeds/).waitFor(LONG);
  const before = readFileSync(file, 'utf8');
  await shown.getByRole('tab', { name: 'Findings' }).click();
  await shown.locator('.advice .primary').first().click();
  await workbench.page.locator('.monaco-diff-editor .line-insert').first().waitFor(LONG);
  await workbench.page.getByRole('option', { name: /^Apply/ }).click();
  assert.doesNotMatch(before, /HeNormal/);
  await settles(() => assert.match(readFileSync(file, 'utf8'), /HeNormal/));
});

test('both views stand under a policy that allows one script by its nonce, and nothing else', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const nonces: (string | null)[] = [];
  for (const kind of ['side', 'report'] as const) {
    const shown = await view(workbench, kind);
    const policy = await shown.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    const parts = /^default-src 'none'; script-src 'nonce-([^']{24})'; style-src [^;]+; img-src data:$/.exec(
      policy ?? '',
    );
    assert.ok(parts, String(policy));
    assert.doesNotMatch(policy ?? '', /unsafe/);
    nonces.push(parts[1] ?? null);
  }
  assert.equal(new Set(nonces).size, 2);
});

test('widths are scanned from the report, and their laws told', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  const shown = await view(workbench, 'report');
  await shown.getByRole('tab', { name: 'Widths' }).click();
  await shown.getByText(/4 widths, 5 seeds and 3 steps each: about/).waitFor(LONG);
  await shown.getByLabel('Factors of the width').fill('1, 2');
  await shown.getByRole('button', { name: 'Scan widths' }).click();
  await shown.getByText(/^(not )?flat: /).waitFor(LONG);
  await shown.locator('.ranked tbody tr').nth(15).waitFor(LONG);
  await shown.locator('.scan-chart').nth(1).waitFor();
});

test('after a reload of the window the report shows its section and its last comparison', async (t) => {
  if (workbench === undefined) return t.skip('no browser');
  await (await view(workbench, 'report')).getByRole('tab', { name: 'Compare' }).click();
  await workbench.page.waitForTimeout(3000);
  const loaded = workbench.page.waitForEvent('load', LONG);
  await workbench.command('Developer: Reload Window');
  await loaded;
  const shown = await view(workbench, 'report');
  await shown.locator('[role=tab][aria-selected=true]', { hasText: 'Compare' }).waitFor(LONG);
  await shown.locator('.ranked tbody tr').first().waitFor(LONG);
});
