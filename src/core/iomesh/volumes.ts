/** The PersistentVolumes of the CSI driver, and the IOMesh clusters that hold their data. */
import { asString, at } from '../base/json.ts';
import { displayName, type Resource } from '../base/model.ts';
import { compareNames, joined, plural, truncate } from '../base/text.ts';
import type { World } from '../world.ts';
import { atLeast } from '../base/iomesh-version.ts';
import { type ClusterId, clusterOf, clusterText } from './cluster.ts';
import { addressedCluster, onlyCluster } from './connection.ts';
import { absentManagement } from './management.ts';
import { DEFAULT_CLASS, isIomeshClass, parameter, parseReference } from './storage-class.ts';

/** What a volume says about its cluster. Most volumes of a world say the same as many others. */
interface VolumeGroup {
  readonly driver: string;
  /** References among the volume's own attributes: the CSI driver decides which parameters it copies there. */
  readonly iomeshCluster: string | undefined;
  readonly clusterConnection: string | undefined;
  readonly storageClass: string;
  readonly volumes: Resource[];
}

/** The volumes of the CSI driver, by the cluster that holds their data. */
interface VolumesByCluster {
  /** `namespace/name` of a cluster, which may not exist, to its volumes. */
  readonly byCluster: ReadonlyMap<string, readonly Resource[]>;
  /** Volumes of which neither the attributes nor the StorageClass show the cluster. */
  readonly unknown: readonly Resource[];
}

/**
 * The volumes of the CSI driver, by the cluster that their attributes name, else by the cluster of their
 * StorageClass. A volume whose references contradict each other is among those of both clusters.
 */
export function volumesByCluster(world: World): VolumesByCluster {
  return world.memoize(volumesByCluster, () => {
    const byCluster = new Map<string, Resource[]>();
    const unknown: Resource[] = [];
    for (const group of groupsOf(world)) {
      const clusters = clustersHolding(world, group);
      if (clusters.length === 0) unknown.push(...group.volumes);
      for (const each of clusters) byCluster.set(each, [...(byCluster.get(each) ?? []), ...group.volumes]);
    }
    return { byCluster, unknown };
  });
}

/** The volumes whose data a cluster holds. The cluster need not exist. */
export function volumesOfCluster(world: World, id: ClusterId): readonly Resource[] {
  return volumesByCluster(world).byCluster.get(clusterText(id)) ?? [];
}

/**
 * The volumes that the CSI driver reaches through a connection ConfigMap: their attributes name it, else their
 * StorageClass; without both, those of the cluster that it addresses. None from 1.1 on, where the driver needs
 * no ConfigMap.
 */
export function volumesOfConnection(world: World, connection: Resource): readonly Resource[] {
  if (atLeast(world.iomeshVersion, '1.1')) return [];
  const { namespace, name } = connection.ref;
  const text = `${namespace ?? ''}/${name}`;
  const addressed = addressedCluster(connection);
  return groupsOf(world)
    .filter((group) => {
      const named = group.clusterConnection ?? classParameter(world, group, 'clusterConnection');
      if (named !== undefined) return named === text;
      // The driver knows the management cluster without a ConfigMap.
      if (isServedByManagement(world, group)) return false;
      return addressed !== undefined && clustersHolding(world, group).includes(clusterText(addressed));
    })
    .flatMap(({ volumes }) => volumes);
}

/** Volumes that a change leads to other clusters. */
export interface ReassignedVolumes {
  readonly volumes: readonly Resource[];
  /** `namespace/name` of the clusters before and after. None before if the cluster was unknown. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** The volumes that a new StorageClass leads to other clusters than before: their own attributes name none. */
export function reassignedVolumes(
  before: World,
  after: World,
  className: string,
): readonly ReassignedVolumes[] {
  return groupsOf(after)
    .filter(({ storageClass }) => storageClass === className)
    .map((group) => ({
      volumes: group.volumes,
      from: clustersHolding(before, group),
      to: clustersHolding(after, group),
    }))
    .filter(({ from, to }) => to.length > 0 && from.join() !== to.join());
}

/** True if volumes show that a cluster existed before: it is created again, or restored from a backup. */
export function hadVolumes(world: World, id: ClusterId): boolean {
  return volumesOfCluster(world, id).length > 0;
}

/** The volumes whose cluster does not exist, by its `namespace/name`. */
export function orphanedVolumes(world: World): ReadonlyMap<string, readonly Resource[]> {
  return world.memoize(
    orphanedVolumes,
    () =>
      new Map(
        [...volumesByCluster(world).byCluster].filter(([text]) => {
          const id = parseReference(text);
          return id !== undefined && world.presence('IOMeshCluster', id.namespace, id.name) === 'no';
        }),
      ),
  );
}

/** Volumes that a text names; of more, the rest is counted. */
const MAX_NAMED = 10;
/** The longest name that a text shows whole. */
const MAX_NAME = 100;

/** `3 volumes, 2 bound: default/db-0, default/db-1 and pvc-7`: a volume by its claim, else by its own name. */
export function volumesText(volumes: readonly Resource[], most = MAX_NAMED): string {
  const names = volumes.map(volumeName).sort(compareNames);
  const shown = names.slice(0, most);
  if (names.length > most) shown.push(`${names.length - most} more`);
  return `${volumeCount(volumes)}: ${joined(shown, most + 1)}`;
}

/** `3 volumes, 2 bound`. */
function volumeCount(volumes: readonly Resource[]): string {
  const bound = volumes.filter(isBoundVolume).length;
  return `${volumes.length} ${plural(volumes.length, 'volume')}, ${bound === 0 ? 'none' : bound} bound`;
}

/** True for a volume that a PersistentVolumeClaim uses. */
export function isBoundVolume(volume: Resource): boolean {
  return at(volume.json, ['status', 'phase']) === 'Bound';
}

/** `namespace/name` of the claim of a volume, or the name of a volume without one. */
export function volumeName(volume: Resource): string {
  const claim = (key: string) => asString(at(volume.json, ['spec', 'claimRef', key]));
  const [namespace, name] = [claim('namespace'), claim('name')];
  return truncate(
    namespace === undefined || name === undefined ? displayName(volume.ref) : `${namespace}/${name}`,
    MAX_NAME,
  );
}

/** The groups of one list of volumes: a list is that of several worlds. */
const GROUPS = new WeakMap<readonly Resource[], readonly VolumeGroup[]>();

function groupsOf(world: World): readonly VolumeGroup[] {
  const volumes = world.all('PersistentVolume');
  let groups = GROUPS.get(volumes);
  if (groups === undefined) {
    groups = grouped(volumes);
    GROUPS.set(volumes, groups);
  }
  return groups.filter(({ driver }) => driver === world.config.provisioner);
}

function grouped(volumes: readonly Resource[]): readonly VolumeGroup[] {
  const groups = new Map<string, VolumeGroup>();
  for (const volume of volumes) {
    const csi = (path: readonly string[]) => asString(at(volume.json, ['spec', 'csi', ...path]));
    const driver = csi(['driver']);
    if (driver === undefined) continue;
    const iomeshCluster = csi(['volumeAttributes', 'iomeshCluster']);
    const clusterConnection = csi(['volumeAttributes', 'clusterConnection']);
    const storageClass = asString(at(volume.json, ['spec', 'storageClassName'])) ?? '';
    const key = JSON.stringify([driver, iomeshCluster, clusterConnection, storageClass]);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { driver, iomeshCluster, clusterConnection, storageClass, volumes: [volume] });
    else group.volumes.push(volume);
  }
  return [...groups.values()];
}

/** `namespace/name` of the clusters that can hold the data of a group; none if that is unknown. */
function clustersHolding(world: World, group: VolumeGroup): readonly string[] {
  const own = clustersReferred(world, group.iomeshCluster, group.clusterConnection);
  if (own.length > 0) return own;
  const byClass = clustersReferred(
    world,
    classParameter(world, group, 'iomeshCluster'),
    classParameter(world, group, 'clusterConnection'),
  );
  if (byClass.length > 0) return byClass;
  if (isServedByManagement(world, group)) return [clusterText(managementOf(world))];
  const [only, another] = world.all('IOMeshCluster');
  const id = only === undefined || another !== undefined ? undefined : clusterOf(only.ref);
  return id === undefined ? [] : [clusterText(id)];
}

function clustersReferred(
  world: World,
  iomeshCluster: string | undefined,
  clusterConnection: string | undefined,
): readonly string[] {
  const named = parseReference(iomeshCluster ?? '');
  const connection = parseReference(clusterConnection ?? '');
  const target = connection && world.get('ConfigMap', connection.namespace, connection.name);
  const addressed =
    (target && addressedCluster(target)) ??
    // Without the ConfigMap, the cluster in its namespace is the one that it was for.
    (named === undefined && connection !== undefined ? onlyCluster(world, connection.namespace) : undefined);
  return [...new Set([named, addressed].flatMap((id) => (id === undefined ? [] : [clusterText(id)])))];
}

function classParameter(
  world: World,
  { storageClass }: VolumeGroup,
  name: 'iomeshCluster' | 'clusterConnection',
): string | undefined {
  const found = world.get('StorageClass', undefined, storageClass);
  return found !== undefined && isIomeshClass(found, world.config) ? parameter(found, name) : undefined;
}

/** True for the class of the vendor's chart, also while an upgrade replaces it, and for a class without references. */
function isServedByManagement(world: World, { storageClass }: VolumeGroup): boolean {
  const found = world.get('StorageClass', undefined, storageClass);
  if (found === undefined) return storageClass === DEFAULT_CLASS;
  return (
    isIomeshClass(found, world.config) &&
    parameter(found, 'iomeshCluster') === undefined &&
    parameter(found, 'clusterConnection') === undefined
  );
}

function managementOf(world: World): ClusterId {
  const likely = absentManagement(world)?.likely;
  return (likely && clusterOf(likely.ref)) ?? world.config.managementCluster;
}
