import { isAbsolute, relative } from 'node:path';
import type { CodeAction, CodeLens, Connection } from 'vscode-languageserver';
import type { Question } from '../model/reader.ts';
import { CLIENT_COMMANDS, clientCommand, QuestionsRequest, type AskedQuestion } from '../protocol/lsp.ts';
import type { FileState } from './fileState.ts';
import { answer } from './messages.ts';
import type { Session } from './session.ts';
import { fileUri, type View } from './view.ts';

/** Code of the diagnostic on a place whose size is asked for. */
export const QUESTION_CODE = 'question';

function sameFile(state: FileState, file: string): boolean {
  return file === state.path || (!isAbsolute(file) && relative(file, state.path) === '');
}

/** What the file does not tell and a person must: from its text, or from the last run of a Python file. */
export function questionsOf(state: FileState): readonly Question[] {
  if (state.cleared) return [];
  const read = state.reading?.content.questions ?? [];
  return read.length > 0 ? read : (state.fresh?.questions ?? []);
}

function startOf(state: FileState, { place }: Question): number {
  return sameFile(state, place.file) ? (place.range?.start ?? 0) : 0;
}

function asked(question: Question): AskedQuestion {
  const { name, message, guess } = question;
  return { name, message, ...(guess === undefined ? {} : { guess }) };
}

/** `vocabSize is not known`, `3 sizes are not known`. */
export function questionsText(questions: readonly Question[]): string {
  const [first] = questions;
  return questions.length === 1 && first !== undefined
    ? `${first.name} is not known`
    : `${questions.length} sizes are not known`;
}

/** A lens above the first place that asks. */
export function questionLenses(state: FileState, view: View): CodeLens[] {
  const questions = questionsOf(state);
  if (questions.length === 0) return [];
  const start = Math.min(...questions.map((question) => startOf(state, question)));
  if (!view.holds({ start, end: start })) return [];
  const { start: place } = view.rangeOf({ start, end: start });
  const title = `$(question) ${questionsText(questions)}: answer…`;
  return [
    {
      range: { start: place, end: place },
      command: clientCommand(title, CLIENT_COMMANDS.answer, state.uri),
    },
  ];
}

/** At a place that asks: take the guess, type an answer, or answer everything. */
export function questionActions(state: FileState, from: number, to: number): CodeAction[] {
  const all = questionsOf(state);
  const here = all.filter(({ place }) => {
    const { start, end } = place.range ?? { start: 0, end: 0 };
    return sameFile(state, place.file) && start <= to && from <= end;
  });
  const action = (title: string, ...args: unknown[]): CodeAction => ({
    title,
    kind: 'quickfix',
    command: clientCommand(title, CLIENT_COMMANDS.answer, state.uri, ...args),
  });
  const actions = here.flatMap(({ name, guess }) => [
    ...(guess === undefined ? [] : [action(`Measure with ${name} = ${guess}`, { [name]: guess })]),
    action(`Answer ${name}…`, [name]),
  ]);
  return here.length > 0 && all.length > 1
    ? [...actions, action(`Answer all ${all.length} questions…`)]
    : actions;
}

/** Answers what is asked in a file. */
export function registerQuestions(connection: Connection, session: Session): void {
  answer(connection, QuestionsRequest, async ({ uri }) => {
    const state = session.state(fileUri(uri));
    if (state.reading === undefined) await session.readOnly(state.uri);
    return questionsOf(state).map(asked);
  });
}
