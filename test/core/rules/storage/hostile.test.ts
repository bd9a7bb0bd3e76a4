/** Rules never throw, whatever JSON a field has. */
import { sectionRules } from '../../../support/rules.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../../src/core/base/config.ts';
import { judge, judgeChange } from '../../../../src/core/judge/judge.ts';
import type { Json, JsonObject } from '../../../../src/core/base/json.ts';
import { toResource } from '../../../../src/core/base/model.ts';
import { World } from '../../../../src/core/world.ts';

const RULES = sectionRules(4, 5);
const junk = fc.oneof(
  fc.constantFrom<Json>(null, true, 3, 1n << 64n, '', 'v1', '/', 'a/b/c', '\u0000', '<ns>/<name>', [], {}, [
    [],
  ]),
  fc.string(),
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
  fc.constant(JSON.parse('{"__proto__": {"tag": "v1"}, "constructor": 1}') as Json),
);

function either(value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: junk });
}

function record(shape: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> {
  return fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Json>;
}

const image = either(record({ repository: junk, tag: junk, pullPolicy: junk }));
const component = either(record({ image, devicemanager: either(record({ image })) }));
const spec = either(
  record({
    meta: component,
    chunk: component,
    redirector: component,
    probe: component,
    image,
    edition: junk,
    storageClassName: junk,
    accessModes: junk,
    volumeMode: junk,
  }),
);
const parameters = either(
  record({
    clusterConnection: junk,
    iomeshCluster: junk,
    iomeshcluster: junk,
    replicaFactor: junk,
    ec_k: junk,
    thinProvision: junk,
    reclaimPolicy: junk,
    'csi.storage.k8s.io/fstype': junk,
    __proto__: junk,
  }),
);
const kind = fc.constantFrom(
  ['iomesh.com/v1alpha1', 'IOMeshCluster'],
  ['zookeeper.pravega.io/v1beta1', 'ZookeeperCluster'],
  ['v1', 'ConfigMap'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['v1', 'PersistentVolumeClaim'],
);
const object = fc
  .record({
    kind,
    name: fc.constantFrom('iomesh', 'iomesh-zookeeper', 'pool', ''),
    namespace: fc.constantFrom('iomesh-system', 'pool', ''),
    provisioner: fc.constantFrom<Json>('com.iomesh.csi-driver', 3),
    reclaimPolicy: junk,
    data: either(record({ metaAddr: junk, clusterId: junk })),
    spec,
    parameters,
  })
  .map(({ kind: [apiVersion, name], ...rest }) =>
    toResource({
      ...rest,
      apiVersion,
      kind: name,
      metadata: { name: rest.name, namespace: rest.namespace },
    } as unknown as JsonObject),
  );

it.each(['1.0', '1.2'] as const)('evaluates any object without an error (%s)', (iomeshVersion) => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 6 }), object, (objects, subject) => {
      const resources = objects.filter((each) => each !== undefined);
      const config = { ...DEFAULT_CONFIG, iomeshVersion };
      const world = World.of({ resources, today: '2026-11-23', config });
      const change = { after: subject! };
      const findings = [
        ...judge(world, RULES).findings,
        ...judgeChange(world, change, RULES).denied,
        ...judgeChange(world, change, RULES).warned,
      ];
      for (const each of findings) {
        expect(each.message.length).toBeLessThan(800);
        expect(each.message).not.toMatch(/[\r\n]|undefined|\[object/);
        expect(each.help ?? '').not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: 400 },
  );
});
