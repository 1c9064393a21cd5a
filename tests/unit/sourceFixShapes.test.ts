import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '../../src/model/change.ts';
import { parseInitializer } from '../../src/model/initializers/catalogue.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { predict } from '../../src/theory/predict.ts';
import { editSource } from '../../src/readers/source/editSource.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from '../support/projectFiles.ts';
import shapes from './sourceFixShapes.json';

/** Every shape of a fix: what stands there before and after; read again, the drawn scale is the one asked for. */
interface FixShape {
  readonly shape: string;
  readonly path?: string;
  readonly before: string;
  readonly after?: string;
  /** Why nothing is changed. */
  readonly refused?: string;
}

const TF = "import * as tf from '@tensorflow/tfjs';\n";

async function specOf(text: string, path: string): Promise<ModelSpec> {
  const { models, problems } = await readSource(path, text, projectFiles({ [path]: text }), {});
  const [model] = models;
  assert.ok(model, JSON.stringify(problems));
  return model;
}

/** What each kernel draws over what He's law asks for its fan-in. */
function scales(spec: ModelSpec): number[] {
  const drawn = predict(spec).weights ?? {};
  return spec.layers.flatMap(({ id, weights }) =>
    weights.flatMap(({ name, part, effectiveFanIn }) => {
      const need = drawn[`${id}|${name}`];
      return part !== 'kernel' || need === undefined ? [] : [need.drawnRms / Math.sqrt(2 / effectiveFanIn)];
    }),
  );
}

describe('fixes of every shape', () => {
  for (const { shape, path = '/project/model.js', before, after, refused } of shapes as FixShape[]) {
    it(`${refused === undefined ? 'writes' : 'refuses'}: ${shape}`, async () => {
      const text = path.endsWith('.html') ? before : TF + before;
      const spec = await specOf(text, path);
      const layers = spec.layers.filter(({ kind }) => kind === 'dense').map(({ id }) => id);
      const change: Change = { layers, weight: 'kernel', initializer: parseInitializer('heUniform', 'tfjs') };
      const result = editSource(text, spec, [change]);
      if (refused !== undefined) {
        assert.ok(!result.ok);
        assert.match(result.refusal.reason, new RegExp(refused));
        return;
      }
      assert.ok(result.ok, result.ok ? '' : result.refusal.reason);
      let edited = text;
      for (const { range, text: put } of [...(result.edits[0]?.edits ?? [])].reverse())
        edited = edited.slice(0, range.start) + put + edited.slice(range.end);
      assert.equal(edited, path.endsWith('.html') ? after : TF + (after ?? ''));
      const again = await specOf(edited, path);
      for (const layer of again.layers.filter(({ id }) => layers.includes(id)))
        assert.equal(layer.weights[0]?.initializer.id, 'heUniform');
      assert.ok(
        scales(again).every((scale) => scale > 0.9 && scale < 1.1),
        JSON.stringify(scales(again)),
      );
    });
  }
});
