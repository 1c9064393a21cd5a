/** Characters looked at to decide whether a document may hold a model. */
const LOOK = 65536;

const JSON_MARKS =
  /"(?:class_name|className|modelTopology|model_config|keras_version|layersModel)"|layers-model/;
const SOURCE_MARKS = /@tensorflow\/tfjs|\btf[lc]?\s*\.\s*(?:sequential|Sequential|model|input|layers)\b/;

/** Python that imports a framework of ours; it is run only by Inspect Model. */
const PYTHON_MARKS =
  /^\s*(?:import|from)\s+(?:torch|keras|tensorflow|tf_keras|lightning|pytorch_lightning|timm)\b/m;

/** Languages whose documents may hold a model, and what their text must show somewhere near its beginning. */
const MARKS: Readonly<Record<string, RegExp>> = {
  json: JSON_MARKS,
  jsonc: JSON_MARKS,
  javascript: SOURCE_MARKS,
  javascriptreact: SOURCE_MARKS,
  typescript: SOURCE_MARKS,
  typescriptreact: SOURCE_MARKS,
  html: SOURCE_MARKS,
  python: PYTHON_MARKS,
};

/** Language ids that are looked at. */
export const CANDIDATE_LANGUAGES: readonly string[] = Object.keys(MARKS);

/** Whether a document is worth a reader's time, from its language and its first 64 Ki characters alone. */
export function isCandidate(language: string, head: string): boolean {
  if (!Object.hasOwn(MARKS, language)) return false;
  return MARKS[language]?.test(head.slice(0, LOOK)) ?? false;
}

/** Whether a path names a Python source or notebook, which only its owner's command may run. */
export function isPython(path: string): boolean {
  return /\.(?:py|ipynb)$/i.test(path);
}

/** Whether a path names a Keras archive, whose configuration can be rewritten. */
export function isKerasArchive(path: string): boolean {
  return path.toLowerCase().endsWith('.keras');
}

/** File endings of archives, which are no text documents. */
const ARCHIVE_ENDINGS: readonly string[] = ['.keras', '.h5', '.hdf5'];

/** Whether a path names an archive. */
export function isArchive(path: string): boolean {
  const lower = path.toLowerCase();
  return ARCHIVE_ENDINGS.some((ending) => lower.endsWith(ending));
}
