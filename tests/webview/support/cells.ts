import type { Locator } from 'playwright-core';

/** The words in every cell of table rows, as the page has them now. */
export function cellsOf(rows: Locator): Promise<readonly (readonly string[])[]> {
  return rows.evaluateAll((all) =>
    all.map((row) => Array.from(row.children).map((cell) => cell.textContent ?? '')),
  );
}
