import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { NotificationMessage, RequestMessage } from '../protocol/lsp.ts';

/** A signal that aborts with an editor's token. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/** Answers a custom request. */
export function answer<P, R>(
  connection: Connection,
  message: RequestMessage<P, R>,
  handler: (params: P, token: CancellationToken) => R | Promise<R>,
): void {
  connection.onRequest<Promise<R>, void>(message.method, async (params: P, token: CancellationToken) =>
    handler(params, token),
  );
}

/** Handles a custom notification. */
export function hear<P>(
  connection: Connection,
  message: NotificationMessage<P>,
  handler: (params: P) => void,
): void {
  connection.onNotification(message.method, (params: P) => handler(params));
}

/** Sends a custom notification. */
export function tell<P>(connection: Connection, message: NotificationMessage<P>, params: P): void {
  connection.sendNotification(message.method, params).catch(() => {});
}
