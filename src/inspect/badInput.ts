import { InputError } from '../model/problem.ts';

/** What is wrong with the input, where an error says that; undefined for a fault of ours. */
export function badInputOf(error: unknown): InputError['problem'] | undefined {
  return error instanceof InputError ? error.problem : undefined;
}

/** An error about input that cannot be used, for who reads it before it is inspected. */
export function badInput(message: string): Error {
  return new InputError({ message });
}
