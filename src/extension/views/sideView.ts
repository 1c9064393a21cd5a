import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { fileShownIn, layerAtCursor } from './place.ts';
import { viewHtml, viewOptions } from './viewHtml.ts';
import { ViewLink } from './viewLink.ts';

const SIDE_VIEW = 'initscope.layers';

/** The narrow view beside the editor; it follows the active model file and the cursor in it. */
class SideView implements vscode.WebviewViewProvider {
  readonly #app: App;
  #link: ViewLink | undefined;

  constructor(app: App) {
    this.#app = app;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { context } = this.#app;
    view.webview.options = viewOptions(context);
    const link = new ViewLink(this.#app, view.webview, this.#file());
    this.#link = link;
    view.webview.html = viewHtml(context, view.webview, 'side');
    void this.#toCursor(vscode.window.activeTextEditor);
    view.onDidDispose(() => {
      link.dispose();
      if (this.#link === link) this.#link = undefined;
    });
  }

  /** Another editor became active: a file that is no model leaves the last one in place. */
  follow(): void {
    const file = this.#file();
    if (file === undefined) this.#link?.again();
    else this.#link?.show(file);
  }

  /** A person moved the cursor. */
  async cursor({ textEditor, kind }: vscode.TextEditorSelectionChangeEvent): Promise<void> {
    if (kind !== undefined) await this.#toCursor(textEditor);
  }

  async #toCursor(editor: vscode.TextEditor | undefined): Promise<void> {
    const link = this.#link;
    if (link?.uri === undefined || editor === undefined) return;
    if (fileShownIn(this.#app, editor.document)?.toString() !== link.uri.toString()) return;
    const layer = await layerAtCursor(this.#app, editor);
    if (layer !== undefined) link.select(layer);
  }

  #file(): vscode.Uri | undefined {
    const uri = this.#app.target();
    return uri !== undefined && this.#app.mayHoldModel(uri) ? uri : undefined;
  }
}

/** Registers the side view. */
export function registerSideView(app: App): void {
  const side = new SideView(app);
  app.context.subscriptions.push(
    vscode.window.registerWebviewViewProvider(SIDE_VIEW, side),
    vscode.window.onDidChangeActiveTextEditor(() => side.follow()),
    vscode.window.tabGroups.onDidChangeTabs(() => side.follow()),
    vscode.workspace.onDidOpenNotebookDocument(() => side.follow()),
    app.candidates.onFound(() => side.follow()),
    vscode.window.onDidChangeTextEditorSelection((event) => void side.cursor(event)),
  );
}
