import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf } from '../../../webview/report/blocks.ts';
import { sampleLayer } from '../../support/sampleReport.ts';

const layers = (...paths: readonly string[]) =>
  paths.map((path) => sampleLayer({ id: path, path: path.split('/') }));
const shown = (...paths: readonly string[]) =>
  blocksOf(layers(...paths)).map(({ title, from, to }) => `${title} ${from}-${to}`);

test('nested models are blocks of their own', () => {
  assert.deepEqual(shown('stem', 'encoder/a', 'encoder/b', 'decoder/a'), [
    'start 0-1',
    'encoder 1-3',
    'decoder 3-4',
  ]);
});

test('blocks are told by the names of the common families; merges between go with the block before', () => {
  assert.deepEqual(
    shown('conv2_block1_1_conv', 'conv2_block1_2_conv', 'add', 'conv2_block2_1_conv', 'conv3_block1_out'),
    ['conv2_block1 0-3', 'conv2_block2 3-4', 'conv3_block1 4-5'],
  );
  assert.deepEqual(shown('res2a_branch2a', 'bn2a_branch2a', 'res2b_branch2a'), ['2a 0-2', '2b 2-3']);
});

test('more blocks than are readable side by side are put together by stage', () => {
  const paths = ['a', 'b'].flatMap((stage) =>
    Array.from({ length: 40 }, (_, index) => `${stage}_block_${index + 1}_conv`),
  );
  assert.deepEqual(shown(...paths), ['a 0-40', 'b 40-80']);
});

test('names that tell of no blocks give even pieces that hold every layer once', () => {
  const blocks = blocksOf(layers(...Array.from({ length: 45 }, (_, index) => `dense_${index}`)));
  assert.equal(blocks[0]?.title, '1–4');
  assert.equal(blocks.at(-1)?.to, 45);
  blocks.slice(1).forEach(({ from }, index) => assert.equal(from, blocks[index]?.to));
});
