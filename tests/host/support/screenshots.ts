import { inRepo } from '../../support/root.ts';
import { openWorkbench, type Theme } from './workbench.ts';

const [file = 'dense.json', folder = inRepo('tests', 'host', 'workspace')] = process.argv.slice(2);

for (const theme of ['light', 'dark', 'high-contrast'] satisfies Theme[]) {
  const workbench = await openWorkbench({ folder, theme });
  try {
    await workbench.openFile(file);
    await workbench.page.waitForTimeout(1500);
    console.log(await workbench.screenshot(`${file.replace(/\W+/g, '-')}-${theme}`));
  } finally {
    await workbench.close();
  }
}
