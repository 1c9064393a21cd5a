import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../src/rules/table.ts';
import { inRepo } from './root.ts';
import { rulePage } from './rulePage.ts';

const folder = inRepo('docs', 'rules');
mkdirSync(folder, { recursive: true });
for (const rule of RULES) writeFileSync(join(folder, `${rule.id}.md`), rulePage(rule));
