import * as vscode from 'vscode';
import { type LayerPlace, LayersAtRequest, PlaceRequest } from '../../protocol/lsp.ts';
import type { App } from '../app.ts';

/** The file that a document shows: itself, the one it is the formatted text of, or the notebook it is a cell of. */
export function fileShownIn(app: App, { uri }: vscode.TextDocument): vscode.Uri | undefined {
  const isIt = ({ document }: vscode.NotebookCell): boolean => document.uri.toString() === uri.toString();
  const notebook = vscode.workspace.notebookDocuments.find((each) => each.getCells().some(isIt));
  return notebook?.uri ?? app.target(uri);
}

function select(editor: vscode.TextEditor, { start }: LayerPlace): void {
  const at = new vscode.Position(start.line, start.character);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function selectCell(editor: vscode.NotebookEditor, cell: number | undefined): vscode.TextEditor | undefined {
  if (cell === undefined) return undefined;
  const range = new vscode.NotebookRange(cell, cell + 1);
  editor.selection = range;
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  const { document } = editor.notebook.cellAt(cell);
  return vscode.window.visibleTextEditors.find((each) => each.document === document);
}

/** Shows a layer's line in an editor that already shows the file or its formatted text, or its cell of a notebook; opens nothing and takes no focus. */
export async function revealLayer(app: App, uri: vscode.Uri, modelId: string, layer: string): Promise<void> {
  const isIt = (other: vscode.Uri | undefined): boolean => other?.toString() === uri.toString();
  const notebook = vscode.window.visibleNotebookEditors.find((each) => isIt(each.notebook.uri));
  const editor = vscode.window.visibleTextEditors.find(({ document }) => isIt(app.target(document.uri)));
  const shown = notebook?.notebook.uri ?? editor?.document.uri;
  if (shown === undefined) return;
  const place = await app.ask(PlaceRequest, { uri: shown.toString(), modelId, layer });
  if (place === null) return;
  const there = notebook === undefined ? editor : selectCell(notebook, place.cell);
  if (there !== undefined) select(there, place);
}

/** The layer under the cursor of an editor; undefined between layers and while the server does not run. */
export async function layerAtCursor(app: App, editor: vscode.TextEditor): Promise<string | undefined> {
  const { line, character } = editor.selection.active;
  const layers = await app
    .ask(LayersAtRequest, { uri: editor.document.uri.toString(), position: { line, character } })
    .catch(() => []);
  return layers[0];
}
