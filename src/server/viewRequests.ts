import type { Connection } from 'vscode-languageserver';
import { CancelNotification, LayersAtRequest, PlaceRequest } from '../protocol/lsp.ts';
import { ChangesRequest } from '../protocol/lspEdits.ts';
import { cellView } from './cells.ts';
import { workspaceEdit } from './edits.ts';
import { readable } from './features.ts';
import { allLayers, layersAt } from './layerAt.ts';
import { answer, hear } from './messages.ts';
import type { Session } from './session.ts';
import { fileUri, viewOf } from './view.ts';

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
    const origin =
      state && allLayers(state).find((each) => each.model.id === modelId && each.layer.id === layer)?.origin;
    if (state === undefined || origin === undefined) return null;
    const cell = state.cells.length > 0 ? origin.cell?.index : undefined;
    if (cell === undefined) return viewOf(uri, state)?.rangeOf(origin.range) ?? null;
    const range = cellView(state.cells[cell] ?? '', state)?.rangeOf(origin.range);
    return range === undefined ? null : { cell, ...range };
  });

  answer(connection, LayersAtRequest, ({ uri, position }) => {
    const found = readable(session, uri);
    if (found === undefined) return [];
    return layersAt(found.state, found.view.offsetAt(position)).map(({ layer }) => layer.id);
  });
}
