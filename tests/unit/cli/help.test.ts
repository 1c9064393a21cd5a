import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HELP, helpFor } from '../../../src/cli/help.ts';

test('the help of a command has its line and its options only, and the exit codes', () => {
  const fix = helpFor('fix');
  assert.match(fix, /initscope fix FILE/);
  for (const option of ['--diff', '--input-shape']) assert.ok(fix.includes(option), option);
  for (const other of ['initscope compare', '--predict-only', '--optimizer'])
    assert.ok(!fix.includes(other), other);
  assert.match(fix, /Exit codes: 0[^]*Environment: [^\n]*\n$/);
  for (const study of ['compare', 'probe', 'scan']) assert.ok(helpFor(study).includes('--markdown'), study);
});

test('every option of the whole help stands in that of some command', () => {
  const all = ['inspect', 'fix', 'compare', 'probe', 'scan'].map(helpFor).join('');
  for (const [option] of HELP.matchAll(/--[a-z-]{3,}/g))
    assert.ok(all.includes(option) || /--(version|help|stdio)/.test(option), option);
  assert.equal(helpFor('explain'), HELP);
});
