/** Writes docs/rules/: one page a rule, from the rule's own words, and the list of them. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from './bundle.mjs';

const folder = join(import.meta.dirname, '../docs/rules');
const { pages } = await load('src/report/pages.ts');

mkdirSync(folder, { recursive: true });
const wanted = pages();
for (const name of readdirSync(folder)) if (!wanted.has(name)) rmSync(join(folder, name));
for (const [name, text] of wanted) writeFileSync(join(folder, name), text);
