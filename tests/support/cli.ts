import { spawn } from 'node:child_process';
import { scratchFolder } from './folder.ts';
import { inRepo } from './root.ts';

/** What a run of the bundled command line gave. */
export interface CliRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** How to run it. */
export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends SIGINT as soon as standard error or output shows this. */
  readonly interruptAt?: RegExp;
}

/** The cache of this process' runs: nothing that an earlier run has left. */
const cache = scratchFolder();

/** Runs `dist/cli.cjs` as a person would, without colours and without the user's cache. */
export function cli(
  args: readonly string[],
  { cwd = inRepo(), env = {}, interruptAt }: CliOptions = {},
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inRepo('dist/cli.cjs'), ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: cache, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    const check = () => {
      if (interruptAt?.test(out + err)) child.kill('SIGINT');
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      check();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      check();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, out, err });
    });
  });
}
