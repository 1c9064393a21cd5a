import type { JsonObject } from '../json.ts';
import type { LayerConfig } from '../spec.ts';
import { activation } from './activation.ts';
import { adaptivePooling } from './adaptivePooling.ts';
import { attention } from './attention.ts';
import { batchNorm } from './batchNorm.ts';
import { bidirectional } from './bidirectional.ts';
import { categoryEncoding } from './categoryEncoding.ts';
import { concatenate } from './concatenate.ts';
import { conv } from './conv.ts';
import { convLstm } from './convLstm.ts';
import { convTranspose } from './convTranspose.ts';
import { cropping } from './cropping.ts';
import { dense } from './dense.ts';
import { depthwise } from './depthwise.ts';
import { dot } from './dot.ts';
import { dotProductAttention } from './dotProductAttention.ts';
import { dropout } from './dropout.ts';
import { einsumDense } from './einsumDense.ts';
import { embedding } from './embedding.ts';
import { fixedConv } from './fixedConv.ts';
import { flatten } from './flatten.ts';
import { globalPooling } from './globalPooling.ts';
import { groupedQueryAttention } from './groupedQueryAttention.ts';
import { groupNorm } from './groupNorm.ts';
import { gru } from './gru.ts';
import { identity } from './identity.ts';
import { input } from './input.ts';
import type { LayerKind } from './kind.ts';
import { layerNorm } from './layerNorm.ts';
import { locallyConnected } from './locallyConnected.ts';
import { lstm } from './lstm.ts';
import { merge } from './merge.ts';
import { multiHeadAttention } from './multiHeadAttention.ts';
import { normalization } from './normalization.ts';
import { opaque } from './opaque.ts';
import { operation } from './operation.ts';
import { padding } from './padding.ts';
import { permute } from './permute.ts';
import { pooling } from './pooling.ts';
import { prelu } from './prelu.ts';
import { repeatVector } from './repeatVector.ts';
import { rescaling } from './rescaling.ts';
import { reshape } from './reshape.ts';
import { resizing } from './resizing.ts';
import { rmsNorm } from './rmsNorm.ts';
import { rnn } from './rnn.ts';
import { separable } from './separable.ts';
import { simpleRnn } from './simpleRnn.ts';
import { spectralNorm } from './spectralNorm.ts';
import { timeDistributed } from './timeDistributed.ts';
import { unitNorm } from './unitNorm.ts';
import { upSampling } from './upSampling.ts';

/** A kind whose config type is forgotten; sound because its config only ever comes from its own `parse`. */
function row<C extends LayerConfig>(kind: LayerKind<C>): LayerKind {
  return kind as unknown as LayerKind;
}

/** Every layer kind we know; `opaque` stands for all others. A function, since wrappers ask the catalogue themselves. */
export function layerKinds(): readonly LayerKind[] {
  return [
    row(input),
    row(dense),
    row(conv),
    row(convTranspose),
    row(depthwise),
    row(separable),
    row(locallyConnected),
    row(fixedConv),
    row(pooling),
    row(globalPooling),
    row(adaptivePooling),
    row(flatten),
    row(activation),
    row(dropout),
    row(embedding),
    row(batchNorm),
    row(merge),
    row(concatenate),
    row(reshape),
    row(permute),
    row(repeatVector),
    row(padding),
    row(cropping),
    row(upSampling),
    row(identity),
    row(layerNorm),
    row(groupNorm),
    row(rmsNorm),
    row(unitNorm),
    row(prelu),
    row(simpleRnn),
    row(lstm),
    row(gru),
    row(bidirectional),
    row(timeDistributed),
    row(spectralNorm),
    row(rnn),
    row(convLstm),
    row(einsumDense),
    row(attention),
    row(multiHeadAttention),
    row(groupedQueryAttention),
    row(dotProductAttention),
    row(dot),
    row(rescaling),
    row(normalization),
    row(resizing),
    row(categoryEncoding),
    row(operation),
    row(opaque),
  ];
}

interface Table {
  readonly byId: ReadonlyMap<string, LayerKind>;
  readonly byClass: ReadonlyMap<string, LayerKind>;
}

let built: Table | undefined;

function table(): Table {
  built ??= {
    byId: new Map(layerKinds().map((kind) => [kind.id, kind])),
    byClass: new Map(layerKinds().flatMap((kind) => kind.classes.map((name) => [name, kind]))),
  };
  return built;
}

/** Whether a layer kind of this id exists. */
export function hasLayerKind(id: string): boolean {
  return table().byId.has(id);
}

/** The kind of this id. Throws a RangeError for an id that no row has: ids come from us, not from files. */
export function layerKind(id: string): LayerKind {
  const kind = table().byId.get(id);
  if (kind === undefined) throw new RangeError(`no layer kind ${id}`);
  return kind;
}

/** The kind that reads this class; undefined for a class we do not know. */
export function layerKindOfClass(className: string): LayerKind | undefined {
  return table().byClass.get(className);
}

const KERAS1_MERGES: Readonly<Record<string, string>> = {
  sum: 'Add',
  concat: 'Concatenate',
  mul: 'Multiply',
  ave: 'Average',
  max: 'Maximum',
  dot: 'Dot',
  cos: 'Dot',
};

/** As `layerKindOfClass`, with Keras 1's `Merge` read as the class that its mode means; `className` is the one to parse with. */
export function layerKindFor(
  className: string,
  config: JsonObject,
): { readonly kind: LayerKind; readonly className: string } | undefined {
  const mode = className === 'Merge' && Object.hasOwn(config, 'mode') ? config['mode'] : undefined;
  const meant = typeof mode === 'string' ? (KERAS1_MERGES[mode] ?? className) : className;
  const kind = layerKindOfClass(meant);
  return kind === undefined ? undefined : { kind, className: meant };
}
