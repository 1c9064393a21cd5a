import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultInitializer,
  initializerLaw,
  INITIALIZERS,
  parseInitializer,
} from '../../../src/model/initializers/catalogue.ts';
import { frameworkFans } from '../../../src/model/initializers/fans.ts';
import { lawMoments } from '../../../src/model/initializers/moments.ts';
import { spellInitializer } from '../../../src/model/initializers/spell.ts';
import { contentHash } from '../../../src/model/hash.ts';
import type { Semantics } from '../../../src/model/semantics.ts';

const SHAPE = [1000, 1000];

/** std·√1000 of a 1000×1000 weight, and its largest value in the same unit. */
function scaled(raw: unknown, semantics: Semantics): readonly [number, number] {
  const law = initializerLaw(parseInitializer(raw, semantics), frameworkFans(SHAPE, semantics), semantics);
  const { variance, high } = lawMoments(law, SHAPE);
  return [Math.sqrt(variance * 1000), high * Math.sqrt(1000)];
}

const close = (actual: number, expected: number, tolerance = 5e-4): void =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );

test('theory.md §3.1: deviations and largest values', () => {
  for (const semantics of ['keras2', 'keras3'] as const) {
    close(scaled('he_normal', semantics)[0], Math.SQRT2);
    close(scaled('glorot_normal', semantics)[0], 1);
    close(scaled('lecun_normal', semantics)[1], 2.2737);
  }
  close(scaled('heNormal', 'tfjs')[0], 1.244);
  close(scaled('glorotNormal', 'tfjs')[0], 0.8796);
  close(scaled('leCunNormal', 'tfjs')[1], 2);
  for (const semantics of ['keras3', 'tfjs'] as const) {
    close(scaled('he_uniform', semantics)[0], Math.SQRT2);
    close(scaled('glorot_uniform', semantics)[1], Math.sqrt(3));
  }
  close(
    lawMoments(
      initializerLaw(defaultInitializer('randomUniform', 'keras3'), frameworkFans(SHAPE, 'keras3'), 'keras3'),
      SHAPE,
    ).variance,
    0.0289 ** 2,
    1e-5,
  );
});

test('theory.md §5: what TF.js draws instead of what is written, named as a trap', () => {
  const law = (raw: unknown) =>
    initializerLaw(parseInitializer(raw, 'tfjs'), frameworkFans([10, 10], 'tfjs'), 'tfjs');
  const of = (name: string, config: object): object => ({ class_name: name, config });
  assert.deepEqual(law(of('RandomUniform', { minval: 0, maxval: 1 })), {
    kind: 'uniform',
    low: -0.05,
    high: 1,
  });
  assert.deepEqual(law(of('RandomNormal', { stddev: 0 })), { kind: 'normal', mean: 0, stddev: 0.05 });
  assert.equal(
    law(of('VarianceScaling', { scale: 1, mode: 'fan_in', distribution: 'truncated_normal' })).kind,
    'uniform',
  );
  assert.equal(parseInitializer(of('HeNormal', { seed: 0 }), 'tfjs').seed, null);
  assert.throws(
    () => law(of('VarianceScaling', { distribution: 'untruncated_normal' })),
    /untruncated_normal/,
  );
  for (const raw of [of('RandomUniform', { minval: 0 }), of('RandomNormal', { stddev: 0 }), 'heNormal']) {
    assert.ok(parseInitializer(raw, 'tfjs').trap);
    assert.equal(parseInitializer(raw, 'keras3').trap, undefined);
  }
  assert.equal(parseInitializer('heUniform', 'tfjs').trap, undefined);
  const keras = initializerLaw(
    parseInitializer(of('RandomUniform', { minval: 0, maxval: 1 }), 'keras3'),
    frameworkFans([3], 'keras3'),
    'keras3',
  );
  assert.deepEqual(keras, { kind: 'uniform', low: 0, high: 1 });
});

test('fans per framework (theory.md §3.8)', () => {
  const fans = (shape: readonly number[], semantics: Semantics): readonly number[] => {
    const { fanIn, fanOut } = frameworkFans(shape, semantics);
    return [fanIn, fanOut];
  };
  assert.deepEqual(fans([3, 3, 8, 16], 'keras3'), [72, 144]);
  assert.deepEqual(fans([16, 8, 3, 3], 'pytorch'), [72, 144]);
  assert.deepEqual(fans([9], 'keras2'), [9, 9]);
  assert.deepEqual(fans([9], 'tfjs'), [3, 3]);
});

test('PyTorch: kaiming_uniform_ with a = √5 is U(±1/√fan_in)', () => {
  const spec = parseInitializer({ class_name: 'kaiming_uniform_', config: { a: Math.sqrt(5) } }, 'pytorch');
  const law = initializerLaw(spec, frameworkFans([10, 25], 'pytorch'), 'pytorch');
  assert.ok(law.kind === 'uniform');
  close(law.high, 0.2, 1e-12);
});

test('moments of orthogonal and identity weights', () => {
  close(lawMoments({ kind: 'orthogonal', gain: 2 }, [3, 3, 4, 16]).variance, 4 / 36, 1e-12);
  const { mean, variance } = lawMoments({ kind: 'identity', gain: 3 }, [2, 4]);
  close(mean, 0.75, 1e-12);
  close(variance, 9 * 0.25 - 0.75 ** 2, 1e-12);
});

test('a spelling for another framework keeps the variance', () => {
  for (const from of ['keras3', 'tfjs'] as const) {
    const target = from === 'tfjs' ? 'keras3' : 'tfjs';
    for (const id of ['heNormal', 'glorotUniform', 'leCunNormal']) {
      const spec = defaultInitializer(id, from);
      const spelled = spellInitializer(spec, target, { from });
      assert.ok(spelled);
      const variance = (raw: unknown, semantics: Semantics): number =>
        lawMoments(
          initializerLaw(parseInitializer(raw, semantics), frameworkFans(SHAPE, semantics), semantics),
          SHAPE,
        ).variance;
      close(
        variance(spelled.json, target) * 1000,
        lawMoments(initializerLaw(spec, frameworkFans(SHAPE, from), from), SHAPE).variance * 1000,
        1e-9,
      );
    }
  }
});

test('every initializer a framework can write reads back as the same law', () => {
  const fans = frameworkFans([6, 6], 'keras3');
  for (const kind of INITIALIZERS) {
    for (const semantics of ['keras2', 'keras3', 'tfjs'] as const) {
      const spec = defaultInitializer(kind.id, semantics);
      const spelled = spellInitializer(spec, semantics);
      if (spelled === undefined) continue;
      const again = parseInitializer(spelled.json, semantics);
      assert.deepEqual(
        initializerLaw(again, fans, semantics),
        initializerLaw(spec, fans, semantics),
        `${kind.id} ${semantics}`,
      );
    }
  }
});

test('the content hash is SHA-256', () => {
  assert.equal(contentHash(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(contentHash('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(
    contentHash('a'.repeat(1000)),
    '41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3',
  );
});
