import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modify, parse } from 'jsonc-parser';
import { type TextDocumentEdit, TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
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

/** The edit that appends `entry` to the list `list` of an `initscope.json`, made when missing. Throws when the file is not JSON. */
export function appendToConfig(target: string, list: 'ignore' | 'files', entry: object): WorkspaceEdit {
  const exists = existsSync(target);
  const text = exists ? decodeText(readFileSync(target)) : '';
  const uri = pathToFileURL(target).href;
  const edits: TextEdit[] = [];
  if (text.trim() === '') {
    const start = { line: 0, character: 0 };
    const whole = TextDocument.create(uri, 'json', 0, text);
    const content = `${JSON.stringify({ [list]: [entry] }, null, 2)}\n`;
    edits.push({ range: { start, end: whole.positionAt(text.length) }, newText: content });
  } else {
    const root: unknown = parse(text);
    if (typeof root !== 'object' || root === null || Array.isArray(root))
      throw new Error(`${basename(target)} is not a JSON object; repair it first.`);
    const present: unknown = Object.hasOwn(root, list) ? (root as Record<string, unknown>)[list] : undefined;
    const document = TextDocument.create(uri, 'json', 0, text);
    const path = Array.isArray(present) ? [list, present.length] : [list];
    const value = Array.isArray(present) ? entry : [entry];
    for (const { offset, length, content } of modify(text, path, value, LAYOUT))
      edits.push(
        TextEdit.replace(
          { start: document.positionAt(offset), end: document.positionAt(offset + length) },
          content,
        ),
      );
  }
  const change: TextDocumentEdit = { textDocument: { uri, version: null }, edits };
  return {
    documentChanges: exists ? [change] : [{ kind: 'create', uri, options: { ignoreIfExists: true } }, change],
  };
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
