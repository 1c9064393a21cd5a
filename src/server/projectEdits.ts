import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modify, parse } from 'jsonc-parser';
import { type TextDocumentEdit, TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ParamValue } from '../protocol/paramValue.ts';
import { decodeText } from './paths.ts';

const NAME = 'initscope.json';
const LAYOUT = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/** The `initscope.json` to write to: the nearest upwards, else one in the root folder, else beside the file. */
export function configTarget(path: string, roots: readonly string[]): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, NAME))) return join(folder, NAME);
    if (dirname(folder) === folder) break;
  }
  const root = roots.find((candidate) => !relative(candidate, path).startsWith('..'));
  return join(root ?? dirname(path), NAME);
}

type Root = Readonly<Record<string, unknown>>;

/** Sets one value of an `initscope.json`, made when missing; `at` says where, given what the file holds. Throws when the file is not JSON. */
function setInConfig(
  target: string,
  at: (root: Root) => { readonly path: (string | number)[]; readonly value: unknown },
): WorkspaceEdit {
  const exists = existsSync(target);
  const text = exists ? decodeText(readFileSync(target)) : '';
  const uri = pathToFileURL(target).href;
  const document = TextDocument.create(uri, 'json', 0, text);
  const empty = text.trim() === '';
  const root: unknown = empty ? {} : parse(text);
  if (typeof root !== 'object' || root === null || Array.isArray(root))
    throw new Error(`${basename(target)} is not a JSON object; repair it first.`);
  const { path, value } = at(root as Root);
  const edits = empty
    ? [
        {
          offset: 0,
          length: text.length,
          content: `${JSON.stringify({ [path[0] ?? '']: value }, null, 2)}\n`,
        },
      ]
    : modify(text, path, value, LAYOUT);
  const change: TextDocumentEdit = {
    textDocument: { uri, version: null },
    edits: edits.map(({ offset, length, content }) =>
      TextEdit.replace(
        { start: document.positionAt(offset), end: document.positionAt(offset + length) },
        content,
      ),
    ),
  };
  return {
    documentChanges: exists ? [change] : [{ kind: 'create', uri, options: { ignoreIfExists: true } }, change],
  };
}

/** The edit that appends `entry` to the list `list` of an `initscope.json`. */
export function appendToConfig(target: string, list: 'ignore' | 'files', entry: object): WorkspaceEdit {
  return setInConfig(target, (root) => {
    const present = root[list];
    return Array.isArray(present)
      ? { path: [list, present.length], value: entry }
      : { path: [list], value: [entry] };
  });
}

/**
 * The edit that gives a file these values. They are added to the file's own entry where no later entry could replace them, else to a
 * new last entry that repeats `known`, what holds for the file now.
 */
export function paramsInConfig(
  target: string,
  file: string,
  answers: Readonly<Record<string, ParamValue>>,
  known: Readonly<Record<string, ParamValue>>,
): WorkspaceEdit {
  const pattern = literal(relative(dirname(target), file).replaceAll('\\', '/'));
  const params = { ...known, ...answers };
  return setInConfig(target, ({ files }) => {
    if (!Array.isArray(files)) return { path: ['files'], value: [{ pattern, params }] };
    const entries = files as readonly { readonly pattern?: unknown; readonly params?: unknown }[];
    const own = entries.findLastIndex((entry) => entry.pattern === pattern);
    const later = entries.findLastIndex((entry) => entry.params !== undefined);
    return own >= 0 && own >= later
      ? { path: ['files', own, 'params'], value: params }
      : { path: ['files', entries.length], value: { pattern, params } };
  });
}

/** Characters that a glob would read as more than themselves are escaped. */
function literal(name: string): string {
  return name.replace(/[*?[\]{}()!\\]/g, '\\$&');
}

/** The entry that ignores a rule on a layer of a file (or on the whole file), and why. */
export function ignoreEntry(
  target: string,
  file: string,
  rule: string,
  layer: string | undefined,
  reason: string,
): object {
  const name = relative(dirname(target), file).replaceAll('\\', '/');
  return { rule, ...(layer === undefined ? {} : { layer: literal(layer) }), file: literal(name), reason };
}

/** The entry that gives a file a data sample. */
export function dataEntry(target: string, file: string, sample: string): object {
  const folder = dirname(target);
  const name = (path: string): string => relative(folder, path).replaceAll('\\', '/');
  return { pattern: literal(name(file)), data: { inputs: [name(sample)] } };
}
