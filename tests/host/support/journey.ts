import { strToU8, zipSync } from 'fflate';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oraclePython } from '../../support/oracles.ts';
import { inRepo } from '../../support/root.ts';
import { inThemes } from './inThemes.ts';
import { openWorkbench, type Theme } from './workbench.ts';

/**
 * The way of a new user, in each theme: a side view without a file, an example, an archive, a file that is cut off, a source, a Python file and a notebook.
 * `node scripts/bundled.mjs tests/host/support/journey.ts`; INITSCOPE_THEMES=light,dark chooses.
 */
const SOURCE = `import * as tf from '@tensorflow/tfjs';

export function build(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 64, activation: 'tanh', inputShape: [784] }));
  for (let i = 0; i < 8; i++) {
    const kernelInitializer = tf.initializers.randomNormal({ stddev: 0.05 });
    model.add(tf.layers.dense({ units: 64, activation: 'tanh', kernelInitializer }));
  }
  model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  return model;
}
`;

const PYTHON = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(64, 128)
        self.second = nn.Linear(128, 128)
        self.third = nn.Linear(128, 128)
        self.head = nn.Linear(128, 10)
        for layer in (self.first, self.second, self.third):
            nn.init.normal_(layer.weight, std=1.0)

    def forward(self, x):
        x = torch.tanh(self.first(x))
        x = torch.tanh(self.second(x))
        x = torch.tanh(self.third(x))
        return self.head(x)


net = Net()
`;

const cell = (type: 'code' | 'markdown', source: string) => ({
  cell_type: type,
  metadata: {},
  source: source.split(/(?<=\n)/),
  ...(type === 'code' ? { execution_count: null, outputs: [] } : {}),
});

const [imports = '', body = ''] = PYTHON.split(/\n\n\n(?=class)/);
const folder = mkdtempSync(join(tmpdir(), 'journey-'));
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const example = readFileSync(inRepo('examples', 'zero-mlp.json'), 'utf8');
write(
  'zero-mlp.keras',
  zipSync({
    'config.json': strToU8(example),
    'metadata.json': strToU8('{"keras_version":"3.5.0","date_saved":"2026-01-01@00:00:00"}'),
  }),
);
write('cut.json', example.slice(0, example.length / 2));
write('digits.ts', SOURCE);
write('net.py', PYTHON);
write(
  'net.ipynb',
  JSON.stringify(
    {
      cells: [cell('markdown', '# A net'), cell('code', imports), cell('code', body)],
      metadata: { language_info: { name: 'python' } },
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  ),
);

async function take(theme: Theme): Promise<void> {
  const python = oraclePython('torch');
  const workbench = await openWorkbench({
    folder,
    theme,
    width: 1200,
    height: 760,
    settings: {
      'editor.minimap.enabled': false,
      'window.commandCenter': false,
      ...(python === null ? {} : { 'initscope.python.path': python }),
    },
  });
  const { page } = workbench;
  const shot = async (name: string) => {
    await page.waitForTimeout(1500);
    console.log(await workbench.screenshot(`journey-${name}-${theme}`));
  };
  const settled = () => page.waitForTimeout(4000);
  const underlined = () =>
    page
      .locator('.squiggly-error, .squiggly-warning')
      .first()
      .waitFor({ timeout: 90_000 })
      .catch(() => console.log('no squiggle'));
  try {
    await workbench.command('View: Show Initscope');
    await shot('1-nothing');
    await workbench.webview().getByRole('button', { name: 'Open Example' }).click();
    await page.waitForTimeout(2000);
    await shot('2-example-asked');
    await page.keyboard.press('Enter');
    await settled();
    await shot('2-example');
    await workbench.openFile('cut.json');
    await shot('3-cut');
    for (const [name, file, line] of [
      ['4-source', 'digits.ts', 8],
      ['5-python', 'net.py', 13],
    ] as const) {
      await workbench.openFile(file);
      await workbench.goTo(line);
      if (file === 'net.py') {
        await shot('5-python-opened');
        await workbench.command('Initscope: Inspect Model');
      }
      await underlined();
      await settled();
      await shot(name);
    }
    await workbench.openFile('net.ipynb');
    await page.waitForTimeout(4000);
    await shot('6-notebook-opened');
    await workbench.command('Initscope: Inspect Model');
    await underlined();
    await shot('6-notebook');
    await workbench.openFile('zero-mlp.keras');
    await workbench
      .webview()
      .locator('h1')
      .first()
      .waitFor({ timeout: 30_000 })
      .catch(() => console.log('no h1'));
    await shot('7-archive');
  } catch (error) {
    console.log(error);
    await shot('failed');
  } finally {
    await workbench.close();
  }
}

try {
  await inThemes(take);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
