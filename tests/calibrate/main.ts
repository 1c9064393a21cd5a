import { runFaults } from './faults.ts';
import { halfOf } from './halves.ts';
import { heldOutHarmless, heldOutHealthy, heldOutMutants } from './heldOut.ts';
import { runQuiet } from './quiet.ts';
import { runReal } from './real.ts';
import { harmlessSet } from './harmlessSet.ts';
import { healthySet } from './healthySet.ts';
import { mutantSet } from './mutantSet.ts';
import { Tally } from './tally.ts';

/*
 * npm run calibrate [-- --full --only=NAME[,NAME…] --part=tuned-a|tuned-b|held-out|real --json --predictions --verbose --no-advice
 * --no-training]: what docs/calibration.md reports.
 */
const args = process.argv.slice(2);
const has = (flag: string): boolean => args.includes(`--${flag}`);
const value = (option: string): string | undefined =>
  args.find((arg) => arg.startsWith(`--${option}=`))?.slice(option.length + 3);
const [only, part] = [value('only')?.split(','), value('part')];
const named = (name: string): boolean => only === undefined || only.some((piece) => name.includes(piece));
const wanted = ({ model: { name } }: { readonly model: { readonly name: string } }): boolean =>
  named(name) && (part === undefined || halfOf(name) === part);
const voice = {
  say: (line: string) => void (has('json') ? process.stderr : process.stdout).write(`${line}\n`),
  verbose: has('verbose'),
  predictions: has('predictions'),
};

const started = performance.now();
const tally = new Tally();
const full = has('full');
const quiet = [...healthySet(full), ...harmlessSet(), ...heldOutHealthy(), ...heldOutHarmless()];
await runQuiet(quiet.filter(wanted), tally, voice);
const work = { measure: !has('no-advice'), train: !has('no-advice') && !has('no-training') };
await runFaults([...mutantSet(full), ...heldOutMutants()].filter(wanted), work, tally, voice);

const real = part === 'real' ? await runReal(named, voice) : undefined;
const { user, system } = process.cpuUsage();
const summary = {
  ...tally.summary(),
  ...(real === undefined ? {} : { real }),
  seconds: (performance.now() - started) / 1000,
  processorSeconds: (user + system) / 1e6,
};
if (has('json')) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
else {
  for (const [rule, counts] of Object.entries(summary.rules))
    voice.say(`${rule.padEnd(26)} true ${counts.true} false ${counts.false} missed ${counts.missed}`);
  voice.say(JSON.stringify({ ...summary, rules: undefined }));
}
