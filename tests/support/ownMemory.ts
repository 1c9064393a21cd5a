import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The most memory of its own that a process under this one holds now, in MiB: pages of libraries come and go with the load. */
export function ownMemory(): number {
  const all = execFileSync('ps', ['-eo', 'pid,ppid'], { encoding: 'utf8' }).trim().split('\n').slice(1);
  const parents = new Map(all.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
  const isOurs = (id: number): boolean => {
    const parent = parents.get(id);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  const ours = [...parents.keys()].filter(isOurs);
  return Math.max(
    ...ours.map((id) => {
      try {
        const status = readFileSync(`/proc/${id}/status`, 'utf8');
        const kilobytes = (name: string) =>
          Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
        return (kilobytes('RssAnon') + kilobytes('VmSwap')) / 1024;
      } catch {
        return 0;
      }
    }),
  );
}
