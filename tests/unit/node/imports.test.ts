import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nodeFiles } from '../../../src/node/files.ts';
import { importedFile } from '../../../src/node/imports.ts';
import { readSource } from '../../../src/readers/source/readSource.ts';
import { inFolder } from '../../support/folder.ts';

const SOURCE = `import * as tf from '@tensorflow/tfjs';
import { WIDTH } from '../shared/sizes';
import { DEPTH } from '@/depth';
export const build = () => tf.sequential({layers: [tf.layers.dense({units: DEPTH, inputShape: [WIDTH]})]});
`;
const FILES = {
  'package.json': '{}',
  'shared/sizes.js': 'export const WIDTH = 7;',
  'src/depth.ts': 'export const DEPTH: number = 5;',
  'src/models/model.js': SOURCE,
};

describe('imports of sources', () => {
  it('are found anywhere in the project, above the file and by the alias of its top', () =>
    inFolder(FILES, async (folder) => {
      const path = join(folder, 'src/models/model.js');
      const { models, questions } = await readSource(
        path,
        SOURCE.replace('../shared', '../../shared'),
        nodeFiles,
        {},
      );
      assert.deepEqual(questions ?? [], []);
      assert.deepEqual(
        models[0]?.layers.flatMap(({ weights }) => weights.map(({ shape }) => shape)),
        [[7, 5], [5]],
      );
    }));

  it('are not followed out of the project, by name or by link, nor into node_modules', () =>
    inFolder({ ...FILES, 'node_modules/x/index.js': 'export const WIDTH = 9;' }, (folder) =>
      inFolder({ 'secret.js': 'export const WIDTH = 8;' }, async (other) => {
        const path = join(folder, 'src/models/model.js');
        assert.equal(await importedFile(path, join('../../..', 'secret.js')), undefined);
        assert.equal(await importedFile(path, '../../node_modules/x/index.js'), undefined);
        mkdirSync(join(folder, 'linked'));
        symlinkSync(join(other, 'secret.js'), join(folder, 'linked/secret.js'));
        assert.equal(await importedFile(path, '../../linked/secret.js'), undefined);
        assert.equal(await importedFile(path, '../../shared/nothing.js'), undefined);
        assert.equal(await importedFile(path, '../../shared/sizes.js'), join(folder, 'shared/sizes.js'));
        writeFileSync(join(folder, 'linked/plain.js'), '');
      }),
    ));

  it('are limited in number and size, and a circle of them ends', () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `part${index}.js`,
        `import './part${index + 1}.js';\nimport './model.js';\nexport const n${index} = ${index};`,
      ]),
    );
    const text = `${SOURCE.replace('../shared/sizes', './sizes').replace('@/depth', './sizes')}import './part0.js';\nimport './huge.js';\nbuild();\n`;
    return inFolder(
      {
        ...many,
        'huge.js': `export const x = '${'x'.repeat(700_000)}';`,
        'sizes.js': 'export const WIDTH = 3, DEPTH = 2;',
        'model.js': text,
      },
      async (folder) => {
        const { models, problems } = await readSource(join(folder, 'model.js'), text, nodeFiles, {});
        assert.deepEqual(problems, []);
        assert.equal(models[0]?.parameters.total, 8);
      },
    );
  });
});
