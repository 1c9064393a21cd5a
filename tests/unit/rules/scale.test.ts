import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEPTH,
  RMS,
  names,
  healthy,
  serious,
  told,
  relu,
  tanh,
  gelu,
  look,
  run,
  normed,
} from '../../support/judging.ts';
import { type TestSeed } from '../../support/measurements.ts';
import { dense, mlp, testSpec, type TestLayer } from '../../support/specs.ts';

test('exploding-signal: warning above 10, error above 1000, excused by a twin that grows too', () => {
  const grows = (base: number) =>
    look((index) => ({ rms: base ** index, data: base ** index, inputRms: base ** index / 1.41 }));
  const [warning] = serious(run(relu, grows(2)));
  assert.equal(warning?.rule, 'exploding-signal');
  assert.equal(warning?.severity, 'warning');
  assert.equal(serious(run(relu, grows(6)))[0]?.severity, 'error');
  assert.deepEqual(serious(run(relu, grows(2), grows(2))), []);
  assert.deepEqual(serious(run(relu, grows(1.4))), []);
});

test('vanishing-signal: std over the data, not rms; excused by a twin that fades too', () => {
  const fades = look((index) => ({ data: 0.4 ** index }));
  assert.ok(told(run(relu, fades)).includes('vanishing-signal'));
  assert.ok(!told(run(relu, fades, fades)).includes('vanishing-signal'));
  assert.ok(
    !told(
      run(
        relu,
        look((index) => ({ data: 0.7 ** index })),
      ),
    ).includes('vanishing-signal'),
  );
});

test('constant-signal: no excuse by the twin', () => {
  const flat = look((index) => ({ data: index < 4 ? 1 : 0.01 }));
  assert.ok(told(run(relu, flat, flat)).includes('constant-signal'));
  assert.ok(
    !told(
      run(
        relu,
        look(() => ({ data: 0.05 })),
      ),
    ).includes('constant-signal'),
  );
});

test('vanishing-gradient fires whatever the twin does; exploding-gradient is information when the twin shares it', () => {
  const fades = look((index) => ({ gradient: 10 ** (index - 5) }));
  const [finding] = serious(run(tanh, fades, fades));
  assert.equal(finding?.rule, 'vanishing-gradient');
  assert.equal(
    serious(
      run(
        tanh,
        look((index) => ({ gradient: 2 ** (index - 5) })),
      ),
    ).length,
    0,
  );
  const grows = look((index) => ({ gradient: 10 ** (5 - index) }));
  assert.equal(serious(run(tanh, grows))[0]?.rule, 'exploding-gradient');
  const shared = run(tanh, grows, grows);
  assert.equal(serious(shared).length, 0);
  assert.ok(told(shared).includes('exploding-gradient'));
});

test('correlation-collapse and scale-lottery are information', () => {
  const collapsed = run(
    relu,
    look((index) => ({ cosine: index === DEPTH - 1 ? 0.999 : 0.5 })),
  );
  assert.deepEqual(
    collapsed.findings.map(({ rule, severity }) => [rule, severity]),
    [['correlation-collapse', 'information']],
  );
  const lottery = run(gelu, (jitter) => look(() => ({ rms: Math.exp(60 * (jitter - 1)) }))(1), healthy);
  assert.ok(told(lottery).includes('scale-lottery'));
  assert.ok(!told(run(gelu, healthy)).includes('scale-lottery'));
});

test('normalized-kernel-scale: above four times, never below', () => {
  const seed = (rms: number) => look((index) => ({ kernel: index === 1 ? rms : RMS }));
  const spec = normed('he_normal');
  const [finding] = serious(run(spec, seed(1)));
  assert.equal(finding?.rule, 'normalized-kernel-scale');
  assert.equal(finding?.layer, 'd2');
  assert.deepEqual(serious(run(spec, seed(0.01))), []);
});

test('residual-growth: doubling per block, not adding', () => {
  const layers: TestLayer[] = [{ id: 'in', kind: 'input', shape: [null, 64] }];
  let from = 'in';
  for (const name of names) {
    layers.push(dense(name, 64, 64, 'he_normal', 'relu', { roles: ['hidden', 'residual-end'], on: [from] }));
    layers.push({
      id: `s${name}`,
      kind: 'merge',
      config: { op: 'add' },
      shape: [null, 64],
      on: [from, name],
    });
    from = `s${name}`;
  }
  layers.push(dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'], on: [from] }));
  const spec = testSpec(layers);
  const grow =
    (variance: (index: number) => number) =>
    (jitter: number): TestSeed => {
      const seed = healthy(jitter);
      const sums = names.map((name, index) => ({
        node: `s${name}`,
        rms: Math.sqrt(variance(index)) * jitter,
      }));
      return { ...seed, taps: [...seed.taps, ...sums] };
    };
  const [finding] = serious(
    run(
      spec,
      grow((index) => 2 ** index),
    ),
  );
  assert.equal(finding?.rule, 'residual-growth');
  assert.deepEqual(
    serious(
      run(
        spec,
        grow((index) => 2 + index),
      ),
    ),
    [],
  );
});

test('a cosine at the edge of correlation-collapse asks for no further look', () => {
  const edge = (jitter: number): TestSeed => look(() => ({ cosine: jitter > 1 ? 0.995 : 0.985 }))(jitter);
  const { findings, undecided } = run(mlp(64, DEPTH, 'he_normal', 'relu'), edge, edge);
  assert.equal(undecided, false);
  assert.deepEqual(serious({ findings, undecided, wantsTwin: false }), []);
});

test('residual-growth: branches that begin with a norm add, however large the first ones are', () => {
  const layers: TestLayer[] = [{ id: 'in', kind: 'input', shape: [null, 64] }];
  let from = 'in';
  for (const name of names) {
    layers.push({ id: `n${name}`, kind: 'layerNorm', shape: [null, 64], roles: ['norm'], on: [from] });
    layers.push(
      dense(name, 64, 64, 'he_normal', 'relu', { roles: ['hidden', 'residual-end'], on: [`n${name}`] }),
    );
    layers.push({
      id: `s${name}`,
      kind: 'merge',
      config: { op: 'add' },
      shape: [null, 64],
      on: [from, name],
    });
    from = `s${name}`;
  }
  layers.push(dense('out', 64, 10, 'glorot_uniform', undefined, { roles: ['head'], on: [from] }));
  const grows = (jitter: number): TestSeed => {
    const seed = healthy(jitter);
    const sums = names.map((name, index) => ({ node: `s${name}`, rms: 1.5 ** index * jitter }));
    return { ...seed, taps: [...seed.taps, ...sums] };
  };
  assert.ok(!told(run(testSpec(layers), grows)).includes('residual-growth'));
});
