import { bundleForNode } from './support/bundle.mjs';
import { main, ready, run } from './support/run.mjs';
import { node24 } from './support/stamps.mjs';

main(async () => {
  await ready();
  const [file] = await bundleForNode(['tests/support/writeRulePages.ts'], 'rule-pages');
  return run(node24(), [file]);
});
