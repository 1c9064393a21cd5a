import assert from 'node:assert/strict';
import type { ReadOptions, ReadResult } from '../../src/model/reader.ts';
import type { ModelSpec } from '../../src/model/spec.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { projectFiles } from './projectFiles.ts';

/** What a source of a test begins with. */
export const TF = "import * as tf from '@tensorflow/tfjs';\n";

/** Reads a source of a project that holds it and `others`, by path. */
export function readText(
  text: string,
  options: ReadOptions = {},
  others: Readonly<Record<string, string>> = {},
  path = '/project/model.js',
): Promise<ReadResult> {
  return readSource(path, text, projectFiles({ ...others, [path]: text }), options);
}

/** The first model of a source that asks nothing. */
export async function oneModel(...given: Parameters<typeof readText>): Promise<ModelSpec> {
  const result = await readText(...given);
  assert.deepEqual(result.questions ?? [], []);
  const [model] = result.models;
  assert.ok(model, JSON.stringify(result.problems));
  return model;
}

/** `Dense 4×8 8`: the layers that have weights, with their shapes. */
export function weighted(model: ModelSpec): string[] {
  return model.layers
    .filter((layer) => layer.weights.length > 0)
    .map((layer) => `${layer.className} ${layer.weights.map((weight) => weight.shape.join('×')).join(' ')}`);
}
