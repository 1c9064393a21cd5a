import { zipSync } from 'fflate';
import { hdf5Bytes, kerasZip, lyingZip } from '../support/badFiles.ts';
import { HEALTHY } from '../support/kerasJson.ts';
import type { BadFile } from './badFiles.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const again = 'The file is truncated or damaged: write or download it again.';

/** Archives and binary files that hold no model, or a broken one. */
export async function archives(): Promise<readonly BadFile[]> {
  const good = kerasZip();
  const bomb = kerasZip({ 'config.json': new Uint8Array(70 * 2 ** 20) });
  const lies = `"config.json" is not what the zip directory says (size or checksum); expected a complete zip archive; ${again}`;
  const away = `The zip directory names bytes that are not there; expected a complete zip archive; ${again}`;
  const model = await hdf5Bytes((file) => {
    file.create_attribute('model_config', HEALTHY);
    file.create_group('model_weights');
  });
  const attributes = (values: Readonly<Record<string, string>>) =>
    hdf5Bytes((file) => {
      for (const [name, value] of Object.entries(values)) file.create_attribute(name, value);
    });
  const damaged =
    'The HDF5 file is truncated or damaged; expected a complete HDF5 file; Write or download it again.';
  const lying = model.slice();
  lying.fill(0xff, 40, 200);
  return [
    [
      'cut.keras',
      good.slice(0, -40),
      `The zip archive has no directory at its end; expected a complete zip archive; ${again}`,
    ],
    ['crc.keras', lyingZip(good, 'config.json', { crc: 1 }), lies],
    ['short.keras', lyingZip(good, 'config.json', { size: 12 }), lies],
    ['away.keras', lyingZip(good, 'config.json', { offset: 0x7fffffff }), away],
    ['beyond.keras', lyingZip(good, 'config.json', { packed: 0x7fffffff }), away],
    [
      'bomb.keras',
      bomb,
      '"config.json" in the archive is too large; found 73400320 bytes; expected at most 67108864 bytes',
    ],
    [
      'announced.keras',
      lyingZip(good, 'config.json', { size: 0xfffffff0 }),
      '"config.json" in the archive is too large; found 4294967280 bytes; expected at most 67108864 bytes',
    ],
    ['hidden-bomb.keras', lyingZip(bomb, 'config.json', { size: 1000 }), lies],
    [
      'path-trick.keras',
      zipSync({ '../config.json': bytes(HEALTHY), 'a/../config.json': bytes(HEALTHY) }),
      'A zip archive without config.json is no Keras model',
    ],
    [
      'config.keras',
      kerasZip({ 'config.json': bytes('{"class_name": ') }),
      /config\.json in the archive, line 1, column 14: The JSON ends too early; found the end/,
    ],
    [
      'config-empty.keras',
      kerasZip({ 'config.json': bytes('') }),
      'config.json in the archive: It is empty; expected a JSON document',
    ],
    [
      'metadata.keras',
      kerasZip({ 'metadata.json': bytes('{"keras') }),
      /metadata\.json in the archive, line 1, column 7: The JSON ends too early/,
    ],
    [
      'other.keras',
      kerasZip({ 'config.json': bytes('{}') }),
      /config\.json in the archive: It holds no model/,
    ],
    ['empty.keras', '', 'The file is empty'],
    ['text.keras', 'hello', 'The file is no zip archive, so no .keras model; write or download it again'],
    [
      'other.zip',
      zipSync({ 'readme.txt': bytes('hi') }),
      'A zip archive without config.json is no Keras model',
    ],
    ['cut.h5', model.slice(0, 700), damaged],
    ['lying.h5', lying, damaged],
    [
      'noise.h5',
      Uint8Array.from({ length: 3000 }, (_, i) => (i < 8 ? (model[i] ?? 0) : (i * 97) % 256)),
      damaged,
    ],
    [
      'config.h5',
      await attributes({ model_config: '{"class_name": "Seq' }),
      /the attribute model_config, line 1, column 19: The JSON ends too early/,
    ],
    [
      'training.h5',
      await attributes({ model_config: HEALTHY, training_config: '{"loss": ' }),
      /the attribute training_config, line 1, column 8: The JSON ends too early/,
    ],
    [
      'other.h5',
      await hdf5Bytes((file) => void file.create_group('images')),
      'An HDF5 file without a Keras model',
    ],
    ['empty.h5', '', 'The file is empty'],
    ['text.h5', 'hello', 'The file is no HDF5 file, so no .h5 model; write or download it again'],
    [
      'rows.npy',
      Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0),
      'The file is a NumPy array, no model; as rows of data it is given with --data',
    ],
    [
      'group1-shard1of2.bin',
      new Uint8Array(64),
      'The file holds weights of a TensorFlow.js model; inspect the model.json beside it',
    ],
    ['net.gguf', 'GGUF\u0003\0\0\0', /holds weights \(GGUF\) without initializers/],
    ['net.mlmodel', Uint8Array.of(8, 4, 18), /a Core ML model: its initializers are compiled away/],
  ];
}
