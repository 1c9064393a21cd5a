import { contentHash } from '../../model/hash.ts';
import { hasLayerKind } from '../../model/layers/catalogue.ts';
import type { Files } from '../../model/measurer.ts';
import type { PythonHost, PythonReading } from '../../model/pythonHost.ts';
import type { ReadOptions, ReadResult, SourceFile } from '../../model/reader.ts';
import { withRoles } from '../../model/roles.ts';
import type { LayerSpec, ModelSpec } from '../../model/spec.ts';
import { decodeText, withoutMark } from '../text.ts';
import { withDisabled } from '../withDisabled.ts';
import { placing } from './inNotebook.ts';
import { kerasSpecs } from './kerasSpecs.ts';
import { disabledLines } from './lint/disabledLines.ts';
import { lintPython } from './lint/lint.ts';
import { parsePython } from './lint/syntax.ts';
import { readNotebook } from './notebook.ts';

const PYTHON = /\.(py|ipynb)$/i;
const NOTEBOOK = /\.ipynb$/i;
/** Text that builds a model: a framework is imported, and something of it is subclassed, called or chained. */
const IMPORTS = /^\s*(import|from)\s+(torch|keras|tensorflow|tf_keras|lightning|pytorch_lightning|timm)\b/m;
/** A module class whose framework comes by way of another file (`from .parts import *`). */
const SUBCLASSES = /^\s*class\s+\w+\s*\(.*\b(nn\.Module|LightningModule)\b.*\)\s*:/m;
const BUILDS =
  /\b(Module|LightningModule|Sequential|Model|Functional|models?)\b\s*[(),.]|\bnn\.|torchvision\.models|applications\./;

/** Files named as Python sources and notebooks. */
export const isPython = (file: SourceFile): boolean => PYTHON.test(file.path);

function knownKind(layer: LayerSpec): LayerSpec {
  return hasLayerKind(layer.kind) ? layer : { ...layer, kind: 'opaque' };
}

function torchSpec(spec: ModelSpec, reading: PythonReading): ModelSpec {
  const notes = reading.notes.map((message) => ({ file: spec.file, severity: 'note' as const, message }));
  return withRoles({
    ...spec,
    layers: spec.layers.map(knownKind),
    semantics: { ...spec.semantics, from: `${spec.semantics.from}; ${reading.interpreter}` },
    problems: [...spec.problems, ...notes],
  });
}

/**
 * Reads a Python file by building its models in the user's interpreter. Without a host (no command was given, or the workspace is not
 * trusted) it is skipped with one line, and what its text alone shows is in `findings`; a file that builds no model is `notAModel`.
 */
export async function readPython(
  file: SourceFile,
  files: Files,
  options: ReadOptions,
  host?: PythonHost,
): Promise<ReadResult> {
  const whole = file.text === undefined ? decodeText(await files.read(file.path)) : withoutMark(file.text);
  const notebook = NOTEBOOK.test(file.path) ? readNotebook(whole) : undefined;
  const text = NOTEBOOK.test(file.path) ? notebook?.code : whole;
  const none = { models: [], problems: [], notAModel: 'The file builds no PyTorch or Keras model.' };
  if (text === undefined || !(IMPORTS.test(text) || SUBCLASSES.test(text))) return none;
  const placed = notebook === undefined ? undefined : placing(notebook, file.path);
  if (host === undefined) {
    const { findings, disabled } = lintPython(text, file.path);
    return {
      models: [],
      problems: [],
      skipped:
        'Python source: it runs only on a command, in a trusted workspace. Inspect Model runs it in your own interpreter.',
      findings: placed === undefined ? findings : findings.map(placed.finding),
      ...(notebook === undefined ? {} : { cells: notebook.cells }),
      disabled: placed === undefined ? disabled : disabled.map(placed.disabled),
    };
  }
  if (!BUILDS.test(text)) return none;
  const reading = await host.read(
    {
      path: file.path,
      text,
      ...(notebook === undefined ? {} : { contentHash: contentHash(whole), cellLines: notebook.cellLines }),
    },
    options,
  );
  const keras = await kerasSpecs(reading, file, files, options);
  const built = [...reading.specs.map((spec) => torchSpec(spec, reading)), ...keras.models];
  const { models, problems: unused } = withDisabled(built, disabledLines(parsePython(text)), file.path);
  const problems = [...reading.problems, ...keras.problems, ...unused];
  if (placed === undefined) return { models, problems, questions: reading.questions };
  return {
    models: models.map(placed.spec),
    problems: problems.map(placed.problem),
    questions: reading.questions.map(placed.question),
  };
}
