import { engineRows, engineTables, SECTIONS } from './engine.ts';
import { kernelRows, kernelTable } from './kernels.ts';
import { viewRows, viewTable } from './views.ts';

const ALL: readonly string[] = [...SECTIONS, 'views'];

/** The words after an option such as `--only=passes,memory`. */
function listOf(option: string): readonly string[] | undefined {
  const given = process.argv.find((word) => word.startsWith(`${option}=`));
  return given?.slice(option.length + 1).split(',');
}

const wanted = new Set<string>(listOf('--only') ?? ALL);
const nets = listOf('--nets');
for (const name of wanted)
  if (!ALL.includes(name)) throw new Error(`There is no section ${name}; there are ${ALL.join(', ')}.`);

const engine = [...wanted].some((name) => name !== 'kernels' && name !== 'views')
  ? await engineRows(wanted, nets && new Set(nets))
  : undefined;
const kernels = wanted.has('kernels') ? await kernelRows() : undefined;
const views = wanted.has('views') ? await viewRows() : undefined;
if (process.argv.includes('--json')) console.log(JSON.stringify({ kernels, engine, views }, null, 2));
else {
  if (kernels !== undefined) console.log(kernelTable(kernels));
  if (engine !== undefined) console.log(engineTables(engine));
  if (views !== undefined) console.log(viewTable(views));
}
