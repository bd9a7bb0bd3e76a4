/** The tables of fields give what the definitions of the vendor say: IOMESH_VENDOR_DATA names their folder. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const VENDOR = process.env['IOMESH_VENDOR_DATA'] ?? '';

type Schema = { readonly [keyword: string]: unknown };

/** Every field of a definition, by its path: its type and constraints in one text. */
function fieldsOf(file: string): Record<string, string> {
  const definition = load(readFileSync(file, 'utf8')) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] };
  };
  const fields: Record<string, string> = {};
  for (const { name, schema } of definition.spec.versions) collect(schema.openAPIV3Schema, name, fields);
  return fields;
}

function collect(schema: Schema, path: string, fields: Record<string, string>): void {
  const { properties, items, additionalProperties, description: _, required, pattern, ...facts } = schema;
  const lists = Object.entries(facts).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.toSorted() : value,
  ]);
  fields[path] = JSON.stringify({
    ...Object.fromEntries(lists.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))),
    required: Array.isArray(required) ? required.toSorted() : [],
    // Two patterns are equal if they accept the same quantities.
    accepts:
      typeof pattern === 'string' ? QUANTITIES.filter((each) => new RegExp(pattern).test(each)) : 'all',
  });
  for (const [name, each] of Object.entries((properties ?? {}) as Record<string, Schema>))
    collect(each, `${path}.${name}`, fields);
  if (items !== undefined) collect(items as Schema, `${path}[]`, fields);
  if (typeof additionalProperties === 'object') collect(additionalProperties as Schema, `${path}.*`, fields);
}

const QUANTITIES = [
  '1',
  '+1',
  '-1',
  '1.',
  '.5',
  '.',
  '1Gi',
  '1gi',
  '1 Gi',
  '1e3',
  '1E3',
  '1e',
  '1e1.5',
  '1e.5',
  '1e+1.',
  '5m',
  '5u',
  '5n',
  '1K',
  '1k',
  '1Zi',
  '',
  'a',
];

describe.skipIf(VENDOR === '')('the definitions for end-to-end tests', () => {
  it.each([
    ['iomeshclusters-1.0.yaml', 'iomeshclusters-1.0.1.yaml'],
    ['iomeshclusters-1.1.yaml', 'iomeshclusters-1.1.0.yaml'],
    // The definition of 1.2 is not public.
    ['iomeshclusters-1.2.yaml', 'iomeshclusters-1.1.0.yaml'],
    ['zookeeperclusters.yaml', 'zookeeperclusters-0.2.14.yaml'],
  ])('have in %s every field of %s and no other, each with its type, values and bounds', (ours, theirs) => {
    expect(fieldsOf(join(ROOT, 'test/e2e/crds', ours))).toEqual(fieldsOf(join(VENDOR, 'crds', theirs)));
  });
});

describe('the generated files', () => {
  it.each(['scripts/write-schemas.mjs', 'test/e2e/crds/derive.mjs'])('are what %s writes', (script) => {
    const checked = spawnSync(process.execPath, [join(ROOT, script), '--check'], { encoding: 'utf8' });
    expect(checked.stderr).toBe('');
    expect(checked.status).toBe(0);
  });
});
