import type { InputData } from '../../src/engine/inputs.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Generated } from './families.ts';
import { GLOROT, HE, Net } from './net.ts';

const LIGHTEST = 255;

/** Grey values from 0 to 255, uniform and independent, divided by a number; the same for the same input and part of the data. */
export const pixels =
  (divisor = 1): InputData =>
  (input, shape, part) => {
    let state = part + input.name.length;
    return Float32Array.from({ length: shape.reduce((size, next) => size * next, 1) }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * (LIGHTEST + 1)) / divisor;
    });
  };

/** Three He layers that take pixels, behind a layer that makes them fit, or behind none. */
export function onPixels(
  name: string,
  first?: readonly [className: string, config: JsonObject],
  activation = 'relu',
): Generated {
  const net = new Net(name);
  const init = activation === 'relu' ? HE : GLOROT;
  const input = net.input(64);
  let at = first === undefined ? input : net.layer(...first, input);
  for (const index of [1, 2, 3]) at = net.dense(at, 64, init, activation, { name: `d${index}` });
  const out = net.dense(at, 10, GLOROT, 'softmax', { name: 'head' });
  return { name, text: net.json(out), hidden: [], semantics: 'keras2', data: pixels() };
}
