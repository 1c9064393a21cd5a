import { inspect, tryAdvice, type Inspected } from './inspectModel.ts';
import { agreement } from './agreement.ts';
import { halfOf } from './halves.ts';
import { heldOutHarmless, heldOutHealthy, heldOutMutants } from './heldOut.ts';
import { harmlessSet, healthySet, mutantSet } from './sets.ts';

const args = process.argv.slice(2);
const only = args.find((arg) => arg.startsWith('--only='))?.slice(7);
const full = args.includes('--full');
const asJson = args.includes('--json');
const part = args.find((arg) => arg.startsWith('--part='))?.slice(7);
const withAdvice = !args.includes('--no-advice');

interface RuleCount {
  true: number;
  false: number;
  missed: number;
}

const rules: Record<string, RuleCount> = {};
const count = (rule: string, what: keyof RuleCount): void => {
  (rules[rule] ??= { true: 0, false: 0, missed: 0 })[what] += 1;
};
const say = (line: string): void => void (asJson ? process.stderr : process.stdout).write(`${line}\n`);
const serious = (inspected: Inspected) =>
  inspected.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
const wanted = (name: string): boolean =>
  (only === undefined || name.includes(only)) && (part === undefined || halfOf(name) === part);
/** Per half (tuned ones by a hash of the name, and the held-out set): models, false alarms, mutants, found, first causes. */
const halves: Record<string, Record<string, number>> = {};
const tally = (name: string, what: string): void => {
  const half = (halves[halfOf(name)] ??= {});
  half[what] = (half[what] ?? 0) + 1;
};

const started = performance.now();
let falseAlarms = 0;
let healthyModels = 0;
let predicted = 0;
let agreed = 0;
const quiet = [...healthySet(full), ...harmlessSet(), ...heldOutHealthy(), ...heldOutHarmless()];
for (const { model } of quiet.filter((each) => wanted(each.model.name))) {
  healthyModels += 1;
  tally(model.name, 'healthy');
  try {
    const inspected = await inspect(model);
    const alarms = serious(inspected);
    const agrees = agreement(inspected);
    predicted += agrees.layers;
    agreed += agrees.within;
    if (agrees.worst !== undefined && args.includes('--predictions')) {
      const { node, delta, allowed } = agrees.worst;
      say(
        `PREDICTION ${model.name}: ${node} off by ${delta.toFixed(3)} (allowed ${allowed.toFixed(3)}), ${agrees.within} of ${agrees.layers} agree`,
      );
    }
    if (alarms.length > 0) {
      falseAlarms += 1;
      tally(model.name, 'falseAlarms');
    }
    for (const finding of alarms) {
      count(finding.rule, 'false');
      say(
        `FALSE ALARM ${model.name}: ${finding.severity} ${finding.rule} at ${finding.layer}: ${finding.message} [${finding.values.map((value) => `${value.lo.toPrecision(3)}…${value.hi.toPrecision(3)}`).join(' ')}] cause: ${finding.cause}`,
      );
    }
    if (args.includes('--verbose'))
      say(
        `${model.name} ${inspected.seconds.toFixed(2)} s, ${inspected.measurement.seeds.length} seeds${inspected.twin === undefined ? '' : ', twin'}`,
      );
  } catch (error) {
    falseAlarms += 1;
    say(`FAILED ${model.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
let found = 0;
let causes = 0;
let extra = 0;
let mutants = 0;
let offered = 0;
let removes = 0;
let asked = 0;
for (const { model, rules: expected, causes: layers } of [...mutantSet(full), ...heldOutMutants()].filter(
  (each) => wanted(each.model.name),
)) {
  mutants += 1;
  tally(model.name, 'mutants');
  try {
    const inspected = await inspect(model);
    const alarms = serious(inspected);
    const right = alarms.find(({ rule }) => expected.includes(rule));
    if (right === undefined) {
      for (const rule of expected.slice(0, 1)) count(rule, 'missed');
      say(
        `MISSED ${model.name}: expected ${expected.join('|')}; found ${alarms.map(({ rule, layer }) => `${rule}@${layer}`).join(', ') || 'nothing'}`,
      );
      continue;
    }
    found += 1;
    tally(model.name, 'found');
    count(right.rule, 'true');
    const others = alarms.filter((finding) => finding !== right);
    extra += others.length;
    for (const other of others) {
      count(other.rule, 'false');
      say(`EXTRA ${model.name}: ${other.rule} at ${other.layer}: ${other.message}`);
    }
    if (layers.includes(right.layer)) {
      causes += 1;
      tally(model.name, 'firstCause');
    } else
      say(
        `WRONG CAUSE ${model.name}: ${right.rule} at ${right.layer}, expected ${layers.join('|')}: ${right.cause}`,
      );
    if (!withAdvice) continue;
    asked += 1;
    const advice = await tryAdvice(inspected, right);
    if (advice.offered) offered += 1;
    if (advice.removes) removes += 1;
    else say(`NO ADVICE ${model.name}: ${right.rule} at ${right.layer} (${inspected.seconds.toFixed(1)} s)`);
  } catch (error) {
    say(`FAILED ${model.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
const precision = share(found, found + extra);
const summary = {
  healthy: { models: healthyModels, falseAlarms },
  mutants: { models: mutants, recall: share(found, mutants), precision, firstCause: share(causes, found) },
  advice: { asked, offered, removes: share(removes, asked) },
  predictions: { layers: predicted, agree: share(agreed, predicted) },
  halves,
  rules,
  seconds: (performance.now() - started) / 1000,
};
if (asJson) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
else {
  for (const [rule, { true: hits, false: misses, missed }] of Object.entries(rules))
    say(`${rule.padEnd(26)} true ${hits} false ${misses} missed ${missed}`);
  say(JSON.stringify({ ...summary, rules: undefined }));
}
