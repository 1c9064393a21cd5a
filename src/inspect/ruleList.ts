import type { RuleInfo } from '../model/report.ts';
import { RULES, ruleInfo } from '../rules/table.ts';

/** What every rule says of itself, by id, in the order of the table. */
export const RULE_INFO: Readonly<Record<string, RuleInfo>> = Object.fromEntries(
  RULES.map((rule) => [rule.id, ruleInfo(rule)]),
);
