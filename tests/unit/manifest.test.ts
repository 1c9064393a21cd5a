import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DEFAULT_SETTINGS, settingsFrom } from '../../src/server/settings.ts';
import { inRepo } from '../support/root.ts';

interface Setting {
  readonly type: string;
  readonly scope: string;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
}

interface Step {
  readonly title: string;
  readonly media: { readonly svg: string; readonly altText: string };
}

interface Manifest {
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly description: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly description: string };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
    readonly customEditors: readonly {
      readonly priority: string;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }[];
  };
}

const manifest = JSON.parse(readFileSync(inRepo('package.json'), 'utf8')) as Manifest;
const settings = Object.entries(manifest.contributes.configuration.properties);

test('at most 25 settings, each typed, scoped, described in a sentence, with a default of its type', () => {
  assert.ok(settings.length <= 25, String(settings.length));
  for (const [key, { type, scope, description, markdownDescription, default: value }] of settings) {
    assert.match(type, /^(string|boolean|number|integer)$/, key);
    // One server answers for all folders, so that no setting is of a folder.
    assert.match(scope, /^(window|machine|machine-overridable)$/, key);
    assert.match(description ?? markdownDescription ?? '', /^[A-Z].{10,}\.$/s, key);
    assert.equal(typeof value, type === 'integer' ? 'number' : type, key);
  }
  for (const [key, { enum: values, enumDescriptions }] of settings)
    if (values !== undefined && key !== 'initscope.trace.server')
      assert.equal(enumDescriptions?.length, values.length, key);
});

test('the defaults of the manifest are the defaults of the server, and none is refused', () => {
  const section: Record<string, unknown> = {};
  for (const [key, { default: value }] of settings) {
    const parts = key.split('.').slice(1);
    const last = parts.pop() ?? '';
    let at = section;
    for (const part of parts) at = (at[part] ??= {}) as Record<string, unknown>;
    at[last] = value;
  }
  assert.deepEqual(settingsFrom(section), { settings: DEFAULT_SETTINGS, problems: [] });
});

test('a walkthrough of four steps, each with a picture of our own that takes its colours from the theme', () => {
  const [walkthrough, ...more] = manifest.contributes.walkthroughs;
  assert.deepEqual(more, []);
  assert.equal(walkthrough?.steps.length, 4);
  for (const { title, media } of walkthrough?.steps ?? []) {
    assert.match(media.altText, /^An? .{20,}/, title);
    assert.match(readFileSync(inRepo(media.svg), 'utf8'), /var\(--vscode-/, title);
  }
});

test('it runs where the files are, and says what a restricted workspace loses and why', () => {
  assert.deepEqual(manifest.extensionKind, ['workspace']);
  const { supported, description, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, 'limited');
  for (const word of ['read and measured', 'native backends', 'data files', 'Python', 'trust'])
    assert.ok(description.includes(word), word);
  for (const key of restrictedConfigurations)
    assert.ok(Object.hasOwn(manifest.contributes.configuration.properties, key), key);
  assert.match(manifest.capabilities.virtualWorkspaces.description, /disk/);
});

test('.keras opens in our editor by itself, .h5 and .hdf5 only when chosen', () => {
  const priorities = manifest.contributes.customEditors.flatMap(({ priority, selector }) =>
    selector.map(({ filenamePattern }) => `${filenamePattern} ${priority}`),
  );
  assert.deepEqual(priorities, ['*.keras default', '*.h5 option', '*.hdf5 option']);
});

test('the first steps of a side view without a file lead to commands and a walkthrough that exist', () => {
  const text = readFileSync(inRepo('package.json'), 'utf8');
  const { publisher, name, contributes } = JSON.parse(text) as {
    readonly publisher: string;
    readonly name: string;
    readonly contributes: {
      readonly commands: readonly { readonly command: string }[];
      readonly walkthroughs: readonly { readonly id: string }[];
    };
  };
  const source = readFileSync(inRepo('src', 'extension', 'views', 'firstSteps.ts'), 'utf8');
  const named = Array.from(source.matchAll(/\['(initscope\.\w+)'/g), ([, command]) => command);
  assert.equal(named.length, 3);
  for (const command of named)
    assert.ok(
      contributes.commands.some((each) => each.command === command),
      command,
    );
  const [, walkthrough] = /'([\w.]+#[\w.]+)'/.exec(source) ?? [];
  assert.equal(walkthrough, `${publisher}.${name}#${contributes.walkthroughs[0]?.id}`);
});
