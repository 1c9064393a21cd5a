import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serious, relu, tanh, gelu, look, run } from '../../support/judging.ts';

test('dead-relu: only beyond the twin’s share, and an error for a whole layer', () => {
  const dead = (share: number) => look((index) => ({ dead: index === 4 ? share : 0.02 }));
  assert.equal(serious(run(relu, dead(0.5)))[0]?.rule, 'dead-relu');
  assert.equal(serious(run(relu, dead(1)))[0]?.severity, 'error');
  assert.deepEqual(serious(run(relu, dead(0.5), dead(0.4))), []);
  assert.equal(run(relu, dead(0.5), null).wantsTwin, true);
  assert.deepEqual(serious(run(relu, dead(0.2))), []);
});

test('bias-init: zeros made by a negative bias, and a shifted GELU', () => {
  const shifted = look((index) => ({ zeros: index === 2 ? 0.9 : 0.5, bias: index === 2 ? -1 : 0 }));
  const [finding] = serious(run(relu, shifted));
  assert.equal(finding?.rule, 'bias-init');
  assert.equal(finding?.layer, 'd3');
  assert.deepEqual(
    serious(
      run(
        relu,
        look((index) => ({ zeros: index === 2 ? 0.9 : 0.5 })),
      ),
    ),
    [],
  );
  assert.equal(
    serious(
      run(
        gelu,
        look(() => ({ bias: -1, data: 0.5 })),
      ),
    )[0]?.rule,
    'bias-init',
  );
  assert.deepEqual(
    serious(
      run(
        gelu,
        look(() => ({ bias: -0.3 })),
      ),
    ),
    [],
  );
});

test('saturated-activation: above 25 % a warning, above 80 % an error', () => {
  const saturated = (share: number) => look((index) => ({ saturated: index === 1 ? share : 0.02 }));
  assert.equal(serious(run(tanh, saturated(0.4)))[0]?.rule, 'saturated-activation');
  assert.equal(serious(run(tanh, saturated(0.9)))[0]?.severity, 'error');
  assert.deepEqual(serious(run(tanh, saturated(0.1))), []);
});

test('symmetric-units: tied kernels are errors, tied heads and small single ones are not', () => {
  const tied = (kernel: number, at: readonly number[]) =>
    look((index) => (at.includes(index) ? { kernel, distinct: 1 / 64 } : {}));
  assert.equal(serious(run(relu, tied(0.2, [2])))[0]?.rule, 'symmetric-units');
  assert.equal(serious(run(relu, tied(0.2, [2])))[0]?.layer, 'd3');
  assert.deepEqual(serious(run(relu, tied(0.001, [2]))), []);
  assert.equal(serious(run(relu, tied(0, [2])))[0]?.rule, 'symmetric-units');
  assert.deepEqual(serious(run(tanh, tied(0, [2]))), []);
  assert.equal(serious(run(tanh, tied(0, [2, 3])))[0]?.layer, 'd3');
});

test('duplicate-weights is information', () => {
  const verdict = run(
    relu,
    look((index) => (index === 1 || index === 4 ? { fingerprint: 'same' } : {})),
  );
  assert.deepEqual(serious(verdict), []);
  assert.deepEqual(
    verdict.findings.map(({ rule, layers }) => [rule, layers]),
    [['duplicate-weights', ['d2', 'd5']]],
  );
});
