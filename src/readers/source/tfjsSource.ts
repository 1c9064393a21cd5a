import type { FormatReader } from '../../model/reader.ts';
import { editSource } from './editSource.ts';
import { readSource } from './readSource.ts';

const EXTENSION = /\.(m|c)?[jt]s$|\.[jt]sx$|\.html?$/i;
const MENTIONS =
  /@tensorflow\/tfjs|\btf[lc]?\s*\.\s*(layers|sequential|model|Sequential)\b|\btfjs\b|\btf(\.min)?\.js\b|\blayers\s*\.\s*dense\b|\bsequential\s*\(/;

/** JavaScript, TypeScript and pages that build TF.js models. Detection looks at the name and, where it has it, the text. */
export const tfjsSource: FormatReader = {
  id: 'tfjs-source',
  detect(file) {
    if (!EXTENSION.test(file.path) || /\.d\.[mc]?ts$/i.test(file.path)) return false;
    if (file.text !== undefined) return MENTIONS.test(file.text);
    const head = new TextDecoder().decode(file.head);
    return MENTIONS.test(head) || file.size > file.head.length;
  },
  async read(file, files, options) {
    const text = file.text ?? new TextDecoder().decode(await files.read(file.path)).replace(/^\ufeff/, '');
    if (!MENTIONS.test(text))
      return { models: [], problems: [], notAModel: 'no TensorFlow.js model is built in this file' };
    return readSource(file.path, text, files, options);
  },
  edit: editSource,
};
