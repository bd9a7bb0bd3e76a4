/** Whatever JSON stands where, and however much of it: the rules answer. */
import { sectionRules } from '../../../support/rules.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, judgeChange } from '../../../../src/core/judge/judge.ts';
import type { Json, JsonObject } from '../../../../src/core/base/json.ts';
import { toResource } from '../../../../src/core/base/model.ts';
import { World } from '../../../../src/core/world.ts';

const RULES = sectionRules(2, 3);
const junk = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    3,
    1n << 64n,
    '',
    ':',
    '/',
    '.svc.',
    '-meta-client.',
    '::/',
    '<a>',
    [],
    {},
    [[]],
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
  fc.constant(JSON.parse('{"__proto__": {"selector": {}}, "constructor": {}}') as Json),
);

function either(value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: junk });
}

function record(shape: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> {
  return either(fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Json>);
}

const entry = record({
  selector: record({ matchLabels: junk, matchExpressions: junk }),
  include: junk,
  exclude: junk,
});
const bodies = fc.tuple(
  record({ clusterId: junk, iscsiPortal: junk, metaAddr: junk, metaaddr: junk }),
  record({
    diskDeploymentMode: junk,
    reclaimPolicy: record({ volume: junk, blockdevice: junk }),
    chunk: record({
      dataCIDR: junk,
      devicemanager: record({ blockDeviceNamespace: junk }),
      deviceMap: record({ dataStore: entry, rawCache: entry, cachewithjournal: entry }),
    }),
    redirector: record({ dataCIDR: junk }),
  }),
  record({ persistence: record({ reclaimPolicy: junk }) }),
  junk,
);

function resourcesOf([data, spec, zookeeper, parameters]: readonly Json[]) {
  const metadata = { namespace: 'iomesh-system', name: 'iomesh' };
  const objects: JsonObject[] = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: data! },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, namespace: 'b' }, data: data! },
    { apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', metadata, spec: spec! },
    {
      apiVersion: 'iomesh.com/v1alpha1',
      kind: 'IOMeshCluster',
      metadata: { ...metadata, namespace: 'b' },
      spec: spec!,
    },
    { apiVersion: 'zookeeper.pravega.io/v1beta1', kind: 'ZookeeperCluster', metadata, spec: zookeeper! },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata,
      provisioner: 'com.iomesh.csi-driver',
      parameters: parameters!,
    },
  ];
  return objects.map((json) => toResource(json)!);
}

describe('hostile input', () => {
  it('never throws, and every message is one short line', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const resources = resourcesOf(body);
        const world = World.of({ resources, today: '2026-11-23' });
        for (const { message } of judge(world, RULES).findings) expect(message.length).toBeLessThan(500);
        for (const before of resources) {
          judgeChange(world, { before }, RULES);
          judgeChange(world, { before, after: before }, RULES);
          judgeChange(World.of({ resources: [], today: '2026-11-23' }), { after: before }, RULES);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('is not slowed or flooded by huge values', () => {
    const huge = 'a-meta-client.'.repeat(70_000);
    const mounts = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`dataStore${index}`, {}]),
    );
    const resources = resourcesOf([
      { clusterId: huge, iscsiPortal: huge, metaAddr: huge },
      { chunk: { dataCIDR: huge, deviceMap: mounts }, redirector: { dataCIDR: huge } },
      { persistence: { reclaimPolicy: huge } },
      { clusterConnection: huge },
    ]);
    const start = performance.now();
    const { findings } = judge(World.of({ resources, today: '2026-11-23' }), RULES);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(findings.length).toBeLessThan(250);
    for (const { message } of findings) expect(message.length).toBeLessThan(500);
  });
});
