import { signalOf } from '../../src/report/layerSignal.ts';
import { signalQuantity } from '../../src/model/layerSignal.ts';
import type { ReportLayer } from '../../src/model/report.ts';
import { formatCount, formatNumber, formatShare } from '../../src/report/format.ts';

/** A column of the table of layers. */
export interface Column {
  readonly title: string;
  text(layer: ReportLayer): string;
  readonly number?: true;
  /** What it is sorted by. */
  key(layer: ReportLayer): number | string;
}

const kernel = ({ initializers }: ReportLayer) =>
  initializers.find(({ gain }) => gain !== undefined) ?? initializers[0];
const quantity = (
  title: string,
  pick: (layer: ReportLayer) => number | undefined,
  format: (value: number) => string,
): Column => ({
  title,
  number: true,
  text: (layer) => {
    const value = pick(layer);
    return value === undefined ? '' : format(value);
  },
  key: (layer) => pick(layer) ?? -Infinity,
});

/** Every column, what tells most first: where room is short the last ones are scrolled to. */
export const COLUMNS: readonly Column[] = [
  { title: 'layer', text: ({ id }) => id, key: ({ id }) => id },
  {
    title: 'class',
    text: (layer) => [layer.class, layer.activation].filter(Boolean).join(' · '),
    key: (layer) => layer.class,
  },
  {
    title: 'initializer',
    text: (layer) => kernel(layer)?.spelled ?? '',
    key: (layer) => kernel(layer)?.spelled ?? '',
  },
  quantity('gain has', (layer) => kernel(layer)?.gain?.has, formatNumber),
  quantity('gain needs', (layer) => kernel(layer)?.gain?.needs, formatNumber),
  quantity('rms', (layer) => signalOf(layer)?.mean, formatNumber),
  quantity('predicted', (layer) => layer.predicted[signalQuantity(layer)], formatNumber),
  quantity('gradient', ({ measured }) => measured.gradientNorm?.mean, formatNumber),
  quantity('fan-in', (layer) => kernel(layer)?.fanIn, formatCount),
  quantity('zeros', ({ measured }) => measured.zeros?.mean, formatShare),
  quantity('saturated', ({ measured }) => measured.saturated?.mean, formatShare),
  quantity('dead', ({ measured }) => measured.dead?.mean, formatShare),
  quantity('parameters', ({ parameters }) => parameters, formatCount),
];

/** Whether a column says anything of these layers. */
export function told({ text }: Column, layers: readonly ReportLayer[]): boolean {
  return layers.length === 0 || layers.some((layer) => text(layer) !== '');
}

/** Least and most letters of a column of words. */
const [LEAST, MOST] = [12, 30];

/** Letters beside the longest cell: the space between columns. */
const BESIDE = 1;

/** The columns as grid tracks in letters, and the least they take: numbers are as wide as the longest of them, words shrink when room is short. */
export function columnWidths(
  columns: readonly Column[],
  layers: readonly ReportLayer[],
): { readonly tracks: string; readonly least: number } {
  const letters = columns.map(({ title, number, text }) => {
    const longest = layers.reduce((most, layer) => Math.max(most, text(layer).length), title.length) + BESIDE;
    return number === true ? [longest, longest] : [LEAST, Math.max(LEAST, Math.min(MOST, longest))];
  });
  return {
    tracks: letters.map(([least, most]) => `minmax(${least}ch, ${most}ch)`).join(' '),
    least: letters.reduce((sum, [least = 0]) => sum + least, 0),
  };
}
