import type { GraphLayout, Report, ReportSet, RuleInfo } from '../../src/model/report.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { decodeReports } from '../../src/protocol/wireReports.ts';
import { formatCount, formatNumber, formatSeconds } from '../../src/report/format.ts';
import { WEBVIEW_PROTOCOL, type ViewState } from '../../src/protocol/webview.ts';
import { fill, h } from '../shared/dom.ts';
import type { Host } from '../shared/host.ts';
import { onThemeChange } from '../shared/theme.ts';
import { allLayers } from './allLayers.ts';
import { distributions } from './distributions.ts';
import { findingsTab } from './findingsTab.ts';
import { graphTab } from './graphTab.ts';
import { exportButtons } from './saveFile.ts';
import { profileTab } from './profileTab.ts';
import { whatIfTab } from './whatIfTab.ts';
import { startsTab } from './startsTab.ts';

/** One tab of the report; built when it is first opened. */
export interface Tab {
  readonly element: HTMLElement;
  select?(layer: string): void;
  refresh?(): void;
  destroy?(): void;
}

/** What a tab needs. */
export interface TabContext {
  readonly report: Report;
  readonly rules: Readonly<Record<string, RuleInfo>>;
  readonly host: Host;
  readonly canAct: boolean;
  /** Selects a layer everywhere: all tabs, the editor. */
  choose(layer: string): void;
}

const TABS: readonly {
  id: string;
  title: string;
  build: (context: TabContext) => Tab;
  when?: (report: Report) => boolean;
}[] = [
  { id: 'profile', title: 'Profile', build: profileTab },
  { id: 'findings', title: 'Findings', build: findingsTab },
  {
    id: 'distributions',
    title: 'Distributions',
    build: distributions,
    when: ({ layers }) => layers.some((layer) => layer.distributions !== undefined),
  },
  {
    id: 'starts',
    title: 'Starting points',
    build: startsTab,
    when: ({ starts }) => starts.saved !== undefined,
  },
  {
    id: 'what-if',
    title: 'What if',
    build: (context) => whatIfTab(context, context.report.spec as ModelSpec),
    when: ({ spec }) => spec !== undefined && spec.executable,
  },
  {
    id: 'graph',
    title: 'Graph',
    build: (context) => graphTab(context, context.report.graph as GraphLayout),
    when: ({ graph }) => graph !== undefined,
  },
  { id: 'layers', title: 'All layers', build: allLayers },
];

/** The report panel, in VS Code and as an exported page. */
export function reportView(root: HTMLElement, host: Host, exported: ReportSet | undefined): void {
  const head = h('header', { class: 'head' });
  const tabBar = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'report' });
  const panel = h('div', { class: 'panel', role: 'tabpanel', tabindex: 0 });
  fill(root, head, tabBar, panel);
  let built = new Map<string, Tab>();
  let current = typeof host.state['tab'] === 'string' ? host.state['tab'] : 'profile';
  let selected: string | undefined;
  let context: TabContext | undefined;
  const open = (id: string) => {
    if (context === undefined) return;
    const available = TABS.filter(
      ({ when }) => when === undefined || (context !== undefined && when(context.report)),
    );
    const tab = available.find((each) => each.id === id) ?? available[0];
    if (tab === undefined) return;
    current = tab.id;
    host.saveState({ tab: tab.id });
    let made = built.get(tab.id);
    if (made === undefined) {
      made = tab.build(context);
      built.set(tab.id, made);
    }
    fill(panel, made.element);
    panel.setAttribute('aria-label', tab.title);
    made.refresh?.();
    if (selected !== undefined) made.select?.(selected);
    fill(
      tabBar,
      ...available.map((each) =>
        h(
          'button',
          {
            type: 'button',
            role: 'tab',
            class: 'tab',
            'aria-selected': String(each.id === tab.id),
            tabindex: each.id === tab.id ? 0 : -1,
            onclick: () => open(each.id),
          },
          each.id === 'findings' ? `Findings (${context?.report.findings.length ?? 0})` : each.title,
        ),
      ),
    );
  };
  tabBar.addEventListener('keydown', (event) => {
    const buttons = Array.from(tabBar.querySelectorAll('button'));
    const at = buttons.findIndex((button) => button.getAttribute('aria-selected') === 'true');
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = buttons[(at + step + buttons.length) % buttons.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    next.click();
    tabBar.querySelector<HTMLButtonElement>('[aria-selected=true]')?.focus();
  });
  const showReport = (report: Report, rules: TabContext['rules'], canAct: boolean) => {
    built.forEach((tab) => tab.destroy?.());
    built = new Map();
    context = {
      report,
      rules,
      host,
      canAct,
      choose: (layer) => {
        selected = layer;
        built.get(current)?.select?.(layer);
        host.send({ type: 'select', model: report.modelId, layer });
      },
    };
    open(current);
  };
  const show = (state: ViewState, set: ReportSet | undefined, canAct: boolean) => {
    if (set !== undefined && (state.kind === 'report' || state.kind === 'measuring')) {
      const { reports, rules } = set;
      const wanted = host.state['model'] ?? (state.kind === 'report' ? state.model : undefined);
      const chosen = reports.find(({ modelId }) => modelId === wanted) ?? reports[0];
      if (chosen !== undefined) {
        fill(head, ...headline(chosen, reports, state, host, canAct, () => show(state, set, canAct)));
        showReport(chosen, rules, canAct);
        return;
      }
    }
    context = undefined;
    fill(tabBar);
    fill(panel);
    fill(head, ...plain(state));
  };
  onThemeChange(() => built.forEach((tab) => tab.refresh?.()));
  if (exported !== undefined) {
    const file = exported.reports[0]?.file ?? '';
    show({ kind: 'report', file, reports: '', stale: false }, exported, false);
    return;
  }
  host.onMessage((message) => {
    if (message.type === 'select') {
      selected = message.layer;
      built.get(current)?.select?.(message.layer);
    }
    if (message.type !== 'state') return;
    if (message.version !== WEBVIEW_PROTOCOL)
      fill(head, h('p', {}, 'This view is older than the extension: reload the window.'));
    else {
      const { state, canAct } = message;
      const text = state.kind === 'report' || state.kind === 'measuring' ? state.reports : undefined;
      show(state, text === undefined ? undefined : decodeReports(text), canAct);
    }
  });
}

function plain(state: ViewState): HTMLElement[] {
  switch (state.kind) {
    case 'failed':
      return [
        h('h1', { class: 'failed' }, state.reason),
        ...(state.hint === undefined ? [] : [h('p', { class: 'dim' }, state.hint)]),
      ];
    case 'reading':
      return [h('p', { role: 'status' }, `Reading ${state.file}…`)];
    case 'measuring':
      return [h('p', { role: 'status' }, `Measuring ${state.model}: seed ${state.done} of ${state.total}…`)];
    case 'empty':
    case 'report':
      return [
        h(
          'p',
          {},
          state.kind === 'empty' ? (state.reason ?? 'No model is open.') : 'This file holds no model.',
        ),
      ];
  }
}

function headline(
  report: Report,
  reports: readonly Report[],
  state: ViewState,
  host: Host,
  canAct: boolean,
  again: () => void,
): HTMLElement[] {
  const inputs = Object.values(report.plan.inputs).map((shape) => shape.slice(1).join('×'));
  const loss = report.loss[0];
  const facts = [
    report.file.split('/').at(-1),
    `${report.framework} semantics`,
    `${formatCount(report.parameters.total)} parameters`,
    `input ${inputs.join(', ')}, ${report.plan.inputLaw === 'normal' ? 'N(0,1)' : 'your data'}`,
    `batch ${report.plan.batch} × ${report.plan.seeds.length} seeds`,
    `${report.plan.backend}, ${formatSeconds(report.run.elapsedMs)}`,
    loss && `loss ${formatNumber(loss.value, 4)} (uninformed ${formatNumber(loss.uninformed, 4)})`,
  ].filter(Boolean);
  const missing = report.layers.filter(({ notMeasured }) => notMeasured !== undefined);
  const select = h(
    'select',
    {
      'aria-label': 'model',
      onchange: (event) => {
        host.saveState({ model: (event.target as HTMLSelectElement).value });
        again();
      },
    },
    ...reports.map((each) => h('option', { value: each.modelId, selected: each === report }, each.model)),
  );
  return [
    h('h1', {}, report.verdict),
    h('p', { class: 'dim' }, facts.join(' · ')),
    ...(canAct ? [exportButtons(report, host)] : []),
    ...(reports.length > 1 ? [select] : []),
    ...(missing.length > 0
      ? [
          h(
            'details',
            { class: 'dim' },
            h(
              'summary',
              {},
              `${missing.length} ${missing.length === 1 ? 'layer was' : 'layers were'} not measured`,
            ),
            h('ul', {}, ...missing.map(({ id, notMeasured }) => h('li', {}, `${id}: ${notMeasured ?? ''}`))),
          ),
        ]
      : []),
    ...(state.kind === 'report' && state.stale
      ? [
          h(
            'p',
            { class: 'stale', role: 'status' },
            'The file changed since this was measured. ',
            canAct &&
              h(
                'button',
                {
                  type: 'button',
                  class: 'quiet',
                  onclick: () =>
                    void host.request('measure', { model: report.modelId }).catch(() => undefined),
                },
                'Re-measure',
              ),
          ),
        ]
      : []),
  ];
}
