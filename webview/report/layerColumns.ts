import { signalOf } from '../../src/report/layerSignal.ts';
import { signalQuantity } from '../../src/model/layerSignal.ts';
import type { Measured, ReportLayer } from '../../src/model/report.ts';
import { csvTable } from '../../src/report/csv.ts';
import {
  formatCount,
  formatInUnit,
  formatMeasured,
  formatNumber,
  overSeeds,
} from '../../src/report/format.ts';

/** A column of the table of layers. */
export interface Column {
  readonly title: string;
  text(layer: ReportLayer): string;
  readonly number?: true;
  /** What it is sorted by. */
  key(layer: ReportLayer): number | string;
  /** What was measured, in a column of measured numbers. */
  readonly measured?: (layer: ReportLayer) => Measured | undefined;
  /** The text with the interval over seeds, where it was measured. */
  readonly full?: (layer: ReportLayer) => string;
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

const measured = (
  title: string,
  pick: (layer: ReportLayer) => Measured | undefined,
  unit: '' | 'share',
): Column => ({
  ...quantity(
    title,
    (layer) => pick(layer)?.mean,
    (value) => formatInUnit(value, unit),
  ),
  measured: pick,
  full: (layer) => {
    const found = pick(layer);
    return found === undefined ? '' : `${formatMeasured(found, unit)} ${overSeeds(found)}`;
  },
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
  measured('rms', signalOf, ''),
  quantity('predicted', (layer) => layer.predicted[signalQuantity(layer)], formatNumber),
  measured('gradient', (layer) => layer.measured.gradientNorm, ''),
  quantity('fan-in', (layer) => kernel(layer)?.fanIn, formatCount),
  measured('zeros', (layer) => layer.measured.zeros, 'share'),
  measured('saturated', (layer) => layer.measured.saturated, 'share'),
  measured('dead', (layer) => layer.measured.dead, 'share'),
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

/** These layers as CSV, numbers as they are: beside what was measured the two ends of its interval over seeds, `rmsLo` and `rmsHi`. */
export function layersCsv(layers: readonly ReportLayer[]): string {
  const header = COLUMNS.flatMap(({ title, measured: over }) =>
    over === undefined ? [title] : [title, `${title}Lo`, `${title}Hi`],
  );
  const cells = (layer: ReportLayer) =>
    COLUMNS.flatMap(({ measured: over, number, text, key }) => {
      if (over === undefined) return [number && text(layer) !== '' ? key(layer) : text(layer)];
      const found = over(layer);
      return [found?.mean ?? '', found?.lo ?? '', found?.hi ?? ''];
    });
  return csvTable(header, layers.map(cells));
}
