import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { layerKindOfClass } from '../../../src/model/layers/catalogue.ts';
import { OPAQUE_CLASSES } from '../../../src/model/layers/opaqueClasses.ts';
import { unprovenPart } from '../../../src/model/layers/unproven.ts';
import type { LayerSpec } from '../../../src/model/spec.ts';
import { layerPage } from '../../support/layerPage.ts';
import { inRepo } from '../../support/root.ts';

test('docs/layers.md is what the catalogues say', () => {
  const page = readFileSync(inRepo('docs', 'layers.md'), 'utf8');
  assert.equal(page, layerPage(), 'docs/layers.md is old: run node scripts/rulesDocs.mjs');
});

test('no class is both read and opaque by design', () => {
  assert.deepEqual(
    Object.keys(OPAQUE_CLASSES).filter((name) => layerKindOfClass(name) !== undefined),
    [],
  );
});

test('a layer without an oracle says so, inside a wrapper too, and others do not', () => {
  const layer = (className: string, inner?: LayerSpec): LayerSpec =>
    ({
      className,
      kind: 'dense',
      config: {},
      ...(inner === undefined ? {} : { inner: [inner] }),
    }) as unknown as LayerSpec;
  assert.match(unprovenPart(layer('RandomCrop')) ?? '', /^RandomCrop: /);
  assert.match(unprovenPart(layer('Bidirectional', layer('CuDNNGRU'))) ?? '', /^CuDNNGRU: /);
  assert.equal(unprovenPart(layer('Dense')), undefined);
});
