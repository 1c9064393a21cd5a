import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatCount,
  formatInUnit,
  formatNumber,
  formatRatio,
  formatShare,
} from '../../../src/model/numberText.ts';

const numbers: readonly (readonly [number, string])[] = [
  [NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
  [0, '0'],
  [-0, '0'],
  [1, '1'],
  [0.07274, '0.0727'],
  [0.5, '0.5'],
  [-0.5, '−0.5'],
  [12.5, '12.5'],
  [999.6, '1000'],
  [1234, '1230'],
  [20_000, '20 000'],
  [-123_456, '−123 000'],
  [999_999, '1·10⁶'],
  [1e6, '1·10⁶'],
  [0.00099996, '0.001'],
  [0.00037, '3.7·10⁻⁴'],
  [0.000999, '1·10⁻³'],
  [5e-324, '4.9·10⁻³²⁴'],
  [1.7976931348623157e308, '1.8·10³⁰⁸'],
  [2.5e10, '2.5·10¹⁰'],
];

for (const [value, text] of numbers)
  test(`${Object.is(value, -0) ? '-0' : String(value)} is written ${text}`, () => {
    assert.equal(formatNumber(value), text);
  });

test('shares are written in per cent and never rounded to none or all', () => {
  const shares: readonly (readonly [number, string])[] = [
    [0, '0 %'],
    [-0, '0 %'],
    [1, '100 %'],
    [0.4, '40 %'],
    [0.0312, '3.1 %'],
    [0.0002, '<0.1 %'],
    [0.9996, '>99.9 %'],
    [0.994, '99.4 %'],
    [0.996, '99.6 %'],
    [NaN, 'NaN'],
    [-0.25, '−25 %'],
  ];
  for (const [share, text] of shares) assert.equal(formatShare(share), text, String(share));
});

test('ratios read as growth or as a fraction', () => {
  assert.equal(formatRatio(20_000), '20 000×');
  assert.equal(formatRatio(0.05), '1/20');
  assert.equal(formatRatio(1), '1×');
  assert.equal(formatRatio(0), '0×');
  assert.equal(formatRatio(Infinity), '∞×');
  assert.equal(formatRatio(NaN), 'NaN×');
});

test('counts keep every digit', () => {
  assert.equal(formatCount(25_636_712), '25 636 712');
  assert.equal(formatCount(1024), '1024');
  assert.equal(formatCount(NaN), 'NaN');
});

test('a value in a unit is written the way the unit asks for', () => {
  assert.equal(formatInUnit(0.4, 'share'), '40 %');
  assert.equal(formatInUnit(0.25, 'ratio'), '1/4');
  assert.equal(formatInUnit(2.3, 'nat'), '2.3 nat');
  assert.equal(formatInUnit(0.1, 'rms'), '0.1');
});
