import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Repair } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { isText, NotWritten, readTextFile, replaceFile, replaceTextFile } from '../node/textFile.ts';
import { chosenChanges, repairedUnasked } from '../report/chosenChanges.ts';
import { plural } from '../report/reportText.ts';
import { applyEdits, unifiedDiff } from '../report/unifiedDiff.ts';
import type { TextEdit } from '../report/unifiedDiff.ts';
import { parseArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { collectFiles } from './collectFiles.ts';
import { eachFile } from './eachFile.ts';
import { MODEL_OPTIONS, requestChoices, ruleIds } from './inspectOptions.ts';
import { EXIT, UsageError } from './io.ts';
import type { Io } from './io.ts';
import { openSession, RULE_IDS, sessionOptions } from './session.ts';
import type { Session } from './session.ts';

const OPTIONS = {
  ...MODEL_OPTIONS,
  rule: { type: 'string', multiple: true },
  layer: { type: 'string', multiple: true },
  diff: { type: 'boolean' },
  write: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
} as const;

const ARCHIVE = 'keras-archive';

function sayRepairs(report: Report, repairs: readonly Repair[], io: Io): void {
  for (const { title, caveat } of repairs)
    io.err(`${report.file}: ${report.model}: ${title}${caveat === undefined ? '' : `; ${caveat}`}\n`);
}

/** Edits to write for one report, after saying what they are; undefined when there is nothing to write. */
async function editsFor(
  session: Session,
  report: Report,
  findings: readonly Finding[],
  request: Parameters<Session['inspector']['edit']>[0],
  io: Io,
): Promise<readonly { file: string; contentHash: string; edits: readonly TextEdit[] }[]> {
  const { changes, repairs } = chosenChanges(findings);
  const refused = findings.flatMap(({ advice, rule, layer }) => {
    const [first] = advice;
    if (first?.edit?.ok !== false || advice.some(({ edit }) => edit?.ok === true)) return [];
    const snippet = first.snippet[report.semantics.value];
    const shown = snippet.trim() === '' ? '' : `\n${snippet.replace(/^/gm, '    ')}`;
    return [`${rule} at ${layer}: ${first.edit.refusal.reason} (${first.edit.refusal.place})${shown}`];
  });
  for (const line of refused) io.err(`${report.file}: no edit: ${line}\n`);
  if (changes.length === 0) return [];
  const result = await session.inspector.edit(request, report.modelId, changes);
  if (!result.ok) {
    io.err(`${report.file}: no edit: ${result.refusal.reason} (${result.refusal.place})\n`);
    return [];
  }
  sayRepairs(report, repairs, io);
  return result.edits;
}

const canApply = ({ advice }: Finding, whole: boolean): boolean =>
  advice.some(({ edit, changes }) => edit?.ok === true || (whole && changes.length > 0));

function sayLeft(lines: readonly string[], io: Io): void {
  for (const line of lines) io.err(`${line}\n`);
}

/** Rounds of writing: a repair can bring a finding of its own to light, such as a first loss once the body is right. */
const MOST_ROUNDS = 3;

/**
 * `initscope fix`: shows or writes the advice proven for a file's warnings and errors (and information, where its rule is named), until
 * none is left; the exit code.
 */
export async function fixCommand(argv: readonly string[], io: Io): Promise<number> {
  const args = parseArguments(argv, OPTIONS);
  const write = args.flag('write');
  if (write && args.flag('diff')) throw new UsageError('--diff and --write exclude one another');
  if (args.positionals.length === 0) throw new UsageError('fix needs a file');
  let last = await fixOnce(args, io);
  if (!write || last.changed === 0) sayLeft(last.left, io);
  if (last.changed === 0 && last.code === EXIT.ok) io.err('nothing to fix\n');
  if (!write && last.changed > 0) {
    io.err(`would change ${plural(last.changed, 'file')}; --write does it\n`);
    return last.code === EXIT.ok ? EXIT.findings : last.code;
  }
  if (last.changed === 0) return last.code;
  for (let round = 1; round < MOST_ROUNDS && last.changed > 0 && last.code === EXIT.ok; round += 1)
    last = await fixOnce(args, io);
  sayLeft(last.left, io);
  return last.code;
}

/** One round: what was changed (or would be), the advice that is left for want of severity, and how it ended. */
async function fixOnce(
  args: Arguments,
  io: Io,
): Promise<{ readonly code: number; readonly changed: number; readonly left: readonly string[] }> {
  const write = args.flag('write');
  const rules = ruleIds(args, 'rule', RULE_IDS);
  const layers = args.list('layer');
  const choices = requestChoices(args, RULE_IDS);
  const { files, problems } = await collectFiles(io.cwd, args.positionals);
  const session = await openSession(sessionOptions(args, io, !args.flag('no-cache')), io);
  let code: number = EXIT.ok;
  let changed = 0;
  const left: string[] = [];
  try {
    const inspected = await eachFile(
      session,
      files,
      problems,
      io,
      { choices, quiet: args.flag('quiet') },
      (request, onProgress) => session.inspector.inspect(request, io.signal, onProgress),
    );
    if (inspected.badInput) code = EXIT.usage;
    if (inspected.fault) code = EXIT.fault;
    const edits = new Map<string, { hash: string; edits: TextEdit[] }>();
    for (const report of inspected.results.flatMap(({ reports }) => reports)) {
      const request = await session.request({ path: report.file, named: true }, choices);
      if (request === undefined) continue;
      const wanted = report.findings.filter(
        ({ rule, layer, layers: all }) =>
          (rules === undefined || rules.includes(rule)) &&
          (layers.length === 0 || layers.includes(layer) || all.some((each) => layers.includes(each))),
      );
      const findings = rules === undefined ? wanted.filter(repairedUnasked) : wanted;
      for (const finding of wanted) {
        if (findings.includes(finding) || !canApply(finding, report.format === ARCHIVE)) continue;
        const { rule, layer } = finding;
        left.push(
          `${report.file}: only information, so not applied: ${rule} at ${layer}; --rule ${rule} does`,
        );
      }
      if (report.format === ARCHIVE) {
        const failure = await rewriteOrShow(session, report, findings, request, write, io);
        if (failure === undefined) changed += 1;
        else if (failure !== NOTHING) {
          io.err(`${report.file}: error: ${failure}\n`);
          if (code < EXIT.usage) code = EXIT.usage;
        }
        continue;
      }
      for (const { file, contentHash, edits: own } of await editsFor(
        session,
        report,
        findings,
        request,
        io,
      )) {
        const entry = edits.get(file) ?? { hash: contentHash, edits: [] };
        const fresh = own.filter(
          ({ range }) =>
            !entry.edits.some((other) => other.range.start === range.start && other.range.end === range.end),
        );
        edits.set(file, { hash: entry.hash, edits: [...entry.edits, ...fresh] });
      }
    }
    for (const [file, { hash, edits: own }] of edits) {
      io.signal.throwIfAborted();
      const failure = await applyOrShow(file, hash, own, write, io);
      if (failure === undefined) changed += 1;
      else {
        io.err(`${file}: error: ${failure}\n`);
        if (code < EXIT.usage) code = EXIT.usage;
      }
    }
  } finally {
    await session.close();
  }
  return { code, changed, left };
}

const NOTHING = Symbol('nothing to rewrite');

/** A whole new archive in the place of the old one, or the diff of its formatted config; what went wrong, if anything did. */
async function rewriteOrShow(
  session: Session,
  report: Report,
  findings: readonly Finding[],
  request: Parameters<Session['inspector']['edit']>[0],
  write: boolean,
  io: Io,
): Promise<string | typeof NOTHING | undefined> {
  const { changes, repairs } = chosenChanges(findings, true);
  if (changes.length === 0) return NOTHING;
  io.signal.throwIfAborted();
  const path = resolve(io.cwd, report.file);
  const before = await readFile(path);
  const result = await session.inspector.rewrite(request, report.modelId, changes);
  if (!result.ok) {
    io.err(`${report.file}: no edit: ${result.refusal.reason} (${result.refusal.place})\n`);
    return NOTHING;
  }
  sayRepairs(report, repairs, io);
  try {
    if (write) await replaceFile(path, before, result.bytes);
    else io.out(unifiedDiff(`${report.file}/config.json`, result.text, result.edits));
    return undefined;
  } catch (error) {
    if (error instanceof NotWritten) return error.message;
    throw error;
  }
}

async function applyOrShow(
  file: string,
  hash: string,
  edits: readonly TextEdit[],
  write: boolean,
  io: Io,
): Promise<string | undefined> {
  try {
    const path = resolve(io.cwd, file);
    const before = await readTextFile(path);
    if (!isText(before.text, hash)) return 'the file changed while it was inspected; nothing was written';
    if (write) await replaceTextFile(path, before, applyEdits(before.text, edits));
    else io.out(unifiedDiff(file, before.text, edits));
    return undefined;
  } catch (error) {
    if (error instanceof NotWritten) return error.message;
    throw error;
  }
}
