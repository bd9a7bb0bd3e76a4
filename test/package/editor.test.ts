/** The schemas as an editor uses them: one for every document of a file, by its kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Ajv from 'ajv';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT } from '../support/run-cli.ts';
import { SCHEMA_FILES } from '../support/schema-files.ts';
import { LanguageServer } from './language-server.ts';

const SCHEMAS = join(ROOT, 'schemas');
const ajv = new Ajv({ strict: false, allErrors: true, formats: { int32: true, int64: true } });
for (const name of SCHEMA_FILES) ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8')), name);

const KINDS = /(^|\/)(iomesh|storageclass|connection|zookeeper)\.yaml$/;

/** What the schema says of each document below a folder of examples: `file field message`. */
function complaints(version: '1.0' | '1.1' | '1.2', example: string): string[] {
  const validate = ajv.getSchema(`iomesh-${version}.schema.json`)!;
  const folder = join(ROOT, 'examples', example);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => KINDS.test(name))
    .sort()
    .flatMap((name) =>
      loadAll(readFileSync(join(folder, name), 'utf8')).map((document) => ({ name, document })),
    )
    .flatMap(({ name, document }) =>
      validate(document)
        ? []
        : validate.errors!.map((error) => `${basename(name)} ${error.instancePath} ${error.message}`),
    );
}

describe('iomesh-1.0.schema.json', () => {
  it('has nothing against correct manifests', () => {
    expect(complaints('1.0', 'two-clusters')).toEqual([]);
  });

  it('marks what is wrong in an object of each kind', () => {
    const found = complaints('1.0', 'broken');
    for (const part of [
      'iomesh.yaml /spec/meta/replicas',
      'storageclass.yaml /parameters/',
      'connection.yaml /data/',
      'zookeeper.yaml /spec/replicas',
    ])
      expect(
        found.some((each) => each.startsWith(part)),
        `${part} in\n${found.join('\n')}`,
      ).toBe(true);
  });
});

describe.each(['1.0', '1.1', '1.2'] as const)('iomesh-%s.schema.json', (version) => {
  const validate = ajv.getSchema(`iomesh-${version}.schema.json`)!;

  it.each([
    ['a Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', spec: 7 }],
    ['a ConfigMap of something else', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 1 }, more: true }],
    [
      'a StorageClass of something else',
      { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', provisioner: 'example.com/nfs', x: 1 },
    ],
    [
      'a ConfigMap of another application with one of the keys',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kafka' },
        data: { clusterId: 'a', brokers: 3 },
      },
    ],
    ['an empty document', null],
    ['Helm values', { kind: 1 }],
  ])('passes %s', (_what, document) => {
    expect(validate(document)).toBe(true);
  });

  it.each([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'iomesh-c' }, data: { clusterId: 'a' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c' },
      data: { clusterId: 'a', iscsiPortal: '127.0.0.1:3260' },
    },
    { apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', metadata: { name: 'c' } },
    { apiVersion: 'zookeeper.pravega.io/v1beta1', kind: 'ZookeeperCluster', metadata: { name: 'c' } },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'c' },
      provisioner: 'com.iomesh.csi-driver',
      parameters: { replicaFactor: 2 },
    },
  ])('refuses an unfinished $kind', (document) => {
    expect(validate(document)).toBe(false);
  });
});

const SERVER = process.env['YAML_LANGUAGE_SERVER'];

describe.skipIf(SERVER === undefined)('yaml-language-server', () => {
  const modeline = (path: string) => `# yaml-language-server: $schema=${path}\n`;
  const manifests = (example: string) =>
    ['iomesh', 'storageclass', 'connection', 'zookeeper']
      .map(
        (name) =>
          `---\n${modeline('../schemas/iomesh-1.0.schema.json')}${readFileSync(join(ROOT, 'examples', example, `${name}.yaml`), 'utf8')}`,
      )
      .join('');
  const folder = folderOf({
    ...Object.fromEntries(SCHEMA_FILES.map((name) => [`schemas/${name}`, readFileSync(join(SCHEMAS, name))])),
    'pools/good.yaml': manifests('two-clusters/cluster-1'),
    'pools/bad.yaml': manifests('broken/pool'),
    'iomesh-guard.yaml': `${modeline('./schemas/config.schema.json')}iomeshVersion: 1.3\nruless: {}\n`,
  });

  it('marks a bad file, is silent on a good one, and explains fields', async () => {
    const server = await LanguageServer.start(SERVER!, folder);
    try {
      const bad = (await server.open('pools/bad.yaml')).map((each) => each.message);
      expect(bad).toContain('Value is above the maximum of 5.');
      expect(bad.join('\n')).toContain('127.0.0.1:3260');
      expect(bad.join('\n')).toContain('Property blockDeviceNamespace is not allowed.');
      expect((await server.open('iomesh-guard.yaml')).map((each) => each.message)).toContain(
        'Property ruless is not allowed.',
      );
      expect(await server.open('pools/good.yaml')).toEqual([]);
      expect(await server.hover('pools/good.yaml', 'clusterConnection:')).toContain('<namespace>/<name>');
      expect(await server.hover('pools/good.yaml', 'dataCIDR:')).toContain('Data network');
    } finally {
      server.stop();
    }
  }, 60_000);
});
