/** Scheme of formatted models and of the configurations inside archives: real documents, read-only, language json. */
export const FORMATTED_SCHEME = 'initscope-formatted';
/** Scheme of Markdown pages: reports and rules. */
export const PAGE_SCHEME = 'initscope-page';
/** Scheme of rule pages; the path is the rule's id. */
export const RULE_SCHEME = 'initscope-rule';
/** Scheme of files as an edit would leave them, shown beside what they are. */
export const PROPOSED_SCHEME = 'initscope-proposed';

/** URI (as text) of the formatted document of a real file; the query carries the real URI. */
export function formattedUri(realUri: string): string {
  const path = new URL(realUri).pathname.replace(/(\.json)?$/i, '.formatted.json');
  return `${FORMATTED_SCHEME}:${path.startsWith('/') ? path : `/${path}`}?${encodeURIComponent(realUri)}`;
}

/** The real file's URI of a formatted document; undefined for every other URI. */
export function realUri(uri: string): string | undefined {
  if (!uri.startsWith(`${FORMATTED_SCHEME}:`)) return undefined;
  const query = uri.indexOf('?');
  if (query < 0) return undefined;
  // Editors escape a query once more when they print it.
  let text = uri.slice(query + 1);
  for (let round = 0; round < 3 && !/^[a-z][a-z0-9+.-]*:/i.test(text); round++)
    text = decodeURIComponent(text);
  return text;
}
