const CONTROLS = /[\p{Cc}\p{Bidi_C}]/gu;

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\s*\n\s*/g, ' ').replaceAll(CONTROLS, '\ufffd');
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cleaned(member)]));
}

/**
 * The same plain data with every string on one line and without the characters by which a name in a file could steer a
 * terminal (escape sequences, carriage returns, bidirectional overrides).
 */
export function withoutControls<T>(data: T): T {
  return cleaned(data) as T;
}
