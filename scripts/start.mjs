import { main, ready, run } from './support/run.mjs';
import { node24, root } from './support/stamps.mjs';

main(async () => {
  await ready();
  const args = process.argv.slice(2);
  const cli = `${root}/dist/cli.cjs`;
  if (args.length > 0) return run(node24(), [cli, ...args], { cwd: process.env.INIT_CWD ?? process.cwd() });
  const code = await run(node24(), [cli, 'examples', '--fail-on', 'never']);
  console.log('\nTo see the same in an editor: npm run editor');
  return code;
});
