import { agreement, type Agreement } from './agreement.ts';
import { inspect } from './inspectModel.ts';
import type { Healthy } from './sample.ts';
import { serious, type Tally } from './tally.ts';

/** What a run says, and how much of it. */
export interface Voice {
  readonly say: (line: string) => void;
  readonly verbose: boolean;
  readonly predictions: boolean;
}

/** Predictions are made for N(0, 1) inputs: nothing to compare with on other data. */
const NOTHING_PREDICTED: Agreement = { layers: 0, within: 0, worst: undefined };

/** Inspects models of which nothing may be said, and compares their prediction with what was measured. */
export async function runQuiet(models: readonly Healthy[], tally: Tally, voice: Voice): Promise<void> {
  const { say } = voice;
  for (const { model } of models) {
    tally.add('healthy', model.name);
    try {
      const inspected = await inspect(model);
      const alarms = serious(inspected.findings);
      const agrees = inspected.data === undefined ? agreement(inspected) : NOTHING_PREDICTED;
      tally.add('predicted', undefined, agrees.layers);
      tally.add('agreed', undefined, agrees.within);
      if (agrees.worst !== undefined && voice.predictions) {
        const { node, delta, allowed } = agrees.worst;
        say(
          `PREDICTION ${model.name}: ${node} off by ${delta.toFixed(3)} (allowed ${allowed.toFixed(3)}), ${agrees.within} of ${agrees.layers} agree`,
        );
      }
      if (alarms.length > 0) tally.add('falseAlarms', model.name);
      for (const finding of alarms) {
        tally.rule(finding.rule, 'false');
        const values = finding.values.map(({ lo, hi }) => `${lo.toPrecision(3)}…${hi.toPrecision(3)}`);
        say(
          `FALSE ALARM ${model.name}: ${finding.severity} ${finding.rule} at ${finding.layer}: ${finding.message} [${values.join(' ')}] cause: ${finding.cause}`,
        );
      }
      if (voice.verbose) {
        const { seconds, measurement, twin } = inspected;
        say(
          `${model.name} ${seconds.toFixed(2)} s, ${measurement.seeds.length} seeds${twin === undefined ? '' : ', twin'}`,
        );
      }
    } catch (error) {
      tally.add('falseAlarms', model.name);
      tally.add('failed');
      say(`FAILED ${model.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}
