import { buildSpec } from '../../model/buildSpec.ts';
import type { Problem } from '../../model/problem.ts';
import type { ReadOptions } from '../../model/reader.ts';
import { contentHash } from '../../model/hash.ts';
import { makeProgram, parametersOf, type Program } from './program.ts';
import { RawModels, type Outcome } from './rawModels.ts';
import { stoppedText } from './stopped.ts';
import { Places } from './places.ts';
import type { RecordedModel, RecordedRef, Recording } from './recording.ts';
import type { Sandbox } from './sandbox.ts';
import { ownerOf, reaches } from './reaches.ts';
import type { FunctionInfo } from './statics.ts';
import type { Units } from './units.ts';
import type { EvaluationWatch } from './watch.ts';

/** A model that was recorded, and what became of it. */
export interface Found {
  readonly model: RecordedModel;
  readonly site: number;
  readonly outcome: Outcome;
}

/** Everything a run of the source gave. */
export interface Evaluation {
  readonly program: Program;
  readonly recording: Recording;
  readonly found: readonly Found[];
  /** Why the run ended early, in words. */
  readonly stopped: string | undefined;
}

/** Work in the sandbox's units. */
const NATURAL_WORK = 300;
const CALLER_WORK = 150;
const ALONE_WORK = 100;

function answersOf(options: ReadOptions): Record<string, number | string | boolean> {
  return { ...options.params };
}

/** The one input shape a person gave, when there is exactly one. */
function givenShape(options: ReadOptions): readonly number[] | undefined {
  const shapes = Object.values(options.inputShapes ?? {});
  return shapes.length === 1 ? shapes[0] : undefined;
}

function sizesOf(value: unknown): readonly (number | null)[] | undefined {
  return Array.isArray(value) && value.every((size) => size === null || Number.isInteger(size))
    ? (value as (number | null)[])
    : undefined;
}

/** Shape of a tensor that the program asks for while it runs, by the one shape law. */
function shapeLaw(
  program: () => Program,
): (recording: Recording, ref: RecordedRef) => readonly (number | null)[] | undefined {
  return (recording, ref) => {
    const part = new RawModels(recording, program(), undefined).upTo(ref);
    if (part === undefined || !('layer' in ref)) return undefined;
    const [only, ...more] = part.raw.layers;
    if (only?.className === 'InputLayer' && more.length === 0)
      return sizesOf(only.config['batch_input_shape']);
    try {
      const spec = buildSpec(part.raw, {
        file: part.raw.origin.file,
        format: 'tfjs-source',
        framework: 'TensorFlow.js',
        semantics: { value: 'tfjs', from: '' },
        contentHash: contentHash(''),
        options: {},
      });
      const output = spec.outputs[0];
      return output?.shape;
    } catch {
      return undefined;
    }
  };
}

/** Runs the source in the sandbox: as it stands, from the files that call it, then its building functions alone. */
export async function evaluate(
  units: Units,
  options: ReadOptions,
  watch: EvaluationWatch,
): Promise<Evaluation> {
  const program = makeProgram(units, answersOf(options));
  const { Sandbox: Opened } = await import('./sandbox.ts');
  const sandbox = await Opened.open(
    program,
    shapeLaw(() => program),
    watch,
  );
  return run(sandbox, program, units, options);
}

function run(sandbox: Sandbox, program: Program, units: Units, options: ReadOptions): Evaluation {
  let number = 0;
  for (const index of units.classics) sandbox.load(number, index, Math.min(CALLER_WORK, sandbox.left));
  sandbox.load(number, 0, Math.min(NATURAL_WORK, sandbox.left));
  let state = judge(sandbox.result(), program, options);
  for (const caller of units.callers) {
    if (sandbox.left < 20 || [...program.modelSites].every((site) => state.ready.has(site))) break;
    sandbox.load(++number, caller, Math.min(CALLER_WORK, sandbox.left));
    state = judge(sandbox.result(), program, options);
  }
  const functions = reaches(program);
  const names = new Set([...functions.keys()].flatMap((entry) => [...entry.info.calls]));
  // Callers before what they call: a function without a name stands after the one around it, which makes it.
  const called = (info: FunctionInfo | undefined): boolean =>
    info !== undefined &&
    (info.name === '' ? called(info.parent) : names.has(info.name) || names.has(info.className ?? ''));
  const roots = [...functions].sort(([a], [b]) => Number(called(a.info)) - Number(called(b.info)));
  const askedAlone = new Set<number>();
  const open = roots.map(([entry, sites]) => ({
    entry,
    sites,
    tried: new Map<string, unknown[]>(),
    rounds: 0,
  }));
  const wanted = ({ sites, rounds }: (typeof open)[number]): boolean =>
    rounds < 10 && [...sites].some((site) => !state.ready.has(site) && !askedAlone.has(site));
  while (sandbox.left > 10) {
    // Functions that reach the same model wait for each other; for the others one look at what was recorded will do.
    const taken = new Set<number>();
    const ran = new Map<number, (typeof open)[number]>();
    for (const each of open.filter(wanted)) {
      if (sandbox.left <= 10 || [...each.sites].some((site) => taken.has(site))) continue;
      for (const site of each.sites) taken.add(site);
      number += 1;
      ran.set(number, each);
      each.rounds += 1;
      sandbox.alone(
        number,
        each.entry.number,
        parametersOf(each.entry.info, program),
        [...each.tried],
        Math.min(ALONE_WORK, sandbox.left),
        ownerOf(each.entry, program),
      );
    }
    if (ran.size === 0) break;
    state = judge(sandbox.result(), program, options);
    for (const found of state.found)
      if (ran.has(found.model.run) && found.outcome.kind === 'asks') askedAlone.add(found.site);
    for (const [run, each] of ran) {
      const assumed = state.recording.notes.filter((note) => note.run === run && note.kind === 'assumed');
      if (assumed.length === 0) each.rounds = 10;
      for (const note of assumed)
        each.tried.set(note.path, [...(each.tried.get(note.path) ?? []), note.value]);
    }
  }
  const ended = state.recording.ended ?? sandbox.ended;
  const stopped = stoppedText(ended, program, new Places(program), sandbox.lastMarked);
  return { program, recording: state.recording, found: state.found, stopped };
}

interface State {
  readonly recording: Recording;
  readonly found: readonly Found[];
  readonly ready: ReadonlySet<number>;
  readonly asked: ReadonlySet<number>;
}

function judge(recording: Recording, program: Program, options: ReadOptions): State {
  const raws = new RawModels(recording, program, givenShape(options));
  const found: Found[] = [];
  const ready = new Set<number>();
  const asked = new Set<number>();
  for (const model of recording.models) {
    const site = model.sites[0] ?? -1;
    if (program.sites[site]?.file !== 0 || model.loaded === true) continue;
    const outcome = raws.outcome(model, '', []);
    found.push({ model, site, outcome });
    if (outcome.kind === 'ready') ready.add(site);
    if (outcome.kind === 'asks') asked.add(site);
  }
  return { recording, found, ready, asked };
}

/** Rebuilds the raw model under its final name and with its notes. */
export function finalRaw(
  evaluation: Evaluation,
  model: RecordedModel,
  name: string,
  problems: readonly Problem[],
  options: ReadOptions,
): Outcome {
  return new RawModels(evaluation.recording, evaluation.program, givenShape(options)).outcome(
    model,
    name,
    problems,
  );
}
