import type { Report } from '../../src/model/report.ts';
import type { StartsSet } from '../../src/model/startsSet.ts';
import { formatNumber } from '../../src/report/format.ts';
import { h } from '../shared/dom.ts';
import { studySection } from './studySection.ts';
import type { Tab, TabContext } from './tab.ts';

const ABOUT =
  'The weights saved in the file beside a fresh draw of its initializers, on the same inputs. What training made of the weights is never a fault of the initializer.';

/** The fresh draw beside the weights in the file, in words and losses; measured from here where the report has none. */
export function startsTab(context: TabContext): Tab {
  const { modelId, starts } = context.report;
  const own: StartsSet = { models: [{ modelId, starts }], errors: [] };
  return studySection<StartsSet>(context, {
    study: 'starts',
    about: ABOUT,
    start: 'Measure the saved weights',
    again: 'Measure again',
    exported: context.studies.starts ?? (starts.saved === undefined ? undefined : own),
    draw: ({ models }) => {
      const found = models.find((each) => each.modelId === modelId)?.starts;
      return found === undefined
        ? undefined
        : {
            elements: [
              // The words of the fresh draw tell the first loss themselves.
              part('Drawn anew', found.fresh, found.fresh?.loss.slice(1)),
              part('As saved in the file', found.saved, found.saved?.loss),
            ].filter((each) => each !== undefined),
          };
    },
  });
}

type Found = Report['starts']['fresh'];

function part(title: string, found: Found, losses: NonNullable<Found>['loss'] = []): HTMLElement | undefined {
  if (found === undefined) return undefined;
  return h(
    'section',
    { class: 'card' },
    h('h3', {}, title),
    h('p', {}, found.summary),
    losses.length > 0 &&
      h(
        'ul',
        {},
        ...losses.map(({ output, value, uninformed }) =>
          h(
            'li',
            {},
            `${output}: loss ${formatNumber(value, 4)} (uninformed ${formatNumber(uninformed, 4)})`,
          ),
        ),
      ),
  );
}
