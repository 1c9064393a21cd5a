import { editorRows, editorTable } from './editor.ts';
import { engineRows, engineTables, SECTIONS } from './engine.ts';
import { kernelRows, kernelTable } from './kernels.ts';
import { sourceRows, sourceTable } from './sources.ts';
import { studyRows, studyTable } from './studies.ts';
import { viewRows, viewTable } from './views.ts';

const ALL: readonly string[] = ['sources', ...SECTIONS, 'studies', 'views', 'editor'];

/** The words after an option such as `--only=passes,memory`. */
function listOf(option: string): readonly string[] | undefined {
  const given = process.argv.find((word) => word.startsWith(`${option}=`));
  return given?.slice(option.length + 1).split(',');
}

const wanted = new Set<string>(listOf('--only') ?? ALL);
const nets = listOf('--nets');
for (const name of wanted)
  if (!ALL.includes(name)) throw new Error(`There is no section ${name}; there are ${ALL.join(', ')}.`);

const sources = wanted.delete('sources') ? await sourceRows(listOf('--source')?.[0]) : undefined;
const studies = wanted.delete('studies') ? await studyRows() : undefined;
const views = wanted.delete('views') ? await viewRows() : undefined;
const editor = wanted.delete('editor') ? await editorRows() : undefined;
const engine = [...wanted].some((name) => name !== 'kernels')
  ? await engineRows(wanted, nets && new Set(nets))
  : undefined;
const kernels = wanted.has('kernels') ? await kernelRows() : undefined;
if (process.argv.includes('--json'))
  console.log(JSON.stringify({ kernels, engine, sources, studies, views, editor }, null, 2));
else {
  if (kernels !== undefined) console.log(kernelTable(kernels));
  if (engine !== undefined) console.log(engineTables(engine));
  if (sources !== undefined) console.log(sourceTable(sources));
  if (studies !== undefined) console.log(studyTable(studies));
  if (views !== undefined) console.log(viewTable(views));
  if (editor !== undefined) console.log(editorTable(editor));
}
