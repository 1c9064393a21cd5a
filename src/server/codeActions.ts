import { basename } from 'node:path';
import type { CodeAction, CodeActionParams, Diagnostic } from 'vscode-languageserver';
import type { Change } from '../model/change.ts';
import type { Advice, Finding } from '../model/finding.ts';
import { isKerasArchive, isPython } from '../protocol/candidate.ts';
import { CLIENT_COMMANDS, clientCommand } from '../protocol/lsp.ts';
import { FRAMEWORK_TITLE, FRAMEWORKS } from '../protocol/frameworks.ts';
import { formattedUri } from '../protocol/virtual.ts';
import { LONG_LINE_CODE } from './diagnostics.ts';
import { bestAdvice, editsOf, everything, workspaceEdit } from './edits.ts';
import type { FileState } from './fileState.ts';
import { beforeAfter } from './findingText.ts';
import { placeAll } from './placed.ts';
import { questionActions } from './questions.ts';
import type { View } from './view.ts';

/** Our one kind of source action. Never `source.fixAll`: a changed initializer changes what is trained. */
export const SOURCE_KIND = 'source.initscope';
const QUICK = 'quickfix';

/** What the editor can do with actions. */
export interface ActionOptions {
  /** It has the extension's commands. */
  readonly commands: boolean;
  /** It asks for the edit of an action when that is chosen. */
  readonly resolve: boolean;
}

/** Data of an action whose edit is made when it is chosen: these changes in this model. */
export interface LayerRepair {
  readonly uri: string;
  readonly model: string;
  readonly changes: readonly Change[];
}

function onLayer(advice: Advice, layer: string): Change[] {
  return advice.changes
    .filter(({ layers }) => layers.includes(layer))
    .map((change) => ({ ...change, layers: [layer] }));
}

function matching(diagnostics: readonly Diagnostic[], finding: Finding): Diagnostic[] {
  return diagnostics.filter(
    ({ data }) =>
      typeof data === 'object' && data !== null && 'finding' in data && data.finding === finding.id,
  );
}

/** Says why there is no repair: VS Code hides actions that are disabled, so there it is one that opens the report. */
function noRepair(
  state: FileState,
  finding: Finding,
  diagnostics: Diagnostic[],
  { commands }: ActionOptions,
): CodeAction {
  const reason = whyNone(state, finding);
  if (!commands) return { title: `Repair ${finding.layer}`, kind: QUICK, diagnostics, disabled: { reason } };
  const title = `No repair: ${reason}`;
  const command = clientCommand(title, CLIENT_COMMANDS.openReport, state.uri);
  return { title, kind: QUICK, diagnostics, command };
}

/** Why the repair of a finding cannot be written into its file. */
export function whyNone(state: FileState, finding: Finding): string {
  if (state.fresh === undefined)
    return isPython(state.path)
      ? 'The code changed since it was measured; run Inspect Model again.'
      : 'The text changed since it was measured; save it to measure again.';
  const refused = finding.advice.find(({ edit }) => edit?.ok === false)?.edit;
  if (refused?.ok === false) return `${refused.refusal.reason} (${refused.refusal.place})`;
  if (finding.advice.length > 0) return 'This format cannot be edited here; copy the fix instead.';
  return 'No initializer was measured to help here.';
}

function repair(
  state: FileState,
  finding: Finding,
  advice: Advice,
  diagnostics: Diagnostic[],
  options: ActionOptions,
): CodeAction[] {
  const edit = workspaceEdit(state, editsOf(state, advice) ?? []);
  if (edit === undefined) return [];
  const many = new Set(advice.changes.flatMap(({ layers }) => layers)).size;
  const caveat = advice.caveat === undefined ? '' : ` — ${advice.caveat}`;
  const modelId = state.reports.find(({ findings }) => findings.includes(finding))?.modelId ?? '';
  const actions: CodeAction[] = [
    {
      title: `Repair: ${advice.title} (${beforeAfter(advice, finding.rule)})${caveat}`,
      kind: QUICK,
      diagnostics,
      edit,
      ...(advice.preferred && advice.caveat === undefined ? { isPreferred: true } : {}),
    },
  ];
  if (many > 1 && options.resolve) {
    const data: LayerRepair = { uri: state.uri, model: modelId, changes: onLayer(advice, finding.layer) };
    const title = `Repair ${finding.layer} only (measured with the other ${many - 1} layers)${caveat}`;
    if (data.changes.length > 0) actions.push({ title, kind: QUICK, diagnostics, data });
  }
  return actions;
}

/** The repairs of a finding in an archive: each rewrites the file, after the person has seen how. */
function rewrites(state: FileState, finding: Finding, diagnostics: Diagnostic[]): CodeAction[] {
  const best = finding.advice.find(({ preferred }) => preferred) ?? finding.advice[0];
  if (best === undefined || state.fresh === undefined || !isKerasArchive(state.path)) return [];
  const title = `Repair: ${best.title} (${beforeAfter(best, finding.rule)}), rewriting ${basename(state.path)}…`;
  const command = clientCommand(title, CLIENT_COMMANDS.rewrite, state.uri, finding.id);
  return [{ title, kind: QUICK, diagnostics, command }];
}

function copyFix(finding: Finding, diagnostics: Diagnostic[]): CodeAction[] {
  const advice = finding.advice[0];
  if (advice === undefined) return [];
  const choices = FRAMEWORKS.flatMap((framework) => {
    const text = advice.snippet[framework];
    return text === '' ? [] : [{ framework: FRAMEWORK_TITLE[framework], text }];
  });
  if (choices.length === 0) return [];
  const title = `Copy fix for ${choices.map(({ framework }) => framework).join(', ')}…`;
  return [
    { title, kind: QUICK, diagnostics, command: clientCommand(title, CLIENT_COMMANDS.copyFix, choices) },
  ];
}

function silence(state: FileState, finding: Finding, diagnostics: Diagnostic[]): CodeAction {
  const title = `Silence ${finding.rule} on ${finding.layer} in initscope.json…`;
  const target = { uri: state.uri, rule: finding.rule, layer: finding.layer };
  return { title, kind: QUICK, diagnostics, command: clientCommand(title, CLIENT_COMMANDS.silence, target) };
}

function forFinding(
  state: FileState,
  finding: Finding,
  params: CodeActionParams,
  options: ActionOptions,
): CodeAction[] {
  const diagnostics = matching(params.context.diagnostics, finding);
  const actions: CodeAction[] = [];
  const usable = finding.advice.filter((advice) => (editsOf(state, advice)?.length ?? 0) > 0);
  const best = bestAdvice(state, finding);
  const ordered = best === undefined ? [] : [best, ...usable.filter((advice) => advice !== best)];
  for (const advice of ordered.slice(0, 3))
    actions.push(...repair(state, finding, advice, diagnostics, options));
  if (options.commands) actions.push(...rewrites(state, finding, diagnostics));
  if (actions.length === 0) actions.push(noRepair(state, finding, diagnostics, options));
  if (options.commands) actions.push(...copyFix(finding, diagnostics), silence(state, finding, diagnostics));
  return actions;
}

function fixEverything(state: FileState, kind: string): CodeAction[] {
  const { edits, findings } = everything(state);
  const edit = findings === 0 ? undefined : workspaceEdit(state, edits);
  if (edit === undefined) return [];
  return [{ title: `Repair everything proven in this file (${findings} findings)`, kind, edit }];
}

function wants(params: CodeActionParams, kind: string): boolean {
  const only = params.context.only;
  return only === undefined || only.some((asked) => kind === asked || kind.startsWith(`${asked}.`));
}

/** Code actions from what is already known for exactly the present text; nothing is read or measured here. */
export function codeActionsFor(
  state: FileState,
  view: View,
  params: CodeActionParams,
  options: ActionOptions,
): CodeAction[] {
  const from = view.offsetAt(params.range.start);
  const to = view.offsetAt(params.range.end);
  const actions: CodeAction[] = [];
  if (wants(params, QUICK)) {
    const long = params.context.diagnostics.filter(({ code }) => code === LONG_LINE_CODE);
    if (
      options.commands &&
      (long.length > 0 || (!view.formatted && state.longLine === params.range.start.line))
    ) {
      const title = 'Open the formatted model';
      const command = clientCommand(title, CLIENT_COMMANDS.openFormatted, formattedUri(state.uri));
      actions.push({ title, kind: QUICK, diagnostics: long, command });
    }
    if (options.commands) actions.push(...questionActions(state, from, to));
    const findings = placeAll(state)
      .filter(({ range }) => range.start <= to && from <= range.end)
      .flatMap(({ finding }) => finding ?? []);
    for (const finding of findings) actions.push(...forFinding(state, finding, params, options));
    if (findings.length > 0 && everything(state).findings > 1) actions.push(...fixEverything(state, QUICK));
  }
  if (params.context.only !== undefined && wants(params, SOURCE_KIND))
    actions.push(...fixEverything(state, SOURCE_KIND));
  return actions;
}
