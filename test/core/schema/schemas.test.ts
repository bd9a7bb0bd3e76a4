/** The schemas as editors use them, and as compiled. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import * as compiled from '../../../src/core/schema/compiled.js';
import { validate } from '../../../src/core/schema/validate.ts';
import { editorSchemas, type JsonSchema, SCHEMA_FILES, schemaFile } from '../../support/schema-files.ts';

const ROOT = join(import.meta.dirname, '../../..');
const OF_KIND: Record<string, string> = {
  IOMeshCluster: 'iomeshcluster-1.0',
  ZookeeperCluster: 'zookeepercluster',
  ConfigMap: 'connection-configmap',
  StorageClass: 'storageclass',
};

function examples(): { name: string; object: JsonSchema }[] {
  return readdirSync(join(ROOT, 'examples/two-clusters'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) =>
      loadAll(readFileSync(join(ROOT, 'examples/two-clusters', name), 'utf8')).map((object) => ({
        name,
        object: object as JsonSchema,
      })),
    )
    .filter(({ object }) => Object.hasOwn(OF_KIND, object['kind'] as string));
}

describe('schemas', () => {
  it.each(SCHEMA_FILES)('%s is a valid JSON Schema whose references exist', (file) => {
    const ajv = editorSchemas();
    expect(ajv.validateSchema(schemaFile(file)), ajv.errorsText()).toBe(true);
    expect(() => ajv.getSchema(file)).not.toThrow();
  });

  it.each(examples())('accepts the correct set in an editor: $name', ({ object }) => {
    const ajv = editorSchemas();
    const check = ajv.getSchema(`${OF_KIND[object['kind'] as string]}.schema.json`)!;
    expect(check(object), ajv.errorsText(check.errors)).toBe(true);
  });

  it('know every field of IOMesh 1.0 in 1.1 as well, and more, and the same fields in 1.2', () => {
    const known = (tree: number) => fields(tree).sort();
    const { iomeshCluster10, iomeshCluster11, iomeshCluster12 } = compiled.trees;
    const [old, later] = [known(iomeshCluster10), known(iomeshCluster11)];
    expect(old.filter((each) => !later.includes(each))).toEqual([]);
    expect(later.filter((each) => !old.includes(each))).toEqual([
      'spec.chunk.deviceMap.*.include',
      'spec.chunk.deviceMap.cacheWithJournal.include',
      'spec.chunk.deviceMap.dataStore.include',
      'spec.chunk.deviceMap.dataStoreWithJournal.include',
      'spec.chunk.deviceMap.rawCache.include',
      'spec.chunk.extraEnvs',
      'spec.clusterID',
      'spec.cpuExclusiveOptions',
      'spec.cpuExclusiveOptions.cpuExclusivePolicy',
      'spec.cpuExclusiveOptions.exclusiveCpusets',
      'spec.cpuExclusiveOptions.exclusiveCpusets.chunk',
      'spec.cpuExclusiveOptions.exclusiveCpusets.meta',
      'spec.edition',
      'spec.meta.extraEnvs',
      'spec.platform',
      'spec.redirector.extraEnvs',
      'spec.redirector.iscsiServerPort',
      'spec.version',
      'status.summary.chunkSummary.chunks[].nodename',
      'status.summary.chunkSummary.chunks[].spaceInfo.allocatedDataSpace',
      'status.summary.clusterSummary.spaceInfo.allocatedDataSpace',
    ]);
    expect(known(iomeshCluster12)).toEqual(later);
  });

  it('describe each field of the objects for editors', () => {
    const bare: string[] = [];
    for (const name of ['iomeshcluster-1.0', 'iomeshcluster-1.1', 'iomeshcluster-1.2', 'config']) {
      const file = `${name}.schema.json`;
      for (const [path, each] of properties(file, schemaFile(file)))
        if (describesNothing(file, each)) bare.push(`${name} ${path}`);
    }
    const known = / (apiVersion|kind|Status\.|SpaceInfo\.)|resources/;
    const kubernetes = / (Toleration|PodPolicy|Resources|PodAffinity|PodAffinityTerm|LabelSelector)\./;
    expect(bare.filter((each) => !known.test(each) && !kubernetes.test(each))).toEqual([]);
  });

  it('name a rule that checks a value only where they constrain the value', () => {
    for (const file of SCHEMA_FILES) {
      for (const marked of everySchema(schemaFile(file))) {
        if (marked['x-judged-by'] === undefined) continue;
        expect(marked['x-judged-by']).toMatch(/^IOM\d{3}$/);
        expect(['enum', 'pattern', 'minimum', 'required'].some((keyword) => keyword in marked)).toBe(true);
      }
    }
  });
});

describe('the schema of the configuration', () => {
  it.each([
    [{}, true],
    [
      { managementCluster: 'iomesh-system/iomesh', iomeshVersion: '1.2', clusterDomain: 'cluster.local' },
      true,
    ],
    [{ nodes: ['a', { name: 'b', labels: { zone: 'c' } }] }, true],
    [
      {
        pools: { 'ns/name': { 'kubernetes.io/hostname': ['a'] } },
        rules: { IOM101: 'off', 'scale-step': 'error' },
      },
      true,
    ],
    [{ rules: { 'affinity-split': false } }, true],
    [{ mode: 'warn' }, true],
    [{ mode: 'wran' }, false],
    [{ iomeshVersion: 1 }, false],
    [{ managementCluster: 'iomesh' }, false],
    [{ nodes: [{ labels: {} }] }, false],
    [{ nodes: [{ name: 'a', label: {} }] }, false],
    [{ pools: { name: {} } }, false],
    [{ pools: { 'ns/name': { zone: 'a' } } }, false],
    [{ rules: { IOM101: 'warn' } }, false],
    [{ manegementCluster: 'a/b' }, false],
    [[], false],
    [null, false],
  ])('validates %j: %s', (value, valid) => {
    expect(validate(compiled.trees.config, value).errors.length === 0).toBe(valid);
    expect(editorSchemas().getSchema('config.schema.json')!(value)).toBe(valid);
  });
});

function fields(tree: number, path = ''): string[] {
  const node = compiled.nodeOf(tree);
  const here = Object.entries(node.fields ?? {}).flatMap(([name, index]) => {
    const field = path === '' ? name : `${path}.${name}`;
    return [field, ...fields(index, field)];
  });
  const below = [
    node.entries === undefined ? [] : fields(node.entries, `${path}.*`),
    node.items === undefined ? [] : fields(node.items, `${path}[]`),
  ];
  return [...here, ...below.flat()];
}

function* properties(file: string, of: JsonSchema, path = ''): Iterable<[string, JsonSchema]> {
  for (const [name, each] of Object.entries((of['properties'] ?? {}) as Record<string, JsonSchema>)) {
    yield [`${path}${name}`, each];
    yield* properties(file, each, `${path}${name}.`);
  }
  for (const [name, each] of Object.entries((of['definitions'] ?? {}) as Record<string, JsonSchema>))
    yield* properties(file, each, `${name}.`);
}

function describesNothing(file: string, of: JsonSchema): boolean {
  if (of['description'] !== undefined || of['title'] !== undefined) return false;
  if (typeof of['$ref'] !== 'string') return true;
  const [target, pointer] = of['$ref'].split('#') as [string, string];
  const home = target === '' ? file : target;
  let found: JsonSchema = schemaFile(home);
  for (const step of pointer.split('/').slice(1)) found = found[step] as JsonSchema;
  return describesNothing(home, found);
}

function* everySchema(value: unknown): Iterable<JsonSchema> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as JsonSchema;
  for (const each of Object.values(value)) yield* everySchema(each);
}
