import { withoutControls } from '../report/withoutControls.ts';
import type { CollectedFile } from './collectFiles.ts';
import type { RequestChoices } from './inspectOptions.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';

/** The text of a file; nothing where it is none or cannot be read. */
async function textOf(session: Session, path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await session.files.read(path));
  } catch {
    return '';
  }
}

/** `initscope inspect --list-models`: the models of files with their lines, what is asked, and why a file gives none; Python files are built for it, nothing is measured. Exit code 0 when there is one. */
export async function listModels(
  session: Session,
  files: readonly CollectedFile[],
  choices: RequestChoices,
  io: Io,
): Promise<number> {
  let any = false;
  for (const file of files) {
    const request = await session.request(file, choices);
    if (request === undefined) continue;
    const reading = await session.inspector.readStatic(request, true);
    let read: Promise<string> | undefined;
    const print = async (offset: number, text: string): Promise<void> => {
      const line = (await (read ??= textOf(session, file.path))).slice(0, offset).split('\n').length;
      io.out(`${withoutControls(`${file.path}:${line}  ${text}`)}\n`);
    };
    for (const { spec } of reading.models) {
      any = true;
      const { id, layers, parameters } = spec;
      await print(spec.origin.range.start, `${id}  ${layers.length} layers, ${parameters.total} parameters`);
    }
    if (reading.models.length === 0 && file.named)
      for (const { message, range } of reading.problems) await print(range?.start ?? 0, message);
    for (const { name, place, guess } of reading.questions) {
      await print(place.range?.start ?? 0, `${name} is not known here: --param ${name}=${guess ?? '…'}`);
    }
  }
  return any ? 0 : 1;
}
