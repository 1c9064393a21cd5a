const TOKEN = /"(?:[^"\\]|\\[\s\S])*"?|[{}[\],:]|[^\s"{}[\],:]+/g;

/** A text laid out for people, and the way between its offsets and those of the text it was made from. */
export interface FormattedText {
  readonly text: string;
  /** Offset in the formatted text of an offset in the original; between tokens, the end of the token before. */
  toFormatted(offset: number): number;
  /** Offset in the original text of an offset in the formatted one. */
  toOriginal(offset: number): number;
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Index of the bracket that closes the array at `open`, when it holds scalars only and is short; else -1. */
function shortArrayEnd(tokens: readonly string[], open: number): number {
  let length = 0;
  for (let at = open + 1; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (token === ']') return at;
    length += token.length + 1;
    if (token === '[' || token === '{' || token === '}' || length > 60) return -1;
  }
  return -1;
}

/**
 * JSON with one member a line and two spaces a level (short arrays of scalars on one line). Every token stays as written,
 * so that it works on broken JSON too, and positions map token by token.
 */
export function formatJson(original: string): FormattedText {
  const tokens: string[] = [];
  const from: number[] = [];
  for (const match of original.matchAll(TOKEN)) {
    tokens.push(match[0]);
    from.push(match.index);
  }
  const to: number[] = [];
  const parts: string[] = [];
  let length = 0;
  let depth = 0;
  let inlineUntil = -1;
  const push = (text: string): void => {
    parts.push(text);
    length += text.length;
  };
  const newLine = (): void => push(`\n${'  '.repeat(Math.max(0, depth))}`);
  tokens.forEach((token, at) => {
    const before = tokens[at - 1];
    const inline = at <= inlineUntil;
    if (token === '}' || token === ']') {
      depth--;
      if (!inline && before !== '{' && before !== '[') newLine();
    } else if ((before === '{' || before === '[') && !inline) newLine();
    else if (before === ',') {
      if (inline) push(' ');
      else newLine();
    } else if (before === ':') push(' ');
    to.push(length);
    push(token);
    if (token === '{' || token === '[') depth++;
    if (token === '[' && !inline) {
      const end = shortArrayEnd(tokens, at);
      if (end > 0) inlineUntil = end;
    }
  });
  const map = (starts: readonly number[], targets: readonly number[], offset: number): number => {
    if (tokens.length === 0) return 0;
    const at = lastAtOrBefore(starts, offset);
    const into = Math.max(0, offset - (starts[at] ?? 0));
    return (targets[at] ?? 0) + Math.min(into, (tokens[at] ?? '').length);
  };
  return {
    text: parts.join(''),
    toFormatted: (offset) => map(from, to, offset),
    toOriginal: (offset) => map(to, from, offset),
  };
}
