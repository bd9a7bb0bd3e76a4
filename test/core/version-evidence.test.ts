/** What decides the release of IOMesh if the configuration does not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/base/json.ts';
import { definitionEvidence, FIELDS_OF_1_1 } from '../../src/core/base/version-evidence.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { judge, judgeChange } from '../../src/core/judge/judge.ts';
import { nodeAt, treeOf } from '../../src/core/schema/field-tree.ts';
import { World } from '../../src/core/world.ts';

function object(kind: 'IOMeshCluster' | 'ZookeeperCluster', name: string, spec: JsonObject): Resource {
  const apiVersion = kind === 'IOMeshCluster' ? 'iomesh.com/v1alpha1' : 'zookeeper.pravega.io/v1beta1';
  return toResource({ apiVersion, kind, metadata: { name, namespace: 'a' }, spec })!;
}
const cluster = (name: string, spec: JsonObject) => object('IOMeshCluster', name, spec);
const zookeeper = (tag: string) => object('ZookeeperCluster', 'z', { image: { tag } });
const tagged = (name: string, tag: string) => cluster(name, { probe: { image: { tag } } });

const worldOf = (...resources: Resource[]) => World.of({ resources, today: '2026-11-23' });
const versionOf = (...resources: Resource[]) => worldOf(...resources).iomeshVersion;

describe('without iomeshVersion in the configuration, the release', () => {
  it.each([
    [[], '1.0'],
    [[cluster('c', {})], '1.0'],
    [[cluster('c', { version: 'v1.1.0' })], '1.1'],
    [[cluster('c', { version: 'v1.2.0' })], '1.2'],
    [[cluster('c', { version: 'v2.0.0' })], '1.2'],
    [[cluster('c', { version: '<version>' })], '1.0'],
    [[cluster('c', { edition: 'community' })], '1.1'],
    [[cluster('c', { clusterID: -1 })], '1.1'],
    [[cluster('c', { edition: null })], '1.0'],
    [[cluster('c', { edition: { toString: 1 } })], '1.0'],
    [[tagged('c', 'v1.0.1')], '1.0'],
    [[tagged('c', 'v1.1.0')], '1.1'],
    [[zookeeper('3.5.9')], '1.0'],
    [[zookeeper('3.5.9-20')], '1.2'],
    // Several objects: the strongest kind of evidence, then the latest release.
    [[cluster('c', { version: 'v1.1.0' }), zookeeper('3.5.9-20')], '1.1'],
    [[tagged('c', 'v1.0.1'), tagged('d', 'v1.1.0')], '1.1'],
    [[tagged('c', 'v1.0.1'), cluster('d', { edition: '' })], '1.0'],
    [[cluster('c', { platform: '' }), zookeeper('3.5.9-20')], '1.2'],
  ] as const)('of %j is %s, in any order', (resources, version) => {
    expect(versionOf(...resources)).toBe(version);
    expect(versionOf(...[...resources].reverse())).toBe(version);
  });

  it('is that of the management cluster if it names one, whatever a pool says', () => {
    const at = (namespace: string, spec: JsonObject) => {
      const { ref, json } = cluster('iomesh', spec);
      return toResource({ ...json, metadata: { name: ref.name, namespace } })!;
    };
    const management = at('iomesh-system', { probe: { image: { tag: 'v1.0.1' } } });
    const pool = at('tenant', { version: 'v1.2.0' });
    expect(versionOf(management, pool)).toBe('1.0');
    expect(worldOf(management).with({ after: pool }).iomeshVersion).toBe('1.0');
    expect(worldOf(pool).iomeshVersion).toBe('1.2');
    expect(worldOf(pool).with({ after: management }).iomeshVersion).toBe('1.0');
    // A field that came with 1.1 names no release.
    expect(versionOf(at('iomesh-system', { edition: '' }), pool)).toBe('1.2');
  });

  it('is the configured one if there is one', () => {
    const resources = [cluster('c', { version: 'v1.2.0' })];
    const config = { ...DEFAULT_CONFIG, iomeshVersion: '1.0' as const };
    const world = World.of({ resources, today: '2026-11-23', config });
    expect([world.iomeshVersion, world.evidence]).toEqual(['1.0', undefined]);
  });
});

describe('the installed definition', () => {
  const folder = join(import.meta.dirname, '../e2e/crds');
  const vendor = process.env['IOMESH_VENDOR_DATA'];
  const files = [folder, ...(vendor === undefined ? [] : [join(vendor, 'crds')])].flatMap((each) =>
    readdirSync(each)
      .filter((name) => name.startsWith('iomeshclusters-'))
      .map((name) => join(each, name)),
  );
  const read = (file: string) => definitionEvidence(load(readFileSync(file, 'utf8')) as Json);
  const definition = (spec: JsonObject) =>
    definitionEvidence({ spec: { versions: [{ schema: { openAPIV3Schema: { properties: { spec } } } }] } });
  const old = definition({ properties: { meta: {} } });
  const later = definition({ properties: { meta: {}, edition: {} } });

  it.each(files)('of %s shows 1.0, or 1.1 and later', (file) => {
    expect(read(file)?.version).toBe(file.includes('-1.0') ? '1.0' : '1.1');
  });

  it('is recognised by fields that came with 1.1', () => {
    for (const field of FIELDS_OF_1_1) {
      expect(nodeAt(treeOf('IOMeshCluster', '1.0')!, ['spec', field])).toBeUndefined();
      expect(nodeAt(treeOf('IOMeshCluster', '1.1')!, ['spec', field])).toBeDefined();
    }
  });

  it('shows nothing if it does not list the fields', () => {
    expect(definition({})).toBeUndefined();
    expect(
      definition({ properties: { meta: {} }, 'x-kubernetes-preserve-unknown-fields': true }),
    ).toBeUndefined();
    expect(definitionEvidence({})).toBeUndefined();
  });

  it.each([
    [old, [], '1.0'],
    [later, [], '1.1'],
    [later, [cluster('c', {})], '1.1'],
    // A definition that was read before an upgrade.
    [old, [cluster('c', { clusterID: -1 })], '1.1'],
    [later, [zookeeper('3.5.9-20')], '1.2'],
    [later, [tagged('c', 'v1.0.1')], '1.0'],
  ] as const)('%# decides where no object does', (shown, resources, version) => {
    const world = World.of({ resources, definition: shown, today: '2026-11-23' });
    expect(world.iomeshVersion).toBe(version);
    expect(world.evidence).toBeDefined();
  });

  it('of 1.0 contradicts a later release in the configuration', () => {
    const config = { ...DEFAULT_CONFIG, iomeshVersion: '1.2' as const };
    const world = World.of({ resources: [cluster('c', {})], definition: old, today: '2026-11-23', config });
    const found = judge(world).findings.filter(({ code }) => code === 'IOM009');
    expect(found.map(({ message }) => message)).toEqual([
      'the installed definition of IOMeshClusters has no field spec.edition, as in IOMesh 1.0, but iomeshVersion is "1.2" in the configuration',
    ]);
  });
});

describe('a change', () => {
  const later = cluster('c', { version: 'v1.1.0' });

  it('that shows a later release applies its rules before and after', () => {
    const world = worldOf(cluster('c', {}));
    const after = world.with({ before: world.all('IOMeshCluster')[0], after: later });
    expect([after.iomeshVersion, after.base?.iomeshVersion, world.iomeshVersion]).toEqual([
      '1.1',
      '1.1',
      '1.0',
    ]);
    expect(after.base?.schemaKey).toBe(after.schemaKey);
    expect(after.base?.all('IOMeshCluster')).toEqual(world.all('IOMeshCluster'));
    expect(after.inMode('admission').iomeshVersion).toBe('1.1');
  });

  it('keeps the release of the world, and the world itself, otherwise', () => {
    const world = worldOf(later);
    const deleted = world.with({ before: later });
    expect([deleted.iomeshVersion, deleted.base]).toEqual(['1.1', world]);
    const without = world.with({ before: later, after: cluster('c', {}) });
    expect([without.iomeshVersion, without.base]).toEqual(['1.1', world]);
  });
});

describe('a configured release that several clusters contradict', () => {
  it('is one finding with what all of them show, in a change of one as in the whole world', () => {
    const before = cluster('c', { version: 'v1.1.0' });
    const other = cluster('d', { version: 'v1.2.0' });
    const config = { ...DEFAULT_CONFIG, iomeshVersion: '1.0' as const };
    const world = World.of({ resources: [before, other], today: '2026-11-23', config });
    const { warned } = judgeChange(world, { before, after: cluster('c', { version: 'v1.1.1' }) });
    const evidence = warned.filter(({ code }) => code === 'IOM009').map((each) => each.evidence.join());
    expect(evidence).toEqual(['1.1,1.2']);
  });
});

describe('where only IOMesh 1.0 wants a connection ConfigMap', () => {
  const located = (name: string) => {
    const { json } = cluster(name, {});
    return toResource({ ...json, metadata: { name, namespace: name } })!;
  };
  const parameters = { iomeshCluster: 'pool/pool' };
  const storageClass = toResource({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'gold' },
    provisioner: DEFAULT_CONFIG.provisioner,
    parameters,
  })!;
  const clusters = [located('pool'), located('another')];

  it.each([
    ['IOM501', storageClass],
    ['IOM207', clusters[0]!],
  ])('%s names the key of the configuration', (code, object) => {
    const { findings } = judge(worldOf(...clusters, storageClass));
    const found = findings.find((each) => each.code === code && each.object?.name === object.ref.name);
    expect(found?.help).toContain('if it is installed, set iomeshVersion in the configuration');
  });
});
