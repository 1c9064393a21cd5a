import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageVersion } from '../node/version.ts';
import { didYouMean } from './arguments.ts';
import { compareCommand } from './compareCommand.ts';
import { fixCommand } from './fixCommand.ts';
import { HELP, helpFor } from './help.ts';
import { inspectCommand } from './inspectCommand.ts';
import { EXIT, UsageError } from './io.ts';
import type { Io } from './io.ts';
import { probeCommand } from './probeCommand.ts';
import { explainCommand, rulesCommand } from './rulesCommand.ts';
import { scanCommand } from './scanCommand.ts';
import { serverCommand } from './serverCommand.ts';

type Command = (argv: readonly string[], io: Io) => number | Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  inspect: inspectCommand,
  fix: fixCommand,
  compare: compareCommand,
  probe: probeCommand,
  scan: scanCommand,
  explain: explainCommand,
  rules: rulesCommand,
  server: serverCommand,
};

function looksLikePath(word: string, cwd: string): boolean {
  return /[./\\*]/.test(word) || existsSync(resolve(cwd, word));
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    io.out(HELP);
    return first === undefined ? EXIT.usage : EXIT.ok;
  }
  if (first === '--version' || first === '-v' || first === '-V') {
    io.out(`${packageVersion()}\n`);
    return EXIT.ok;
  }
  if (Object.hasOwn(COMMANDS, first)) {
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out(helpFor(first));
      return EXIT.ok;
    }
    return (await COMMANDS[first]?.(rest, io)) ?? EXIT.ok;
  }
  if (looksLikePath(first, io.cwd) || first.startsWith('-')) return inspectCommand(argv, io);
  throw new UsageError(
    `there is no command ${first}${didYouMean(first, Object.keys(COMMANDS))} (initscope --help)`,
  );
}

/** Runs a command line; resolves to the exit code and never rejects. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (io.signal.aborted) return EXIT.interrupted;
    if (error instanceof UsageError) {
      io.err(`initscope: ${error.message}\n`);
      return EXIT.usage;
    }
    const message = error instanceof Error ? error.message : String(error);
    io.err(`initscope: a fault of ours: ${message}; please report it (INITSCOPE_DEBUG=1 shows where)\n`);
    if (io.env['INITSCOPE_DEBUG'] && error instanceof Error) io.err(`${error.stack ?? ''}\n`);
    return EXIT.fault;
  }
}
