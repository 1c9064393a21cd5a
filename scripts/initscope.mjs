import { main, run } from './support/run.mjs';
import { node24, root } from './support/stamps.mjs';

main(() =>
  run(node24(), [`${root}/dist/cli.cjs`, ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  }),
);
