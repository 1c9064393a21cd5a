import { h } from '../shared/dom.ts';
import { repeatable } from '../../src/model/repeat.ts';
import { widthOf } from '../../src/model/resize.ts';
import { askable, type Scenario } from '../../src/model/scenario.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { formatNumber } from '../../src/report/format.ts';
import { startingGain } from './scenario.ts';

const INITIALIZERS = [
  ...['heNormal', 'heUniform', 'glorotUniform', 'glorotNormal', 'leCunNormal', 'leCunUniform'],
  ...['orthogonal', 'zeros'],
];
const ACTIVATIONS = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'selu', 'gelu', 'silu', 'softplus'];
const WIDTHS = [1 / 4, 1 / 2, 1, 2, 4, 8];
const DEPTHS = [1, 2, 3, 4, 8, 16];

/** The controls of What if, and the scenario they stand for. */
export interface WhatIfFields {
  readonly element: HTMLElement;
  readonly scenario: Scenario;
  /** Asks about one layer, as if it were chosen in the list; not while all are asked about, unless `begin`. */
  choose(layer: string, begin: boolean): void;
}

type Option = readonly [value: string, title: string];

function chooser(
  label: string,
  options: readonly Option[],
  chosen: (value: string) => void,
): HTMLSelectElement {
  const select: HTMLSelectElement = h(
    'select',
    { 'aria-label': label, onchange: () => chosen(select.value) },
    ...options.map(([value, title]) => h('option', { value }, title)),
  ) as unknown as HTMLSelectElement;
  return select;
}

const named = (values: readonly string[]): Option[] => values.map((value) => [value, value]);

/** Which layer, which initializer or gain, which activation, how wide, how deep; `changed` is called at every move. */
export function whatIfFields(spec: ModelSpec, changed: () => void): WhatIfFields {
  const choices = askable(spec);
  const rows = repeatable(spec);
  let scenario: Scenario = { gain: startingGain(spec) };
  const put = (next: Scenario) => {
    scenario = next;
    show();
    changed();
  };
  const set = (part: Partial<Scenario>) => put({ ...scenario, ...part });
  const without = (key: 'initializer' | 'activation' | 'width' | 'depth'): Scenario => {
    const { [key]: _left, ...rest } = scenario;
    return rest;
  };
  const slider = h('input', {
    type: 'range',
    min: -4,
    max: 4,
    step: 0.02,
    'aria-label': 'gain',
    oninput: () => set({ initializer: 'gain', gain: 2 ** Number(slider.value) }),
  }) as unknown as HTMLInputElement;
  const gainText = h('output', { class: 'gain-text' });
  const initializer = chooser(
    'initializer',
    [['', 'as in the file'], ...named(INITIALIZERS), ['gain', 'N(0, gain²/fan_in)']],
    (value) => (value === '' ? put(without('initializer')) : set({ initializer: value })),
  );
  const activation = chooser('activation', [['', 'as in the file'], ...named(ACTIVATIONS)], (value) =>
    value === '' ? put(without('activation')) : set({ activation: value }),
  );
  const width = chooser(
    'width',
    WIDTHS.map((times) => [String(times), times === 1 ? 'as in the file' : `× ${formatNumber(times)}`]),
    (value) => (value === '1' ? put(without('width')) : set({ width: Number(value) })),
  );
  const depth = chooser(
    'depth',
    DEPTHS.map((times) => [String(times), times === 1 ? 'as in the file' : `× ${times}`]),
    (value) => (value === '1' ? put(without('depth')) : set({ depth: Number(value) })),
  );
  const ask = (id: string) => {
    const { layer: _old, ...rest } = scenario;
    const gain = rest.initializer === 'gain' ? rest.gain : startingGain(spec, id === '' ? undefined : id);
    put({ ...rest, gain, ...(id === '' ? {} : { layer: id }) });
  };
  const layer = chooser(
    'layer',
    [['', `all ${choices.length} weighted layers`], ...named(choices.map(({ id }) => id))],
    ask,
  );
  const show = () => {
    const { layer: only } = scenario;
    initializer.value = scenario.initializer ?? '';
    activation.value = scenario.activation ?? '';
    width.value = String(scenario.width ?? 1);
    depth.value = String(scenario.depth ?? 1);
    layer.value = only ?? '';
    slider.value = String(Math.log2(scenario.gain));
    gainText.textContent = `${formatNumber(scenario.gain, 3)}${scenario.initializer === 'gain' ? '' : ' now'}`;
    const asked = choices.filter(({ id }) => only === undefined || id === only);
    width.disabled = !asked.some((each) => widthOf(each) !== undefined);
    depth.disabled = !asked.some(({ id }) => rows.has(id));
    width.title = width.disabled ? 'Outputs keep their width.' : '';
    depth.title = depth.disabled ? 'Only a layer that gives the shape it takes can be repeated.' : '';
  };
  const field = (title: string, ...control: Element[]) =>
    h('label', { class: 'field' }, h('span', { class: 'dim' }, title), ...control);
  const reset = () => put({ gain: startingGain(spec) });
  show();
  return {
    element: h(
      'div',
      { class: 'fields' },
      field('of', layer),
      field('initializer', initializer),
      field('gain √(fan_in·Var W)', h('span', { class: 'field-row' }, slider, gainText)),
      field('activation', activation),
      field('width', width),
      field('depth', depth),
      h('button', { type: 'button', class: 'quiet', onclick: reset }, 'Reset'),
    ),
    get scenario() {
      return scenario;
    },
    choose: (id, begin) => {
      if ((begin || scenario.layer !== undefined) && choices.some((each) => each.id === id)) ask(id);
    },
  };
}
