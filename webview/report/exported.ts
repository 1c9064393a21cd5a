import { decodeWire, type PageData } from '../../src/protocol/wireReports.ts';

/** What an exported page carries in its `application/json` element; undefined inside VS Code. */
export function exportedData(): PageData | undefined {
  const text = document.getElementById('initscope-data')?.textContent;
  return text === undefined || text === null ? undefined : (decodeWire(text) as PageData);
}
