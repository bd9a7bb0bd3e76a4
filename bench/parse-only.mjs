/** The floor: the same files, read and parsed by js-yaml, and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

let documents = 0;
for (const name of readdirSync(process.argv[2], { recursive: true }))
  if (name.endsWith('.yaml')) documents += loadAll(readFileSync(join(process.argv[2], name), 'utf8')).length;
console.log(documents);
