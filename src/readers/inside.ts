import { InputError } from '../model/problem.ts';

/**
 * Runs an action on a part of a file (`config.json in the archive`): an InputError names that part, without a range, which
 * would count in a text that nobody sees.
 */
export function inside<T>(part: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { range: _unseen, message, ...problem } = error.problem;
    throw new InputError({
      ...problem,
      message: `${part}: ${message.replace('The file is empty', 'It is empty')}`,
    });
  }
}
