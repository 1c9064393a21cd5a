import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inThemes } from './inThemes.ts';
import { openWorkbench, type Theme } from './workbench.ts';

/** Pictures of findings in a `.ts` and an `.html` source, each with its hover, in each theme: `node scripts/bundled.mjs tests/host/support/sourcePictures.ts`. */
const FILES: Readonly<Record<string, string>> = {
  'digits.ts': `import * as tf from '@tensorflow/tfjs';

interface Options {
  units?: number;
  depth?: number;
}

export function build({ units = 64, depth = 8 }: Options = {}): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units, activation: 'tanh', inputShape: [784] }));
  for (let i = 0; i < depth; i++) {
    const kernelInitializer = tf.initializers.randomNormal({ stddev: 0.05 });
    model.add(tf.layers.dense({ units, activation: 'tanh', kernelInitializer }));
  }
  model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  return model;
}
`,
  'page.html': `<!doctype html>
<title>Digits in the page</title>
<script src="https://cdn.example/tf.min.js"></script>
<label>Units <input id="units" value="32" /></label>
<script>
  const { dense } = tf.layers;
  const units = Number(document.getElementById('units').value);
  const model = tf.sequential();
  model.add(
    dense({
      units,
      activation: 'relu',
      inputShape: [8],
      kernelInitializer: 'zeros',
    }),
  );
  model.add(dense({ units: 2, activation: 'softmax' }));
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
</script>
`,
  'initscope.json': '{}',
};

async function take(folder: string, theme: Theme): Promise<void> {
  const settings = { 'editor.minimap.enabled': false, 'window.commandCenter': false };
  const workbench = await openWorkbench({ folder, theme, width: 1100, height: 640, settings });
  const { page } = workbench;
  try {
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    for (const file of ['digits.ts', 'page.html']) {
      await workbench.openFile(file);
      const squiggle = page.locator('.squiggly-error').first();
      await squiggle.waitFor({ timeout: 90_000 });
      await page.waitForTimeout(3000);
      const box = await squiggle.boundingBox();
      if (box !== null) await page.mouse.move(box.x + 20, box.y + 2);
      await page.locator('.monaco-hover:not(.hidden)').first().waitFor();
      await page.waitForTimeout(1000);
      console.log(await workbench.screenshot(`source-${file.replace('.', '-')}-${theme}`));
      await page.keyboard.press('Escape');
    }
  } finally {
    await workbench.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'initscope-pictures-'));
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
try {
  await inThemes((theme) => take(folder, theme));
} finally {
  rmSync(folder, { recursive: true });
}
