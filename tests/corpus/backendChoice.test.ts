import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../src/model/plan.ts';
import { cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { HEALTHY } from '../support/kerasJson.ts';

async function planOf(folder: string, ...args: readonly string[]): Promise<Plan> {
  const { out, err } = await cli(['inspect', 'model.json', '--json', ...args], { cwd: folder });
  const { reports } = JSON.parse(out) as { reports: readonly { readonly plan: Plan }[] };
  assert.ok(reports[0] !== undefined, err);
  return reports[0].plan;
}

test('the plan says which backend runs and by which count; --backend pins it', () =>
  inFolder({ 'model.json': HEALTHY }, async (folder) => {
    const chosen = await planOf(folder);
    assert.equal(chosen.backend, 'wasm');
    assert.match(chosen.why[0] ?? '', /^wasm: .* by counted work, cpu .* s$/);
    const pinned = await planOf(folder, '--backend', 'cpu');
    assert.deepEqual([pinned.backend, pinned.why[0]], ['cpu', 'cpu: as asked']);
  }));
