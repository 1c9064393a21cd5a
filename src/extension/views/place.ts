import * as vscode from 'vscode';
import { LayersAtRequest, PlaceRequest } from '../../protocol/lsp.ts';
import type { App } from '../app.ts';

/** Shows a layer's line in an editor that already shows the file; opens nothing and takes no focus. */
export async function revealLayer(app: App, uri: vscode.Uri, modelId: string, layer: string): Promise<void> {
  const place = await app.ask(PlaceRequest, { uri: uri.toString(), modelId, layer });
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => app.target(document.uri)?.toString() === uri.toString(),
  );
  if (place === null || editor === undefined || editor.document.uri.toString() !== uri.toString()) return;
  const range = new vscode.Range(
    place.start.line,
    place.start.character,
    place.end.line,
    place.end.character,
  );
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The layer under the cursor of an editor; undefined between layers and while the server does not run. */
export async function layerAtCursor(app: App, editor: vscode.TextEditor): Promise<string | undefined> {
  const { line, character } = editor.selection.active;
  const layers = await app
    .ask(LayersAtRequest, { uri: editor.document.uri.toString(), position: { line, character } })
    .catch(() => []);
  return layers[0];
}
