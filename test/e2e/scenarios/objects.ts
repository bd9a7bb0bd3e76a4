/** The objects of examples/two-clusters, a third cluster like the second, and what a person changes in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../deploy/objects.ts';
import type { Manifest } from '../../deploy/objects.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples/two-clusters');

/** All that makes one IOMesh cluster. */
export interface ClusterSet {
  readonly zookeeper: Manifest;
  readonly cluster: Manifest;
  readonly connection: Manifest;
  readonly storageClass: Manifest;
}

/** The management cluster, on k8s-worker-0 to 2; a fresh copy, to be changed at will. */
export function management(): ClusterSet {
  return read('management');
}

/** The second cluster, on k8s-worker-3 to 5. */
export function pool(): ClusterSet {
  return read('cluster-1');
}

/** A third cluster, on k8s-worker-6 to 8. */
export function third(): ClusterSet {
  return read('cluster-1', (text) =>
    text
      .replaceAll('iomesh-cluster-1', 'iomesh-cluster-2')
      .replaceAll('10.234.2.', '10.234.3.')
      .replaceAll('k8s-worker-5', 'k8s-worker-8')
      .replaceAll('k8s-worker-4', 'k8s-worker-7')
      .replaceAll('k8s-worker-3', 'k8s-worker-6'),
  );
}

/** The objects of sets in the order in which nothing is missing. */
export function all(...sets: readonly ClusterSet[]): Manifest[] {
  return sets.flatMap(({ zookeeper, cluster, connection, storageClass }) => [
    zookeeper,
    cluster,
    connection,
    storageClass,
  ]);
}

/** Kind, name and namespace: what `get` takes. */
export function refOf({ kind, metadata }: Manifest): [kind: string, name: string, namespace?: string] {
  return metadata.namespace === undefined ? [kind, metadata.name] : [kind, metadata.name, metadata.namespace];
}

/** Everything an object says, without what the apiserver adds. */
export function contentOf(object: Manifest): object {
  const { metadata: _, status: __, ...content } = object;
  return content;
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** The terms of a required node affinity. */
export function affinity(...nodeSelectorTerms: readonly object[]): object {
  return { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } };
}

/** A term of one expression. */
export function term(key: string, operator: string, ...values: readonly string[]): object {
  return { matchExpressions: [{ key, operator, ...(values.length === 0 ? {} : { values }) }] };
}

/** A cluster whose components all have this pod policy. ZooKeeper keeps its anti-affinity. */
export function placed(set: ClusterSet, policy: { affinity?: object; nodeSelector?: object }): ClusterSet {
  const { cluster, zookeeper } = set;
  for (const name of ['meta', 'chunk', 'redirector']) cluster['spec'][name].podPolicy = policy;
  const { podAntiAffinity } = zookeeper['spec'].pod.affinity;
  zookeeper['spec'].pod = { ...policy, affinity: { ...policy.affinity, podAntiAffinity } };
  return set;
}

/** Hostnames, as an affinity. */
export function on(...hostnames: readonly string[]): object {
  return affinity(term('kubernetes.io/hostname', 'In', ...hostnames));
}

/** A node with labels, as it registers itself. */
export function node(name: string, labels: Readonly<Record<string, string>> = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  };
}

/** A cluster whose own images have this tag. */
export function tagged(set: ClusterSet, tag: string): ClusterSet {
  for (const name of ['meta', 'chunk', 'redirector']) set.cluster['spec'][name].image.tag = tag;
  return set;
}

/** The second cluster with all left out that can be filled in; the cluster first. */
export function sparse(): Manifest[] {
  const { zookeeper, cluster, connection, storageClass } = pool();
  const { spec } = cluster;
  for (const field of ['diskDeploymentMode', 'storageClass', 'reclaimPolicy']) delete spec[field];
  for (const name of ['meta', 'chunk', 'redirector', 'probe', 'toolbox']) delete spec[name].image;
  for (const name of ['chunk', 'redirector']) {
    delete spec[name].dataCIDR;
    delete spec[name].podPolicy;
  }
  spec.chunk.devicemanager = {};
  delete zookeeper['spec'].image;
  delete zookeeper['spec'].pod.affinity;
  connection['data'] = { clusterId: 'k8s-cluster' };
  const { clusterConnection } = storageClass['parameters'];
  storageClass['parameters'] = { clusterConnection };
  return [cluster, zookeeper, connection, storageClass];
}

export const NAMESPACES = ['iomesh-system', 'iomesh-cluster-1', 'iomesh-cluster-2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name } as Record<string, string>,
}));

function read(folder: string, change: (text: string) => string = (text) => text): ClusterSet {
  const load = (file: string) =>
    parse(change(readFileSync(join(EXAMPLES, folder, `${file}.yaml`), 'utf8')))[0]!;
  return {
    zookeeper: load('zookeeper'),
    cluster: load('iomesh'),
    connection: load('connection'),
    storageClass: load('storageclass'),
  };
}
