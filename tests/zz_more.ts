import { readFileSync, writeFileSync } from 'node:fs';
import { createSourceHost } from '../src/node/sourceHost.ts';
const host = createSourceHost({ workerPath: '/work/wt/sources/dist/sources.cjs' });
const only = process.argv[2];
let rows = readFileSync('/tmp/more/list.tsv', 'utf8')
  .split('\n')
  .map((l) => l.split('\t'));
const perRepo = new Map();
const out: string[] = [];
for (const [repo, head, f, count] of rows as [string, string, string, string][]) {
  if (only !== undefined && !`${repo}/${f}`.includes(only)) continue;
  const n = (perRepo.get(repo) ?? 0) + 1;
  perRepo.set(repo, n);
  if (only === undefined && repo.startsWith('hpss') && n % 12 !== 1) continue;
  const path = `/tmp/more/${repo}/${f}`;
  const text = readFileSync(path, 'utf8');
  const t = performance.now();
  const r = await host.read(path, text, {});
  const ms = Math.round(performance.now() - t);
  let a = r;
  const params: any = {};
  for (let k = 0; k < 4 && (a.questions?.length ?? 0) > 0; k++) {
    for (const q of a.questions!) if (q.guess !== undefined) params[q.name] ??= q.guess;
    a = await host.read(path, text, { params });
  }
  out.push(
    `${repo.split('/')[1]!.slice(0, 22)} ${f} [${count}] found ${r.models.length}${a !== r ? `→${a.models.length}` : ''} q=${(r.questions ?? []).map((q) => q.name).join(',')} ${ms}ms ${r.skipped ?? r.notAModel ?? ''} || ${a.problems
      .map((p) => p.message)
      .join(' ; ')
      .slice(0, 500)}`,
  );
  if (only !== undefined)
    console.log(
      JSON.stringify(
        {
          m: r.models.map((m) => [
            m.id,
            m.layers.map((l) => l.className + ':' + l.weights.map((w) => w.shape.join('x')).join(' ')),
          ]),
          a: a === r ? undefined : a.models.map((m) => [m.id, m.parameters.total]),
          params,
          questions: r.questions?.map((q) => [q.name, q.guess]),
          problems: a.problems.map((p) => p.message),
        },
        null,
        1,
      ).slice(0, 6000),
    );
  console.log(out.at(-1));
}
await host.dispose();
