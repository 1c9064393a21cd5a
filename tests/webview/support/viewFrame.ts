import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { Frame } from 'playwright-core';
import type { Workbench } from '../../host/support/workbench.ts';
import { settles } from './waits.ts';

/** What a window of VS Code on a busy machine may take. */
export const LONG = { timeout: 90_000 };

/** The document of one of our webviews, told by what its page holds; frames come and go while VS Code builds them. */
export async function viewFrame(bench: Workbench, kind: 'side' | 'report'): Promise<Frame> {
  const selector = kind === 'report' ? '#root[data-uri]' : '#root:not([data-uri]) .vl';
  for (const end = Date.now() + LONG.timeout; Date.now() < end; await bench.page.waitForTimeout(200))
    for (const frame of bench.page.frames())
      if (
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
  throw new Error(`the ${kind} view did not open`);
}

/** Answers the dialog that asks where to save with what it suggests, which must be this path; returns the bytes, and removes the file. */
export async function savedAs(bench: Workbench, path: string): Promise<Buffer> {
  const input = bench.page.locator('.quick-input-widget input').first();
  await input.waitFor(LONG);
  await settles(async () => assert.equal(basename(await input.inputValue()), basename(path)));
  await input.press('Enter');
  await settles(() => assert.ok(existsSync(path), `${path} was not written`));
  await input.waitFor({ state: 'hidden' });
  const bytes = await settles(() => {
    const read = readFileSync(path);
    assert.ok(read.length > 0);
    return read;
  });
  rmSync(path);
  return bytes;
}
