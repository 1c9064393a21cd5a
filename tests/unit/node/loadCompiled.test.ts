import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import { loadCompiled } from '../../../src/node/loadCompiled.ts';

/** A bundle whose `made` runs late, which answers with what it was given, and whose length does not depend on it. */
const bundle = (answer: string): string =>
  `globalThis.made = () => { const f = () => ${JSON.stringify(answer)} + require('node:path').basename(__filename); return f(); };`;

const made = (): string => (globalThis as unknown as { made(): string }).made();

describe('compiled code of earlier starts', () => {
  let folder = '';
  let path = '';
  const cache = (): string => join(folder, 'cache');
  const file = (): string => {
    const [only, ...more] = readdirSync(cache());
    assert.deepEqual(more, []);
    return join(cache(), only!);
  };
  const start = (): string => {
    const keep = loadCompiled(path, cache());
    const said = made();
    keep();
    return said;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'initscope-compiled-'));
    path = join(folder, 'bundle.cjs');
    writeFileSync(path, bundle('one '));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps what ran after loading, and is settled once starts add nothing', () => {
    loadCompiled(path, cache())();
    const before = readFileSync(file()).length;
    assert.equal(start(), 'one bundle.cjs');
    assert.ok(readFileSync(file()).length > before, 'the functions that ran late are kept');
    for (let i = 0; i < 6; i++) start();
    assert.equal(readFileSync(file()).readUInt32LE(8), 4);
  });

  it('never runs the code of another text, not even of the same length', () => {
    start();
    writeFileSync(path, bundle('two '));
    assert.equal(start(), 'two bundle.cjs');
    assert.equal(start(), 'two bundle.cjs');
  });

  it('takes nothing from a file that was cut, emptied or damaged', () => {
    start();
    const whole = readFileSync(file());
    const damaged = Buffer.from(whole);
    damaged[whole.length - 9]! ^= 0xff;
    for (const bytes of [whole.subarray(0, 40), Buffer.alloc(0), Buffer.alloc(whole.length), damaged]) {
      writeFileSync(file(), bytes);
      assert.equal(start(), 'one bundle.cjs');
      const anew = readFileSync(file());
      assert.equal(anew.readUInt32LE(4), crc32(anew.subarray(16)), 'written anew');
    }
  });

  it('runs without a folder to write to, and passes the errors of the bundle', () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken', 'file'), '');
    const keep = loadCompiled(path, join(folder, 'taken', 'file', 'below'));
    assert.equal(made(), 'one bundle.cjs');
    keep();
    writeFileSync(path, 'throw new RangeError("its own")');
    assert.throws(() => loadCompiled(path, cache()), /its own/);
  });
});
