import { formatSeconds } from '../../src/report/format.ts';
import type { ViewState } from '../../src/protocol/webview.ts';
import { h } from './dom.ts';
import type { Host } from './host.ts';

/** What a view shows until it is told something: nothing for a moment, then that it waits. */
export function waitingLine(): HTMLElement {
  return h('p', { class: 'dim waiting', role: 'status' }, 'Waiting for Initscope’s server…');
}

/** How far a measurement is, with a way to stop it. */
export function measuringLine(state: Extract<ViewState, { kind: 'measuring' }>, host: Host): HTMLElement {
  const { detail, done, total, elapsedMs } = state;
  return h(
    'div',
    { class: 'progress-line' },
    h(
      'p',
      { role: 'status' },
      `${detail.charAt(0).toUpperCase()}${detail.slice(1)} · ${formatSeconds(elapsedMs)}`,
    ),
    h('progress', {
      ...(total > 0 ? { max: total, value: done } : {}),
      'aria-label': 'progress of the measurement',
    }),
    h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        onclick: () => void host.request('cancel', {}).catch(() => undefined),
      },
      'Cancel',
    ),
  );
}

/** Says that the numbers are of an earlier text, and offers new ones. */
export function staleLine(host: Host, model: string, canAct: boolean): HTMLElement {
  return h(
    'p',
    { class: 'stale', role: 'status' },
    'The file changed since this was measured. ',
    canAct &&
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          onclick: () => void host.request('measure', { model }).catch(() => undefined),
        },
        'Re-measure',
      ),
  );
}
