import { type MeasuredScenario, scenarioChanges } from '../../src/model/scenario.ts';
import { signalQuantity } from '../../src/model/layerSignal.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { formatNumber } from '../../src/report/format.ts';
import { decodeWire } from '../../src/protocol/wireReports.ts';
import { fill, h } from '../shared/dom.ts';
import { lazyTable } from '../shared/lazyTable.ts';
import { shownLayers } from '../shared/metrics.ts';
import { drawingButton } from './chartTools.ts';
import { lineChart, type ChartLine } from './lineChart.ts';
import { predictor, type PredictedLayers, type Quantities } from './scenario.ts';
import { followed } from './studySection.ts';
import type { Tab, TabContext } from './tab.ts';
import { whatIfFields, type WhatIfFields } from './whatIfFields.ts';
import { applyControl } from './whatIfApply.ts';

/** Another initializer, gain, activation or size, and the profile that theory predicts for it, drawn while a person moves the slider. */
export function whatIfTab(context: TabContext): Tab {
  const element = h('div', { class: 'what-if' }, h('p', { role: 'status' }, 'Reading the model…'));
  let select: Tab['select'];
  let wanted: readonly [layer: string, picked: boolean] | undefined;
  void context.parts.spec().then((spec) => {
    if (spec === undefined) {
      fill(element, h('p', { class: 'dim' }, 'The model’s definition is gone: measure it again.'));
      return;
    }
    select = whatIf(context, spec, element);
    if (wanted !== undefined) select?.(...wanted);
  });
  return {
    element,
    select: (layer, picked) => {
      if (wanted === undefined) wanted = [layer, picked];
      select?.(layer, picked);
    },
  };
}

type Part = 'signal' | 'gradient';

function partOf(found: Quantities = {}, part: Part, law: Quantities = found): number | undefined {
  const signal = signalQuantity({ kind: '', measured: found, predicted: law });
  const value = found[part === 'signal' ? signal : 'gradientNorm'];
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

function whatIf(context: TabContext, spec: ModelSpec, element: HTMLElement): Tab['select'] {
  const ask = predictor(spec);
  const before = ask({ gain: 1 });
  const silent = new Set(context.report.layers.map(({ id }) => id));
  for (const { id } of shownLayers(context.report)) silent.delete(id);
  const answer = h('p', { class: 'answer', 'aria-live': 'polite' });
  const place = h('div', { class: 'chart-place' });
  const working = h('div', { class: 'working' });
  const problem = h('p', { class: 'failed', role: 'alert' });
  let after: PredictedLayers = before;
  let measured: { readonly key: string; readonly found: MeasuredScenario } | undefined;
  let names: readonly string[] = [];
  let selected: string | undefined;
  let chart = lineChart({ names });
  const say = (error: unknown) => {
    problem.textContent = error instanceof Error ? error.message : String(error);
  };
  const frame = () => {
    const next = [...after.keys()].filter((id) => !silent.has(id));
    if (next.length === names.length && next.every((id, index) => id === names[index])) return;
    names = next;
    chart = lineChart({
      names,
      band: [0.1, 10],
      choose: (index) => context.choose(names[index] ?? ''),
    });
    fill(place, chart.element, drawingButton(context, 'what-if', chart.drawing));
  };
  const draw = () => {
    problem.textContent = '';
    const { scenario } = fields;
    try {
      after = ask(scenario);
    } catch (error) {
      say(error);
      apply.moved();
      return;
    }
    frame();
    const confirmed = measured?.key === JSON.stringify(scenario) ? measured.found : undefined;
    const text = sentence(names, after, confirmed);
    chart.draw(lines(names, before, after, confirmed), text);
    chart.select(names.indexOf(scenario.layer ?? selected ?? ''));
    answer.textContent = text;
    apply.moved();
  };
  const fields: WhatIfFields = whatIfFields(spec, draw);
  const changes = () => (context.canAct ? scenarioChanges(spec, fields.scenario) : []);
  const apply = applyControl(context, changes, say);
  const confirm = button('Measure', 'quiet', () => {
    const { scenario } = fields;
    confirm.disabled = true;
    void followed(context.host, 'scenario', working, async () => {
      const text = await context.host.request('scenario', { model: context.report.modelId, scenario });
      measured = { key: JSON.stringify(scenario), found: decodeWire(text) as MeasuredScenario };
      draw();
    }).finally(() => {
      confirm.disabled = false;
    });
  });
  const table = lazyTable(() => ({
    caption:
      'predicted signal rms and gradient norm: as in the file → what if, as it was when this was opened',
    columns: ['layer', 'signal', 'gradient'],
    rows: names.map((name) => [
      name,
      ...(['signal', 'gradient'] as const).map((part) =>
        [before, after].map((from) => formatNumber(partOf(from.get(name), part) ?? NaN)).join(' → '),
      ),
    ]),
  }));
  fill(
    element,
    fields.element,
    h(
      'p',
      { class: 'legend', 'aria-hidden': 'true' },
      h('span', { class: 'key forward' }, 'predicted signal rms'),
      h('span', { class: 'key backward' }, 'predicted gradient norm, last weighted layer = 1'),
      h('span', { class: 'key predicted' }, 'as in the file'),
      ...(context.canAct ? [h('span', { class: 'key points' }, 'measured')] : []),
      h('span', { class: 'key band' }, 'healthy for signals'),
    ),
    place,
    answer,
    ...(context.canAct ? [h('div', { class: 'buttons' }, confirm, apply.button, apply.note), working] : []),
    problem,
    h(
      'p',
      { class: 'dim' },
      'Theory alone, for infinitely wide layers and N(0,1) data; Measure draws the changed model and runs it.',
    ),
    table,
  );
  draw();
  let opened = false;
  return (layer, picked) => {
    selected = layer;
    chart.select(names.indexOf(layer));
    fields.choose(layer, picked && !opened);
    opened = true;
  };
}

function button(title: string, look: 'primary' | 'quiet', act: () => void): HTMLButtonElement {
  return h('button', { type: 'button', class: look, onclick: act }, title) as unknown as HTMLButtonElement;
}

function lines(
  names: readonly string[],
  before: PredictedLayers,
  after: PredictedLayers,
  measured: MeasuredScenario | undefined,
): ChartLine[] {
  const of = (from: PredictedLayers, part: Part) =>
    names.map((name) => partOf(from.get(name), part, after.get(name)));
  const found = new Map(
    Object.entries(measured?.layers ?? {}).map(([id, quantities]) => [
      id,
      Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, value.mean])) as Quantities,
    ]),
  );
  const unit = lastGradient(names, after, found);
  return [
    { title: 'signal as in the file', look: 'forward before', values: of(before, 'signal') },
    { title: 'gradient as in the file', look: 'backward before', values: of(before, 'gradient') },
    { title: 'signal', look: 'forward', values: of(after, 'signal') },
    { title: 'gradient', look: 'backward', values: of(after, 'gradient') },
    ...(measured === undefined
      ? []
      : [
          { title: 'signal, measured', look: 'forward points', values: of(found, 'signal') },
          {
            title: 'gradient, measured',
            look: 'backward points',
            values: of(found, 'gradient').map((value) => (value === undefined ? undefined : value * unit)),
          },
        ]),
  ];
}

/** What brings measured gradients to the unit of the predicted ones: both agree at the last layer that has both. */
function lastGradient(names: readonly string[], after: PredictedLayers, found: PredictedLayers): number {
  for (const name of names.toReversed()) {
    const [predicted, measured] = [partOf(after.get(name), 'gradient'), partOf(found.get(name), 'gradient')];
    if (predicted !== undefined && measured !== undefined) return predicted / measured;
  }
  return 1;
}

function sentence(
  names: readonly string[],
  after: PredictedLayers,
  measured: MeasuredScenario | undefined,
): string {
  const known = names.filter((name) => after.get(name)?.preActivation !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return 'Theory has no law for this model.';
  const signal = (name: string) => formatNumber(after.get(name)?.preActivation ?? NaN);
  const gradient = after.get(first)?.gradientNorm;
  const seen = (name: string) => formatNumber(measured?.layers[name]?.preActivation?.mean ?? NaN);
  return [
    `Predicted: the signal goes from ${signal(first)} at ${first} to ${signal(last)} at ${last}`,
    gradient === undefined
      ? '.'
      : `; the gradient arrives at ${first} with ${formatNumber(gradient)} of what it has at the last weighted layer.`,
    measured === undefined ? '' : ` Measured over ${measured.seeds} seeds: ${seen(first)} to ${seen(last)}.`,
  ].join('');
}
