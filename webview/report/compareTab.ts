import type { ComparedStart, Comparison, ComparisonSet, Profile } from '../../src/model/comparison.ts';
import { COMPARISON_COLUMNS, comparisonRow } from '../../src/report/comparison.ts';
import { formatNumber, formatSeconds } from '../../src/report/format.ts';
import { fill, h } from '../shared/dom.ts';
import { lazyTable } from '../shared/lazyTable.ts';
import { drawingButton } from './chartTools.ts';
import { lineChart, type ChartLine } from './lineChart.ts';
import { studySection } from './studySection.ts';
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
    .map((start) => ({ title: start.title, look: look(start), values: known(start.profile[part]) }));
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

/** `0.5 [0.4, 0.6]` with the interval on a line of its own. */
function withInterval(cell: string): (string | Element)[] {
  const at = cell.indexOf(' [');
  return at < 0 ? [cell] : [cell.slice(0, at), h('span', { class: 'interval dim' }, cell.slice(at))];
}

function outcome(best: ComparedStart | undefined): string {
  if (best === undefined) return 'Nothing was compared.';
  const [fault] = best.findings;
  return fault === undefined
    ? `${best.title} starts best, without a finding.`
    : `No initialization is free of findings; ${best.title} comes closest, with ${fault}.`;
}

function drawn(context: TabContext, comparison: Comparison): Element[] {
  const { starts, layers, plan, run } = comparison;
  const [best] = starts;
  const chosen = new Set(best === undefined ? [] : [best.id]);
  const ends = [layers[0] ?? '', layers.at(-1) ?? ''] as const;
  const size = [560, 260] as const;
  const charts = (['signal', 'gradient'] as const).map((part) => ({
    part,
    chart: lineChart({
      columns: layers.length,
      ends,
      size,
      ...(part === 'signal' ? { band: [0.1, 10] as const } : {}),
    }),
  }));
  const body = h('tbody');
  const draw = () => {
    for (const { part, chart } of charts)
      chart.draw(lines(comparison, chosen, part), summary(comparison, part));
    fill(body, ...starts.map(row));
  };
  const row = (start: ComparedStart, index: number) => {
    const [rank = '', title = '', ...cells] = comparisonRow(start, index);
    const on = chosen.has(start.id);
    const toggle = () => {
      if (on) chosen.delete(start.id);
      else chosen.add(start.id);
      draw();
      body.querySelectorAll<HTMLElement>('button')[index]?.focus();
    };
    return h(
      'tr',
      { class: `${on ? 'on' : ''} ${start.id === 'file' ? 'of-file' : ''}` },
      h('td', { class: 'number' }, rank),
      h(
        'th',
        { scope: 'row' },
        h('button', { type: 'button', class: 'link', 'aria-pressed': String(on), onclick: toggle }, title),
      ),
      ...cells.map((cell, at) =>
        COMPARISON_COLUMNS[at + 2]?.align === 'right'
          ? h('td', { class: 'number' }, ...withInterval(cell))
          : h('td', {}, cell),
      ),
    );
  };
  draw();
  return [
    h(
      'p',
      {},
      h('strong', {}, outcome(best)),
      ` ${starts.length} initializations · ${plan.seeds.length} seeds · batch ${plan.batch} · ${plan.backend}, ${formatSeconds(run.elapsedMs)}`,
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
          drawingButton(context, `compare-${part}`, chart.element),
        ),
      ),
    ),
    h(
      'div',
      { class: 'scrolled', tabindex: 0, role: 'region', 'aria-label': 'ranked initializations' },
      h(
        'table',
        { class: 'ranked' },
        h('caption', {}, 'Best first. Choose a name to draw its profile.'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...COMPARISON_COLUMNS.map(({ title, align }) =>
              h('th', { scope: 'col', class: align === 'right' ? 'number' : '' }, title === '' ? '#' : title),
            ),
          ),
        ),
        body,
      ),
    ),
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
}
