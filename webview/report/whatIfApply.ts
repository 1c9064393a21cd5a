import type { ModelChange } from '../../src/model/change.ts';
import { h } from '../shared/dom.ts';
import type { TabContext } from './tab.ts';

/** Pause after the last move of a control before it is asked whether the file can take it. */
const PAUSE_MS = 250;

/** The button that writes a scenario into the file, and the line that says why it cannot be written. */
export interface ApplyControl {
  readonly button: HTMLButtonElement;
  readonly note: HTMLElement;
  /** The scenario is another one now. */
  moved(): void;
}

/** Apply: shows the diff of `changes()`. Disabled where there is nothing to write or the host says that it cannot be written. */
export function applyControl(
  { host, report }: TabContext,
  changes: () => readonly ModelChange[],
  say: (problem: unknown) => void,
): ApplyControl {
  const model = report.modelId;
  const note = h('span', { class: 'dim', role: 'status' });
  const apply = () => host.request('apply', { model, changes: changes(), diff: true }).catch(say);
  const button = h(
    'button',
    { type: 'button', class: 'primary', onclick: () => void apply() },
    'Apply…',
  ) as unknown as HTMLButtonElement;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  const shown = (reason: string | null) => {
    button.disabled = reason !== null;
    note.textContent = reason ?? '';
  };
  return {
    button,
    note,
    moved: () => {
      clearTimeout(pause);
      const turn = ++latest;
      let asked: readonly ModelChange[] = [];
      try {
        asked = changes();
      } catch {
        // A size that does not fit: the view says so where it predicts.
      }
      if (asked.length === 0) {
        shown('');
        return;
      }
      button.disabled = false;
      pause = setTimeout(() => {
        host.request('refusal', { model, changes: asked }).then(
          (reason) => turn === latest && shown(reason),
          () => undefined,
        );
      }, PAUSE_MS);
    },
  };
}
