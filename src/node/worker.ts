import { parentPort } from 'node:worker_threads';
import { type EngineBackend, openBackend } from '../engine/backends.ts';
import { runCoordinates } from '../engine/coordinates.ts';
import { measureSeeds } from '../engine/measureSeeds.ts';
import { runProbe } from '../engine/probe.ts';
import type { Plan } from '../model/plan.ts';
import { PROBE_BATCHES } from '../model/probe.ts';
import { InputError } from '../model/problem.ts';
import {
  WORKER_PROTOCOL,
  type WorkerError,
  type WorkerMessage,
  type WorkerMethod,
  type WorkerMethods,
  type WorkerRequest,
} from '../protocol/worker.ts';
import { loadTensorflow } from './nativeBackend.ts';
import { readData } from './planData.ts';
import { readSavedWeights } from './savedWeights.ts';

const port = parentPort!;
const send = (message: WorkerMessage): void => port.postMessage(message);
let opened: Promise<EngineBackend> | undefined;

/** The backend of the first plan; the pool sends a worker only plans of one backend and one set of kernels. */
function backendFor(plan: Plan, folders: readonly string[], threads: number): Promise<EngineBackend> {
  if (opened === undefined) {
    const host = { loadTensorflow: () => loadTensorflow(folders, threads) };
    opened = openBackend(plan.backend, host, plan.kernels);
    opened.then(
      () => {
        // Emscripten rethrows what nobody awaited; here every rejection is answered.
        process.removeAllListeners('unhandledRejection');
        process.removeAllListeners('uncaughtException');
      },
      () => {
        opened = undefined;
      },
    );
  }
  return opened;
}

async function measure(
  id: number,
  { request, cancel, nativeFolders, threads }: WorkerMethods['measure']['params'],
): Promise<WorkerMethods['measure']['result']> {
  const backend = await backendFor(request.plan, nativeFolders, threads);
  const flag = new Int32Array(cancel);
  const saved = request.plan.start === 'saved' ? await readSavedWeights(request.spec) : undefined;
  const { rows: _rows, ...given } = await readData(request.spec, request.plan);
  const measurement = await measureSeeds(request, {
    backend,
    ...given,
    ...(saved === undefined ? {} : { saved }),
    cancelled: () => Atomics.load(flag, 0) !== 0,
    onProgress: (progress) => send({ type: 'progress', id, progress }),
  });
  return { measurement, heapBytes: backend.heapBytes() };
}

async function probe(
  id: number,
  { request, cancel, nativeFolders, threads }: WorkerMethods['probe']['params'],
): Promise<WorkerMethods['probe']['result']> {
  const backend = await backendFor(request.plan, nativeFolders, threads);
  const flag = new Int32Array(cancel);
  const given = await readData(request.spec, request.plan, PROBE_BATCHES);
  const runs = runProbe(request, {
    backend,
    ...given,
    cancelled: () => Atomics.load(flag, 0) !== 0,
    onProgress: (progress) => send({ type: 'progress', id, progress }),
  });
  return { runs, heapBytes: backend.heapBytes() };
}

async function coordinates(
  id: number,
  { request, cancel, nativeFolders, threads }: WorkerMethods['coordinates']['params'],
): Promise<WorkerMethods['coordinates']['result']> {
  const backend = await backendFor(request.plan, nativeFolders, threads);
  const flag = new Int32Array(cancel);
  const given = await readData(request.spec, request.plan);
  const runs = runCoordinates(request, {
    backend,
    ...given,
    cancelled: () => Atomics.load(flag, 0) !== 0,
    onProgress: (progress) => send({ type: 'progress', id, progress }),
  });
  return { runs, heapBytes: backend.heapBytes() };
}

function answer(request: WorkerRequest): Promise<WorkerMethods[WorkerMethod]['result']> {
  switch (request.method) {
    case 'measure':
      return measure(request.id, request.params);
    case 'probe':
      return probe(request.id, request.params);
    case 'coordinates':
      return coordinates(request.id, request.params);
  }
}

function asData(error: unknown): WorkerError {
  if (error instanceof InputError) return { kind: 'input', problem: error.problem };
  if (error instanceof Error && error.name === 'AbortError') return { kind: 'abort' };
  return { kind: 'fault', message: error instanceof Error ? error.message : String(error) };
}

port.on('message', (request: WorkerRequest) => {
  const { id } = request;
  answer(request).then(
    (result) => send({ type: 'result', id, result }),
    (error: unknown) => send({ type: 'error', id, error: asData(error) }),
  );
});
send({ type: 'hello', protocol: WORKER_PROTOCOL });
