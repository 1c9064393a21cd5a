import { decodeWire } from '../../src/protocol/wireReports.ts';
import type { StudyKind } from '../../src/protocol/lsp.ts';
import type { KeptStudy } from '../../src/protocol/lspViews.ts';
import type { ScanAsked } from '../../src/protocol/widthFactors.ts';
import { fill, h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import type { Tab, TabContext } from './tab.ts';

/** A study's result as elements; `select` marks a layer where it draws layers. */
export interface DrawnStudy {
  readonly elements: readonly Element[];
  select?(layer: string): void;
}

/** What a person may choose before a study is started; `read` throws an Error with what is wrong. */
export interface StudyChoices {
  readonly element: Element;
  read(): { readonly scan?: ScanAsked };
}

/** A study that is started from the report. */
export interface StudySection<T> {
  readonly study: KeptStudy;
  /** What it does, in one or two sentences. */
  readonly about: string;
  /** The words on its button, the first time and again. */
  readonly start: string;
  readonly again: string;
  readonly exported: T | undefined;
  /** `changed` is called when another choice is made. */
  choices?(changed: () => void): StudyChoices;
  /** The result for this model; undefined when it is of another one. */
  draw(set: T): DrawnStudy | undefined;
}

/** Results up to this length survive a reload of the window. */
const KEPT_LENGTH = 400_000;

interface Kept {
  readonly hash: string;
  readonly text: string;
}

function keptResult(host: Host, study: KeptStudy): Kept | undefined {
  const kept = host.state[study];
  if (typeof kept !== 'object' || kept === null || !('hash' in kept) || !('text' in kept)) return undefined;
  const { hash, text } = kept;
  return typeof hash === 'string' && typeof text === 'string' ? { hash, text } : undefined;
}

/** Runs a piece of work that can be followed and cancelled; says how far it is. */
export function followed(
  host: Host,
  study: StudyKind,
  box: Element,
  work: () => Promise<unknown>,
): Promise<void> {
  const text = h('p', { role: 'status' }, 'Starting…');
  const bar = h('progress', { 'aria-label': 'progress' });
  const cancel = () => void host.request('cancelStudy', { study }).catch(() => undefined);
  const stop = h('button', { type: 'button', class: 'quiet', onclick: cancel }, 'Cancel');
  fill(box, h('div', { class: 'progress-line' }, text, bar, stop));
  const unheard = host.onMessage((message) => {
    if (message.type !== 'progress' || message.study !== study) return;
    text.textContent = message.text;
    if (message.total <= 0) return;
    bar.setAttribute('max', String(message.total));
    bar.setAttribute('value', String(message.done));
  });
  return work()
    .then(() => fill(box))
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      fill(box, h('p', { class: 'failed', role: 'alert' }, reason));
    })
    .finally(unheard);
}

/** A section that says what a study costs, starts it, follows it, and keeps its last result. */
export function studySection<T>(context: TabContext, section: StudySection<T>): Tab {
  const { host, report } = context;
  const { study } = section;
  const cost = h('p', { class: 'dim' });
  const working = h('div', { class: 'working' });
  const note = h('p', { class: 'stale', role: 'status' });
  const result = h('div', { class: 'study-result' });
  const button = h(
    'button',
    { type: 'button', class: 'primary' },
    section.start,
  ) as unknown as HTMLButtonElement;
  note.hidden = true;
  let shown: DrawnStudy | undefined;
  let selected: string | undefined;
  const show = (set: T, stale: boolean) => {
    const drawn = section.draw(set);
    note.hidden = !stale;
    note.textContent = 'The file changed since this was made.';
    if (drawn === undefined) return;
    shown = drawn;
    fill(result, ...drawn.elements);
    if (selected !== undefined) drawn.select?.(selected);
    button.textContent = section.again;
  };
  const fetch = async () => {
    const found = await host.request('studyResult', { study }).catch(() => null);
    if (found !== null) {
      if (found.text.length <= KEPT_LENGTH)
        host.saveState({ [study]: { hash: report.contentHash, text: found.text } satisfies Kept });
      show(decodeWire(found.text) as T, found.stale);
      return;
    }
    const kept = keptResult(host, study);
    if (kept !== undefined) show(decodeWire(kept.text) as T, kept.hash !== report.contentHash);
  };
  const failed = (error: unknown): void => {
    cost.textContent = error instanceof Error ? error.message : String(error);
  };
  const sayCost = async (): Promise<void> => {
    // To count what a Python file takes would run it.
    if (report.plan.backend === 'python') {
      choices?.read();
      cost.textContent = 'It runs in your Python. Nothing of the file changes.';
      return;
    }
    const words = await host.request('studyCost', { study, ...choices?.read() });
    cost.textContent = `${words} Nothing of the file changes.`;
  };
  const choices = section.choices?.(() => void sayCost().catch(failed));
  button.addEventListener('click', () => {
    button.disabled = true;
    void followed(host, study, working, async () => {
      await host.request('study', { study, ...choices?.read() });
      await fetch();
    }).finally(() => {
      button.disabled = false;
    });
  });
  if (section.exported !== undefined) show(section.exported, false);
  else if (host.connected) {
    void fetch();
    void sayCost().catch(failed);
  }
  return {
    element: h(
      'div',
      { class: 'study' },
      h('p', { class: 'about' }, section.about),
      ...(context.canAct ? [choices?.element, cost, h('div', { class: 'buttons' }, button), working] : []),
      note,
      result,
    ),
    select: (layer) => {
      selected = layer;
      shown?.select?.(layer);
    },
    reload: () => {
      if (host.connected) void fetch();
    },
    stale: (stale) => {
      if (stale && result.childElementCount > 0) {
        note.hidden = false;
        note.textContent = 'The file changed since this was made.';
      }
    },
  };
}
