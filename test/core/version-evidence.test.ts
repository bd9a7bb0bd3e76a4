/** What decides the release of IOMesh if the configuration does not. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/base/json.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { judge, judgeChange } from '../../src/core/judge/judge.ts';
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
