import { InputError } from '../../model/problem.ts';
import type { PythonReading } from '../../model/pythonHost.ts';
import type { Hello, ModelsReply } from './messages.ts';

/** What is wrong when the framework that a text uses is not installed; undefined when it is, or the text uses none. */
export function frameworkMissing(hello: Hello, text: string): InputError | undefined {
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
export function withPath<T>(value: T, from: string, to: string): T {
  if (from === to) return value;
  return JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    key === 'file' && each === from ? to : each,
  ) as T;
}

/** A reading as the readers take it. */
export function toReading(reply: ModelsReply, hello: Hello): PythonReading {
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
