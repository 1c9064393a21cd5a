import { relative } from 'node:path';
import { inspect } from 'node:util';
import { root } from './stamps.mjs';

/** The line by which `scripts/test.mjs` finds a suite's totals in this reporter's output. */
export const totalsMark = 'INITSCOPE_TOTALS ';

function failure(data) {
  const error = data.details.error;
  const place = data.file ? ` (${relative(root, data.file)}:${data.line})` : '';
  return `\nFAILED ${data.name}${place}\n${inspect(error.cause ?? error, { depth: 6 })}\n`;
}

/** A test that takes longer says so: CI has a limit, and a wait that runs into its own is found by this. */
const longSeconds = 45;

function long({ name, nesting, details }) {
  const seconds = details.duration_ms / 1000;
  return nesting > 0 || seconds < longSeconds ? '' : `${seconds.toFixed(0)} s: ${name}\n`;
}

/** node:test reporter: what failed in full, what the tests print, then the totals as JSON. */
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') yield long(data);
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') yield failure(data);
    else if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    else if (type === 'test:pass' && data.skip !== undefined)
      yield `skipped ${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}\n`;
    else if (type === 'test:summary' && data.file === undefined) {
      const { passed, failed, cancelled, skipped, todo } = data.counts;
      yield `${totalsMark}${JSON.stringify({ passed, failed: failed + cancelled, skipped: skipped + todo })}\n`;
    }
  }
}
