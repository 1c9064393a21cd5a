import { candidates } from '../advice/candidates.ts';
import { classPrior } from '../advice/classPrior.ts';
import { lsuv } from '../advice/lsuv.ts';
import { outcome } from '../advice/outcome.ts';
import { composeAdvice, helps } from '../advice/rank.ts';
import type { Tried } from '../advice/rank.ts';
import { divisorOf, rescaling } from '../advice/rescaling.ts';
import { applyChanges } from '../model/applyChanges.ts';
import type { Change, EditResult } from '../model/change.ts';
import type { Advice, AdviceOutcome, Finding } from '../model/finding.ts';
import type { Measurement } from '../model/measurement.ts';
import type { ModelSpec } from '../model/spec.ts';
import { editModels } from '../readers/formats.ts';
import { dataRms } from '../rules/inputScale.ts';
import { judge } from '../rules/judge.ts';
import { layerQuantities, type LayerQuantities } from '../rules/layerQuantities.ts';
import { predict } from '../theory/predict.ts';
import { measureVariant } from './looking.ts';
import type { Looked, Subject } from './looking.ts';
import { sortedChanges } from './specKey.ts';

/** Sets of changes that are measured for one model at most; findings are served worst first. */
const MOST_SETS = 8;

function keyOf(changes: readonly Change[]): string {
  return JSON.stringify(sortedChanges(changes));
}

function editOf(text: string | undefined, spec: ModelSpec, changes: readonly Change[]): EditResult {
  if (text !== undefined) return editModels(text, spec, changes);
  return { ok: false, refusal: { place: spec.file, reason: 'the file has no text that could be edited' } };
}

/** What was measured by layer with the changes that led to an outcome. */
type Profiles = Map<AdviceOutcome, LayerQuantities>;

/** Findings with advice, whose `repair` is an index of `repairs`. */
interface Advised {
  readonly findings: readonly Finding[];
  readonly repairs: readonly LayerQuantities[];
}

/** What is measured and judged after a set of changes, on the seeds that were looked at; its layers go to `profiles`. */
async function outcomeAfter(
  subject: Subject,
  looked: Looked,
  changes: readonly Change[],
  profiles: Profiles,
): Promise<AdviceOutcome> {
  const { config } = subject;
  const measurement = await measureVariant(subject, changes, looked.seeds, 'advice');
  const spec = applyChanges(subject.spec, changes);
  const prediction = predict(spec);
  const twin = (known: Measurement | undefined) => (known === undefined ? {} : { twin: known });
  const facts = { spec, prediction, measurement, config, data: subject.plan.inputLaw === 'data' };
  const first = judge({ ...facts, ...twin(looked.twin) });
  const { findings } = first.wantsTwin
    ? judge({
        ...facts,
        twin: await measureVariant(subject, looked.twinChanges, looked.seeds, 'twin'),
      })
    : first;
  const after = outcome(spec, measurement, findings);
  profiles.set(after, layerQuantities(spec, prediction, measurement));
  return after;
}

/** The advice with the index of its profile; a profile that is first used joins `used`. */
function withRepair(advice: Advice, profiles: Profiles, used: LayerQuantities[]): Advice {
  const profile = profiles.get(advice.after);
  if (profile === undefined) return advice;
  if (!used.includes(profile)) used.push(profile);
  return { ...advice, repair: used.indexOf(profile) };
}

/** Data that a finding names as its cause, measured again divided by a round number near their rms: advice where that helps. */
async function rescaled(
  subject: Subject,
  looked: Looked,
  finding: Finding,
  before: AdviceOutcome,
  profiles: Profiles,
): Promise<readonly Advice[]> {
  const { spec, plan } = subject;
  const node = spec.nodes.find(({ layer }) => layer === finding.layer)?.id;
  const input = spec.inputs.find((each) => each.node === node);
  if (plan.data === undefined || input === undefined) return [];
  const named = finding.rule === 'input-scale' ? finding.values[0]?.value : undefined;
  const rms = named ?? dataRms(looked.measurement, input.node);
  if (rms === undefined || !(rms > 0)) return [];
  const divisor = divisorOf(rms);
  const divided: Subject = {
    ...subject,
    plan: { ...plan, data: { ...plan.data, divisors: { [input.name]: divisor } } },
  };
  const { twin: _twin, ...fresh } = looked;
  const after = await outcomeAfter(divided, fresh, [], profiles);
  return helps(finding, before, after) ? [rescaling(spec, input.name, divisor, before, after)] : [];
}

/**
 * The findings with advice that was measured to help: candidates run on the same seeds, are judged by the same rules and ranked,
 * and become edits of the text. A finding that no candidate helps keeps the number that were tried.
 */
export async function advise(
  subject: Subject,
  looked: Looked,
  findings: readonly Finding[],
  text: string | undefined,
): Promise<Advised> {
  const { spec } = subject;
  const before = outcome(spec, looked.measurement, looked.findings);
  const known = new Map<string, Tried>();
  const profiles: Profiles = new Map();
  const repairs: LayerQuantities[] = [];
  const trySet = async (changes: readonly Change[]): Promise<Tried | undefined> => {
    const key = keyOf(changes);
    const done = known.get(key);
    if (done !== undefined || known.size >= MOST_SETS) return done;
    const tried = { changes, after: await outcomeAfter(subject, looked, changes, profiles) };
    known.set(key, tried);
    return tried;
  };
  const advised: Finding[] = [];
  for (const finding of findings) {
    if (finding.severity === 'hint') {
      advised.push(finding);
      continue;
    }
    const tried: Tried[] = [];
    for (const changes of candidates(spec, finding, looked.measurement)) {
      const result = await trySet(changes);
      if (result !== undefined) tried.push(result);
    }
    const measured = composeAdvice(spec, finding, before, tried).map((each) => ({
      ...each,
      edit: editOf(text, spec, each.changes),
    }));
    const procedure =
      measured.length > 0
        ? undefined
        : (lsuv(spec, finding, before) ?? classPrior(spec, finding, looked.measurement, before));
    const data = await rescaled(subject, looked, finding, before, profiles);
    const advice = [...measured, ...data, ...(procedure === undefined ? [] : [procedure])].map((each) =>
      withRepair(each, profiles, repairs),
    );
    advised.push({ ...finding, advice, ...(tried.length > 0 ? { tried: tried.length } : {}) });
  }
  return { findings: advised, repairs };
}
