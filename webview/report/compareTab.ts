import type { ComparedStart, Comparison, ComparisonSet, Profile } from '../../src/model/comparison.ts';
import { COMPARISON_COLUMNS, comparisonRow } from '../../src/report/comparison.ts';
import { comparisonOutcome, glorotOrHe } from '../../src/report/comparisonWords.ts';
import { formatNumber, formatSeconds } from '../../src/report/format.ts';
import { h } from '../shared/dom.ts';
import { lazyTable } from '../shared/lazyTable.ts';
import { drawingButton } from './chartTools.ts';
import { lineChart, type ChartLine } from './lineChart.ts';
import { rankedTable } from './rankedTable.ts';
import { studySection, type DrawnStudy } from './studySection.ts';
import type { Tab, TabContext } from './tab.ts';

const ABOUT =
  'Every sensible initializer measured on this model with the same draws, ranked. The layers’ signal and gradient are drawn over one another: flat is good.';

/** Compare: the profiles of all starting points overlaid, and their ranked table. */
export function compareTab(context: TabContext): Tab {
  return studySection<ComparisonSet>(context, {
    study: 'comparison',
    about: ABOUT,
    start: 'Compare initializers',
    again: 'Compare again',
    exported: context.studies.comparison,
    draw: ({ comparisons }) => {
      const own = comparisons.find(({ modelId }) => modelId === context.report.modelId);
      return own === undefined ? undefined : drawn(context, own);
    },
  });
}

const known = (profile: Profile) => profile.map((value) => value ?? undefined);

function lines(
  { starts }: Comparison,
  chosen: ReadonlySet<string>,
  part: 'signal' | 'gradient',
): ChartLine[] {
  const look = ({ id }: ComparedStart) =>
    `${part === 'signal' ? 'forward' : 'backward'} ${id === 'file' ? 'of-file' : chosen.has(id) ? 'chosen' : 'other'}`;
  const order = ({ id }: ComparedStart) => (chosen.has(id) ? 2 : 0) + (id === 'file' ? 1 : 0);
  return starts
    .toSorted((a, b) => order(a) - order(b))
    .map((start) => ({
      title: start.title,
      look: look(start),
      values: known(start.profile[part]),
      quiet: start.id !== 'file' && !chosen.has(start.id),
    }));
}

function summary({ starts, layers }: Comparison, part: 'signal' | 'gradient'): string {
  const [best] = starts;
  const file = starts.find(({ id }) => id === 'file');
  const ends = (start: ComparedStart) => {
    const values = known(start.profile[part]).filter((value) => value !== undefined);
    return `${formatNumber(values[0] ?? NaN)} to ${formatNumber(values.at(-1) ?? NaN)}`;
  };
  const of = part === 'signal' ? 'Signal' : 'Gradient';
  return (
    `${of} of ${starts.length} initializations over ${layers.length} layers` +
    (best === undefined ? '.' : `: ${best.title}, the best, goes from ${ends(best)}`) +
    (file === undefined || file === best ? '.' : `; as in the file from ${ends(file)}.`)
  );
}

function drawn(context: TabContext, comparison: Comparison): DrawnStudy {
  const { starts, layers, plan, run } = comparison;
  const [best] = starts;
  const chosen = new Set(best === undefined ? [] : [best.id]);
  const size = [560, 260] as const;
  const charts = (['signal', 'gradient'] as const).map((part) => ({
    part,
    chart: lineChart({
      names: layers,
      size,
      choose: (index) => context.choose(layers[index] ?? ''),
      ...(part === 'signal' ? { band: [0.1, 10] as const } : {}),
    }),
  }));
  const table = rankedTable({
    label: 'ranked initializations',
    caption: 'Best first. Choose a name to draw its profile.',
    columns: COMPARISON_COLUMNS,
  });
  const draw = () => {
    for (const { part, chart } of charts)
      chart.draw(lines(comparison, chosen, part), summary(comparison, part));
    table.draw(
      starts.map((start, index) => ({
        cells: comparisonRow(start, index),
        ofFile: start.id === 'file',
        chosen: chosen.has(start.id),
        choose: () => {
          if (!chosen.delete(start.id)) chosen.add(start.id);
          draw();
        },
      })),
    );
  };
  draw();
  const elements = [
    h(
      'p',
      {},
      h('strong', {}, comparisonOutcome(comparison)),
      ` ${glorotOrHe(comparison)} ${starts.length} initializations · ${plan.seeds.length} seeds · batch ${plan.batch} · ${plan.backend}, ${formatSeconds(run.elapsedMs)}`,
    ),
    h(
      'p',
      { class: 'legend flush', 'aria-hidden': 'true' },
      h('span', { class: 'key forward' }, 'signal, chosen'),
      h('span', { class: 'key backward' }, 'gradient, chosen'),
      h('span', { class: 'key predicted' }, 'as in the file'),
      h('span', { class: 'key' }, 'others'),
    ),
    h(
      'div',
      { class: 'chart-pair' },
      ...charts.map(({ part, chart }) =>
        h(
          'figure',
          {},
          h('figcaption', {}, part === 'signal' ? 'signal rms' : 'gradient norm'),
          chart.element,
          drawingButton(context, `compare-${part}`, chart.drawing),
        ),
      ),
    ),
    table.element,
    lazyTable(() => ({
      caption: 'signal rms / gradient norm of each initialization',
      columns: ['layer', ...starts.map(({ title }) => title)],
      rows: layers.map((layer, index) => [
        layer,
        ...starts.map(({ profile: { signal, gradient } }) =>
          [signal[index], gradient[index]]
            .map((value) => (value === null || value === undefined ? '–' : formatNumber(value)))
            .join(' / '),
        ),
      ]),
    })),
  ];
  const select = (layer: string) => charts.forEach(({ chart }) => chart.select(layers.indexOf(layer)));
  return { elements, select };
}
