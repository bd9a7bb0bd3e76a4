/**
 * Writes the schemas of schemas/ that the tables of scripts/fields/ give: npm run schemas.
 * Usage: node scripts/write-schemas.mjs [--check]
 * With --check nothing is written; the exit code is 1 if a file is not what the tables give.
 */
import './check-node.cjs';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedSchemas } from './field-table.mjs';

const SCHEMAS = join(import.meta.dirname, '../schemas');
const WIDTH = 110;

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
for (const [name, schema] of Object.entries(generatedSchemas())) {
  const text = `${format(schema, '', 0)}\n`;
  const file = join(SCHEMAS, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (values.check === true) {
    process.stderr.write(`${name} is not what scripts/fields/ gives: run npm run schemas\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
  }
}

/** JSON as the formatter leaves it: lists of scalars on one line if they fit, everything else in lines. */
function format(value, indent, before) {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? '[]' : '{}';
  const entries = isList ? value.map((each) => ['', each]) : Object.entries(value);
  if (entries.length === 0) return `${open}${close}`;
  if (isList && value.every((each) => typeof each !== 'object')) {
    const line = `[${value.map((each) => JSON.stringify(each)).join(', ')}]`;
    if (indent.length + before + line.length < WIDTH) return line;
  }
  const inner = `${indent}  `;
  const lines = entries.map(([key, each]) => {
    const name = isList ? '' : `${JSON.stringify(key)}: `;
    return `${inner}${name}${format(each, inner, name.length)}`;
  });
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
