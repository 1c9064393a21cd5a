function csvField(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A table as RFC 4180; texts that a spreadsheet would take for a formula are quoted with an apostrophe. */
export function csvTable(
  header: readonly string[],
  lines: readonly (readonly (string | number)[])[],
): string {
  const rows = lines.map((line) => line.map(csvField).join(','));
  return `${[header.join(','), ...rows].join('\r\n')}\r\n`;
}
