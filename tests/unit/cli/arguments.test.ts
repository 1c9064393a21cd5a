import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from '../../../src/cli/arguments.ts';
import { MODEL_OPTIONS, requestChoices, ruleIds } from '../../../src/cli/inspectOptions.ts';

const options = {
  seeds: { type: 'string' },
  select: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
  [['--jsn'], /^there is no option --jsn; did you mean --json\?$/],
  [['--frobnicate'], /^there is no option --frobnicate$/],
  [['--seeds'], /^--seeds needs a value$/],
  [['--seeds='], /^--seeds needs a value$/],
  [['--json=yes'], /^--json takes no value$/],
  [['--seeds', '1', '--seeds', '2'], /^--seeds is given twice$/],
];

for (const [args, message] of mistakes)
  test(`${args.join(' ')} is refused in one line`, () => {
    assert.throws(() => parseArguments(args, options), { name: 'UsageError', message });
  });

test('files, values and switches are told apart, also after --', () => {
  const args = parseArguments(['a.json', '--json', '--seeds=3', '--', '--b.json'], options);
  assert.deepEqual(args.positionals, ['a.json', '--b.json']);
  assert.equal(args.flag('json'), true);
  assert.equal(args.number('seeds', 1, 10), 3);
});

for (const value of ['0', '1.5', 'many', '1e9', '-1', 'NaN'])
  test(`--seeds=${value} is refused with its bounds`, () => {
    const args = parseArguments([`--seeds=${value}`], options);
    assert.throws(
      () => args.number('seeds', 1, 1000, true),
      /--seeds needs a whole number from 1 to 1000; found/,
    );
  });

test('unknown rules are refused with the nearest one', () => {
  const args = parseArguments(['--select', 'dead-relu,dead-rleu'], options);
  assert.throws(
    () => ruleIds(args, 'select', ['dead-relu', 'non-finite']),
    /no rule dead-rleu; did you mean dead-relu\?/,
  );
});

test('the choices of a request are read with their types', () => {
  const argv = [
    '--input-shape',
    'image=28,28,1',
    '--input-shape',
    '(3)',
    '--param',
    'n=12',
    '--param',
    'flag=true',
    '--param',
    's=a=b',
  ];
  const choices = requestChoices(
    parseArguments([...argv, '--batch', '8', '--backend', 'cpu'], MODEL_OPTIONS),
    [],
  );
  assert.deepEqual(choices, {
    options: { inputShapes: { image: [28, 28, 1], '': [3] }, params: { n: 12, flag: true, s: 'a=b' } },
    batch: 8,
    backend: 'cpu',
  });
});

for (const shape of ['', 'x=', '28,-1', '28,a', '1.5', '99999999999'])
  test(`--input-shape=${shape} is refused`, () => {
    assert.throws(
      () => requestChoices(parseArguments(['--input-shape', shape], MODEL_OPTIONS), []),
      /--input-shape needs/,
    );
  });
