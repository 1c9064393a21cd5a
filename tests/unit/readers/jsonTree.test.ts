import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTree } from 'jsonc-parser';
import { faultlessTree } from '../../../src/readers/json/tree.ts';

const LEVELS = 20;

interface AnyNode {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly value?: unknown;
  readonly children?: readonly AnyNode[] | undefined;
}

/** What both parsers promise of a node. */
function bare({ type, offset, length, value, children }: AnyNode): object {
  return { type, offset, length, value, children: children?.map(bare) };
}

const FAULTLESS = [
  '{}',
  ' [ ] ',
  '"a"',
  '-0',
  'null',
  '[true,false,null,0,-1,10.25,1e3,2E-7,1.5e+3]',
  '{"a":{"b":[1,{"a":"x"}]},"b":"x","":""}',
  '\r\n\t{ "a" : [ 1 , "x\\"y" , "\\u00e9\\n" ] ,\n "é😀" : "é😀" }\n',
  '[{"a":1},{"a":1},"a","ab","ba","\\\\","a"]',
  '{"__proto__":{"constructor":1},"toString":2}',
];

const FAULTY = [
  '',
  '{',
  '[1,]',
  '[,1]',
  '{"a":1,}',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  '{"a" 1}',
  '[1 2]',
  '[1}',
  '{]',
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '-',
  'NaN',
  '-Infinity',
  'tru',
  'truex',
  '"a',
  '"a\\',
  '"\\x"',
  '"\\u12"',
  '"a\nb"',
  '[1] 2',
  '// a\n1',
  '\u00a0[1]',
];

test('a faultless text has the nodes of jsonc-parser', () => {
  for (const text of FAULTLESS) {
    const tree = faultlessTree(text, LEVELS);
    const expected = parseTree(text, [], { disallowComments: true });
    assert.ok(tree !== undefined && expected !== undefined, text);
    assert.deepEqual(bare(tree), bare(expected), text);
  }
});

test('a text with a fault has no tree', () => {
  for (const text of FAULTY) assert.equal(faultlessTree(text, LEVELS), undefined, text);
});

test('a key twice in one object is a fault, in two objects it is none', () => {
  assert.equal(faultlessTree('{"a":1,"a":2}', LEVELS), undefined);
  assert.equal(faultlessTree('{"a":{"b":1,"c":{"b":2}},"b":[{"a":3}],"\\u0061":4}', LEVELS), undefined);
  assert.ok(faultlessTree('{"a":{"b":1,"c":{"b":2}},"b":[{"a":3}]}', LEVELS));
});

test('levels are counted as jsonc-parser would have to nest', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  assert.ok(faultlessTree(nested(LEVELS), LEVELS));
  assert.equal(faultlessTree(nested(LEVELS + 1), LEVELS), undefined);
});
