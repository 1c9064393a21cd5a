import { h } from '../shared/dom.ts';
import { findingCard } from '../shared/findingCard.ts';
import type { Tab, TabContext } from './tab.ts';

/** The cards of findings; those that name the selected layer are marked. */
export interface FindingList {
  readonly element: HTMLElement;
  select(layer: string): void;
}

/** All findings as cards, the gravest first. */
export function findingList({ report, rules, host, canAct, choose, preview }: TabContext): FindingList {
  const model = report.modelId;
  const cards = report.findings.map((finding) => ({
    layers: new Set([finding.layer, ...finding.layers, ...finding.echoes.map(({ layer }) => layer)]),
    card: findingCard(finding, rules[finding.rule], {
      canAct,
      rewrites: report.format === 'keras-archive',
      apply: (advice, diff) => host.request('apply', { model, changes: advice.changes, diff }),
      why: ({ rule }) => host.request('why', { rule }),
      ignore: ({ rule, layer }) => host.request('ignore', { rule, layer }),
      copy: (text) => (host.connected ? host.request('copy', { text }) : navigator.clipboard.writeText(text)),
      select: choose,
      preview,
    }),
  }));
  return {
    element: h(
      'div',
      { class: 'findings' },
      ...cards.map(({ card }) => card),
      cards.length === 0 && h('p', { class: 'dim' }, 'No findings.'),
    ),
    select: (layer) => cards.forEach(({ card, layers }) => card.classList.toggle('on', layers.has(layer))),
  };
}

/** The findings on a page of their own, with the rules' explanations. */
export function findingsTab(context: TabContext): Tab {
  const named = Array.from(new Set(context.report.findings.map(({ rule }) => rule)));
  const list = findingList(context);
  return {
    select: list.select,
    element: h(
      'div',
      {},
      list.element,
      ...named.map((id) => {
        const rule = context.rules[id];
        return rule === undefined
          ? null
          : h(
              'section',
              { class: 'rule' },
              h('h3', {}, `${id}: ${rule.title}`),
              h('p', {}, rule.explanation),
            );
      }),
    ),
  };
}
