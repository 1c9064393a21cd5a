import { UnknownPartError } from '../problem.ts';
import type { Semantics } from '../semantics.ts';
import type { Shape } from '../shape.ts';
import type { LayerConfig } from '../spec.ts';
import { layerKind, layerKindOfClass } from './catalogue.ts';
import type { LayerKind, ParsedInner, ParsedLayer, RawConfig, WeightDeclaration } from './kind.ts';

/** A wrapped layer as the wrapper's config keeps it, so that shapes follow from configs alone. */
export type InnerJson = {
  readonly kind: string;
  readonly config: LayerConfig & { readonly [key: string]: never };
};

/** Reads a wrapped layer with its own kind. Throws an UnknownPartError for a class (or a model) that cannot be wrapped here. */
export function readInner(raw: RawConfig, name: string): ParsedInner {
  const kind = layerKindOfClass(raw.className);
  if (kind === undefined)
    throw new UnknownPartError({
      message: `the wrapped ${raw.className} is not known to Initscope.`,
      found: raw.className,
      expected: 'a layer of Keras or TensorFlow.js',
    });
  const parsed = kind.parse(raw);
  if (parsed.activation?.id === 'glu')
    throw new UnknownPartError({
      message: `the wrapped ${raw.className} has the activation glu, whose shapes are not followed inside a wrapper.`,
      found: 'glu',
    });
  return { name, className: raw.className, kind: kind.id, parsed };
}

/** The config's own form of a wrapped layer. */
export function innerJson(inner: ParsedInner): InnerJson {
  return { kind: inner.kind, config: inner.parsed.config as InnerJson['config'] };
}

/** The kind of a wrapped layer. */
export function kindOf(inner: { readonly kind: string }): LayerKind {
  return layerKind(inner.kind);
}

/** A wrapped layer's weights under the wrapper: `<name>/kernel`, with the key below the wrapper's config key. */
export function innerWeights(
  inner: ParsedInner,
  key: string,
  inputs: readonly Shape[],
  semantics: Semantics,
): readonly WeightDeclaration[] {
  const declared = kindOf(inner).weights(inner.parsed, inputs, semantics);
  return declared.map((weight) => ({
    ...weight,
    name: `${inner.name}/${weight.name}`,
    key: `${key}/${weight.key}`,
  }));
}

/** The wrapped layers of a parsed wrapper. */
export function innerOf(parsed: Pick<ParsedLayer<never>, 'inner'>): readonly ParsedInner[] {
  return parsed.inner ?? [];
}

/** What a wrapper that hands its layer's output on says of it: the layer, and its activation as the wrapper's own. */
export function handedOn(inner: ParsedInner): Pick<ParsedLayer<never>, 'inner' | 'activation'> {
  const { activation } = inner.parsed;
  return { inner: [inner], ...(activation === undefined ? {} : { activation }) };
}
