import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Inspector, StaticReading } from '../../../src/inspect/inspector.ts';
import { readingInspector, readText } from '../../support/readingInspector.ts';
import { inRepo } from '../../support/root.ts';

const read = (by: Inspector, text: string, path = 'net.json'): Promise<StaticReading> =>
  readText(by, text, path);

const example = readFileSync(inRepo('examples', 'dead-relu-cnn.json'), 'utf8');

/** Edits as people make them, each of the text before it. */
const EDITS: readonly ((text: string) => string)[] = [
  (text) => text.replace('{', '{ '),
  (text) => text.replace(/"units": *(\d+)/, '"units": 17'),
  (text) => text.replace(/"(relu)"/, '"tanh"'),
  (text) => text.replace(/"seed": *null/, '"seed": 1'),
  (text) => text.replace(/(null,\s*)\d+,(\s*)\d+/, '$140,$240'),
  (text) => text.replaceAll('"tanh"', '"relu"'),
];

test('a text that is read again after edits gives what a first reading of it gives', async () => {
  const known = readingInspector();
  await read(known, example);
  let text = example;
  for (const edit of EDITS) {
    const before = text;
    text = edit(text);
    assert.notEqual(text, before, edit.toString());
    const again = await read(known, text);
    // Between the two, another file is read: nothing of this one is remembered.
    await read(readingInspector(), readFileSync(inRepo('examples', 'zero-mlp.json'), 'utf8'), 'another.json');
    await read(
      readingInspector(),
      readFileSync(inRepo('examples', 'deep-sigmoid.json'), 'utf8'),
      'third.json',
    );
    assert.deepEqual(again, await read(readingInspector(), text));
  }
});

test('layers that an edit did not touch keep their weights, and only what lies behind it is predicted anew', async () => {
  const by = readingInspector();
  const before = await read(by, example);
  const after = await read(by, example.replace(/("units": *)\d+/, '$117'));
  const parts = ({ models }: StaticReading) => {
    const [model] = models;
    assert.ok(model);
    return model;
  };
  const [old, now] = [parts(before), parts(after)];
  const touched = now.spec.layers.findIndex(({ weights }, at) => weights !== old.spec.layers[at]?.weights);
  assert.ok(touched > 1, `layer ${touched}`);
  assert.ok(now.spec.layers.slice(0, touched).some(({ weights }) => weights.length > 0));
});
