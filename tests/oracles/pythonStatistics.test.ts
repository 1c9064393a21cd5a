import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');
const SCRIPT = `
import sys; sys.path.insert(0, ${JSON.stringify(inRepo('python'))})
import json, numpy as np, torch
from initscope_probe import array_stats as A, statistics as S, unit_statistics as U

def cases():
    g = np.random.default_rng(1)
    x = g.standard_normal((64, 24)).astype('float32')
    yield x
    yield np.maximum(x, 0) * (np.arange(24) > 3)
    yield g.standard_normal((8, 5, 6, 7)).astype('float32') + 3
    y = x.copy(); y[:, 3] = y[:, 5]; y[:, 9] = 2.5; yield y
    z = x.copy(); z[3, 4] = np.nan; z[5, 6] = np.inf; yield z
    yield np.zeros((4, 6), 'float32')
    yield g.standard_normal((40, 900)).astype('float32') * 1e-4
    pictures = np.maximum(g.standard_normal((6, 40, 5, 7)), 0).astype('float32')
    pictures[:, 3] = pictures[:, 8] = 0; pictures[:, 5] = pictures[:, 6]; pictures[:, 9] = 7; yield pictures
    tiny = pictures.copy(); tiny[:, 8, 2, 2] = 1e-30; tiny[:, 1] += 100; tiny[4] = 0; yield tiny
    # Rectified units have means so near to each other that sums alone do not tell them apart.
    many = np.maximum(g.standard_normal((300, 2000)), 0).astype('float32'); many[:, 7] = many[:, 1900]; yield many

def near(a, b, path=''):
    if isinstance(a, dict): return all(near(a[k], b[k], path + '.' + k) for k in set(a) | set(b))
    if isinstance(a, list): return len(a) == len(b) and all(near(x, y, path) for x, y in zip(a, b))
    ok = abs(a - b) <= 1e-4 * max(abs(a), abs(b)) + 1e-7
    if not ok: print('differs', path, a, b)
    return ok

# Small tensors too by PyTorch, which would leave them to NumPy.
S.SMALL = 0
good, g = True, np.random.default_rng(2)
for array in cases():
    a, b = A.tensor_stats(array), S.tensor_stats(torch.from_numpy(array))
    counts = [a['histogram'].pop('counts'), b['histogram'].pop('counts')]
    good &= sum(counts[0]) == sum(counts[1]) and sum(abs(x - y) for x, y in zip(*counts)) <= 0.002 * sum(counts[0])
    pa, pb, span = a.pop('percentiles'), b.pop('percentiles'), a['max'] - a['min']
    good &= all(abs(x - y) <= 0.002 * span for x, y in zip(pa, pb))
    good &= near(a, b)
    if np.isfinite(array).all():
        good &= near(A.unit_stats(array, -1, True, (-1, 1)), U.unit_stats(torch.from_numpy(array), -1, True, (-1, 1)))
        if array.ndim == 4:
            for rectifier in (False, True):
                good &= near(A.unit_stats(array, 1, rectifier), U.unit_stats(torch.from_numpy(array), 1, rectifier))
            value, units = U.tap_stats(torch.from_numpy(array), 1)
            good &= near(A.unit_stats(array, 1), units)
            good &= near(A.tap_stats(array, 1)[1], units)
            good &= all(near(b[k], value[k], k) for k in ('mean', 'std', 'rms', 'min', 'max', 'zeros'))
        good &= near(A.distinct_share(array), U.distinct_share(torch.from_numpy(array), -1))
        good &= near(A.distinct_share(array, 0), U.distinct_share(torch.from_numpy(array), 0))
torch.set_num_threads(1)
many = g.standard_normal(1 << 24).astype('float32')
good &= near(S.tensor_stats(torch.from_numpy(many))['rms'], float(np.sqrt(np.square(many, dtype='float64').mean())))
print('same' if good else 'different')
`;

describe('statistics of the probe', { skip: python === null ? 'npm run oracles' : false }, () => {
  it('are the same by NumPy and by PyTorch', () => {
    const { stdout, stderr } = spawnSync(python ?? '', ['-c', SCRIPT], { encoding: 'utf8', env: oracleEnv });
    assert.equal(stdout.trim(), 'same', stderr);
  });
});
