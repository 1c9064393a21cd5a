import { fill, h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import { shownLayers } from '../shared/metrics.ts';
import { SECTIONS, type Section } from './sections.ts';
import type { Tab, TabContext } from './tab.ts';

/** The tab bar and the section it shows; which one, and the layer selected, survive hiding and reloading. */
export interface TabPanel {
  readonly bar: HTMLElement;
  readonly panel: HTMLElement;
  /** Shows another report; every section is built anew. */
  show(context: Omit<TabContext, 'choose' | 'preview'>): void;
  clear(): void;
  open(section: string): void;
  /** Selects a layer that somebody else chose. */
  select(layer: string): void;
  /** The theme changed. */
  refresh(): void;
  stale(stale: boolean): void;
}

const PANEL_ID = 'section';

/** Builds the bar. Arrow keys move along it. */
export function tabPanel(host: Host): TabPanel {
  const bar = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'sections of the report' });
  const panel = h('div', { class: 'panel', role: 'tabpanel', id: PANEL_ID, tabindex: 0 });
  let built = new Map<string, Tab>();
  let current = typeof host.state['tab'] === 'string' ? host.state['tab'] : 'profile';
  let selected = typeof host.state['layer'] === 'string' ? host.state['layer'] : undefined;
  let context: TabContext | undefined;
  let outdated = false;
  const available = (): readonly Section[] => {
    const shown = context;
    if (shown === undefined) return [];
    return SECTIONS.filter(({ when }) => when?.(shown.report, shown.studies, host.connected) ?? true);
  };
  const drawBar = (open: string) => {
    fill(
      bar,
      ...available().map(({ id, title }) =>
        h(
          'button',
          {
            type: 'button',
            role: 'tab',
            class: 'tab',
            id: `tab-${id}`,
            'aria-controls': PANEL_ID,
            'aria-selected': String(id === open),
            tabindex: id === open ? 0 : -1,
            onclick: () => openTab(id),
          },
          id === 'findings' ? `Findings (${context?.report.findings.length ?? 0})` : title,
        ),
      ),
    );
    panel.setAttribute('aria-labelledby', `tab-${open}`);
  };
  /** The layer that a report begins with: where its gravest finding starts, else its first. */
  const beginning = () => {
    const { findings = [] } = context?.report ?? {};
    return findings[0]?.layer ?? (context && shownLayers(context.report)[0]?.id);
  };
  const openTab = (id: string) => {
    const all = available();
    const section = all.find((each) => each.id === id) ?? all[0];
    if (context === undefined || section === undefined) return;
    current = section.id;
    host.saveState({ tab: section.id });
    let made = built.get(section.id);
    if (made === undefined) {
      made = section.build(context);
      built.set(section.id, made);
    }
    drawBar(section.id);
    fill(panel, made.element);
    made.refresh?.();
    made.stale?.(outdated);
    const layer = selected ?? beginning();
    if (layer !== undefined) made.select?.(layer, selected !== undefined);
  };
  bar.addEventListener('keydown', (event) => {
    const all = available();
    const at = all.findIndex(({ id }) => id === current);
    const moves: Record<string, number> = {
      ArrowRight: (at + 1) % all.length,
      ArrowLeft: (at - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    };
    const next = all[moves[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    openTab(next.id);
    bar.querySelector<HTMLButtonElement>('[aria-selected=true]')?.focus();
  });
  const select = (layer: string) => {
    selected = layer;
    host.saveState({ layer });
    built.get(current)?.select?.(layer, true);
  };
  const clear = () => {
    built.forEach((tab) => tab.destroy?.());
    built = new Map();
  };
  return {
    bar,
    panel,
    show: (given) => {
      clear();
      context = {
        ...given,
        choose: (layer) => {
          select(layer);
          host.send({ type: 'select', model: given.report.modelId, layer });
        },
        preview: (advice) => {
          if (current !== 'profile') openTab('profile');
          built.get('profile')?.preview?.(advice);
        },
      };
      openTab(current);
    },
    clear: () => {
      clear();
      context = undefined;
      fill(bar);
      fill(panel);
    },
    open: (section) => {
      current = section;
      host.saveState({ tab: section });
      const known = built.get(section);
      openTab(section);
      known?.reload?.();
    },
    select,
    refresh: () => built.forEach((tab) => tab.refresh?.()),
    stale: (stale) => {
      if (stale === outdated) return;
      outdated = stale;
      built.forEach((tab) => tab.stale?.(stale));
    },
  };
}
