import { InputError } from '../model/problem.ts';
import { decodeText, lineColumn } from './text.ts';

/**
 * Runs an action on the text of a part of a file (`config.json in the archive`). An InputError names that part, and the place
 * in words instead of a range, which would count in a text that nobody sees.
 */
export function inside<T>(part: string, content: string | Uint8Array, run: (text: string) => T): T {
  let text = '';
  try {
    text = typeof content === 'string' ? content : decodeText(content);
    return run(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { range, message, ...problem } = error.problem;
    const place =
      range === undefined || range.start === range.end ? '' : `, ${lineColumn(text, range.start)}`;
    throw new InputError({
      ...problem,
      message: `${part}${place}: ${message.replace(/^The file is/, 'It is')}`,
    });
  }
}
