import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRepo } from '../support/root.ts';

const LARGEST = 3_000_000;
const BUFFER = 1 << 30;

/** Where mirrors of the repositories lie: INITSCOPE_MIRROR, one folder `owner+name/repo` each. */
const mirror = process.env['INITSCOPE_MIRROR'] ?? '/work/.mirror';

function git(gitDir: string, args: readonly string[], input?: string): Buffer {
  const { stdout, status } = spawnSync('git', ['--git-dir', gitDir, ...args], {
    maxBuffer: BUFFER,
    ...(input === undefined ? {} : { input }),
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')} failed in ${gitDir}`);
  return stdout;
}

/** Small blobs of a tree: their ids and paths. Mirrors may lack large ones, which are left out. */
function blobs(gitDir: string, commit: string): readonly (readonly [id: string, path: string])[] {
  return git(gitDir, ['ls-tree', '-r', '-l', '-z', commit])
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [meta = '', path = ''] = line.split('\t');
      const [mode, type, id = '', size = ''] = meta.split(/\s+/);
      const small = Number(size) <= LARGEST;
      return type === 'blob' && mode !== '120000' && small ? [[id, path] as const] : [];
    });
}

/** The files of a repository at a commit, laid out under `.cache/real`; undefined when no mirror of it is here. */
export function checkout(repo: string, commit: string): string | undefined {
  const name = repo.replace('/', '+');
  const target = inRepo(`.cache/real/${name}-${commit.slice(0, 12)}`);
  if (existsSync(target)) return target;
  const [gitDir] = ['repo/.git', 'repo']
    .map((part) => join(mirror, name, part))
    .filter((path) => existsSync(path));
  if (gitDir === undefined) return undefined;
  const part = `${target}.part-${process.pid}`;
  const wanted = blobs(gitDir, commit);
  const content = git(gitDir, ['cat-file', '--batch'], wanted.map(([id]) => `${id}\n`).join(''));
  let at = 0;
  for (const [, path] of wanted) {
    const end = content.indexOf(10, at);
    const [, type, size] = content.subarray(at, end).toString('utf8').split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    const file = join(part, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(part, target);
  return target;
}
