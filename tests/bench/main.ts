import { constantsRows, constantsTable } from './constants.ts';
import { editorRows, editorTable } from './editor.ts';
import { engineRows, SECTIONS } from './engine.ts';
import { engineTables } from './engineTables.ts';
import { engineGoals, goalTable } from './goals.ts';
import { kernelRows, kernelTable } from './kernels.ts';
import { pythonRows, pythonTable } from './pythonCommand.ts';
import { sourceRows, sourceTable } from './sources.ts';
import { staticRows, staticTable } from './staticReading.ts';
import { studyRows, studyTable } from './studies.ts';
import { viewRows, viewTable } from './views.ts';

const ALL: readonly string[] = [
  'sources',
  ...SECTIONS,
  'studies',
  'views',
  'static',
  'editor',
  'constants',
  'python',
];

/** Words that stand for several sections. */
const GROUPS: Readonly<Record<string, readonly string[]>> = { engine: SECTIONS, nets: ['passes', 'memory'] };

/** The words after an option such as `--nets=mlp,lenet`. */
function listOf(option: string): readonly string[] | undefined {
  const given = process.argv.find((word) => word.startsWith(`${option}=`));
  return given?.slice(option.length + 1).split(',');
}

const words = [
  ...(listOf('--only') ?? []),
  ...process.argv.slice(2).filter((word) => !word.startsWith('--')),
];
const wanted = new Set<string>(words.length === 0 ? ALL : words.flatMap((word) => GROUPS[word] ?? [word]));
const nets = listOf('--nets');
for (const name of wanted)
  if (!ALL.includes(name))
    throw new Error(`There is no section ${name}; there are ${[...ALL, ...Object.keys(GROUPS)].join(', ')}.`);

const kernels = wanted.delete('kernels') ? await kernelRows() : undefined;
const sources = wanted.delete('sources') ? await sourceRows(listOf('--source')?.[0]) : undefined;
const studies = wanted.delete('studies') ? await studyRows() : undefined;
const views = wanted.delete('views') ? await viewRows() : undefined;
const reading = wanted.delete('static') ? await staticRows(listOf('--file')?.[0]) : undefined;
const editor = wanted.delete('editor') ? await editorRows() : undefined;
const constants = wanted.delete('constants') ? await constantsRows() : undefined;
const python = wanted.delete('python') ? await pythonRows(Number(listOf('--pairs')?.[0] ?? 5)) : undefined;
const engine = wanted.size > 0 ? await engineRows(wanted, nets && new Set(nets)) : undefined;
const goals = engineGoals(engine, kernels);
if (process.argv.includes('--json'))
  console.log(
    JSON.stringify(
      { goals, kernels, engine, sources, studies, views, reading, editor, constants, python },
      null,
      2,
    ),
  );
else {
  if (kernels !== undefined) console.log(kernelTable(kernels));
  if (engine !== undefined) console.log(engineTables(engine));
  if (constants !== undefined) console.log(constantsTable(constants));
  if (goals.length > 0) console.log(goalTable(goals));
  if (sources !== undefined) console.log(sourceTable(sources));
  if (studies !== undefined) console.log(studyTable(studies));
  if (views !== undefined) console.log(viewTable(views));
  if (reading !== undefined) console.log(staticTable(reading));
  if (editor !== undefined) console.log(editorTable(editor));
  if (python !== undefined) console.log(pythonTable(python));
}
