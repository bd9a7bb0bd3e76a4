/**
 * Writes the schemas of schemas/ that the tables of scripts/fields/ give: npm run schemas.
 * Usage: node scripts/write-schemas.mjs [--check]
 * With --check nothing is written; the exit code is 1 if a file is not what the tables give.
 */
import './check-node.cjs';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { generatedSchemas } from './field-table.mjs';

const SCHEMAS = join(import.meta.dirname, '../schemas');
const WIDTH = 110;

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
const generated = generatedSchemas();
for (const [name, schema] of Object.entries({ ...generated, ...forKubeconform(generated) })) {
  const text = `${format(schema, '', 0)}\n`;
  const file = join(SCHEMAS, name);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (values.check === true) {
    process.stderr.write(`${name} is not what scripts/fields/ gives: run npm run schemas\n`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * The schemas of the custom resources as kubeconform finds them, by group, kind and version, and in one file each: it
 * resolves no reference to another file of a directory. Go has no lookahead, and kubeconform skips a schema with one:
 * without it a pattern accepts a little more.
 */
function forKubeconform(schemas) {
  const shared = JSON.parse(readFileSync(join(SCHEMAS, 'kubernetes.schema.json'), 'utf8')).definitions;
  const OTHER = 'kubernetes.schema.json#/definitions/';
  const OWN = '#/definitions/';
  const prefixed = (value, prefix) =>
    JSON.parse(JSON.stringify(value), (key, each) => {
      if (key === '$ref' && typeof each === 'string') return each.replace(prefix, `${OWN}Kubernetes`);
      return key === 'pattern' && typeof each === 'string' ? each.replaceAll(/\(\?=[^()]*\)/g, '') : each;
    });
  const kubernetes = Object.entries(shared).map(([name, each]) => [`Kubernetes${name}`, prefixed(each, OWN)]);
  const alone = (schema) => {
    const whole = prefixed(schema, OTHER);
    return { ...whole, definitions: { ...whole.definitions, ...Object.fromEntries(kubernetes) } };
  };
  return {
    'kubeconform/iomesh.com/iomeshcluster_v1alpha1.json': alone(schemas['iomeshcluster-1.2.schema.json']),
    'kubeconform/zookeeper.pravega.io/zookeepercluster_v1beta1.json': alone(
      schemas['zookeepercluster.schema.json'],
    ),
  };
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
