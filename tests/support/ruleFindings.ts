import { RULE_MODELS } from './ruleModels.ts';
import { cli } from './cli.ts';
import { inFolder } from './folder.ts';

/** What the command line says of a rule's example, as its terminal lines: the finding with its numbers and its cause. */
export type ExampleLines = Readonly<Record<string, readonly string[]>>;

/** The lines from one finding's head to the next finding, layer table or model; advice and places are left out. */
function linesOf(out: string, rule: string): string[] {
  const lines = out.split('\n');
  const head = lines.findIndex((line) =>
    new RegExp(`: (error|warning|information|hint) ${rule} `).test(line),
  );
  if (head < 0) return [];
  const first = (lines[head] ?? '').replace(/^.*?: (?=(error|warning|information|hint) )/, '');
  const rest = lines.slice(head + 1);
  const end = rest.findIndex((line) => !line.startsWith('      '));
  const details = rest.slice(0, end < 0 ? rest.length : end).map((line) => line.slice(4));
  return [first, ...details.filter((line) => !/^ {2}(advice| {8})/.test(line))];
}

/** Inspects the examples of these rules; a rule that its example does not fire has no lines. */
export async function exampleLines(rules: readonly string[]): Promise<ExampleLines> {
  const told: Record<string, readonly string[]> = {};
  for (const rule of rules) {
    const model = RULE_MODELS[rule]?.();
    if (model === undefined) throw new Error(`${rule} has no example model`);
    const { text, semantics, data, labels } = model;
    const files = {
      'example.json': text,
      ...(data === undefined ? {} : { 'x.npy': data }),
      ...(labels === undefined ? {} : { 'y.npy': labels }),
    };
    await inFolder(files, async (cwd) => {
      const given = data === undefined ? [] : ['--data', 'x.npy'];
      const known = labels === undefined ? [] : ['--labels', 'y.npy'];
      const args = [
        'inspect',
        'example.json',
        '--quiet',
        '--semantics',
        semantics,
        ...given,
        ...known,
        '--backend',
        'wasm',
        '--no-cache',
      ];
      const { out, err } = await cli(args, { cwd });
      if (err !== '') throw new Error(`${rule}: ${err}`);
      told[rule] = linesOf(out, rule);
    });
  }
  return told;
}
