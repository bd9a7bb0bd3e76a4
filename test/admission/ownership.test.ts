/** Objects of other applications: never rejected, never filled, no findings. */
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { admit, fillDefaults, intentOf } from '../../src/admission/admit.ts';
import { parseBody, parseReview } from '../../src/admission/review.ts';
import type { Json, JsonObject } from '../../src/core/base/json.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { judge } from '../../src/core/judge/judge.ts';
import type { World } from '../../src/core/world.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { configMap, foreignZookeeper } from '../cases/objects.ts';
import { reviewOf } from '../support/webhook.ts';

const AFFINITY = `replicas: 3
  pod:
    affinity:
      nodeAffinity:
        requiredDuringSchedulingIgnoredDuringExecution:
          nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [n1, n2, n3]}]}]`;

const FOREIGN: Readonly<Record<string, string>> = {
  'a ZookeeperCluster without an image': foreignZookeeper('kafka/kafka-zookeeper', 'replicas: 3'),
  'a ZookeeperCluster with a tag only': foreignZookeeper('kafka/kafka-zookeeper', 'image: {tag: 0.2.15}'),
  'a ZookeeperCluster with an image of its own': foreignZookeeper(
    'kafka/kafka-zookeeper',
    'image: {repository: pravega/zookeeper}',
  ),
  'a ZookeeperCluster with one replica': foreignZookeeper('kafka/kafka-zookeeper', 'replicas: 1'),
  'a ZookeeperCluster with an affinity': foreignZookeeper('kafka/kafka-zookeeper', AFFINITY),
  'a ConfigMap with a metaAddr of another product': configMap('web/cache', {
    metaAddr: 'redis://10.0.0.5:6379/1',
  }),
  'a ConfigMap with a metaAddr that is a host and a port': configMap('default/meta', {
    metaAddr: 'seaweedfs-master:9333',
  }),
  'a ConfigMap with an iscsiPortal of another product': configMap('web/portal', {
    iscsiPortal: '10.1.1.1:3260',
  }),
  'a ConfigMap with a clusterId in the namespace of a pool': configMap('iomesh-cluster-1/kafka', {
    clusterId: 'kafka-7',
    brokers: '"3"',
  }),
  'a ConfigMap with a clusterId in any other namespace': configMap('default/kafka', {
    clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
    'server.properties': 'a=b',
  }),
};

/** The correct set, and the management cluster alone without node affinity. */
const WORLDS: Readonly<Record<string, string>> = {
  'two clusters': caseText({ name: 'ownership' }),
  'no cluster': '',
};

function worldOf(text: string): World {
  return readWorld(text, { name: 'ownership' });
}

function objectOf(yaml: string): Resource {
  return toResource(load(yaml) as JsonObject)!;
}

function answers(world: World, change: { before?: Resource; after?: Resource }) {
  const request = parseReview(parseBody(JSON.stringify(reviewOf(change))));
  const intent = intentOf(request, world.config);
  const { response } = admit(request, intent, world).response;
  const filled = fillDefaults(request, intent, world).response.response;
  return { allowed: response.allowed, warnings: response.warnings, patch: filled.patch };
}

const UNTOUCHED = { allowed: true, warnings: undefined, patch: undefined };

describe.each(Object.entries(FOREIGN))('%s', (_name, yaml) => {
  const object = objectOf(yaml);
  const labelled = toResource({
    ...object.json,
    metadata: { ...(object.json['metadata'] as Record<string, Json>), labels: { team: 'a' } },
  })!;

  it.each(Object.entries(WORLDS))('is left alone next to %s', (_world, text) => {
    expect(answers(worldOf(text), { after: object })).toEqual(UNTOUCHED);
    const stored = worldOf(text).with({ after: object });
    expect(answers(stored, { before: object, after: labelled })).toEqual(UNTOUCHED);
    expect(answers(stored, { before: object })).toEqual(UNTOUCHED);
  });

  it('adds no finding to lint', () => {
    expect(judge(worldOf(`${WORLDS['two clusters']}---\n${yaml}`)).findings).toEqual([]);
  });
});

it('does not count the ZookeeperCluster of another application as an IOMesh cluster', () => {
  const text = WORLDS['two clusters']!.replace(/ {6}affinity:\n {8}nodeAffinity:\n[\s\S]*?(?=\n {2}\w)/g, '');
  const [cluster] = worldOf(text)
    .all('IOMeshCluster')
    .filter(({ ref }) => ref.name === 'iomesh');
  const kafka = worldOf(foreignZookeeper('kafka/kafka-zookeeper', AFFINITY));
  expect(answers(kafka, { after: cluster! }).allowed).toBe(true);
});
