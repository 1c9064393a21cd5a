import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportSet } from '../../src/model/report.ts';
import { decodeWire, type PageData } from '../../src/protocol/wireReports.ts';
import { cli } from './cli.ts';
import { scratchFolder } from './folder.ts';
import { inRepo } from './root.ts';

interface DeepChoices {
  readonly units?: number;
  /** The kernel initializer of a layer, as a Keras config; he_normal with one small one in the middle when absent. */
  readonly initializer?: (index: number) => object;
}

const normal = (stddev: number) => ({ class_name: 'RandomNormal', config: { mean: 0, stddev } });
const HE_NORMAL = { class_name: 'HeNormal', config: {} };

/** One initializer for every layer of a deep model. */
export const everywhere = { normal: (stddev: number) => () => normal(stddev), he: () => HE_NORMAL };

/** A Keras file of `count` dense layers with ReLU, the last a softmax over 10 classes. */
export function deepModel(name: string, count: number, choices: DeepChoices = {}): string {
  const model = JSON.parse(readFileSync(inRepo('examples/deep-sigmoid.json'), 'utf8')) as {
    config: { layers: { config: Record<string, unknown> }[] };
  };
  const [input, dense] = model.config.layers;
  const middle = Math.floor(count / 2);
  const { units = 16, initializer = (index) => (index === middle ? normal(0.01) : HE_NORMAL) } = choices;
  const layers = Array.from({ length: count }, (_, index) => ({
    ...dense,
    config: {
      ...dense?.config,
      name: `dense_${index}`,
      units: index === count - 1 ? 10 : units,
      activation: index === count - 1 ? 'softmax' : 'relu',
      kernel_initializer: initializer(index),
    },
  }));
  const file = join(scratchFolder(), `${name}.json`);
  writeFileSync(file, JSON.stringify({ ...model, config: { ...model.config, layers: [input, ...layers] } }));
  return file;
}

/** What `inspect --html` writes of a file: the page, and the data in it with everything a view can ask for. */
export async function recordedPage(
  file: string,
  ...options: readonly string[]
): Promise<{ readonly html: string; readonly data: PageData }> {
  const html = join(scratchFolder(), 'page.html');
  await cli(['inspect', file, '--html', html, '--quiet', '--fail-on', 'never', ...options]);
  const text = /id="initscope-data">(.*?)<\/script>/s.exec(readFileSync(html, 'utf8'))?.[1] ?? '';
  return { html, data: decodeWire(text) as PageData };
}

/** The measured reports of such a deep model. */
export async function recordedReports(name: string, count: number): Promise<ReportSet> {
  return (await recordedPage(deepModel(name, count), '--seeds', '2')).data.reports;
}
