import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { formatNumber } from '../../src/report/format.ts';
import { diagnosticsFor } from '../../src/server/diagnostics.ts';
import { FileState } from '../../src/server/fileState.ts';
import { viewOf } from '../../src/server/view.ts';
import { readingInspector, readText } from '../support/readingInspector.ts';
import { inRepo } from '../support/root.ts';
import { deepMlp } from './nets.ts';
import { median } from './paired.ts';

/** Milliseconds of the processor from a text to its diagnostics: medians of this thread, warm. */
export interface StaticRow {
  readonly file: string;
  readonly bytes: number;
  readonly layers: number;
  /** Opened: the file that was read before it was another one. */
  readonly first: number;
  /** Read again after one character was typed somewhere in it. */
  readonly again: number;
  /** All threads of the process, collecting garbage included, for each reading after an edit. */
  readonly process: number;
}

const ROUNDS = 25;

/** A normalization whose statistics the file writes out, and a small net behind it: a megabyte of few layers. */
function fewLayers(): string {
  const statistics = Array.from({ length: 24_000 }, (_, at) => Number(Math.sin(at).toFixed(12)));
  const layers = [
    ['InputLayer', { name: 'input', batch_input_shape: [null, 24_000] }],
    [
      'Normalization',
      { name: 'normalization', axis: [-1], mean: statistics, variance: statistics.map(Math.abs) },
    ],
    ['Dense', { name: 'hidden', units: 64, activation: 'relu', kernel_initializer: 'zeros' }],
    ['Dense', { name: 'head', units: 10, activation: 'softmax' }],
  ].map(([class_name, config]) => ({ class_name, config }));
  return JSON.stringify({ class_name: 'Sequential', config: { name: 'few', layers } }, null, 2);
}

/** The texts that are read: the architectures that Keras ships (`keras_models.py` writes them), and two made ones. */
function texts(): readonly (readonly [name: string, text: string])[] {
  const folder = inRepo('.cache', 'bench-models');
  const real = existsSync(folder) ? readdirSync(folder).sort() : [];
  return [
    ...real.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')] as const),
    ['generated, 2,447 layers', JSON.stringify(deepMlp(2446, 16, 16), null, 2)],
    ['generated, a megabyte of four layers', fewLayers()],
  ];
}

const inspector = readingInspector();

/** What the server does with a text before it can answer a pull; the number of layers. */
async function read(path: string, text: string): Promise<number> {
  const state = new FileState(`file://${path}`, path, false);
  const content = await readText(inspector, text, path);
  state.reading = { text, document: TextDocument.create(state.uri, 'json', 0, text), content };
  const view = viewOf(state.uri, state);
  if (view !== undefined)
    diagnosticsFor(state, view, { hints: true, rulePages: '', relatedInformation: true });
  return content.models.reduce((sum, { spec }) => sum + spec.layers.length, 0);
}

async function threadTime(action: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await action();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** A space typed behind a comma: another one each time. */
function edited(text: string, round: number): string {
  const at = text.indexOf(',', Math.floor((text.length * (round + 1)) / (ROUNDS + 2)));
  return `${text.slice(0, at + 1)} ${text.slice(at + 1)}`;
}

/** One row for each text whose name has `only`. */
export async function staticRows(only = ''): Promise<StaticRow[]> {
  const other = JSON.stringify(deepMlp(4, 8, 8));
  const rows: StaticRow[] = [];
  for (const [file, text] of texts()) {
    if (!file.includes(only)) continue;
    const path = `/bench/${file}.json`;
    let layers = 0;
    for (let round = 0; round < 8; round++) layers = await read(path, text);
    const first: number[] = [];
    const again: number[] = [];
    let all = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await read('/bench/other.json', other);
      first.push(await threadTime(() => read(path, text)));
      const before = process.cpuUsage();
      again.push(await threadTime(() => read(path, edited(text, round))));
      const { user, system } = process.cpuUsage(before);
      all += (user + system) / 1000;
    }
    rows.push({
      file,
      bytes: text.length,
      layers,
      first: median(first),
      again: median(again),
      process: all / ROUNDS,
    });
  }
  return rows;
}

/** The rows as Markdown. */
export function staticTable(rows: readonly StaticRow[]): string {
  const cell = (value: number): string => formatNumber(value, 3);
  return [
    '| model file | MB | layers | opened, ms | after an edit, ms | after an edit, all threads, ms |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      ({ file, bytes, layers, first, again, process: all }) =>
        `| ${file} | ${formatNumber(bytes / 1e6, 2)} | ${layers} | ${cell(first)} | ${cell(again)} | ${cell(all)} |`,
    ),
  ].join('\n');
}
