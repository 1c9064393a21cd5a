import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRepo } from '../support/root.ts';

const DOCUMENTS = [
  'docs/architecture.md',
  'docs/views.md',
  'README.md',
  'docs/kernels.md',
  'docs/generator.md',
];
const ROOMS = ['src', 'webview', 'tests', 'scripts', 'docs', 'media', 'python', 'examples'];
/** Names that a text gives to the reader's own files. */
const OWN = new Set(['model.json', 'initscope.json', 'net.py']);

const files = ROOMS.flatMap((room) =>
  readdirSync(inRepo(room), { recursive: true, encoding: 'utf8' }).map(
    (name) => `${room}/${name.replaceAll('\\', '/')}`,
  ),
);
const rooms = readdirSync(inRepo('src'));

/** What a document names between backticks or as the target of a link and that looks like a file or folder of the project. */
function named(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`([\w./-]+)`/g), ...text.matchAll(/\]\(([\w./-]+)[^)]*\)/g)].map(
    ([, path]) => path!.replace(/\/$/, ''),
  );
  return quoted.filter((path) => {
    if (OWN.has(path)) return false;
    if (/\.(ts|mjs|py|md|css|png|svg)$/.test(path)) return true;
    const [first] = path.split('/');
    return path.includes('/') && (ROOMS.includes(first!) || rooms.includes(first!));
  });
}

/** From the document, from the top, or from src; a bare file name stands for one of that name anywhere. */
function exists(path: string, document: string): boolean {
  const beside = `${document.slice(0, document.lastIndexOf('/') + 1)}${path}`;
  if ([beside, path, `src/${path}`].some((each) => existsSync(inRepo(each)))) return true;
  return files.some((file) => file.endsWith(`/${path}`));
}

for (const document of DOCUMENTS)
  test(`every file and folder that ${document} names exists`, () => {
    const paths = named(readFileSync(inRepo(document), 'utf8'));
    assert.ok(paths.length > 0);
    assert.deepEqual(
      paths.filter((path) => !exists(path, document)),
      [],
    );
  });
