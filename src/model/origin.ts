/** Half-open range of UTF-16 offsets in the decoded text without BOM. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A place in a notebook: the cell among all cells, lines and UTF-16 columns in its source, all from 0; the end is exclusive. */
export interface CellRange {
  readonly index: number;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The source of one cell of a notebook; `offsets`: where each of its UTF-16 units, and its end, stands in the notebook's JSON text. */
export interface CellSource {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** What the text at an origin does for the layer. */
export type OriginKind = 'layer' | 'initializer' | 'activation' | 'call' | 'definition' | 'generated';

/**
 * A place in a text that makes a layer what it is. The first origin of a layer is underlined, the rest are related
 * places. `file` is the path as it was read; `virtual` marks a text that is shown formatted (the config inside an archive).
 */
export interface Origin {
  readonly file: string;
  readonly range: TextRange;
  readonly kind: OriginKind;
  /** The weight whose initializer stands here (kind `initializer`). */
  readonly weight?: string;
  readonly virtual?: boolean;
  /** Where it stands in a notebook, whose JSON text `range` is of. */
  readonly cell?: CellRange;
}
