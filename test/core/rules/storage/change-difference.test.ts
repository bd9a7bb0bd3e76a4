/**
 * Admission evaluates only the objects that a change can affect. This test compares it with a full evaluation:
 * the findings of the world after the change that are not among those of the world before.
 */
import { sectionRules } from '../../../support/rules.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../../src/core/base/config.ts';
import type { Finding } from '../../../../src/core/finding.ts';
import { judge, judgeChange } from '../../../../src/core/judge/judge.ts';
import type { JsonObject } from '../../../../src/core/base/json.ts';
import { type Change, type Resource, toResource } from '../../../../src/core/base/model.ts';
import { World } from '../../../../src/core/world.ts';

const RULES = sectionRules(4, 5).filter((rule) => rule.severity.admission !== 'none');

const CLUSTERS = ['iomesh-system/iomesh', 'pool-a/fast', 'pool-b/slow'];
const tag = fc.constantFrom('v1', 'v1', 'v1-community', 'v2', undefined);
const optional = (value: string | undefined, key: string) => (value === undefined ? {} : { [key]: value });

const cluster = fc
  .record({
    id: fc.constantFrom(...CLUSTERS),
    tags: fc.tuple(tag, tag, tag, tag),
    registry: fc.constantFrom('iomesh', 'iomesh', 'mirror.example/iomesh', ''),
    edition: fc.constantFrom(undefined, '', 'community', 'enterprise'),
    pullPolicy: fc.constantFrom(undefined, 'Always', 'always'),
  })
  .map(({ id, tags, registry, edition, pullPolicy }): JsonObject => {
    const image = (index: number, name: string) => ({
      image: {
        repository: registry === '' ? '' : `${registry}/${name}`,
        ...optional(tags[index], 'tag'),
        ...optional(pullPolicy, 'pullPolicy'),
      },
    });
    return {
      apiVersion: 'iomesh.com/v1alpha1',
      kind: 'IOMeshCluster',
      metadata: named(id),
      spec: {
        meta: image(0, 'zbs-metad'),
        chunk: image(1, 'zbs-chunkd'),
        redirector: image(2, 'zbs-iscsi-redirectord'),
        probe: image(3, 'operator-probe'),
        ...optional(edition, 'edition'),
      },
    };
  });

const zookeeper = fc
  .record({
    id: fc.constantFrom(...CLUSTERS),
    repository: fc.constantFrom('zookeeper', 'mirror/zookeeper', ''),
  })
  .map(
    ({ id, repository }): JsonObject => ({
      apiVersion: 'zookeeper.pravega.io/v1beta1',
      kind: 'ZookeeperCluster',
      metadata: named(`${id}-zookeeper`),
      spec: { image: { repository } },
    }),
  );

const connection = fc
  .record({
    id: fc.constantFrom('iomesh-system/link', 'pool-a/link', 'pool-b/link'),
    metaAddr: fc.constantFrom(
      'iomesh-meta-client.iomesh-system.svc.cluster.local:10100',
      'fast-meta-client.pool-a.svc.cluster.local:10100',
      'slow-meta-client.pool-b.svc.cluster.local:10100',
      'nonsense',
      undefined,
    ),
  })
  .map(
    ({ id, metaAddr }): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: named(id),
      data: { clusterId: 'x', ...optional(metaAddr, 'metaAddr') },
    }),
  );

const reference = (...right: string[]) =>
  fc.constantFrom(...right, ...right, 'no-namespace', 'gone/gone', undefined);
const storageClass = fc
  .record({
    name: fc.constantFrom('fast', 'slow', 'iomesh-csi-driver'),
    connection: reference('iomesh-system/link', 'pool-a/link', 'pool-b/link'),
    cluster: reference(...CLUSTERS),
    key: fc.constantFrom('iomeshCluster', 'iomeshCluster', 'iomeshcluster'),
    replicaFactor: fc.constantFrom('2', '1', undefined),
    reclaimPolicy: fc.constantFrom(undefined, 'Retain', 'Delete'),
    top: fc.constantFrom(undefined, 'Retain', 'Delete'),
  })
  .map(
    (each): JsonObject => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: each.name },
      provisioner: 'com.iomesh.csi-driver',
      ...optional(each.top, 'reclaimPolicy'),
      parameters: {
        ...optional(each.connection, 'clusterConnection'),
        ...optional(each.cluster, each.key),
        ...optional(each.replicaFactor, 'replicaFactor'),
        ...optional(each.reclaimPolicy, 'reclaimPolicy'),
      },
    }),
  );

function named(id: string): JsonObject {
  const [namespace, name] = id.split('/');
  return { namespace: namespace!, name: name! };
}

/** Several draws, of which one per name is kept, so that most references have their object. */
const draws = (arbitrary: fc.Arbitrary<JsonObject>) => fc.array(arbitrary, { minLength: 2, maxLength: 8 });
const resourcesOf = (objects: readonly JsonObject[]) =>
  objects
    .map((json) => toResource(json)!)
    .filter((each, index, all) => all.findIndex(({ key }) => key === each.key) === index);
const worlds = fc
  .tuple(draws(cluster), draws(zookeeper), draws(connection), draws(storageClass))
  .map((kinds) => resourcesOf(kinds.flat()));
const anything = fc.oneof(cluster, zookeeper, connection, storageClass).map((json) => toResource(json)!);

/** The new findings according to a full comparison of two worlds. */
function introduced(before: World, after: World): Finding[] {
  const pieces = (finding: Finding) => finding.evidence.map((piece) => `${finding.identity}\0${piece}`);
  const past = new Set(judge(before, RULES).findings.flatMap(pieces));
  return judge(after, RULES).findings.filter((finding) => pieces(finding).some((piece) => !past.has(piece)));
}

/** True if admission leaves the finding to another rule: IOM401 of followers to IOM403, and findings of a deletion to IOM601 or IOM602. */
function isLeftToAnotherRule(finding: Finding, changed: Resource, change: Change, world: World): boolean {
  if (finding.objects.some((party) => party.key === changed.key)) return false;
  if (finding.code === 'IOM401') return world.isManagement(changed.ref);
  const rule = RULES.find((each) => each.code === finding.code);
  return change.after === undefined && rule?.deletionReportedBy !== undefined;
}

const summary = (findings: readonly Finding[]) =>
  findings.map((each) => `${each.identity} ${each.code}`).sort();

it.each(['1.0', '1.2'] as const)(
  'admission reports exactly the findings that a change introduces (%s)',
  (iomeshVersion) => {
    fc.assert(
      fc.property(worlds, anything, fc.boolean(), (resources, subject, removes) => {
        const world = World.of({
          resources,
          today: '2026-11-23',
          config: { ...DEFAULT_CONFIG, iomeshVersion },
        });
        const previous = world.getByKey(subject.key);
        if (removes && previous === undefined) return;
        const change: Change = {
          ...(previous === undefined ? {} : { before: previous }),
          ...(removes ? {} : { after: subject }),
        };
        const after = world.with(change);
        const expected = introduced(world, after).filter(
          (each) => !isLeftToAnotherRule(each, subject, change, after),
        );
        const { denied, warned } = judgeChange(world, change, RULES);
        const fresh = new Set(expected.map((each) => each.identity));
        const reported = [...denied, ...warned].filter((each) => each.code !== 'IOM403');
        expect(summary(reported.filter((each) => fresh.has(each.identity)))).toEqual(summary(expected));
        // A previous finding is never denied.
        expect(summary(denied.filter((each) => !fresh.has(each.identity)))).toEqual([]);
        // Previous findings are reported again only for the changed object itself.
        for (const each of reported)
          if (!fresh.has(each.identity))
            expect(each.objects.some((party) => party.key === subject.key)).toBe(true);
      }),
      { numRuns: 600 },
    );
  },
);
