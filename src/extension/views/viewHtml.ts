import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where the bundles of the views lie. */
export function viewRoot(context: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
}

/** What a view may do: run its script, and load what lies beside it. */
export function viewOptions(context: vscode.ExtensionContext): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [viewRoot(context)] };
}

/** The page of a view: one stylesheet, one module with a nonce, nothing inline, nothing from elsewhere. */
export function viewHtml(
  context: vscode.ExtensionContext,
  webview: vscode.Webview,
  view: 'side' | 'report',
): string {
  const nonce = randomBytes(18).toString('base64');
  const at = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(viewRoot(context), name)).toString();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; img-src data:`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${at(`${view}.css`)}">
<title>Initscope</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" type="module" src="${at(`${view}.js`)}"></script>
</body>
</html>`;
}
