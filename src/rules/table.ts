import type { RuleInfo } from '../model/report.ts';
import type { Rule } from './rule.ts';
import { SCALE_RULES } from './tableScale.ts';
import { STATIC_RULES } from './tableStatic.ts';
import { UNIT_RULES } from './tableUnits.ts';

/** Every rule, in the order of documentation. */
export const RULES: readonly Rule[] = [...SCALE_RULES, ...UNIT_RULES, ...STATIC_RULES];

const byId = new Map(RULES.map((rule) => [rule.id, rule]));

/** A rule by id. Throws a RangeError for an id that is not in the table. */
export function ruleOf(id: string): Rule {
  const rule = byId.get(id);
  if (rule === undefined) throw new RangeError(`no rule ${id}`);
  return rule;
}

/** What reports carry of a rule. */
export function ruleInfo(rule: Rule): RuleInfo {
  return { id: rule.id, title: rule.title, explanation: rule.explanation, doc: `docs/rules/${rule.id}.md` };
}
