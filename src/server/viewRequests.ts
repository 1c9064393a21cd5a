import type { Connection } from 'vscode-languageserver';
import { CancelNotification, LayersAtRequest, PlaceRequest } from '../protocol/lsp.ts';
import { ChangesRequest } from '../protocol/lspEdits.ts';
import { workspaceEdit } from './edits.ts';
import { allLayers, layersAt } from './layerAt.ts';
import { answer, hear } from './messages.ts';
import type { Session } from './session.ts';
import { fileUri } from './view.ts';

/** Answers what the side view and the report panel ask about places and edits; nothing is measured here. */
export function registerViewRequests(connection: Connection, session: Session): void {
  answer(connection, ChangesRequest, async ({ uri, modelId, changes }) => {
    const state = session.files.get(fileUri(uri));
    if (state?.fresh === undefined)
      return { reason: 'The file was edited after this was measured: measure again first.' };
    const result = await session.work.editOf(state, modelId, changes);
    if (!result.ok) return { reason: `${result.refusal.reason} (${result.refusal.place})` };
    const edit = workspaceEdit(state, result.edits);
    if (edit === undefined)
      return { reason: 'Open the file in a text editor to change it, or copy the fix.' };
    return { edit, title: 'Apply suggested initializers' };
  });

  hear(connection, CancelNotification, ({ uri }) => session.stop(fileUri(uri)));

  answer(connection, PlaceRequest, ({ uri, modelId, layer }) => {
    const state = session.files.get(fileUri(uri));
    const found =
      state && allLayers(state).find((each) => each.model.id === modelId && each.layer.id === layer);
    const document = state?.reading?.document;
    if (document === undefined || found === undefined) return null;
    const { start, end } = found.origin.range;
    return { start: document.positionAt(start), end: document.positionAt(end) };
  });

  answer(connection, LayersAtRequest, ({ uri, position }) => {
    const state = session.files.get(fileUri(uri));
    const document = state?.reading?.document;
    if (state === undefined || document === undefined) return [];
    return layersAt(state, document.offsetAt(position)).map(({ layer }) => layer.id);
  });
}
