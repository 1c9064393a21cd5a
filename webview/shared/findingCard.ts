import { formatProof } from '../../src/report/format.ts';
import { furtherCause, outcomeText } from '../../src/report/reportText.ts';
import type { Advice, Finding } from '../../src/model/finding.ts';
import type { RuleInfo } from '../../src/model/report.ts';
import { SEMANTICS, SEMANTICS_TITLE } from '../../src/model/semantics.ts';
import { fill, h } from './dom.ts';
import { SEVERITY_ICON } from './marks.ts';

/** What a card's buttons do; each may fail with a reason that the card shows. */
export interface FindingActions {
  readonly canAct: boolean;
  /** The file is an archive that is rewritten after a question, not edited as text. */
  readonly rewrites: boolean;
  apply(advice: Advice, diff: boolean): Promise<unknown>;
  why(finding: Finding): Promise<unknown>;
  ignore(finding: Finding): Promise<unknown>;
  copy(text: string): Promise<unknown>;
  select(layer: string): void;
  /** Draws what was measured with the advice on the profile; absent where there is none to draw it on. */
  readonly preview?: (advice: Advice) => void;
}

/** One finding: cause, echoes, numbers against bands, why, and its advice with before → after. */
export function findingCard(
  finding: Finding,
  rule: RuleInfo | undefined,
  actions: FindingActions,
): HTMLElement {
  const problem = h('p', { class: 'failed', role: 'status' });
  const run = (work: Promise<unknown>) => {
    problem.textContent = '';
    work.catch((error: unknown) => {
      problem.textContent = error instanceof Error ? error.message : String(error);
    });
  };
  const button = (label: string, primary: boolean, act: () => Promise<unknown>) =>
    h('button', { class: primary ? 'primary' : 'quiet', type: 'button', onclick: () => run(act()) }, label);
  const layer = h(
    'button',
    { class: 'link', type: 'button', onclick: () => actions.select(finding.layer) },
    finding.layer,
  );
  const shared = finding.layers.length - 1;
  const cause = furtherCause(finding);
  return h(
    'section',
    { class: `finding ${finding.severity}`, 'aria-label': `${finding.severity}: ${finding.rule}` },
    h(
      'h3',
      {},
      h('span', { class: 'icon', 'aria-hidden': 'true' }, SEVERITY_ICON[finding.severity]),
      ` ${finding.rule} · starts at `,
      layer,
      shared > 0 && ` and ${shared} more`,
      finding.from !== 'measured' && h('span', { class: 'dim' }, ` · ${finding.from}`),
    ),
    h('p', {}, finding.message),
    cause !== undefined && h('p', { class: 'cause' }, cause),
    finding.echoes.length > 0 && echoList(finding, actions),
    finding.values.length > 0 &&
      h('ul', { class: 'proofs' }, ...finding.values.map((value) => h('li', {}, formatProof(value)))),
    ...finding.advice.map((advice) => adviceBlock(advice, actions, button)),
    finding.advice.length === 0 &&
      h(
        'p',
        { class: 'dim' },
        finding.from === 'measured'
          ? 'No initializer tried here helps measurably.'
          : 'Repairs are tried when the model is measured.',
      ),
    h(
      'div',
      { class: 'buttons' },
      actions.canAct && button('Why?', false, () => actions.why(finding)),
      actions.canAct && button('Ignore…', false, () => actions.ignore(finding)),
    ),
    !actions.canAct &&
      rule !== undefined &&
      h('details', {}, h('summary', {}, 'Why?'), h('p', {}, rule.explanation)),
    problem,
  );
}

/** The layers that carry on what a finding starts, each with what it shows; made when it is opened. */
function echoList({ echoes }: Finding, { select }: FindingActions): HTMLElement {
  const list = h('ul', { class: 'proofs' });
  const open = () => {
    if (list.childElementCount > 0) return;
    fill(
      list,
      ...echoes.map(({ layer, message }) =>
        h(
          'li',
          {},
          h('button', { class: 'link', type: 'button', onclick: () => select(layer) }, layer),
          `: ${message}`,
        ),
      ),
    );
  };
  const title = `Carried on by ${echoes.length} ${echoes.length === 1 ? 'layer' : 'layers'}`;
  return h('details', { ontoggle: open }, h('summary', {}, title), list);
}

function adviceBlock(
  advice: Advice,
  actions: FindingActions,
  button: (label: string, primary: boolean, act: () => Promise<unknown>) => HTMLElement,
): HTMLElement {
  const layers = new Set(advice.changes.flatMap((change) => change.layers)).size;
  const count = layers > 1 ? ` (${layers} layers)` : '';
  const refusal =
    advice.edit !== undefined && !advice.edit.ok && !(actions.canAct && actions.rewrites)
      ? advice.edit.refusal
      : undefined;
  const snippets = SEMANTICS.map((target) =>
    h(
      'button',
      {
        class: 'quiet',
        type: 'button',
        title: advice.snippet[target],
        onclick: () => void actions.copy(advice.snippet[target]).catch(() => undefined),
      },
      `Copy for ${SEMANTICS_TITLE[target]}`,
    ),
  );
  return h(
    'div',
    { class: 'advice' },
    h(
      'div',
      { class: 'buttons' },
      actions.canAct &&
        refusal === undefined &&
        button(`${advice.title}${advice.title.includes('layer') ? '' : count}…`, true, () =>
          actions.apply(advice, true),
        ),
      actions.canAct &&
        refusal === undefined &&
        !actions.rewrites &&
        button('Apply at once', false, () => actions.apply(advice, false)),
      actions.preview !== undefined &&
        advice.repair !== undefined &&
        h(
          'button',
          {
            class: 'quiet preview',
            type: 'button',
            'data-repair': advice.repair,
            onclick: () => actions.preview?.(advice),
          },
          'Show on the profile',
        ),
      (!actions.canAct || refusal !== undefined) && h('strong', {}, advice.title),
    ),
    refusal !== undefined &&
      h('p', { class: 'dim' }, `Not written into the file: ${refusal.reason} (${refusal.place}).`),
    h('p', { class: 'outcome' }, outcome(advice)),
    advice.caveat !== undefined && h('p', { class: 'dim' }, advice.caveat),
    h('details', {}, h('summary', {}, 'Copy the fix'), h('div', { class: 'buttons' }, ...snippets)),
  );
}

function outcome({ before, after, proof }: Advice): string {
  const how = proof === 'measured' ? 're-measured, same seeds' : 'predicted';
  return [outcomeText(before, after), how].filter(Boolean).join(' · ');
}
