import type { Files } from '../../model/measurer.ts';
import type { FormatReader, ReadOptions, ReadResult, SourceFile } from '../../model/reader.ts';
import type { SourceHost } from '../../model/sourceHost.ts';
import { editSource } from './editSource.ts';
import { readSource } from './readSource.ts';

const EXTENSION = /\.(m|c)?[jt]s$|\.[jt]sx$|\.html?$/i;
const MENTIONS =
  /@tensorflow\/tfjs|\btf[lc]?\s*\.\s*(layers|sequential|model|Sequential)\b|\btfjs\b|\btf(\.min)?\.js\b|\blayers\s*\.\s*dense\b|\bsequential\s*\(/;

/** Reads a source: away from this process where there is a host for that, else in place. */
export async function readTfjsSource(
  file: SourceFile,
  files: Files,
  options: ReadOptions,
  host?: SourceHost,
): Promise<ReadResult> {
  const text = file.text ?? new TextDecoder().decode(await files.read(file.path)).replace(/^\ufeff/, '');
  if (!MENTIONS.test(text))
    return { models: [], problems: [], notAModel: 'no TensorFlow.js model is built in this file' };
  return host === undefined
    ? readSource(file.path, text, files, options)
    : host.read(file.path, text, options);
}

/** JavaScript, TypeScript and pages that build TF.js models. Detection looks at the name and, where it has it, the text. */
export const tfjsSource: FormatReader = {
  id: 'tfjs-source',
  detect(file) {
    if (!EXTENSION.test(file.path) || /\.d\.[mc]?ts$/i.test(file.path)) return false;
    if (file.text !== undefined) return MENTIONS.test(file.text);
    const head = new TextDecoder().decode(file.head);
    return MENTIONS.test(head) || file.size > file.head.length;
  },
  read: readTfjsSource,
  edit: editSource,
};
