/** A value that a source does not say. */
export type ParamValue = number | string | boolean;

/** What a person typed as a value: `true` and `false`, a number, else the text itself. */
export function paramValue(text: string): ParamValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
