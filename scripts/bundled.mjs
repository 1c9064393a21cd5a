import { bundleForNode } from './support/bundle.mjs';
import { main, ready, run } from './support/run.mjs';
import { node24 } from './support/stamps.mjs';

main(async () => {
  await ready();
  const [entry, ...args] = process.argv.slice(2);
  const [file] = await bundleForNode([entry], entry.replace(/^.*?\/|\.ts$/g, ''));
  return run(node24(), ['--enable-source-maps', file, ...args]);
});
