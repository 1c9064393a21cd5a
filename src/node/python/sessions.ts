import { dirname, resolve } from 'node:path';
import type { Progress } from '../../model/measurer.ts';
import { InputError } from '../../model/problem.ts';
import type { PythonReading, PythonText } from '../../model/pythonHost.ts';
import type { ReadOptions } from '../../model/reader.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { findInterpreter } from './interpreter.ts';
import type { Reply, Request } from './messages.ts';
import { type Probe, startProbe } from './probe.ts';
import { projectFolder } from './projectFolder.ts';
import type { RayCluster } from './ray.ts';
import { frameworkMissing, toReading, withPath } from './reading.ts';
import { torchrunLink } from './torchrun.ts';

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
  /** Where probes run instead of this machine; several then share one measurement. */
  readonly ray?: RayCluster;
  /** Processes of torchrun over which every model is spread. */
  readonly ranks?: number;
  /** Memory a probe may take, in GiB (where the system can limit it). */
  readonly memoryGiB?: number;
}

interface Session {
  readonly key: string;
  readonly probe: Probe;
  readonly reading: Promise<PythonReading>;
  /** Uses under way. */
  asked: number;
}

/** Processes that have read files, on one or several workers; each is kept while questions about its models may come. */
export interface Sessions {
  /** How many workers there are. */
  readonly slots: number;
  read(source: PythonText, options: ReadOptions): Promise<PythonReading>;
  /** Asks the process that has read a model, on the least loaded worker unless said; an answer that is an error is thrown, with the model's place. */
  ask(
    spec: ModelSpec,
    request: Request,
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
    slot?: number,
  ): Promise<Reply>;
  /** Seeds in shares for workers: as many as this file may have while others are at work too. */
  shared(spec: ModelSpec, seeds: readonly number[]): readonly SeedShare[];
  /** Ends every process. */
  close(): Promise<void>;
}

/** Seeds that one worker measures. */
interface SeedShare {
  readonly share: readonly number[];
  readonly slot: number;
}

/** Opens processes for files as they are asked for. */
export function openSessions(options: PythonHostOptions): Sessions {
  const { probeFolder, cwd, env = process.env, silenceMs = 300_000, memoryGiB = 12 } = options;
  const { ray, ranks } = options;
  const slots = ray?.slots ?? 1;
  const keep = Math.max(options.keep ?? 2, slots);
  const sessions: Session[] = [];
  const origins = new Map<string, { readonly source: PythonText; readonly options: ReadOptions }>();

  const open = (source: PythonText, readOptions: ReadOptions, key: string): Session => {
    const { path, text } = source;
    const full = resolve(cwd, path);
    const found = findInterpreter(full, options.interpreter, env);
    const start = { interpreter: found.path, probeFolder, cwd: dirname(full), env, silenceMs };
    const link = ranks === undefined ? ray?.open(dirname(full)) : torchrunLink(start, ranks);
    const probe = startProbe(start, link);
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
    return { key, probe, reading: read(), asked: 0 };
  };

  /** Questions under way, by worker. */
  const load = Array.from({ length: slots }, () => 0);
  /** The least loaded workers, those first that have read the file. */
  const freeSlots = (file: string, count: number): readonly number[] => {
    const cost = (slot: number) =>
      2 * (load[slot] ?? 0) + (sessions.some(({ key }) => key === `${slot} ${file}`) ? 0 : 1);
    return [...load.keys()].sort((a, b) => cost(a) - cost(b) || a - b).slice(0, count);
  };
  const shared: Sessions['shared'] = (spec, seeds) => {
    const others = load.filter((count) => count > 0).length;
    const shares = split(seeds, Math.max(1, slots - others));
    const free = freeSlots(fileKey(spec), shares.length);
    return shares.map((share, index) => ({ share, slot: free[index] ?? 0 }));
  };
  const fileKey = ({ file, contentHash }: ModelSpec): string => {
    const known = origins.get(`${file}\n${contentHash}`);
    return keyOf(known?.source ?? { path: file }, known?.options ?? {});
  };

  /** The session of a file on a worker. */
  const sessionFor = (source: PythonText, readOptions: ReadOptions, slot: number): Session => {
    const key = `${slot} ${keyOf(source, readOptions)}`;
    const known = sessions.findIndex((each) => each.key === key && each.probe.alive());
    const session = known >= 0 ? sessions.splice(known, 1)[0]! : open(source, readOptions, key);
    sessions.push(session);
    const idle = sessions.filter((each) => each !== session && each.asked === 0);
    for (const old of idle.slice(0, Math.max(0, sessions.length - keep))) {
      sessions.splice(sessions.indexOf(old), 1);
      void old.probe.kill();
    }
    return session;
  };

  const read: Sessions['read'] = async (source, options) => {
    const [slot = 0] = freeSlots(keyOf(source, options), 1);
    const reading = await counted(slot, sessionFor(source, options, slot), (session) => session.reading);
    origins.set(`${source.path}\n${reading.contentHash}`, { source, options });
    return reading;
  };

  /** Uses a session, which is kept meanwhile. */
  const counted = async <T>(
    slot: number,
    session: Session,
    use: (session: Session) => Promise<T>,
  ): Promise<T> => {
    session.asked++;
    load[slot] = (load[slot] ?? 0) + 1;
    try {
      return await use(session);
    } finally {
      session.asked--;
      load[slot] = (load[slot] ?? 1) - 1;
    }
  };
  const ask: Sessions['ask'] = async (
    spec,
    request,
    signal,
    onProgress,
    slot = freeSlots(fileKey(spec), 1)[0] ?? 0,
  ) => {
    const known = origins.get(`${spec.file}\n${spec.contentHash}`);
    const reader = sessionFor(known?.source ?? { path: spec.file }, known?.options ?? {}, slot);
    const reply = await counted(slot, reader, async ({ probe, reading }) => {
      await reading;
      return probe.ask(request, signal, (each) => {
        if (each.type === 'progress') onProgress?.({ done: each.done ?? 0, total: each.total ?? 0 });
      });
    });
    if (reply.type === 'error')
      throw new InputError({
        message: `${spec.name} could not be ${request.type === 'measure' ? 'measured' : 'trained'}: ${reply.message}`,
        range: spec.origin.range,
      });
    return reply;
  };

  return {
    slots,
    read,
    ask,
    shared,
    close: async () => {
      await Promise.all(sessions.splice(0).map(({ probe }) => probe.kill()));
      await ray?.close();
    },
  };
}

/** A list in so many runs of nearly one length, none of them empty. */
function split<T>(list: readonly T[], parts: number): readonly (readonly T[])[] {
  const count = Math.max(1, Math.min(parts, list.length));
  const at = (part: number) => Math.round((part * list.length) / count);
  return Array.from({ length: count }, (_, part) => list.slice(at(part), at(part + 1)));
}

function keyOf({ path, text }: PythonText, options: ReadOptions): string {
  return JSON.stringify([path, text, options.params, options.inputShapes, options.model]);
}
