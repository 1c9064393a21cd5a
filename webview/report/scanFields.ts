import type { ScanAsked } from '../../src/protocol/widthFactors.ts';
import { LARGEST_FACTOR, widthFactors, widthNames } from '../../src/protocol/widthFactors.ts';
import { h } from '../shared/dom.ts';
import type { StudyChoices } from './studySection.ts';

function field(label: string, attributes: Readonly<Record<string, string>>, changed: () => void) {
  const input = h('input', { type: 'text', ...attributes, onchange: changed }) as unknown as HTMLInputElement;
  return { input, element: h('label', { class: 'field' }, h('span', { class: 'dim' }, label), input) };
}

/** The factors of a scan, and the names of the width, which are searched for where nothing is written. */
export function scanFields(changed: () => void): StudyChoices {
  const factors = field('Factors of the width', { value: '0.5, 1, 2, 4', size: '16' }, changed);
  const names = field('Its name in the file', { placeholder: 'found', size: '16' }, changed);
  return {
    element: h('div', { class: 'fields' }, factors.element, names.element),
    read: () => {
      const found = widthFactors(factors.input.value);
      if (found === undefined)
        throw new Error(
          `Two or more factors from 0 to ${LARGEST_FACTOR}, as in 0.5, 1, 2, 4; found ${JSON.stringify(factors.input.value)}`,
        );
      const written = names.input.value.trim();
      const parameter = written === '' ? undefined : widthNames(written);
      if (written !== '' && parameter === undefined)
        throw new Error(`Names with a comma between, as in d_model, d_ff; found ${JSON.stringify(written)}`);
      return {
        scan: { factors: found, ...(parameter === undefined ? {} : { parameter }) } satisfies ScanAsked,
      };
    },
  };
}
