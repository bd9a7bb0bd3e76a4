/** The editor schema of Helm values accepts what the vendor ships, and knows every key of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { isObject, type Json } from '../../../src/core/base/json.ts';
import { editorSchemas, type JsonSchema, schemaFile } from '../../support/schema-files.ts';

const FILE = 'helm-values.schema.json';
const DATA = process.env['IOMESH_VENDOR_DATA'];
const GUIDES = DATA === undefined ? '' : join(DATA, 'guides');

function errorsOf(values: unknown): string[] {
  const check = editorSchemas().getSchema(FILE)!;
  check(values);
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The keys of values that the schema does not propose. Entries of free maps are not proposed. */
function unproposed(value: Json, schema: JsonSchema, home: JsonSchema, path = ''): string[] {
  const [target, of] = resolved(schema, home);
  const properties = target['properties'] as Record<string, JsonSchema> | undefined;
  if (!isObject(value) || properties === undefined) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const known = properties[key];
    const name = `${path}.${key}`;
    if (known !== undefined) return unproposed(each, known, of, name);
    return target['additionalProperties'] === undefined ? [name] : [];
  });
}

function resolved(schema: JsonSchema, home: JsonSchema): [JsonSchema, JsonSchema] {
  const reference = schema['$ref'] as string | undefined;
  if (reference === undefined) return [schema, home];
  const [file = '', pointer = ''] = reference.split('#');
  const of = file === '' ? home : schemaFile(file);
  const steps = pointer.split('/').slice(1);
  return resolved(
    steps.reduce((at, step) => at[step] as JsonSchema, of),
    of,
  );
}

describe('the schema of Helm values', () => {
  it('accepts what the chart ships beside the settings of a cluster', () => {
    const values = {
      iomesh: {
        create: true,
        serviceMonitor: { create: false },
        zookeeper: { podPolicy: null },
        meta: { podPolicy: null, serviceMonitor: { relabelings: [] } },
        chunk: { podPolicy: null, serviceMonitor: { relabelings: [] } },
        redirector: { podPolicy: null },
      },
    };
    expect(errorsOf(values)).toEqual([]);
  });

  it('accepts the values of IOMesh 1.2', () => {
    const chunk = { extraEnvs: { A: 'b' }, prioritizedSpaceRatioMap: { a: 1 }, defaultPrioSpaceRatio: 1 };
    const cpuExclusiveOptions = { cpuExclusivePolicy: 'kernelCpuIsolation' };
    expect(errorsOf({ iomesh: { cpuExclusiveOptions, meta: { extraEnvs: { A: 'b' } }, chunk } })).toEqual([]);
  });

  it.each([
    ['iomesh', 'licenseSecretName'],
    ['iomesh', 'portOffset'],
  ])('rejects %s.%s, which no template reads', (section, key) => {
    expect(errorsOf({ [section]: { [key]: 'x' } })).toEqual([
      `/${section} must NOT have additional properties`,
    ]);
  });

  it('rejects a key of a podPolicy that no template reads', () => {
    expect(errorsOf({ iomesh: { zookeeper: { podPolicy: { labels: {} } } } })).toHaveLength(1);
  });

  it('proposes the charts within the chart', () => {
    const { properties } = schemaFile(FILE) as { properties: object };
    for (const key of ['prepareCSI', 'blockdevice-monitor', 'iomesh-localpv-manager', 'csi-driver', 'deck'])
      expect(properties).toHaveProperty([key]);
    expect(properties).not.toHaveProperty(['localpv-manager']);
  });
});

describe.skipIf(DATA === undefined)(
  'the schema of Helm values and the guides (needs IOMESH_VENDOR_DATA: values of the guides)',
  () => {
    it.each(DATA === undefined ? [] : readdirSync(GUIDES))('accepts and knows the values of %s', (guide) => {
      const values = load(readFileSync(join(GUIDES, guide, 'iomesh-values.yaml'), 'utf8')) as Json;
      expect(errorsOf(values)).toEqual([]);
      const schema = schemaFile(FILE);
      expect(unproposed(values, schema, schema)).toEqual([]);
    });
  },
);
