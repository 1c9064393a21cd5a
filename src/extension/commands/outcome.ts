import type * as vscode from 'vscode';
import type { App } from '../app.ts';

/** What a command did, in one line; empty when there is nothing to tell. */
export type Outcome = string;

/** A command that does not apply now; its message is shown once, and is no fault. */
export class NotNow extends Error {}

/** The file a command is about. Throws NotNow when no model is open. */
export function targetOf(app: App, given: unknown): vscode.Uri {
  const uri = app.target(given);
  if (uri === undefined)
    throw new NotNow('open a model first: Keras JSON, a TensorFlow.js model.json, a .keras or .h5 file.');
  return uri;
}
