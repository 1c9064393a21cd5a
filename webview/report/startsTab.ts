import { formatNumber } from '../../src/report/format.ts';
import { h } from '../shared/dom.ts';
import type { Tab, TabContext } from './tab.ts';

/** The fresh draw beside the weights in the file, in words and losses. */
export function startsTab({ report }: TabContext): Tab {
  const part = (title: string, start: 'fresh' | 'saved') => {
    const found = report.starts[start];
    if (found === undefined) return null;
    return h(
      'section',
      { class: 'card' },
      h('h3', {}, title),
      h('p', {}, found.summary),
      h(
        'ul',
        {},
        ...found.loss.map(({ output, value, uninformed }) =>
          h(
            'li',
            {},
            `${output}: loss ${formatNumber(value, 4)} (uninformed ${formatNumber(uninformed, 4)})`,
          ),
        ),
      ),
    );
  };
  return { element: h('div', {}, part('Drawn anew', 'fresh'), part('As saved in the file', 'saved')) };
}
