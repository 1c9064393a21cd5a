import type { InspectRequest, Inspector } from '../inspect/inspector.ts';
import { STUDY_KINDS, type StudyKind } from '../protocol/lsp.ts';
import type { FileState, Study } from './fileState.ts';
import { PRIORITY, type FileWork } from './fileWork.ts';

/** The keys in the queue of all longer work on a file. */
export function studyKeys(uri: string): readonly string[] {
  return STUDY_KINDS.map((kind) => studyKey(kind, uri));
}

/** The key in the queue of one kind of longer work on a file. */
export function studyKey(kind: StudyKind, uri: string): string {
  return `${kind}:${uri}`;
}

/** Asks the inspector what nothing is measured for, at once, whatever is being done. */
export async function ask<T>(
  work: FileWork,
  state: FileState,
  signal: AbortSignal,
  act: (inspector: Inspector, request: InspectRequest, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const request = await work.requests.of(state, await work.requests.text(state));
  return work.atOnce((inspector) => act(inspector, request, signal));
}

/**
 * Longer work on one file that a person asked for, in the queue and apart from the file's own measurement: another of its kind replaces
 * it, one of another kind waits; an edit does not stop it, the signal and closing the file do. Gives the result with the text it belongs to; undefined when stopped.
 */
export async function study<T>(
  work: FileWork,
  state: FileState,
  kind: StudyKind,
  signal: AbortSignal,
  act: (inspector: Inspector, request: InspectRequest, signal: AbortSignal) => Promise<T>,
): Promise<Study<T> | undefined> {
  const text = await work.requests.text(state, true);
  const request = await work.requests.of(state, text);
  if (signal.aborted) return undefined;
  const key = studyKey(kind, state.uri);
  const stop = (): void => work.queue.cancel(key);
  signal.addEventListener('abort', stop, { once: true });
  let done: Study<T> | undefined;
  let failed: { readonly error: unknown } | undefined;
  await work.queue.add(key, PRIORITY.asked, async (own) => {
    try {
      const set = await act(work.host.use(work.requests.choice()), request, own);
      done = { text: text ?? null, set };
    } catch (error) {
      if (!own.aborted) failed = { error };
    } finally {
      state.work = undefined;
      work.touch(state);
    }
  });
  signal.removeEventListener('abort', stop);
  if (failed !== undefined) throw failed.error;
  return done;
}
