/**
 * An admission looks only at what a change can touch. Here it is held against the long way round: all
 * findings of the world before, all of the world after, and what the second has that the first has not.
 */
import { sectionRules } from '../../../support/rules.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/finding.ts';
import { judge, judgeChange } from '../../../../src/core/judge/judge.ts';
import type { JsonObject } from '../../../../src/core/base/json.ts';
import { type Change, type Resource, toResource } from '../../../../src/core/base/model.ts';
import { World } from '../../../../src/core/world.ts';

const RULES = sectionRules(2, 3).filter((rule) => rule.severity.admission !== 'none');

const optional = (value: string | undefined, key: string) => (value === undefined ? {} : { [key]: value });

const connection = fc
  .record({
    id: fc.constantFrom(
      'iomesh-system/link',
      'iomesh-system/second',
      'pool-a/link',
      'pool-b/link',
      'else/link',
    ),
    clusterId: fc.constantFrom('x', 'x', 'y', 'z', '', '<id>', undefined),
    iscsiPortal: fc.constantFrom('127.0.0.1:3260', '127.0.0.1:1', undefined),
    metaAddr: fc.constantFrom(
      'iomesh-meta-client.iomesh-system.svc.cluster.local:10100',
      'fast-meta-client.pool-a.svc.cluster.local:10100',
      'fast-meta-client.pool-a.svc.cluster.local:10100.',
      'slow-meta-client.pool-b.svc.cluster.local:10100',
      'slow-meta-client.pool-a.svc.cluster.local:10100',
      'nonsense',
      undefined,
    ),
  })
  .map(({ id, ...keys }): JsonObject => {
    const data = Object.entries(keys).map(([key, value]) => optional(value, key));
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: named(id), data: Object.assign({}, ...data) };
  });

const cluster = fc
  .record({
    id: fc.constantFrom('iomesh-system/iomesh', 'pool-a/fast', 'pool-b/slow'),
    namespace: fc.constantFrom('iomesh-system', 'pool-a', undefined),
    mode: fc.constantFrom('hybridFlash', 'allFlash', undefined),
    mounts: fc.subarray(['cacheWithJournal', 'dataStore', 'dataStoreWithJournal', 'rawCache', 'datastore']),
    cidrs: fc.tuple(
      fc.constantFrom('10.0.0.0/24', '10.0.0.1/24', 'x'),
      fc.constantFrom('10.0.0.0/24', '10.1.0.0/24'),
    ),
  })
  .map(
    ({ id, namespace, mode, mounts, cidrs }): JsonObject => ({
      apiVersion: 'iomesh.com/v1alpha1',
      kind: 'IOMeshCluster',
      metadata: named(id),
      spec: {
        ...optional(mode, 'diskDeploymentMode'),
        chunk: {
          dataCIDR: cidrs[0],
          devicemanager: { image: { repository: 'a' }, ...optional(namespace, 'blockDeviceNamespace') },
          deviceMap: Object.fromEntries(mounts.map((type) => [type, {}])),
        },
        redirector: { dataCIDR: cidrs[1] },
      },
    }),
  );

const storageClass = fc
  .record({
    name: fc.constantFrom('fast', 'slow'),
    clusterConnection: fc.constantFrom('pool-a/link', 'pool-b/link', 'else/link', undefined),
  })
  .map(
    ({ name, clusterConnection }): JsonObject => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'com.iomesh.csi-driver',
      parameters: optional(clusterConnection, 'clusterConnection'),
    }),
  );

function named(id: string): JsonObject {
  const [namespace, name] = id.split('/');
  return { namespace: namespace!, name: name! };
}

const draws = (arbitrary: fc.Arbitrary<JsonObject>) => fc.array(arbitrary, { maxLength: 7 });
const worlds = fc
  .tuple(draws(connection), draws(connection), draws(cluster), draws(storageClass))
  .map((kinds) => kinds.flat().map((json) => toResource(json)!))
  .map((all) => all.filter((each, index) => all.findIndex(({ key }) => key === each.key) === index));
const anything = fc
  .oneof(
    { weight: 3, arbitrary: connection },
    { weight: 2, arbitrary: cluster },
    { weight: 1, arbitrary: storageClass },
  )
  .map((json) => toResource(json)!);

/** What a full comparison of two worlds finds to be new. */
function introduced(before: World, after: World): Finding[] {
  const pieces = (finding: Finding) => finding.evidence.map((piece) => `${finding.identity}\0${piece}`);
  const past = new Set(judge(before, RULES).findings.flatMap(pieces));
  return judge(after, RULES).findings.filter((finding) => pieces(finding).some((piece) => !past.has(piece)));
}

const summary = (findings: readonly Finding[]) => findings.map((each) => each.identity).sort();
const concerns = (finding: Finding, changed: Resource) =>
  finding.objects.some((party) => party.key === changed.key);

it('an admission tells just what a change brings', () => {
  fc.assert(
    fc.property(worlds, anything, fc.boolean(), (resources, subject, removes) => {
      const world = World.of({ resources, today: '2026-11-23' });
      const stood = world.getByKey(subject.key);
      if (removes && stood === undefined) return;
      const change: Change = {
        ...(stood === undefined ? {} : { before: stood }),
        ...(removes ? {} : { after: subject }),
      };
      const { denied, warned } = judgeChange(world, change, RULES);
      // A deletion brings no fault that these rules speak of.
      if (removes) {
        expect(summary([...denied, ...warned])).toEqual([]);
        return;
      }
      const expected = introduced(world, world.with(change));
      const fresh = new Set(expected.map((each) => each.identity));
      const told = [...denied, ...warned];
      expect(summary(told.filter((each) => fresh.has(each.identity)))).toEqual(summary(expected));
      expect(summary(denied.filter((each) => !fresh.has(each.identity)))).toEqual([]);
      for (const each of told) if (!fresh.has(each.identity)) expect(concerns(each, subject)).toBe(true);
    }),
    { numRuns: 600 },
  );
});
