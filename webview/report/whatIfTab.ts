import type { ModelSpec } from '../../src/model/spec.ts';
import { formatNumber } from '../../src/report/format.ts';
import { h } from '../shared/dom.ts';
import { shownLayers } from '../shared/metrics.ts';
import { lineChart, type ChartLine } from './lineChart.ts';
import type { Tab, TabContext } from './reportView.ts';
import {
  askable,
  predictedLayers,
  presentGain,
  scenarioChanges,
  scenarioSpec,
  type PredictedLayers,
  type Scenario,
} from './scenario.ts';

const INITIALIZERS = [
  'heNormal',
  'heUniform',
  'glorotUniform',
  'glorotNormal',
  'leCunNormal',
  'leCunUniform',
  'orthogonal',
  'zeros',
];
const ACTIVATIONS = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'selu', 'gelu', 'silu', 'softplus'];

/** Another initializer, gain or activation, and the profile that theory predicts for it, drawn while a person moves the slider. */
export function whatIfTab(context: TabContext, spec: ModelSpec): Tab {
  const names = shownLayers(context.report).map(({ id }) => id);
  const before = predictedLayers(spec);
  const choices = askable(spec);
  const [first] = choices;
  let scenario: Scenario = {
    gain: Math.min(16, Math.max(1 / 16, (first && presentGain(spec, first)) ?? 1)),
  };
  const chart = lineChart(names);
  const answer = h('p', { class: 'answer', 'aria-live': 'polite' });
  const problem = h('p', { class: 'failed', role: 'alert' });
  const gainText = h('output', { class: 'gain-text' });
  const slider = h('input', {
    type: 'range',
    min: -4,
    max: 4,
    step: 0.02,
    value: Math.log2(scenario.gain),
    'aria-label': 'gain',
    oninput: () => ask({ initializer: 'gain', gain: 2 ** Number(slider.value) }),
  }) as unknown as HTMLInputElement;
  const initializer = chooser(
    'initializer',
    [['', 'as in the file'], ...pairs(INITIALIZERS), ['gain', 'N(0, gain²/fan_in)']],
    (value) => {
      const { initializer: _old, ...rest } = scenario;
      replace(value === '' ? rest : { ...rest, initializer: value });
    },
  );
  const activation = chooser('activation', [['', 'as in the file'], ...pairs(ACTIVATIONS)], (value) => {
    const { activation: _old, ...rest } = scenario;
    replace(value === '' ? rest : { ...rest, activation: value });
  });
  const layer = chooser(
    'layer',
    [['', `all ${choices.length} weighted layers`], ...pairs(choices.map(({ id }) => id))],
    (value) => {
      const { layer: _old, ...rest } = scenario;
      replace(value === '' ? rest : { ...rest, layer: value });
    },
  );
  const apply = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: () => {
        problem.textContent = '';
        context.host
          .request('apply', {
            model: context.report.modelId,
            changes: scenarioChanges(spec, scenario),
            diff: true,
          })
          .catch((error: unknown) => {
            problem.textContent = error instanceof Error ? error.message : String(error);
          });
      },
    },
    'Apply…',
  ) as unknown as HTMLButtonElement;
  const note = h('span', { class: 'dim' });
  const replace = (next: Scenario) => {
    scenario = next;
    draw();
  };
  const ask = (part: Partial<Scenario>) => replace({ ...scenario, ...part });
  const draw = () => {
    initializer.value = scenario.initializer ?? '';
    slider.value = String(Math.log2(scenario.gain));
    gainText.textContent = scenario.initializer === 'gain' ? formatNumber(scenario.gain, 3) : '';
    const after = predictedLayers(scenarioSpec(spec, scenario));
    const text = sentence(names, after);
    chart.draw(lines(names, before, after), text, names.indexOf(scenario.layer ?? ''));
    answer.textContent = text;
    apply.disabled = scenario.initializer === undefined;
    note.textContent =
      scenario.activation === undefined || !context.canAct
        ? ''
        : 'Apply writes the initializer; change the activation yourself.';
  };
  draw();
  const field = (title: string, ...control: Element[]) =>
    h('label', { class: 'field' }, h('span', { class: 'dim' }, title), ...control);
  return {
    element: h(
      'div',
      { class: 'what-if' },
      h(
        'div',
        { class: 'fields' },
        field('of', layer),
        field('initializer', initializer),
        field('gain √(fan_in·Var W)', slider, gainText),
        field('activation', activation),
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => {
              layer.value = '';
              activation.value = '';
              replace({ gain: scenario.gain });
            },
          },
          'Reset',
        ),
      ),
      h(
        'p',
        { class: 'legend', 'aria-hidden': 'true' },
        h('span', { class: 'key forward' }, 'predicted signal rms'),
        h('span', { class: 'key backward' }, 'predicted gradient norm, last weighted layer = 1'),
        h('span', { class: 'key predicted' }, 'as in the file'),
        h('span', { class: 'key band' }, 'healthy for signals'),
      ),
      chart.element,
      answer,
      context.canAct && h('div', { class: 'buttons' }, apply, note),
      problem,
      h(
        'p',
        { class: 'dim' },
        'Theory alone, for infinitely wide layers and N(0,1) data; what is applied is then measured.',
      ),
    ),
    select: (id) => {
      if (!choices.some((each) => each.id === id) || scenario.layer === undefined) return;
      layer.value = id;
      ask({ layer: id });
    },
  };
}

function pairs(values: readonly string[]): (readonly [string, string])[] {
  return values.map((value) => [value, value] as const);
}

function chooser(
  label: string,
  options: readonly (readonly [value: string, title: string])[],
  chosen: (value: string) => void,
): HTMLSelectElement {
  const select: HTMLSelectElement = h(
    'select',
    { 'aria-label': label, onchange: () => chosen(select.value) },
    ...options.map(([value, title]) => h('option', { value }, title)),
  ) as unknown as HTMLSelectElement;
  return select;
}

function lines(names: readonly string[], before: PredictedLayers, after: PredictedLayers): ChartLine[] {
  const of = (from: PredictedLayers, part: 'signal' | 'gradient') =>
    names.map((name) => {
      const found = from.get(name);
      const value = part === 'signal' ? (found?.preActivation ?? found?.activation) : found?.gradientNorm;
      return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
    });
  return [
    { title: 'signal before', kind: 'forward', before: true, values: of(before, 'signal') },
    { title: 'gradient before', kind: 'backward', before: true, values: of(before, 'gradient') },
    { title: 'signal', kind: 'forward', before: false, values: of(after, 'signal') },
    { title: 'gradient', kind: 'backward', before: false, values: of(after, 'gradient') },
  ];
}

function sentence(names: readonly string[], after: PredictedLayers): string {
  const known = names.filter((name) => after.get(name)?.preActivation !== undefined);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return 'Theory has no law for this model.';
  const signal = (name: string) => formatNumber(after.get(name)?.preActivation ?? NaN);
  const gradient = after.get(first)?.gradientNorm;
  return (
    `Predicted: the signal goes from ${signal(first)} at ${first} to ${signal(last)} at ${last}` +
    (gradient === undefined
      ? '.'
      : `; the gradient arrives at ${first} with ${formatNumber(gradient)} of what it has at the last weighted layer.`)
  );
}
