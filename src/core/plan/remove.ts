import { atLeast } from '../base/iomesh-version.ts';
import { describe, displayName, isBeingDeleted, type ObjectRef, type Resource } from '../base/model.ts';
import { compareNames, joined, plural } from '../base/text.ts';
import { clusterText, objectsOf } from '../iomesh/cluster.ts';
import type { ClusterId } from '../iomesh/cluster-id.ts';
import { connectionsOf, isConnection } from '../iomesh/connection.ts';
import {
  classesOfCluster,
  classesOfConnection,
  isChartClass,
  parameter,
  parseReference,
} from '../iomesh/storage-class.ts';
import { isBoundVolume, volumeName, volumesByCluster, volumesOfCluster } from '../iomesh/volumes.ts';
import type { World } from '../world.ts';
import { findCluster, idOf, poolsByName, releaseThatInstalled } from './clusters.ts';
import { canBeStored, helm, kubectl, objectWords } from './shell.ts';
import { deniedSentences, StepWriter } from './steps.ts';
import type { OperationPlan, PlanLoss, PlanRefusal } from './types.ts';

/** Names that a plan lists; of more, the rest is counted. */
const MAX_NAMED = 10;

/** What is known about the volumes: all of them, none because the input has none, or none because of permissions. */
export type VolumeKnowledge = 'complete' | 'none' | 'forbidden';

/** The plan to remove a cluster: what lives on it first, the namespace last. */
export function removalPlan(
  world: World,
  name: string,
  volumes: VolumeKnowledge,
): OperationPlan | PlanRefusal {
  const cluster = findCluster(world, name);
  if ('message' in cluster) return cluster;
  const id = idOf(cluster);
  const writer = new StepWriter(world);
  const unknown: string[] = [];
  const stops: string[] = [];
  const lost = removeVolumes(writer, id);
  if (volumes !== 'complete')
    unknown.push(
      `the volumes of the cluster: ${
        volumes === 'none'
          ? 'the input has no PersistentVolumes; read the running cluster with --context'
          : 'this user may not list PersistentVolumes'
      }`,
    );
  const unassigned = volumesByCluster(world).unknown;
  if (unassigned.length > 0)
    unknown.push(
      `the cluster of ${unassigned.length} ${plural(unassigned.length, 'volume')}: ${namesOf(unassigned.map(volumeName))}`,
    );
  if (isBeingDeleted(cluster))
    unknown.push(`how far the deletion of ${describe(cluster.ref)} is: it is being deleted already`);
  if (world.isManagement(cluster.ref)) {
    const pools = poolsByName(world).map(({ ref }) => displayName(ref));
    if (pools.length > 0)
      stops.push(
        `${displayName(cluster.ref)} is the management cluster of ${pools.length} ${plural(pools.length, 'pool')}: ${namesOf(pools)}; ${
          atLeast(world.iomeshVersion, '1.1')
            ? 'helm uninstall removes the operator and the CSI driver that they need'
            : 'remove them first'
        }`,
      );
    removeManagement(writer, cluster, id, unknown);
  } else removePool(writer, id, unknown);
  if (lost.count > 0)
    stops.push(`${lost.count} ${plural(lost.count, 'volume')} would be lost: save the data first`);
  const isUnknown = volumes !== 'complete' || unassigned.length > 0;
  if (isUnknown) stops.push('it is unknown which volumes would be lost');
  return {
    operation: 'remove',
    cluster: clusterText(id),
    target: [],
    steps: writer.steps,
    lost: isUnknown && lost.count === 0 ? undefined : lost,
    unknown,
    stops: [...stops, ...deniedSentences(writer.steps)],
  };
}

/**
 * The step that a person must do. It has no command: which data may go, its owner decides. A claim in use stays
 * until its pods are gone.
 */
function removeVolumes(writer: StepWriter, id: ClusterId): PlanLoss {
  const { world } = writer;
  const volumes = volumesOfCluster(world, id);
  const names = volumes.map(volumeName).sort(compareNames);
  if (volumes.length === 0) return { count: 0, bound: 0, names: [] };
  writer.add({
    title: `save the data of ${volumes.length} ${plural(volumes.length, 'volume')}, stop the pods that use ${plural(volumes.length, 'it', 'them')}, and delete ${plural(volumes.length, 'its claim', 'their claims')}: ${namesOf(names)}`,
    wait: { until: `no volume of ${clusterText(id)} is left`, check: LIST_VOLUMES },
  });
  const claims = new Set(names);
  const gone = world
    .all('PersistentVolumeClaim')
    .filter(({ ref }) => claims.has(`${ref.namespace}/${ref.name}`));
  writer.assume([...volumes, ...gone].map((before) => ({ before })));
  return {
    count: volumes.length,
    bound: volumes.filter(isBoundVolume).length,
    names: names.slice(0, MAX_NAMED),
  };
}

const LIST_VOLUMES = kubectl(
  'get',
  'pv',
  '-o',
  'custom-columns=NAME:.metadata.name,PHASE:.status.phase,CLASS:.spec.storageClassName,CLAIM_NAMESPACE:.spec.claimRef.namespace,CLAIM:.spec.claimRef.name,CLUSTER:.spec.csi.volumeAttributes.iomeshCluster',
);

/** The order of the guides: at 1.0 ZooKeeper first, from 1.1 on the IOMeshCluster. */
function removePool(writer: StepWriter, id: ClusterId, unknown: string[]): void {
  const { world } = writer;
  const { cluster, zookeeper } = objectsOf(world, id);
  const connections = connectionsOf(world, id).filter((each) => isConnection(world, each));
  const classes = classesOf(world, id, connections);
  const ordered = atLeast(world.iomeshVersion, '1.1') ? [cluster, zookeeper] : [zookeeper, cluster];
  if (zookeeper === undefined)
    unknown.push(`the ZookeeperCluster of ${clusterText(id)}: it is not in the input`);
  for (const each of ordered) if (each !== undefined) removeObject(writer, each, unknown);
  for (const each of [...classes, ...connections]) removeObject(writer, each, unknown);
  removeNamespace(writer, id, unknown);
}

/** The classes that lead to this cluster only. The class of the chart belongs to Helm. */
function classesOf(world: World, id: ClusterId, connections: readonly Resource[]): readonly Resource[] {
  const found = new Map<string, Resource>();
  for (const each of classesOfCluster(world, id)) found.set(each.key, each);
  for (const connection of connections)
    for (const each of classesOfConnection(world, connection.ref)) found.set(each.key, each);
  return [...found.values()].filter((each) => {
    const named = parseReference(parameter(each, 'iomeshCluster') ?? '');
    return !isChartClass(world, each) && (named === undefined || clusterText(named) === clusterText(id));
  });
}

function removeObject(writer: StepWriter, object: Resource, unknown: string[]): void {
  const { ref } = object;
  if (!canBeStored(ref)) {
    unknown.push(`how to delete ${describe(ref)}: Kubernetes does not accept its name`);
    return;
  }
  writer.add({
    title: `delete ${describe(ref)}`,
    command: kubectl('delete', ...objectWords(ref)),
    wait: goneWait(ref),
    changes: [{ before: object }],
  });
}

function goneWait(ref: ObjectRef) {
  return {
    until: `${describe(ref)} is gone`,
    check: kubectl('get', ...objectWords(ref), '--ignore-not-found'),
  };
}

/** A namespace that holds nothing else that is known is deleted last. */
function removeNamespace(writer: StepWriter, { namespace }: ClusterId, unknown: string[]): void {
  const { world } = writer;
  if (namespace === world.config.managementCluster.namespace || /^(default$|kube-)/.test(namespace)) return;
  const others = (
    ['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap', 'PersistentVolumeClaim'] as const
  ).flatMap((kind) => world.inNamespace(kind, namespace));
  if (others.length > 0) {
    unknown.push(
      `whether namespace ${namespace} is still needed: it has ${namesOf(others.map(({ ref }) => `${ref.kind} ${ref.name}`))}`,
    );
    return;
  }
  const before = world.get('Namespace', undefined, namespace);
  writer.add({
    title: `list what is left in Namespace ${namespace}: it is deleted with the namespace`,
    command: kubectl('get', 'pods,pvc,services,secrets,configmaps', '-n', namespace),
    wait: { until: 'nothing in the list is needed any more', check: undefined },
  });
  writer.add({
    title: `delete Namespace ${namespace}`,
    command: kubectl('delete', 'namespace', namespace),
    wait: goneWait({ apiVersion: 'v1', kind: 'Namespace', name: namespace }),
    changes: before === undefined ? [] : [{ before }],
  });
}

/**
 * Helm deletes operator and CSI driver before the IOMeshCluster, so the webhook is asked with a dry run first.
 */
function removeManagement(writer: StepWriter, cluster: Resource, id: ClusterId, unknown: string[]): void {
  const { world } = writer;
  const { zookeeper } = objectsOf(world, id);
  const connections = connectionsOf(world, id).filter((each) => isConnection(world, each));
  const objects = [cluster, zookeeper].flatMap((each) => each ?? []);
  for (const each of objects)
    writer.add({
      title: `ask whether ${describe(each.ref)} may be deleted, and delete nothing`,
      command: kubectl('delete', ...objectWords(each.ref), '--dry-run=server'),
      changes: [],
    });
  const release = releaseThatInstalled(cluster);
  if (release === undefined)
    unknown.push(`whether Helm installed ${displayName(cluster.ref)}: helm list -n ${id.namespace} shows it`);
  writer.add({
    title: 'uninstall the operator, the CSI driver and the management cluster',
    command: helm('uninstall', release?.name ?? id.name, '-n', release?.namespace ?? id.namespace),
    wait: goneWait(cluster.ref),
    changes: objects.map((before) => ({ before })),
  });
  for (const each of [...classesOf(world, id, connections), ...connections])
    removeObject(writer, each, unknown);
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED);
  return joined(
    names.length > shown.length ? [...shown, `${names.length - shown.length} more`] : shown,
    MAX_NAMED + 1,
  );
}
