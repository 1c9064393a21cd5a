import { h } from '../shared/dom.ts';
import { findingCard } from '../shared/findingCard.ts';
import type { Tab, TabContext } from './tab.ts';

/** All findings as cards, the gravest first. */
export function findingList({ report, rules, host, canAct, choose, preview }: TabContext): HTMLElement {
  const model = report.modelId;
  return h(
    'div',
    { class: 'findings' },
    ...report.findings.map((finding) =>
      findingCard(finding, rules[finding.rule], {
        canAct,
        apply: (advice, diff) => host.request('apply', { model, changes: advice.changes, diff }),
        why: ({ rule }) => host.request('why', { rule }),
        ignore: ({ rule, layer }) => host.request('ignore', { rule, layer }),
        copy: (text) =>
          host.connected ? host.request('copy', { text }) : navigator.clipboard.writeText(text),
        select: choose,
        preview,
      }),
    ),
    report.findings.length === 0 && h('p', { class: 'dim' }, 'No findings.'),
  );
}

/** The findings on a page of their own, with the rules' explanations. */
export function findingsTab(context: TabContext): Tab {
  const named = Array.from(new Set(context.report.findings.map(({ rule }) => rule)));
  return {
    element: h(
      'div',
      {},
      findingList(context),
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
