import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskCache } from '../../../src/node/cache.ts';
import { inFolder } from '../../support/folder.ts';
import { sampleFinding, sampleReport } from '../../support/sampleReport.ts';

test('a report comes back as it was, NaN and infinities included', async () => {
  await inFolder({}, async (folder) => {
    const report = sampleReport({ findings: [sampleFinding()] });
    await createDiskCache('1', folder).set('key', report);
    assert.deepEqual(await createDiskCache('1', folder).get('key'), report);
    assert.deepEqual(readdirSync(folder), ['key.report']);
  });
});

test('another version, another key, a broken entry and a folder that cannot be are misses', async () => {
  await inFolder({ file: '' }, async (folder) => {
    await createDiskCache('1', folder).set('key', sampleReport());
    assert.equal(await createDiskCache('2', folder).get('key'), undefined);
    assert.equal(await createDiskCache('1', folder).get('other'), undefined);
    writeFileSync(join(folder, 'key.report'), 'broken');
    assert.equal(await createDiskCache('1', folder).get('key'), undefined);
    const nowhere = createDiskCache('1', join(folder, 'file', 'below'));
    await nowhere.set('key', sampleReport());
    assert.equal(await nowhere.get('key'), undefined);
  });
});
