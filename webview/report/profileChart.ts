import {
  CategoryScale,
  Chart,
  type ChartOptions,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Filler,
  Tooltip,
} from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import { decadesAround, powersOfTen, powerText } from '../shared/scale.ts';
import type { Report, ReportLayer } from '../../src/model/report.ts';
import { h } from '../shared/dom.ts';
import { canvasPicture } from '../shared/picture.ts';
import { colours, faint, type Colours } from '../shared/theme.ts';
import { pointText, profileLines } from './profileLines.ts';
import { profileSummary } from './profileSummary.ts';
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

type PluginOptions = NonNullable<ChartOptions<'line'>['plugins']>;

/** The profile over all layers: forward falling, backward falling the other way, prediction dotted, repair in green. */
export interface ProfileChart {
  readonly element: HTMLElement;
  /** Marks a column; −1 for none. */
  select(index: number): void;
  /** Shows the numbers of a column as if the pointer were on it; −1 for none. */
  hover(index: number): void;
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

/** Kept beside the chart, whose own options are proxies that cannot be spread. */
const pluginsOf = (layers: readonly ReportLayer[]): PluginOptions => ({
  legend: { display: false },
  tooltip: {
    filter: (item) => !item.dataset.label?.startsWith('interval'),
    callbacks: {
      label: ({ dataset, dataIndex, raw }) =>
        pointText(dataset.label ?? '', layers[dataIndex], typeof raw === 'number' ? raw : null),
    },
  },
});

/** What happens to a chart, by column. */
export interface ProfileEvents {
  choose(index: number): void;
  /** The pointer is on a column; −1 when it left. */
  hovered(index: number): void;
  laidOut(): void;
}

/** Builds the chart of these layers. */
export function profileChart(
  report: Report,
  layers: readonly ReportLayer[],
  { choose, hovered, laidOut }: ProfileEvents,
): ProfileChart {
  const canvas = h('canvas', {
    role: 'img',
    'aria-label': profileSummary(report, layers),
  }) as unknown as HTMLCanvasElement;
  const element = h('div', { class: 'profile' }, canvas);
  const plugins = pluginsOf(layers);
  let selected = -1;
  let repaired: Repair | undefined;
  const chart = new Chart(canvas, {
    type: 'line',
    data: { labels: layers.map(({ id }) => id), datasets: [] },
    options: {
      // Chart.js loses a resize that comes between the last frame of an animation and its end: the strips then stand beside the columns.
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      onClick: (_event, elements) => {
        const index = elements[0]?.index;
        if (index !== undefined) choose(index);
      },
      onHover: (_event, elements) => hovered(elements[0]?.index ?? -1),
      scales: {},
      plugins,
    },
    plugins: [{ id: 'layout', afterLayout: () => queueMicrotask(laidOut) }],
  });
  const mark = (theme: Colours) => {
    chart.options.plugins = {
      ...plugins,
      tooltip: {
        ...plugins.tooltip,
        backgroundColor: theme.card,
        titleColor: theme.fg,
        bodyColor: theme.fg,
        borderColor: theme.dim,
        borderWidth: 1,
        cornerRadius: 0,
      },
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
    chart.data.datasets = profileLines(layers, theme, repaired);
    chart.options.scales = {
      x: { display: false, offset: true },
      y: {
        type: 'logarithmic',
        afterFit: (axis) => {
          axis.width = Math.max(axis.width, AXIS_WIDTH);
        },
        afterDataLimits: (axis) => {
          const [low, high] = decadesAround(axis.min, axis.max);
          [axis.min, axis.max] = [10 ** low, 10 ** high];
        },
        afterBuildTicks: (axis) => {
          axis.ticks = powersOfTen(Math.log10(axis.min), Math.log10(axis.max)).map((value) => ({ value }));
        },
        grid: { color: theme.grid },
        ticks: { color: theme.dim, autoSkip: false, callback: (value) => powerText(Number(value)) },
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
    hover: (index) => {
      const active = chart.data.datasets.flatMap(({ data }, datasetIndex) =>
        (data[index] ?? null) === null ? [] : [{ datasetIndex, index }],
      );
      const [first] = active;
      const { x = 0, y = 0 } = first
        ? (chart.getDatasetMeta(first.datasetIndex).data[index]?.getProps(['x', 'y']) ?? {})
        : {};
      chart.setActiveElements(active);
      chart.tooltip?.setActiveElements(active, { x, y });
      chart.update('none');
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
