import type { TensorStats } from '../../src/model/measurement.ts';
import type { LayerDistributions, LayerQuantity, ReportLayer } from '../../src/model/report.ts';
import { formatNumber, formatShare } from '../../src/report/format.ts';
import { append, fill, h } from '../shared/dom.ts';
import { layerHistograms, type SharedRanges } from '../shared/histogram.ts';
import { lazyTable } from '../shared/lazyTable.ts';
import { shownLayers } from '../shared/metrics.ts';
import { drawingButton } from './chartTools.ts';
import { lineChart } from './lineChart.ts';
import type { Tab, TabContext } from './tab.ts';

const SHARES: readonly (readonly [LayerQuantity, string, string])[] = [
  ['dead', 'dead', 'backward'],
  ['alwaysOn', 'always on', 'good-line'],
  ['saturated', 'saturated', 'warn-line'],
  ['zeros', 'zeros', 'forward'],
];

interface Shares {
  readonly element: HTMLElement;
  select(index: number): void;
}

/** Shares of units and values over depth; undefined where none was measured. */
function shares(context: TabContext, layers: readonly ReportLayer[]): Shares | undefined {
  const shown = SHARES.filter(([quantity]) =>
    layers.some(({ measured }) => (measured[quantity]?.mean ?? 0) > 0),
  );
  if (shown.length === 0 || layers.length < 2) return undefined;
  const chart = lineChart({
    names: layers.map(({ id }) => id),
    scale: 'share',
    size: [920, 150],
    choose: (index) => context.choose(layers[index]?.id ?? ''),
  });
  const most = (quantity: LayerQuantity) =>
    layers.reduce((top, layer) => Math.max(top, layer.measured[quantity]?.mean ?? 0), 0);
  chart.draw(
    shown.map(([quantity, title, look]) => ({
      title,
      look,
      values: layers.map(({ measured }) => measured[quantity]?.mean),
    })),
    `Shares over ${layers.length} layers, at most: ${shown.map(([quantity, title]) => `${title} ${formatShare(most(quantity))}`).join(', ')}.`,
  );
  const element = h(
    'section',
    {},
    h('h2', {}, 'Units over depth'),
    h(
      'p',
      { class: 'legend flush', 'aria-hidden': 'true' },
      ...shown.map(([, title, look]) => h('span', { class: `key ${look}` }, title)),
    ),
    chart.element,
    h('div', { class: 'buttons' }, drawingButton(context, 'units', chart.drawing)),
    lazyTable(() => ({
      caption: 'shares of units and values',
      columns: ['layer', ...shown.map(([, title]) => title)],
      rows: layers.map(({ id, measured }) => [
        id,
        ...shown.map(([quantity]) => {
          const value = measured[quantity]?.mean;
          return value === undefined ? '–' : formatShare(value);
        }),
      ]),
    })),
  );
  return { element, select: chart.select };
}

const KINDS: readonly (readonly [Exclude<keyof LayerDistributions, 'singular'>, string])[] = [
  ['preActivation', 'pre-activation'],
  ['activation', 'activation'],
  ['gradient', 'gradient'],
  ['weight', 'weights'],
];

function percentiles(layer: string, title: string, stats: TensorStats): string[] {
  const { mean, std, rms, min, max } = stats;
  const numbers = [mean, std, rms, min, ...stats.percentiles, max].map((value) => formatNumber(value));
  return [layer, title, ...numbers, formatShare(stats.zeros)];
}

function numbersTable(context: TabContext, layers: readonly ReportLayer[]): HTMLElement {
  return lazyTable(async () => ({
    caption: 'distributions of the first seed',
    columns: ['layer', 'of', 'mean', 'std', 'rms', 'min', 'p1', 'p5', 'p50', 'p95', 'p99', 'max', 'zeros'],
    rows: (
      await Promise.all(
        layers.map(async ({ id }) => {
          const found = (await context.parts.distributions(id)) ?? {};
          return KINDS.flatMap(([kind, title]) => {
            const stats = found[kind];
            return stats === undefined ? [] : [percentiles(id, title, stats)];
          });
        }),
      )
    ).flat(),
  }));
}

/** The widest range (p1 to p99, both signs alike) of these layers for each kind of histogram. */
function rangesOf(all: readonly LayerDistributions[]): SharedRanges {
  const widest = (picks: readonly (TensorStats | undefined)[]): readonly [number, number] => {
    const ends = picks.flatMap((stats) =>
      stats === undefined ? [] : [stats.percentiles[0], stats.percentiles[4]],
    );
    const top = ends.filter(Number.isFinite).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return top === 0 ? [-1, 1] : [-top, top];
  };
  return {
    forward: widest(all.flatMap(({ preActivation, activation }) => [preActivation ?? activation])),
    backward: widest(all.map(({ gradient }) => gradient)),
    weight: widest(all.map(({ weight }) => weight)),
    singular: [0, all.reduce((most, { singular }) => Math.max(most, singular?.max ?? 0), 0)],
  };
}

/** Cards to a group: the browser looks at every group in every frame, at cards only of those nearby. Divisible by up to six columns. */
const GROUP = 60;

/** Small multiples: the histograms of each layer, fetched and drawn when they come near the visible part. */
export function distributions(context: TabContext): Tab {
  const layers = shownLayers(context.report);
  const cards = new Map<string, HTMLElement>();
  const pictures = new Map<string, { readonly layer: ReportLayer; readonly box: HTMLElement }>();
  const seen = new Map<string, LayerDistributions>();
  let ranges: SharedRanges | undefined;
  const draw = (id: string) => {
    const found = seen.get(id);
    const picture = pictures.get(id);
    if (found !== undefined && picture !== undefined)
      fill(picture.box, ...layerHistograms(picture.layer, found, ranges));
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        const id = (target as HTMLElement).dataset['layer'];
        if (id === undefined) {
          for (const card of target.children) observer.observe(card);
          continue;
        }
        void context.parts.distributions(id).then((found) => {
          seen.set(id, found ?? {});
          draw(id);
        });
      }
    },
    { rootMargin: '400px' },
  );
  for (const layer of layers) {
    const box = h('div', { class: 'pictures' });
    const choose = () => context.choose(layer.id);
    const card = h(
      'section',
      { class: 'multiple', 'aria-label': layer.id, 'data-layer': layer.id },
      h('button', { class: 'link', type: 'button', onclick: choose }, layer.id),
      box,
    );
    pictures.set(layer.id, { layer, box });
    cards.set(layer.id, card);
  }
  const all = [...cards.values()];
  const groups = Array.from({ length: Math.ceil(all.length / GROUP) }, (_, index) =>
    h('div', { class: 'multiples' }, ...all.slice(index * GROUP, (index + 1) * GROUP)),
  );
  groups.forEach((group) => observer.observe(group));
  const share = (on: boolean) => {
    if (!on) {
      ranges = undefined;
      seen.forEach((_found, id) => draw(id));
      return;
    }
    void Promise.all(layers.map(({ id }) => context.parts.distributions(id))).then((all) => {
      ranges = rangesOf(all.filter((each) => each !== undefined));
      seen.forEach((_found, id) => draw(id));
    });
  };
  const element = h('div', { class: 'distributions' });
  const over = shares(context, layers);
  append(element, [
    over?.element,
    h('h2', {}, 'Distributions of the first seed'),
    h(
      'label',
      { class: 'field-row' },
      h('input', {
        type: 'checkbox',
        onchange: (event) => share((event.target as HTMLInputElement).checked),
      }),
      'the same axes for all layers (p1 to p99)',
    ),
    numbersTable(context, layers),
    ...groups,
  ]);
  let marked: HTMLElement | undefined;
  return {
    element,
    select: (id, picked) => {
      marked?.classList.remove('on');
      marked = cards.get(id);
      marked?.classList.add('on');
      over?.select(layers.findIndex((layer) => layer.id === id));
      if (picked && marked !== undefined && !element.contains(document.activeElement))
        marked.scrollIntoView({ block: 'nearest' });
    },
    destroy: () => observer.disconnect(),
  };
}
