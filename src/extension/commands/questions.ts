import { basename } from 'node:path';
import * as vscode from 'vscode';
import { QuestionsRequest, type AskedQuestion } from '../../protocol/lsp.ts';
import { AnswerRequest } from '../../protocol/lspEdits.ts';
import { paramValue, type ParamValue } from '../../protocol/paramValue.ts';
import type { App } from '../app.ts';
import { applyAnswer, saveTouched } from './fix.ts';
import { inspectModel } from './inspect.ts';
import { NotNow, targetOf, type Outcome } from './outcome.ts';

type Answers = Readonly<Record<string, ParamValue>>;

function isAnswers(given: unknown): given is Answers {
  return (
    typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof vscode.Uri)
  );
}

async function typed(questions: readonly AskedQuestion[]): Promise<Answers> {
  const answers: Record<string, ParamValue> = {};
  for (const [at, { name, message, guess }] of questions.entries()) {
    const step = questions.length === 1 ? '' : ` (${at + 1} of ${questions.length})`;
    const text = await vscode.window.showInputBox({
      title: `${name}${step}`,
      prompt: `${message}. Your answer is remembered in initscope.json.`,
      value: guess === undefined ? '' : String(guess),
      ignoreFocusOut: true,
      validateInput: (value) =>
        value.trim() === '' ? 'A value is needed: a number, true, false or a text.' : undefined,
    });
    if (text === undefined) throw new vscode.CancellationError();
    answers[name] = paramValue(text.trim());
  }
  return answers;
}

/**
 * Asks for the sizes that a source or a Python file does not tell, records the answers in `initscope.json` and measures the file.
 * `wanted` holds the names to ask for (all without it), or the answers themselves, which are then not asked for.
 */
export async function answerQuestions(app: App, given?: unknown, wanted?: unknown): Promise<Outcome> {
  const uri = targetOf(app, given);
  const name = basename(uri.path);
  let answers: Answers;
  if (isAnswers(wanted)) answers = wanted;
  else {
    const all = await app.ask(QuestionsRequest, { uri: uri.toString() });
    const questions = Array.isArray(wanted) ? all.filter((each) => wanted.includes(each.name)) : all;
    if (questions.length === 0) throw new NotNow(`${name} asks nothing.`);
    answers = await typed(questions);
  }
  const edit = await applyAnswer(await app.ask(AnswerRequest, { uri: uri.toString(), answers }));
  await saveTouched(edit);
  return inspectModel(app, uri);
}
