import { WEBVIEW_PROTOCOL } from '../../src/protocol/webview.ts';
import type { FromWebview, ToWebview, ViewMethod, ViewRequests } from '../../src/protocol/webview.ts';

interface HostApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  interface Window {
    acquireVsCodeApi?: () => HostApi;
  }
}

/** The other side of a view: VS Code, or nothing in an exported page. */
export interface Host {
  readonly connected: boolean;
  send(message: FromWebview): void;
  /** Resolves with the answer; rejects with the reason the host gives. */
  request<M extends ViewMethod>(
    method: M,
    params: ViewRequests[M]['params'],
  ): Promise<ViewRequests[M]['result']>;
  /** Hears what the host tells, until the function returned is called. */
  onMessage(listener: (message: ToWebview) => void): () => void;
  /** Tells the host that the view listens. Call once. */
  start(): void;
  readonly state: Readonly<Record<string, unknown>>;
  saveState(part: Readonly<Record<string, unknown>>): void;
}

/** Connects to VS Code when the page runs in it. Call once. */
export function connect(): Host {
  const api = window.acquireVsCodeApi?.();
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let next = 1;
  let saved = asRecord(api?.getState());
  const listeners = new Set<(message: ToWebview) => void>();
  window.addEventListener('message', (event: MessageEvent<ToWebview>) => {
    const message = event.data;
    if (message?.type === 'reply') {
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.ok) call?.resolve(message.value as never);
      else call?.reject(new Error(message.error));
      return;
    }
    for (const listener of listeners) listener(message);
  });
  return {
    connected: api !== undefined,
    send: (message) => api?.postMessage(message),
    request: (method, params) =>
      new Promise((resolve, reject) => {
        if (api === undefined) {
          reject(new Error('This page was exported: open the file in VS Code to do that.'));
          return;
        }
        const id = next++;
        waiting.set(id, { resolve, reject });
        api.postMessage({ type: 'request', id, method, params });
      }),
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => api?.postMessage({ type: 'ready', version: WEBVIEW_PROTOCOL }),
    get state() {
      return saved;
    },
    saveState: (part) => {
      saved = { ...saved, ...part };
      api?.setState(saved);
    },
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
