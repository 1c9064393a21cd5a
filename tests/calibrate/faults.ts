import type { Finding } from '../../src/model/finding.ts';
import { inspect, tryAdvice, type Inspected } from './inspectModel.ts';
import type { Voice } from './quiet.ts';
import type { Mutant } from './sample.ts';
import { serious, type Tally } from './tally.ts';
import { trainAfter } from './trainAfter.ts';

/** How much is done with the advice for a mutant. */
export interface AdviceWork {
  readonly measure: boolean;
  readonly train: boolean;
}

async function judgeAdvice(
  name: string,
  inspected: Inspected,
  finding: Finding,
  work: AdviceWork,
  tally: Tally,
  voice: Voice,
): Promise<void> {
  tally.add('asked');
  const advice = await tryAdvice(inspected, finding);
  if (advice.offered) tally.add('offered');
  if (advice.removes) tally.add('removes');
  else voice.say(`NO ADVICE ${name}: ${finding.rule} at ${finding.layer}`);
  if (!advice.offered || !work.train || inspected.data !== undefined) return;
  const { ratio, lo, hi, slower } = await trainAfter(inspected.spec, advice.best);
  tally.add('trained');
  if (!slower) tally.add('trainsNoSlower');
  if (slower || voice.verbose)
    voice.say(
      `${slower ? 'SLOWER' : 'TRAINS'} ${name}: loss after advice / before ${ratio.toFixed(3)} [${lo.toFixed(3)}, ${hi.toFixed(3)}]`,
    );
}

/** Inspects mutants: is the fault found, nothing else said, its first cause named, and does the advice help? */
export async function runFaults(
  mutants: readonly Mutant[],
  work: AdviceWork,
  tally: Tally,
  voice: Voice,
): Promise<void> {
  const { say } = voice;
  for (const { model, rules, causes } of mutants) {
    tally.add('mutants', model.name);
    try {
      const inspected = await inspect(model);
      const alarms = serious(inspected.findings);
      const right = alarms.find(({ rule }) => rules.includes(rule));
      if (right === undefined) {
        tally.rule(rules[0] ?? '', 'missed');
        const others = alarms.map(({ rule, layer }) => `${rule}@${layer}`).join(', ');
        say(`MISSED ${model.name}: expected ${rules.join('|')}; found ${others || 'nothing'}`);
        continue;
      }
      tally.add('found', model.name);
      tally.rule(right.rule, 'true');
      for (const other of alarms.filter((finding) => finding !== right)) {
        tally.add('extra', model.name);
        tally.rule(other.rule, 'false');
        say(`EXTRA ${model.name}: ${other.rule} at ${other.layer}: ${other.message}`);
      }
      if (causes.includes(right.layer)) tally.add('firstCause', model.name);
      else
        say(
          `WRONG CAUSE ${model.name}: ${right.rule} at ${right.layer}, expected ${causes.join('|')}: ${right.cause}`,
        );
      if (work.measure) await judgeAdvice(model.name, inspected, right, work, tally, voice);
    } catch (error) {
      tally.add('failed');
      say(`FAILED ${model.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}
