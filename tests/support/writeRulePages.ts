import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../src/rules/table.ts';
import { inRepo } from './root.ts';
import { layerPage } from './layerPage.ts';
import { rulePage } from './rulePage.ts';

const folder = inRepo('docs', 'rules');
mkdirSync(folder, { recursive: true });
for (const rule of RULES) writeFileSync(join(folder, `${rule.id}.md`), rulePage(rule));
writeFileSync(inRepo('docs', 'layers.md'), layerPage());
