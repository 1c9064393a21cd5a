import assert from 'node:assert/strict';
import { test } from 'node:test';
import { property as fc } from '../../support/property.ts';
import { InputError } from '../../../src/model/problem.ts';
import { parseCsv } from '../../../src/readers/data/csv.ts';
import { openNpy } from '../../../src/readers/data/npy.ts';
import { npy, npyBytes } from '../../support/npy.ts';

function open(bytes: Uint8Array) {
  const read = (start: number, end: number) => Promise.resolve(bytes.subarray(start, end));
  return openNpy({ size: bytes.length, read }, { name: '', where: 'the array', file: 'x.npy' });
}

const read = async (bytes: Uint8Array) => {
  const array = await open(bytes);
  return { shape: array.shape, values: [...(await array.rows(array.shape[0] ?? 0))] };
};

const refusal = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof InputError);
  assert.match([error.message, error.problem.found, error.problem.expected].join('; '), pattern);
  return true;
};

await test('a .npy of every element type and both byte orders gives its numbers', async () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const cases: readonly (readonly [string, Uint8Array, readonly number[]])[] = [
    ['<f2', bytes(0x00, 0x3c, 0x00, 0xc0), [1, -2]],
    ['<f4', new Uint8Array(Float32Array.of(1.5, -2).buffer), [1.5, -2]],
    ['>i2', bytes(0x01, 0x00, 0xff, 0xff), [256, -1]],
    ['<i8', new Uint8Array(BigInt64Array.of(7n, -9n).buffer), [7, -9]],
    ['<u4', new Uint8Array(Uint32Array.of(4294967295, 3).buffer), [4294967295, 3]],
    ['|u1', bytes(255, 3), [255, 3]],
    ['|i1', bytes(255, 3), [-1, 3]],
    ['|b1', bytes(1, 0), [1, 0]],
  ];
  for (const [descr, body, expected] of cases)
    assert.deepEqual((await read(npyBytes(`'${descr}'`, [2], body))).values, expected, descr);
});

await test('column-major arrays come out row-major, also their first rows alone', async () => {
  const columns = new Uint8Array(Float64Array.from([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]).buffer);
  const array = await open(npyBytes("'<f8'", [2, 2, 3], columns, true));
  assert.deepEqual([...(await array.rows(2))], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.deepEqual([...(await array.rows(1))], [0, 1, 2, 3, 4, 5]);
});

await test('what is no array of numbers is refused in one line, and objects are never unpickled', async () => {
  const good = npy([1, 2, 3, 4], [2, 2]);
  await assert.rejects(read(npyBytes("'|O'", [2], Uint8Array.of(0x80, 4))), refusal(/never unpickled.*\|O/));
  await assert.rejects(read(npyBytes("[('a', '<f4')]", [2], new Uint8Array(8))), refusal(/structured/));
  await assert.rejects(read(npyBytes("'<U3'", [2], new Uint8Array(24))), refusal(/dtype <U3/));
  await assert.rejects(read(npyBytes("'<c8'", [1], new Uint8Array(8))), refusal(/dtype <c8/));
  await assert.rejects(read(good.subarray(0, -1)), refusal(/cut off.*31 bytes; 32 bytes/));
  await assert.rejects(read(Uint8Array.of(1, 2, 3)), refusal(/no \.npy/));
  await assert.rejects(read(npyBytes("'<f8'", [], new Uint8Array(8))), refusal(/single number/));
  const huge = npyBytes("'<f8'", [2 ** 40, 2 ** 40], new Uint8Array(8));
  await assert.rejects(read(huge), refusal(/too large/));
});

await test('a .npy gives back what was written, and broken bytes never anything but an InputError', async () => {
  const arrays = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.array(fc.double(), { minLength: rows * columns, maxLength: rows * columns }),
        fc.constant([rows, columns]),
        fc.array(fc.tuple(fc.nat(220), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(arrays, async ([values, shape, broken]) => {
      const bytes = npy(values, shape);
      assert.deepEqual(await read(bytes), { shape, values });
      for (const [at, byte] of broken) bytes[at % bytes.length] = byte;
      await read(bytes).catch((error: unknown) => {
        assert.ok(error instanceof InputError, String(error));
      });
    }),
    { numRuns: 200 },
  );
});

await test('a table gives its numbers, with and without a header, whatever separates them', async () => {
  const table = async (text: string) => {
    const array = parseCsv(text, 'x.csv');
    return { shape: array.shape, values: [...(await array.rows(array.shape[0] ?? 0))] };
  };
  const expected = { shape: [2, 2], values: [1, -2.5, 300, 0.25] };
  assert.deepEqual(await table('1,-2.5\n3e2,.25\n'), expected);
  assert.deepEqual(await table('a;b\r\n1;-2.5\r\n\r\n3e2;.25'), expected);
  assert.deepEqual(await table('"a, b"\tc\n"1"\t-2.5\n300\t0.25\n'), expected);
});

await test('a text cell, a missing one and a row of another width are named by row and column', () => {
  const throws = (text: string, pattern: RegExp) => {
    assert.throws(() => parseCsv(text, 'x.csv'), refusal(pattern));
  };
  throws('a,b\n1,2\n1,cat\n', /row 3, column 2 \(b\) is text; "cat"; a number/);
  throws('1,2\n1,\n', /row 2, column 2 is missing/);
  throws('1,2\n1,2,3\n', /row 2 has another width; 3 cells; 2 cells/);
  throws('', /empty/);
  throws('a,b\n', /no rows/);
});
