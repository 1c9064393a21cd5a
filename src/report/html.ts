/** The bundled report view and the hashes of exactly these texts (base64 of SHA-256), as the content policy names them. */
interface HtmlParts {
  readonly script: string;
  readonly style: string;
  readonly scriptHash: string;
  readonly styleHash: string;
}

/**
 * One self-contained page that works offline from disk. `page` is a PageData as wire text (`encodeWire`); it stands in an `application/json` element with `<` escaped, so
 * that no name in a file can end it; scripts and styles are allowed by their hashes only, and nothing is loaded.
 */
export function htmlReport(page: string, title: string, parts: HtmlParts): string {
  const data = page.replaceAll('<', '\\u003c');
  const policy = `default-src 'none'; script-src 'sha256-${parts.scriptHash}'; style-src 'sha256-${parts.styleHash}'; img-src data:`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Initscope: ${escapeText(title)}</title>
<style>${parts.style}</style>
</head>
<body class="exported">
<div id="root"></div>
<script type="application/json" id="initscope-data">${data}</script>
<script type="module">${parts.script}</script>
</body>
</html>
`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
