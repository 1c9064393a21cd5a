import { editorRows, editorTable } from './editor.ts';
import { engineRows, engineTables, SECTIONS as ENGINE } from './engine.ts';
import { kernelRows, kernelTable } from './kernels.ts';

/** The words after an option such as `--only=passes,memory`. */
function listOf(option: string): readonly string[] | undefined {
  const given = process.argv.find((word) => word.startsWith(`${option}=`));
  return given?.slice(option.length + 1).split(',');
}

const SECTIONS = [...ENGINE, 'editor'];
const wanted = new Set<string>(listOf('--only') ?? SECTIONS);
const nets = listOf('--nets');
for (const name of wanted)
  if (!SECTIONS.some((section) => section === name))
    throw new Error(`There is no section ${name}; there are ${SECTIONS.join(', ')}.`);

const engine = [...wanted].some((name) => name !== 'kernels' && name !== 'editor')
  ? await engineRows(wanted, nets && new Set(nets))
  : undefined;
const kernels = wanted.has('kernels') ? await kernelRows() : undefined;
const editor = wanted.has('editor') ? await editorRows() : undefined;
if (process.argv.includes('--json')) console.log(JSON.stringify({ kernels, engine, editor }, null, 2));
else {
  if (kernels !== undefined) console.log(kernelTable(kernels));
  if (engine !== undefined) console.log(engineTables(engine));
  if (editor !== undefined) console.log(editorTable(editor));
}
