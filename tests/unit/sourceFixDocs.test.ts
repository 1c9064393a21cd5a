import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { inRepo } from '../support/root.ts';
import shapes from './sourceFixShapes.json';

it('docs/source-fixes.md shows every shape of a fix, in order, as the table has it', () => {
  const sections = readFileSync(inRepo('docs/source-fixes.md'), 'utf8').split(/^## /m).slice(1);
  assert.deepEqual(
    sections.map((section) => section.split('\n', 1)[0]?.toLowerCase()),
    shapes.map(({ shape }) => shape.toLowerCase()),
  );
  for (const [index, { before, ...rest }] of shapes.entries()) {
    const blocks = [...(sections[index] ?? '').matchAll(/^```\w+\n([\s\S]*?)\n```$/gm)].map(
      (match) => match[1],
    );
    const after = 'after' in rest ? [rest.after.trimEnd()] : [];
    assert.deepEqual(blocks, [before.trimEnd(), ...after]);
    if ('refused' in rest)
      assert.ok(
        sections[index]?.includes(`is refused, with its place: …${rest.refused.replaceAll('\\', '')}…`),
      );
  }
});
