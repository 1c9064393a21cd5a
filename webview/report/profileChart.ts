import {
  CategoryScale,
  Chart,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Filler,
  Tooltip,
} from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import { formatNumber } from '../../src/report/format.ts';
import { powerText } from '../shared/scale.ts';
import type { Report, ReportLayer } from '../../src/model/report.ts';
import { h } from '../shared/dom.ts';
import { canvasPicture } from '../shared/picture.ts';
import { colours, faint, reducedMotion, type Colours } from '../shared/theme.ts';
import { repairSummary, type Repair } from './repair.ts';

Chart.register(
  CategoryScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Filler,
  Tooltip,
  annotation,
);

/** The profile over all layers: forward falling, backward falling the other way, prediction dotted, repair in green. */
export interface ProfileChart {
  readonly element: HTMLElement;
  /** Marks a column; −1 for none. */
  select(index: number): void;
  /** Draws what was measured with an advice beside it; undefined for none. */
  repair(repair: Repair | undefined): void;
  /** Draws again in the colours of the theme. */
  refresh(): void;
  /** Left and right end of the plot area in pixels, for the strips below. */
  area(): { readonly left: number; readonly right: number };
  /** PNG of the chart at twice its size, as a data URL. */
  image(): string;
  destroy(): void;
}

/** Room left of the plot that the titles of the strips below need, in pixels. */
const AXIS_WIDTH = 72;

const positive = (value: number | undefined) =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value : null;

const signalOf = (part: ReportLayer['measured']) => part.preActivation ?? part.activation;

/** Builds the chart of these layers; `choose` is called with a column. */
export function profileChart(
  report: Report,
  layers: readonly ReportLayer[],
  choose: (index: number) => void,
  laidOut: () => void,
): ProfileChart {
  const canvas = h('canvas', {
    role: 'img',
    'aria-label': profileSummary(report, layers),
  }) as unknown as HTMLCanvasElement;
  const element = h('div', { class: 'profile' }, canvas);
  let selected = -1;
  let repaired: Repair | undefined;
  const chart = new Chart(canvas, {
    type: 'line',
    data: { labels: layers.map(({ id }) => id), datasets: [] },
    options: {
      animation: reducedMotion() ? false : { duration: 150 },
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      onClick: (_event, elements) => {
        const index = elements[0]?.index;
        if (index !== undefined) choose(index);
      },
      scales: {},
      plugins: {
        legend: { display: false },
        tooltip: {
          filter: (item) => !item.dataset.label?.startsWith('interval'),
          callbacks: {
            label: (item) =>
              `${item.dataset.label}: ${item.raw === null ? '–' : formatNumber(Number(item.raw))}`,
          },
        },
      },
    },
    plugins: [{ id: 'layout', afterLayout: () => queueMicrotask(laidOut) }],
  });
  const mark = (theme: Colours) => {
    chart.options.plugins = {
      ...chart.options.plugins,
      annotation: {
        annotations: {
          band: {
            type: 'box',
            yMin: 0.1,
            yMax: 10,
            backgroundColor: faint(theme.good, 0.1),
            borderWidth: 0,
          },
          ...(selected >= 0
            ? {
                column: {
                  type: 'box' as const,
                  xMin: selected - 0.5,
                  xMax: selected + 0.5,
                  backgroundColor: faint(theme.forward, 0.14),
                  borderColor: theme.fg,
                  borderWidth: 1,
                  borderDash: [2, 2],
                },
              }
            : {}),
        },
      },
    };
    chart.update('none');
  };
  const refresh = () => {
    const theme = colours();
    const many = layers.length > 60;
    const line = (
      label: string,
      data: (number | null)[],
      colour: string,
      extra: Record<string, unknown> = {},
    ) => ({
      label,
      data,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 1.8,
      pointRadius: many ? 0 : 3,
      spanGaps: true,
      ...extra,
    });
    const ribbon = (
      label: string,
      pick: (layer: ReportLayer) => { lo: number; hi: number } | undefined,
      colour: string,
    ) => [
      line(
        `interval low ${label}`,
        layers.map((layer) => positive(pick(layer)?.lo)),
        'transparent',
        { pointRadius: 0, fill: false },
      ),
      line(
        `interval high ${label}`,
        layers.map((layer) => positive(pick(layer)?.hi)),
        'transparent',
        {
          pointRadius: 0,
          fill: '-1',
          backgroundColor: faint(colour, 0.22),
        },
      ),
    ];
    const repairLines = ({ signal, gradient }: Repair) => {
      const along = (values: ReadonlyMap<string, number>) => layers.map(({ id }) => positive(values.get(id)));
      const look = { borderWidth: 2.4, pointStyle: 'triangle', pointRadius: many ? 0 : 4, order: -1 };
      return [
        line('signal, repaired', along(signal), theme.fg, look),
        line('gradient, repaired', along(gradient), theme.fg, { ...look, borderDash: [7, 3] }),
      ];
    };
    const mean = (part: { mean: number } | undefined) => positive(part?.mean);
    chart.data.datasets = [
      ...ribbon('signal', ({ measured }) => signalOf(measured), theme.forward),
      ...ribbon('gradient', ({ measured }) => measured.gradientNorm, theme.backward),
      line(
        'signal',
        layers.map(({ measured }) => mean(signalOf(measured))),
        theme.forward,
      ),
      line(
        'gradient',
        layers.map(({ measured }) => mean(measured.gradientNorm)),
        theme.backward,
        { pointStyle: 'rect', borderDash: [7, 3] },
      ),
      line(
        'signal predicted',
        layers.map(({ predicted }) => positive(predicted.preActivation ?? predicted.activation)),
        theme.fg,
        { borderDash: [1.5, 3], pointRadius: 0, borderWidth: 1.4 },
      ),
      line(
        'signal, well initialized',
        layers.map(({ expected }) => mean(signalOf(expected))),
        theme.good,
        {
          pointRadius: 0,
        },
      ),
      line(
        'gradient, well initialized',
        layers.map(({ expected }) => mean(expected.gradientNorm)),
        theme.good,
        {
          pointRadius: 0,
          borderDash: [7, 3],
        },
      ),
      ...(repaired === undefined ? [] : repairLines(repaired)),
    ];
    chart.options.scales = {
      x: { display: false, offset: true },
      y: {
        type: 'logarithmic',
        afterFit: (axis) => {
          axis.width = Math.max(axis.width, AXIS_WIDTH);
        },
        grid: { color: theme.grid },
        ticks: {
          color: theme.dim,
          callback: (value) => {
            const power = Math.log10(Number(value));
            return Math.abs(power - Math.round(power)) < 1e-9 ? powerText(Number(value)) : undefined;
          },
        },
      },
    };
    mark(theme);
  };
  refresh();
  return {
    element,
    refresh,
    select: (index) => {
      if (index === selected) return;
      selected = index;
      mark(colours());
    },
    repair: (repair) => {
      repaired = repair;
      const remark = repair === undefined ? '' : repairSummary(repair, layers);
      canvas.setAttribute('aria-label', profileSummary(report, layers) + remark);
      refresh();
    },
    area: () => ({ left: chart.chartArea.left, right: chart.chartArea.right }),
    image: () => {
      chart.options.devicePixelRatio = 2;
      chart.resize();
      const picture = canvasPicture(canvas.width, canvas.height, (pen) => pen.drawImage(canvas, 0, 0));
      chart.options.devicePixelRatio = window.devicePixelRatio;
      chart.resize();
      return picture;
    },
    destroy: () => chart.destroy(),
  };
}

/** The chart in one sentence, for readers who do not see it. */
export function profileSummary(report: Report, layers: readonly ReportLayer[]): string {
  const measured = layers.filter(({ trunk, measured: part }) => trunk && signalOf(part) !== undefined);
  const [first, last] = [measured[0], measured.at(-1)];
  if (first === undefined || last === undefined) return `Profile of ${report.model}: nothing was measured.`;
  const number = (layer: ReportLayer, part: 'signal' | 'gradient') =>
    formatNumber((part === 'signal' ? signalOf(layer.measured) : layer.measured.gradientNorm)?.mean ?? NaN);
  return (
    `Profile of ${report.model} over ${layers.length} layers: the signal goes from ${number(first, 'signal')} at ${first.id} ` +
    `to ${number(last, 'signal')} at ${last.id}; the gradient from ${number(last, 'gradient')} at ${last.id} ` +
    `back to ${number(first, 'gradient')} at ${first.id}.`
  );
}
