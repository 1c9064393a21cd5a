import { keyOf } from '../../src/engine/draws/philox.ts';
import { normal } from '../../src/engine/draws/reference.ts';

/** `count` seeded N(0, 1) values, the same on every machine. */
export function normals(name: string, count: number): Float32Array {
  const values = new Float32Array(count);
  normal(values, keyOf(0, 'ground truth', name), 0, 1);
  return values;
}
