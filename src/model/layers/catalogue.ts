import type { LayerConfig } from '../spec.ts';
import { activation } from './activation.ts';
import { batchNorm } from './batchNorm.ts';
import { concatenate } from './concatenate.ts';
import { conv } from './conv.ts';
import { convTranspose } from './convTranspose.ts';
import { dense } from './dense.ts';
import { depthwise } from './depthwise.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalPooling } from './globalPooling.ts';
import { input } from './input.ts';
import type { LayerKind } from './kind.ts';
import { merge } from './merge.ts';
import { opaque } from './opaque.ts';
import { pooling } from './pooling.ts';
import { separable } from './separable.ts';

/** A kind whose config type is forgotten; sound because its config only ever comes from its own `parse`. */
function row<C extends LayerConfig>(kind: LayerKind<C>): LayerKind {
  return kind as unknown as LayerKind;
}

/** Every layer kind we know; `opaque` stands for all others. */
export const LAYER_KINDS: readonly LayerKind[] = [
  row(input),
  row(dense),
  row(conv),
  row(convTranspose),
  row(depthwise),
  row(separable),
  row(pooling),
  row(globalPooling),
  row(flatten),
  row(activation),
  row(dropout),
  row(batchNorm),
  row(merge),
  row(concatenate),
  row(opaque),
];

const byId = new Map(LAYER_KINDS.map((kind) => [kind.id, kind]));
const byClass = new Map(LAYER_KINDS.flatMap((kind) => kind.classes.map((name) => [name, kind])));

/** The kind of this id. Throws a RangeError for an id that no row has: ids come from us, not from files. */
export function layerKind(id: string): LayerKind {
  const kind = byId.get(id);
  if (kind === undefined) throw new RangeError(`no layer kind ${id}`);
  return kind;
}

/** The class name without the package that Keras 3 and custom registries put before it (`Custom>MyLayer` stays whole). */
export function layerKindOfClass(className: string): LayerKind | undefined {
  return byClass.get(className);
}
