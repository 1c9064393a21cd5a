import type { Report } from '../../src/model/report.ts';
import { h } from './dom.ts';

/** The choice among the models of a file; undefined where there is but one. */
export function modelPicker(
  reports: readonly Report[],
  shown: string,
  pick: (model: string) => void,
): HTMLElement | undefined {
  if (reports.length < 2) return undefined;
  const select = h(
    'select',
    { onchange: (event) => pick((event.target as HTMLSelectElement).value) },
    ...reports.map(({ modelId, model }) =>
      h('option', { value: modelId, selected: modelId === shown }, model),
    ),
  );
  return h('label', { class: 'field-row' }, h('span', { class: 'dim' }, 'model'), select);
}
