/** Decisions of the validating webhook, without HTTP. */
import { expect, it } from 'vitest';
import { admit, intentOf } from '../../src/admission/admit.ts';
import { parseBody, parseReview } from '../../src/admission/review.ts';
import { toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { reviewOf } from '../support/webhook.ts';

const world = readWorld(caseText({ name: 'admit' }), { name: 'admit' });
const cluster = world.get('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1')!;
const management = world.get('IOMeshCluster', 'iomesh-system', 'iomesh')!;

function decide(review: unknown, within: World = world) {
  const request = parseReview(parseBody(JSON.stringify(review)));
  return admit(request, intentOf(request, within.config), within).response.response;
}

/** The answer to a request on the scale subresource of the pool's ZookeeperCluster; a Scale leaves out 0. */
function scaleZookeeper(from: number, to: number) {
  const metadata = { name: 'iomesh-cluster-1-zookeeper', namespace: 'iomesh-cluster-1' };
  const scale = (replicas: number) => ({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata,
    spec: replicas === 0 ? {} : { replicas },
  });
  return decide(
    reviewOf(
      { after: cluster, before: cluster },
      {
        kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
        resource: { group: 'zookeeper.pravega.io', version: 'v1beta1', resource: 'zookeeperclusters' },
        subResource: 'scale',
        name: metadata.name,
        object: scale(to),
        oldObject: scale(from),
      },
    ),
  );
}

it('warns of a scale request and annotates only the warning', () => {
  const response = scaleZookeeper(3, 1);
  expect(response.allowed).toBe(true);
  expect(response.warnings?.join()).toContain('IOM603');
  expect(response.auditAnnotations).toEqual({ warned: expect.stringContaining('IOM603') });
});

it('names a field of another place once in a denial', () => {
  const json = structuredClone(cluster.json) as { spec: { meta: { replicas: number } } };
  json.spec.meta.replicas = 5;
  const { status } = decide(reviewOf({ after: toResource(json)!, before: cluster }, {}));
  const place = 'spec.meta.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution';
  expect(status?.message).toContain('IOM106');
  expect(status?.message.split(place)).toHaveLength(2);
});

it('warns of a scale request to and from 0', () => {
  expect(scaleZookeeper(3, 0).warnings?.join()).toContain(
    'zookeeper of iomesh-cluster-1/iomesh-cluster-1-zookeeper has 0 replicas',
  );
  expect(scaleZookeeper(0, 1).warnings?.join()).toContain('has 1 replica, but');
});

it('warns of a scale request that removes ZooKeeper pods', () => {
  const response = scaleZookeeper(5, 3);
  expect(response.allowed).toBe(true);
  expect(response.warnings?.join()).toContain('from 5 to 3 replicas, but ZooKeeper pods cannot be removed');
  expect(response.auditAnnotations).toEqual({ warned: 'IOM604' });
});

it('admits the deletion of a terminating object', () => {
  const metadata = {
    ...(management.json['metadata'] as Record<string, string>),
    deletionTimestamp: '2026-11-28T00:00:00Z',
    finalizers: ['x/y'],
  };
  const terminating = toResource({ ...management.json, metadata })!;
  expect(decide(reviewOf({ before: management })).allowed).toBe(false);
  expect(decide(reviewOf({ before: terminating })).allowed).toBe(true);
});

it('prints the help to its end when many objects conflict', () => {
  // All objects of a pool; the help has a command for each.
  const pool = world.resources.filter(({ key }) => key.includes('iomesh-cluster-1'));
  const pools = [1, 2, 3].flatMap((number) =>
    pool.map(({ json }) => {
      const text = JSON.stringify(json).replaceAll('iomesh-cluster-1', `another-cluster-${number}`);
      return toResource(JSON.parse(text))!;
    }),
  );
  const many = World.of({ resources: [management, ...pools], today: '2026-11-28' });
  const { status } = decide(reviewOf({ before: management }), many);
  expect(status?.message).toMatch(/kubectl get pv lists the volumes that would be lost$/);
});
