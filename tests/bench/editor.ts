import { setTimeout as wait } from 'node:timers/promises';
import { formatNumber } from '../../src/report/format.ts';
import { activationRow } from './activation.ts';
import { EditorServer } from './editorServer.ts';
import { deepMlp } from './nets.ts';
import { median } from './paired.ts';

/** One figure of the editor beside its goal. */
export interface EditorRow {
  readonly row: string;
  readonly value: string;
  readonly goal: string;
}

const MINUTE = 60_000;

/** A model file of at least so many bytes; its first layer starts at zero, which the text alone shows. */
function modelOf(bytes: number): string {
  for (let depth = 16; ; depth = Math.ceil(depth * 1.2)) {
    const text = JSON.stringify(deepMlp(depth, 16, 16), null, 2);
    if (text.length >= bytes) return text.replace(/"HeNormal"/, '"Zeros"');
  }
}

const milliseconds = (value: number): string => `${formatNumber(value, 3)} ms`;

/** Milliseconds from opening a file to its first findings, by clock and by processor. */
async function staticRows(): Promise<EditorRow[]> {
  const server = await EditorServer.start({ run: 'manual' });
  const text = modelOf(1e6);
  const times: number[] = [];
  const costs: number[] = [];
  const again: number[] = [];
  for (let round = 0; round < 12; round++) {
    const uri = `file:///bench/static${round}.json`;
    const cost = server.cpuMs;
    const started = performance.now();
    const read = server.reached(uri, 'predicted', 'failed');
    server.open(uri, text);
    await read;
    await server.pull(uri);
    times.push(performance.now() - started);
    costs.push(server.cpuMs - cost);
    const edited = server.cpuMs;
    server.type(uri, ' ');
    // Longer than the pause after a key stroke and the reading: the server is quiet again.
    await wait(4000);
    await server.pull(uri);
    again.push(server.cpuMs - edited);
    server.close(uri);
  }
  await server.end();
  const size = `${formatNumber(text.length / 1e6, 2)} MB`;
  return [
    { row: `first static finding, ${size}, first time`, value: milliseconds(times[0]!), goal: '' },
    {
      row: `first static finding, ${size}, median of later ones`,
      value: milliseconds(median(times.slice(2))),
      goal: '< 50 ms',
    },
    { row: 'of the processor', value: milliseconds(median(costs.slice(2))), goal: '< 50 ms' },
    {
      row: 'read again after an edit, of the processor',
      value: milliseconds(median(again.slice(2))),
      goal: '< 50 ms',
    },
  ];
}

async function measuredRows(): Promise<EditorRow[]> {
  const server = await EditorServer.start({ run: 'onSave' });
  const idleMemory = server.megabytes;
  const inspect = async (at: number): Promise<number> => {
    const uri = `file:///bench/net${at}.json`;
    const started = performance.now();
    const done = server.reached(uri, 'verdict', 'failed');
    // Another input each time, so that no cache answers.
    server.open(uri, JSON.stringify(deepMlp(4, 64, 64 + at)));
    await done;
    const time = performance.now() - started;
    server.close(uri);
    return time;
  };
  const from = Date.now() % 997;
  const first = await inspect(from);
  for (let at = 1; at < 100; at++) await inspect(from + at);
  const before = server.megabytes;
  for (let at = 100; at < 200; at++) await inspect(from + at);
  const growth = (server.megabytes / before - 1) * 100;
  const uri = 'file:///bench/typed.json';
  const read = server.reached(uri, 'verdict', 'failed');
  server.open(uri, modelOf(1e6));
  await read;
  await wait(2000);
  const idle = server.cpuMs;
  await wait(MINUTE);
  const idleCost = server.cpuMs - idle;
  const typing = server.cpuMs;
  for (let at = 0; at < 240; at++) {
    server.type(uri, ' ');
    await wait(MINUTE / 240);
  }
  const typingCost = server.cpuMs - typing;
  await server.end();
  return [
    { row: 'first measured finding, 4 layers, workers started', value: milliseconds(first), goal: '' },
    { row: 'memory when started', value: `${formatNumber(idleMemory, 3)} MB`, goal: '' },
    { row: 'memory after 100 inspections', value: `${formatNumber(before, 3)} MB`, goal: '' },
    { row: 'growth by 100 more', value: `${formatNumber(growth, 2)} %`, goal: '< 5 %' },
    { row: 'processor in an idle minute', value: milliseconds(idleCost), goal: '≤ 50 ms' },
    {
      row: 'processor in a minute of typing, 1 MB, 4 keys a second',
      value: milliseconds(typingCost),
      goal: '',
    },
  ];
}

/** What the extension costs in an editor. Linux only: it reads /proc. */
export async function editorRows(): Promise<EditorRow[]> {
  console.error('editor: ten starts of VS Code, then the server for three minutes');
  const activation = await activationRow(10);
  const started: EditorRow[] =
    activation === undefined
      ? []
      : [
          {
            row: `activate, median of ${activation.starts} starts`,
            value: milliseconds(activation.activateMs),
            goal: '< 50 ms',
          },
          { row: 'with loading the bundle', value: milliseconds(activation.withLoadingMs), goal: '' },
        ];
  return [...started, ...(await staticRows()), ...(await measuredRows())];
}

/** The rows as Markdown. */
export function editorTable(rows: readonly EditorRow[]): string {
  const lines = rows.map(({ row, value, goal }) => `| ${row} | ${value} | ${goal} |`);
  return ['| editor | measured | goal |', '| --- | ---: | ---: |', ...lines].join('\n');
}
