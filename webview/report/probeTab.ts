import type { Probe, ProbeSet } from '../../src/model/probe.ts';
import { formatNumber, formatSeconds } from '../../src/report/format.ts';
import { PROBE_COLUMNS, probeLegend, probeRow } from '../../src/report/probe.ts';
import { PROBE_CAPTION, probeSentences, startFate, startName } from '../../src/report/probeWords.ts';
import { h } from '../shared/dom.ts';
import { lazyTable } from '../shared/lazyTable.ts';
import { linearScale, logScale } from '../shared/scale.ts';
import { drawingButton } from './chartTools.ts';
import { lineChart } from './lineChart.ts';
import { rankedTable } from './rankedTable.ts';
import { studySection, type DrawnStudy } from './studySection.ts';
import type { Tab, TabContext } from './tab.ts';

const ABOUT =
  'Short trainings from several starting points with Adam and SGD, each at its best step size, over three seeds: which starts learn fast, which are stuck or diverge, and whether different seeds find the same solution.';

/** Probe: loss curves by initializer and seed, and the table of what came out. */
export function probeTab(context: TabContext): Tab {
  return studySection<ProbeSet>(context, {
    study: 'probe',
    about: ABOUT,
    start: 'Train shortly',
    again: 'Train again',
    exported: context.studies.probe,
    draw: ({ probes }) => {
      const own = probes.find(({ modelId }) => modelId === context.report.modelId);
      return own === undefined ? undefined : drawn(context, own);
    },
  });
}

function curves(context: TabContext, probe: Probe): HTMLElement {
  const { starts, half, steps } = probe;
  const losses = starts.flatMap(({ result }) => result.runs.flatMap((run) => run.losses));
  const finite = losses.filter((loss) => Number.isFinite(loss) && loss > 0);
  const uninformed = starts[0]?.result.uninformed ?? NaN;
  const ceiling = 3 * Math.max(uninformed, half, starts[0]?.result.runs[0]?.losses[0] ?? 0);
  const shown = [...finite.filter((loss) => loss <= ceiling), uninformed, half].filter(Number.isFinite);
  const [least, most] = [shown.reduce((a, b) => Math.min(a, b)), shown.reduce((a, b) => Math.max(a, b))];
  const scale = most > 50 * least ? logScale(shown, false) : linearScale(shown);
  const stepNames = Array.from({ length: steps }, (_, index) => `step ${index + 1}`);
  const figures = starts.map((start) => {
    const chart = lineChart({ names: stepNames, size: [360, 180] });
    const flat = (value: number) => Array.from({ length: steps }, () => value);
    const { runs } = start.result;
    chart.draw(
      [
        { title: 'no information', look: 'level', values: flat(uninformed) },
        { title: 'half-way', look: 'level half', values: flat(half) },
        ...runs.map(({ seed, losses: own }, index) => ({
          title: `seed ${seed}`,
          look: `forward seed${index}`,
          values: own.map((loss) => (Number.isFinite(loss) ? Math.max(loss, Number.MIN_VALUE) : undefined)),
        })),
      ],
      `Loss of ${startName(start)} over ${steps} steps, ${runs.length} seeds: from ${formatNumber(runs[0]?.losses[0] ?? NaN)} to a held-out ${formatNumber(start.heldOut)}; ${startFate(start)}.`,
      { scale, linear: true },
    );
    return h(
      'figure',
      { class: start.diverged + start.stuck > 0.5 ? 'failing' : '' },
      h('figcaption', {}, h('strong', {}, startName(start)), h('br'), startFate(start)),
      chart.element,
      drawingButton(context, `probe-${start.id}-${start.optimizer}`, chart.drawing),
    );
  });
  return h('div', { class: 'curves' }, ...figures);
}

function drawn(context: TabContext, probe: Probe): DrawnStudy {
  const { starts, plan, run, steps } = probe;
  const [outcome, ...more] = probeSentences(probe);
  const table = rankedTable({
    label: 'short trainings, fastest first',
    caption: PROBE_CAPTION,
    columns: PROBE_COLUMNS,
  });
  table.draw(starts.map((start, index) => ({ cells: probeRow(start, index), ofFile: start.id === 'file' })));
  const elements = [
    h(
      'p',
      {},
      h('strong', {}, outcome ?? ''),
      ` ${steps} steps · batch ${plan.batch} · ${plan.backend}, ${formatSeconds(run.elapsedMs)}`,
    ),
    ...(more.length > 0 ? [h('p', {}, more.join(' '))] : []),
    h('p', { class: 'dim' }, probeLegend(probe)),
    table.element,
    h(
      'p',
      { class: 'legend flush', 'aria-hidden': 'true' },
      h('span', { class: 'key forward' }, 'loss of a seed'),
      h('span', { class: 'key predicted' }, 'without information'),
      h('span', { class: 'key good' }, 'half-way to the best'),
    ),
    curves(context, probe),
    lazyTable(() => ({
      caption: 'loss of every seed, at every tenth of the training',
      columns: [
        'step',
        ...starts.flatMap((start) =>
          start.result.runs.map(({ seed }) => `${startName(start)}, seed ${seed}`),
        ),
      ],
      rows: Array.from({ length: 11 }, (_, index) => {
        const step = Math.min(steps - 1, Math.round((index / 10) * (steps - 1)));
        return [
          String(step + 1),
          ...starts.flatMap(({ result }) =>
            result.runs.map(({ losses }) => formatNumber(losses[step] ?? NaN)),
          ),
        ];
      }),
    })),
  ];
  return { elements };
}
