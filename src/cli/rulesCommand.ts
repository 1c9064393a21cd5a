import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RULE_INFO } from '../inspect/ruleList.ts';
import { packageFolder } from '../node/version.ts';
import { textTable } from '../report/table.ts';
import { didYouMean, parseArguments } from './arguments.ts';
import { EXIT, UsageError } from './io.ts';
import type { Io } from './io.ts';

/** `initscope rules [--json]`: every rule with its severity and title. */
export function rulesCommand(argv: readonly string[], io: Io): number {
  const args = parseArguments(argv, { json: { type: 'boolean' } });
  if (args.positionals.length > 0) throw new UsageError('rules takes no file');
  const rules = Object.values(RULE_INFO);
  if (args.flag('json')) io.out(`${JSON.stringify(rules, undefined, 2)}\n`);
  else {
    const columns = [
      { title: 'rule', align: 'left' },
      { title: 'says', align: 'left' },
    ] as const;
    io.out(
      `${textTable(
        columns,
        rules.map(({ id, title }) => [id, title]),
      ).join('\n')}\n`,
    );
  }
  return EXIT.ok;
}

/** `initscope explain RULE`: the rule's page as it is shipped, else its explanation. */
export async function explainCommand(argv: readonly string[], io: Io): Promise<number> {
  const { positionals } = parseArguments(argv, {});
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError('explain needs one rule (initscope rules lists them)');
  const info = Object.hasOwn(RULE_INFO, id) ? RULE_INFO[id] : undefined;
  if (info === undefined)
    throw new UsageError(
      `there is no rule ${id}${didYouMean(id, Object.keys(RULE_INFO))} (initscope rules lists them)`,
    );
  const page = await readFile(join(packageFolder(), info.doc), 'utf8').catch(() => undefined);
  io.out(page ?? `${info.id}: ${info.title}\n\n${info.explanation}\n`);
  return EXIT.ok;
}
