import type { FirstStep, ViewState } from '../../src/protocol/webview.ts';
import { h } from '../shared/dom.ts';
import type { HeadParts } from './head.ts';

const NOTHING_OPEN =
  'Open a model: Keras JSON, a TensorFlow.js model.json, .keras or .h5, or a source that builds one (.js, .ts, .html, .py, .ipynb).';

/** What a view that has no file says, with a button for each way to begin. */
export function firstSteps(
  { host, canAct, attempt }: Pick<HeadParts, 'host' | 'canAct' | 'attempt'>,
  open: Extract<ViewState, { kind: 'empty' }>['open'],
): HTMLElement[] {
  const step = (id: FirstStep, label: string, title: string, look = 'quiet') =>
    h(
      'button',
      { type: 'button', class: look, title, onclick: () => attempt(host.request('begin', { step: id })) },
      label,
    );
  const { file, folder = false } = open ?? {};
  return [
    h('p', {}, NOTHING_OPEN),
    ...(canAct
      ? [
          h(
            'div',
            { class: 'first-steps' },
            step('example', 'Open Example', 'Open a copy of a model with something to repair', 'primary'),
            file !== undefined && step('file', `Inspect ${file}`, 'Measure the file in the editor'),
            folder && step('workspace', 'Inspect Workspace', 'Measure every model of the open folder'),
            step('walkthrough', 'Show me how', 'Open the walkthrough: four steps from a file to its repair'),
          ),
        ]
      : []),
  ];
}
