import { dirname, resolve } from 'node:path';
import { initializerLaw } from '../../model/initializers/catalogue.ts';
import type { MeasureRequest, Progress } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import type { PythonHost, PythonReading, PythonText } from '../../model/pythonHost.ts';
import type { ReadOptions } from '../../model/reader.ts';
import type { Plan } from '../../model/plan.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { findInterpreter } from './interpreter.ts';
import type { Hello, ModelsReply, Reply, Request, WeightLaw } from './messages.ts';
import { type Probe, startProbe } from './probe.ts';
import { projectFolder } from './projectFolder.ts';

/** How Python files are run. */
export interface PythonHostOptions {
  /** The folder that holds the package `initscope_probe`. */
  readonly probeFolder: string;
  /** Relative paths of files are meant from here. */
  readonly cwd: string;
  /** The interpreter; found per file when absent. */
  readonly interpreter?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A probe that says nothing for so long is killed. */
  readonly silenceMs?: number;
  /** Probes kept for further questions about files that were read; the oldest is ended first. */
  readonly keep?: number;
  /** Memory a probe may take, in GiB (where the system can limit it). */
  readonly memoryGiB?: number;
}

interface Session {
  readonly key: string;
  readonly probe: Probe;
  readonly reading: Promise<PythonReading>;
}

function frameworkMissing(hello: Hello, text: string): InputError | undefined {
  const has = (...names: string[]): boolean => names.some((name) => hello.packages[name] !== undefined);
  const wantsTorch = /\b(torch|lightning)\b/.test(text);
  const wantsKeras = /\b(keras|tensorflow)\b/.test(text);
  if (!wantsTorch && !wantsKeras) return undefined;
  if ((wantsTorch && has('torch')) || (wantsKeras && has('keras', 'tf_keras', 'tf-keras'))) return undefined;
  const name = wantsTorch ? 'torch' : 'keras';
  return new InputError({
    message: `There is no ${name === 'torch' ? 'PyTorch' : 'Keras'} in ${hello.executable}.`,
    hint: `Install it (${hello.executable} -m pip install ${name}), or name another interpreter: --python PATH.`,
  });
}

/** Paths as the caller named the file, instead of the absolute ones that Python sees. */
function withPath<T>(value: T, from: string, to: string): T {
  if (from === to) return value;
  return JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    key === 'file' && each === from ? to : each,
  ) as T;
}

function lawsOf({ spec, changes }: Pick<MeasureRequest, 'spec' | 'changes'>): WeightLaw[] {
  const layers = new Map(spec.layers.map((layer) => [layer.id, layer]));
  return changes.flatMap(({ layers: ids, weight: name, initializer }) =>
    ids.flatMap((layer): WeightLaw[] => {
      const weight = layers.get(layer)?.weights.find((each) => each.name === name);
      if (weight === undefined) return [];
      const law = initializerLaw(initializer, weight, spec.semantics.value);
      return [{ layer, weight: name, law, initializer: initializer.id }];
    }),
  );
}

/** The user's interpreter as a host of PyTorch and Keras files: one process per file, kept while its models are measured. */
export function createPythonHost(options: PythonHostOptions): PythonHost {
  const { probeFolder, cwd, env = process.env, silenceMs = 300_000, keep = 2, memoryGiB = 12 } = options;
  const sessions: Session[] = [];
  const origins = new Map<string, { readonly source: PythonText; readonly options: ReadOptions }>();

  const open = (source: PythonText, readOptions: ReadOptions): Session => {
    const { path, text } = source;
    const full = resolve(cwd, path);
    const found = findInterpreter(full, options.interpreter, env);
    const probe = startProbe({ interpreter: found.path, probeFolder, cwd: dirname(full), env, silenceMs });
    const { params, inputShapes, model } = readOptions;
    const request: Request = {
      type: 'read',
      ...source,
      path: full,
      root: projectFolder(full),
      limits: { memory: memoryGiB },
      ...(params === undefined ? {} : { params }),
      ...(inputShapes === undefined ? {} : { inputShapes }),
      ...(model === undefined ? {} : { model }),
    };
    const read = async (): Promise<PythonReading> => {
      const hello = await probe.hello;
      const missing = frameworkMissing(hello, text ?? '');
      if (missing !== undefined) {
        await probe.kill();
        throw missing;
      }
      const reply = await probe.ask(request);
      if (reply.type === 'error') throw new InputError({ message: reply.message });
      if (reply.type !== 'models') throw new Error(`the probe answered ${reply.type}`);
      return withPath(toReading(reply, hello), full, path);
    };
    return { key: keyOf(source, readOptions), probe, reading: read() };
  };

  const sessionFor = (source: PythonText, readOptions: ReadOptions): Session => {
    const key = keyOf(source, readOptions);
    const known = sessions.findIndex((each) => each.key === key && each.probe.alive());
    const session = known >= 0 ? sessions.splice(known, 1)[0]! : open(source, readOptions);
    sessions.push(session);
    for (const old of sessions.splice(0, Math.max(0, sessions.length - keep))) void old.probe.kill();
    return session;
  };

  const read: PythonHost['read'] = async (source, options) => {
    const reading = await sessionFor(source, options).reading;
    origins.set(`${source.path}\n${reading.contentHash}`, { source, options });
    return reading;
  };

  /** The running probe that read a model's file; started again where it was ended since. */
  const probeOf = async ({ file, contentHash }: ModelSpec): Promise<Probe> => {
    const known = origins.get(`${file}\n${contentHash}`);
    const session = sessionFor(known?.source ?? { path: file }, known?.options ?? {});
    await session.reading;
    return session.probe;
  };
  const ask = async (
    spec: ModelSpec,
    request: Request,
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<Reply> => {
    const probe = await probeOf(spec);
    const reply = await probe.ask(request, signal, (each) => {
      if (each.type === 'progress') onProgress?.({ done: each.done ?? 0, total: each.total ?? 0 });
    });
    if (reply.type === 'error')
      throw new InputError({
        message: `${spec.name} could not be ${request.type === 'measure' ? 'measured' : 'trained'}: ${reply.message}`,
        range: spec.origin.range,
      });
    return reply;
  };
  const lossOf = ({ outputs: [output] }: ModelSpec) =>
    output === undefined ? {} : { loss: output.loss, output: output.name };

  const measure: PythonHost['measure'] = async (request, signal, onProgress) => {
    const { spec, plan, seeds } = request;
    const { batch } = withoutData(spec, plan);
    const laws = lawsOf(request);
    const reply = await ask(
      spec,
      { type: 'measure', model: spec.id, seeds, batch, laws, ...lossOf(spec) },
      signal,
      onProgress,
    );
    if (reply.type !== 'measurement') throw new Error(`the probe answered ${reply.type}`);
    return reply.measurement;
  };

  const probe: PythonHost['probe'] = async (request, signal, onProgress) => {
    const { spec, plan, optimizer, rates, seeds, steps } = request;
    const { batch } = withoutData(spec, plan);
    const laws = lawsOf(request);
    const reply = await ask(
      spec,
      { type: 'train', model: spec.id, batch, laws, optimizer, rates, seeds, steps, ...lossOf(spec) },
      signal,
      onProgress,
    );
    if (reply.type !== 'trained') throw new Error(`the probe answered ${reply.type}`);
    return reply.runs;
  };

  const coordinates: PythonHost['coordinates'] = async (request, signal, onProgress) => {
    const { spec, plan, optimizer, rate, seeds, steps } = request;
    const { batch } = withoutData(spec, plan);
    const reply = await ask(
      spec,
      { type: 'coordinates', model: spec.id, batch, optimizer, rate, seeds, steps, ...lossOf(spec) },
      signal,
      onProgress,
    );
    if (reply.type !== 'coordinates') throw new Error(`the probe answered ${reply.type}`);
    return reply.runs;
  };

  return {
    read,
    measure,
    probe,
    coordinates,
    dispose: async () => {
      await Promise.all(sessions.splice(0).map(({ probe }) => probe.kill()));
    },
  };
}

/** Data files are read for the models that our own engine runs. */
function withoutData(spec: ModelSpec, plan: Plan): Plan {
  if (plan.data === undefined) return plan;
  throw new InputError({
    message: `${spec.name} runs in your Python, which takes no data files yet`,
    hint: 'leave --data out',
    range: spec.origin.range,
  });
}

function keyOf({ path, text }: PythonText, options: ReadOptions): string {
  return JSON.stringify([path, text, options.params, options.inputShapes, options.model]);
}

function toReading(reply: ModelsReply, hello: Hello): PythonReading {
  return {
    specs: reply.specs,
    keras: reply.keras ?? [],
    problems: reply.problems,
    questions: reply.questions,
    notes: reply.notes,
    contentHash: reply.contentHash ?? reply.specs[0]?.contentHash ?? '',
    interpreter: `Python ${hello.python} (${hello.executable})`,
  };
}
