import { InputError } from '../../model/problem.ts';
import { type ProbeLink, type ProbeOptions, processLink } from './link.ts';
import { type Hello, parseReply, PROBE_PROTOCOL, type Reply, type Request } from './messages.ts';

/** A running probe: one question at a time. */
export interface Probe {
  readonly hello: Promise<Hello>;
  ask(request: Request, signal?: AbortSignal, onProgress?: (reply: Reply) => void): Promise<Reply>;
  alive(): boolean;
  kill(): Promise<void>;
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((reply: Reply) => void) | undefined;
}

/** Starts a probe. Faults of the interpreter (gone, too old, banners instead of messages) are InputErrors in one line. */
export function startProbe(options: ProbeOptions, link: ProbeLink = processLink(options)): Probe {
  const { interpreter, silenceMs } = options;
  let alive = true;
  let waiting: Waiting | undefined;
  let banner = '';
  let timer: NodeJS.Timeout | undefined;
  let failure: Error | undefined;

  const fail = (error: Error): void => {
    failure ??= error;
    clearTimeout(timer);
    const { reject } = waiting ?? {};
    waiting = undefined;
    reject?.(error);
  };
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      fail(
        new InputError({
          message: `The Python process said nothing for ${Math.round(silenceMs / 1000)} s and was ended.`,
          hint: 'A statement of the file may hang: --model NAME looks at one model only.',
        }),
      );
      link.end();
    }, silenceMs);
  };
  const hear = (line: string): void => {
    const reply = parseReply(line);
    if (reply === undefined) {
      if (line.trim() !== '') banner = line.slice(0, 400);
      return;
    }
    if (waiting === undefined) return;
    if (reply.type === 'progress') {
      watch();
      waiting.onProgress?.(reply);
      return;
    }
    clearTimeout(timer);
    const { resolve } = waiting;
    waiting = undefined;
    resolve(reply);
  };
  const exited = new Promise<void>((resolve) =>
    link.listen(hear, (how, said) => {
      alive = false;
      const last = (said === '' ? banner : said).trim().split('\n').at(-1) ?? '';
      fail(new InputError({ message: last === '' ? `${how}.` : `${how}: ${last.slice(0, 200)}.` }));
      resolve();
    }),
  );
  const next = (onProgress?: (reply: Reply) => void): Promise<Reply> =>
    new Promise((resolve, reject) => {
      if (failure !== undefined) {
        reject(failure);
        return;
      }
      waiting = { resolve, reject, onProgress };
      watch();
    });
  const hello = next().then((reply): Hello => {
    if (reply.type === 'error') throw new InputError({ message: `${interpreter}: ${reply.message}` });
    if (reply.type !== 'hello' || reply.protocol !== PROBE_PROTOCOL)
      throw new InputError({ message: `${interpreter} does not run this version's probe.` });
    return reply;
  });
  hello.catch(() => undefined);
  let queue: Promise<unknown> = hello.catch(() => undefined);

  const askNow = async (
    request: Request,
    signal: AbortSignal | undefined,
    onProgress: ((reply: Reply) => void) | undefined,
  ): Promise<Reply> => {
    signal?.throwIfAborted();
    const stop = (): void => {
      fail(new DOMException('The measurement was cancelled.', 'AbortError'));
      link.end();
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const answer = next(onProgress);
      link.send(JSON.stringify(request));
      return await answer;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  };
  return {
    hello,
    alive: () => alive && failure === undefined,
    ask: (request, signal, onProgress) => {
      const answer = queue.then(() => askNow(request, signal, onProgress));
      queue = answer.catch(() => undefined);
      return answer;
    },
    kill: async () => {
      clearTimeout(timer);
      link.end();
      await exited;
    },
  };
}
