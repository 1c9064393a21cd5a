import type { Scan, ScanSet, ScannedTensor, Trend } from '../../src/model/scan.ts';
import { formatSeconds } from '../../src/report/format.ts';
import { SCAN_PARTS, scanColumns, scanLegend, scanRows, tensorTitle } from '../../src/report/scan.ts';
import { h } from '../shared/dom.ts';
import { drawingButton } from './chartTools.ts';
import { rankedTable } from './rankedTable.ts';
import { scanChart } from './scanChart.ts';
import { scanFields } from './scanFields.ts';
import { studySection, type DrawnStudy } from './studySection.ts';
import type { Tab, TabContext } from './tab.ts';

const ABOUT =
  'The same model at several widths takes a few steps at one learning rate. Sizes that stay flat over the width mean that a learning rate found for a narrow model serves a wide one (a coordinate check in the sense of μP).';

const TITLES = {
  activation: 'rms of activations at initialization',
  update: 'rms of their change after the steps',
};
const MARKS: Readonly<Record<Trend, string>> = {
  ...{ flat: '✓ flat', grows: '▲ grows', shrinks: '▼ shrinks', unclear: '? unclear' },
  ...{ zero: '0 at some width', 'not finite': '✖ not finite' },
};

/** Widths: the size of every activation and update against the width, and whether it is flat. */
export function scanTab(context: TabContext): Tab {
  return studySection<ScanSet>(context, {
    study: 'scan',
    about: ABOUT,
    start: 'Scan widths',
    again: 'Scan again',
    exported: context.studies.scan,
    choices: scanFields,
    draw: ({ scans }) => {
      const own = scans.find(({ modelId }) => modelId === context.report.modelId);
      return own === undefined ? undefined : drawn(context, own);
    },
  });
}

function counted(tensors: readonly ScannedTensor[], part: 'activation' | 'update'): string {
  const counts = new Map<Trend, number>();
  for (const tensor of tensors) counts.set(tensor[part].trend, (counts.get(tensor[part].trend) ?? 0) + 1);
  return [...counts].map(([trend, count]) => `${count} ${trend}`).join(', ');
}

function drawn(context: TabContext, scan: Scan): DrawnStudy {
  const { tensors, factors, widths, plan, run, verdict } = scan;
  const table = rankedTable({
    label: 'sizes over width',
    caption: `In the order of the graph. Flat: the whole interval of the exponent lies within ±¼.`,
    columns: [{ title: '', align: 'right' }, ...scanColumns(scan).slice(0, -1), { title: 'trend' }],
  });
  const choose = (layer: string) => context.choose(layer);
  const rows = (layer: string | undefined) =>
    tensors.flatMap((tensor, index) =>
      scanRows(tensor).map((cells, part) => ({
        cells: [
          part === 0 ? String(index + 1) : '',
          tensorTitle(tensor),
          ...cells.slice(1, -1),
          MARKS[tensor[part === 0 ? 'activation' : 'update'].trend],
        ],
        ofFile: false,
        chosen: tensor.layer === layer,
        ...(part === 0 ? { choose: () => choose(tensor.layer) } : {}),
      })),
    );
  table.draw(rows(undefined));
  const charts = SCAN_PARTS.map(([part]) =>
    scanChart({
      ...{ tensors, part, factors, widths, choose },
      summary: `${TITLES[part]} over widths ${widths.join(', ')}, both axes logarithmic: ${counted(tensors, part)}. The table has the numbers.`,
    }),
  );
  const elements = [
    h(
      'p',
      {},
      h('strong', {}, verdict),
      ` · batch ${plan.batch} · ${plan.backend}, ${formatSeconds(run.elapsedMs)}`,
    ),
    h('p', { class: 'dim' }, scanLegend(scan)),
    h(
      'div',
      { class: 'chart-pair' },
      ...charts.map(({ element }, index) => {
        const [part] = SCAN_PARTS[index] ?? SCAN_PARTS[0];
        return h(
          'figure',
          {},
          h('figcaption', {}, h('strong', {}, TITLES[part]), h('br'), counted(tensors, part)),
          element,
          drawingButton(context, `widths-${part}`, element),
        );
      }),
    ),
    h(
      'p',
      { class: 'legend flush', 'aria-hidden': 'true' },
      h('span', { class: 'key good-line' }, 'flat'),
      h('span', { class: 'key warn-line' }, 'grows'),
      h('span', { class: 'key backward' }, 'shrinks'),
      h('span', { class: 'key' }, 'unclear, or none'),
    ),
    table.element,
  ];
  return {
    elements,
    select: (layer) => {
      table.draw(rows(layer));
      for (const chart of charts) chart.select(layer);
    },
  };
}
