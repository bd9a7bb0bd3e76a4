/** Worlds for maps, with overlapping and unclaimed nodes. */
import { type ConfiguredNode, DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import type { Json, JsonObject } from '../../src/core/base/json.ts';
import { toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';

export const FILES = {
  from: { kind: 'files', files: 2, objects: 4 },
  day: '2026-11-23',
  missing: [],
} as const;

/** `podPolicy` of a component that may run on these nodes, or on those with a label. */
export function on(values: readonly string[], key = 'kubernetes.io/hostname'): Json {
  const nodeSelectorTerms = [{ matchExpressions: [{ key, operator: 'In', values: [...values] }] }];
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}

/** The objects of a cluster whose components each have a pod policy of their own; null leaves the component out. */
export function clusterObjects(
  namespace: string,
  name: string,
  policy: Json | { chunk: Json; meta: Json; redirector: Json; zookeeper: Json },
): JsonObject[] {
  const each = (component: string): Json =>
    typeof policy === 'object' && policy !== null && component in policy
      ? (policy as JsonObject)[component]!
      : (policy as Json);
  const section = (component: string) =>
    each(component) === null ? {} : { [component]: { replicas: 3, podPolicy: each(component) } };
  return [
    {
      apiVersion: 'iomesh.com/v1alpha1',
      kind: 'IOMeshCluster',
      metadata: { namespace, name },
      spec: { ...section('chunk'), ...section('meta'), ...section('redirector') },
    },
    ...(each('zookeeper') === null
      ? []
      : [
          {
            apiVersion: 'zookeeper.pravega.io/v1beta1',
            kind: 'ZookeeperCluster',
            metadata: { namespace, name: `${name}-zookeeper` },
            spec: { replicas: 3, pod: each('zookeeper') },
          },
        ]),
  ];
}

export function worldOf(objects: readonly JsonObject[], nodes?: readonly ConfiguredNode[]): World {
  const resources = objects.map((json) => toResource(json)!);
  return World.of({ resources, config: { ...DEFAULT_CONFIG, nodes }, today: '2026-11-23' });
}

export function configured(names: readonly string[], labels: Record<string, string> = {}): ConfiguredNode[] {
  return names.map((name) => ({ name, labels }));
}

/** A data centre: `count` workers, every 40th claimed twice, the last twentieth unclaimed. */
export function fleet(count: number, clusters: number): World {
  const names = Array.from({ length: count }, (_, index) => `k8s-worker-${index}`);
  const claimed = count - Math.floor(count / 20);
  const share = Math.floor(claimed / clusters);
  const objects = Array.from({ length: clusters }, (_, index) => {
    const first = index * share;
    const last = index === clusters - 1 ? claimed : first + share;
    const own = names.slice(first, last);
    const strayed =
      index > 0 && (index * share) % 40 < share && count > 3 ? [...own, names[first - 1]!] : own;
    const id = index === 0 ? 'iomesh' : `iomesh-cluster-${index}`;
    return clusterObjects(index === 0 ? 'iomesh-system' : id, id, {
      chunk: on(strayed),
      meta: on(own.slice(0, 5)),
      redirector: on(own),
      zookeeper: on(own.slice(0, 3)),
    });
  });
  return worldOf(objects.flat(), configured(names, { 'kubernetes.io/os': 'linux' }));
}
