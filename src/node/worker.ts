import { parentPort } from 'node:worker_threads';
import { type EngineBackend, openBackend } from '../engine/backends.ts';
import { runCoordinates } from '../engine/coordinates.ts';
import { measureSeeds } from '../engine/measureSeeds.ts';
import { runProbe } from '../engine/probe.ts';
import type { Progress } from '../model/measurer.ts';
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

/** Milliseconds between two messages that only name the layer that runs: nobody reads faster, and a small net has thousands. */
const LAYER_EACH_MS = 40;

/** Tells how far a request is; of its layers the first, and then one in a while. */
function teller(id: number): (progress: Progress) => void {
  let told = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (progress.layer !== undefined) {
      if (now - told < LAYER_EACH_MS) return;
      told = now;
    }
    send({ type: 'progress', id, progress });
  };
}

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

/** What a request's numbers are made with: the backend, `parts` batches of the user's rows, when to stop, whom to tell. */
async function means<M extends WorkerMethod>(
  id: number,
  { request, cancel, nativeFolders, threads }: WorkerMethods[M]['params'],
  parts?: number,
) {
  const backend = await backendFor(request.plan, nativeFolders, threads);
  const flag = new Int32Array(cancel);
  const { rows: _rows, ...given } = await readData(request.spec, request.plan, parts);
  return {
    backend,
    ...given,
    cancelled: () => Atomics.load(flag, 0) !== 0,
    onProgress: teller(id),
  };
}

async function measure(
  id: number,
  params: WorkerMethods['measure']['params'],
): Promise<WorkerMethods['measure']['result']> {
  const { request } = params;
  const how = await means<'measure'>(id, params);
  const saved = request.plan.start === 'saved' ? await readSavedWeights(request.spec) : undefined;
  const measurement = await measureSeeds(request, { ...how, ...(saved === undefined ? {} : { saved }) });
  return { measurement, heapBytes: how.backend.heapBytes() };
}

async function probe(
  id: number,
  params: WorkerMethods['probe']['params'],
): Promise<WorkerMethods['probe']['result']> {
  const how = await means<'probe'>(id, params, PROBE_BATCHES);
  return { runs: runProbe(params.request, how), heapBytes: how.backend.heapBytes() };
}

async function coordinates(
  id: number,
  params: WorkerMethods['coordinates']['params'],
): Promise<WorkerMethods['coordinates']['result']> {
  const how = await means<'coordinates'>(id, params);
  return { runs: runCoordinates(params.request, how), heapBytes: how.backend.heapBytes() };
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
