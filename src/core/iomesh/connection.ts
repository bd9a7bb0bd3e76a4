import { type ClusterId, clusterOf, clusterText } from './cluster.ts';
import { asString, at, isObject, type JsonObject, own } from '../base/json.ts';
import { isOlder, type Resource } from '../base/model.ts';
import { isLeaving } from './leaving.ts';
import { suggest } from '../base/suggest.ts';
import { classesOfConnection, parameter } from './storage-class.ts';
import type { ObjectIndex } from '../base/objects.ts';
import type { World } from '../world.ts';

/** Follows the help about a missing ConfigMap or its reference, which only IOMesh 1.0 needs. */
export const NO_CONNECTION_SINCE_1_1 =
  'IOMesh 1.1 and later needs no connection ConfigMap: if it is installed, set iomeshVersion in the configuration';

/** The keys of a connection ConfigMap. */
export const CONNECTION_KEYS = ['clusterId', 'iscsiPortal', 'metaAddr'] as const;
export type ConnectionKey = (typeof CONNECTION_KEYS)[number];

/** The address on which every redirector listens; the guide requires it in every connection ConfigMap. */
export const ISCSI_PORTAL = '127.0.0.1:3260';
export const META_PORT = 10100;

/** The value of one of the three keys, if it is a string. */
export function connectionValue(connection: Resource, key: ConnectionKey): string | undefined {
  return asString(at(connection.json, ['data', key]));
}

const NAME_SUFFIX = '-csi-configmap';

/**
 * What every object that the webhooks send as a possible connection ConfigMap contains: a key in any case and
 * with separators, or the end of the name. The matchConditions in deploy/ say more exactly which they send.
 */
const CONNECTION_MARK = new RegExp(`cluster[-_.]?id|iscsi[-_.]?portal|meta[-_.]?addr|${NAME_SUFFIX}`, 'i');

/** False for a text that contains no ConfigMap which the webhooks send. */
export function mayContainConnection(text: string): boolean {
  return CONNECTION_MARK.test(text);
}

/** True for a name that the connection ConfigMaps of the guides have. */
export function isNamedLikeConnection(name: string): boolean {
  return name.endsWith(NAME_SUFFIX);
}

/** A ConfigMap with more keys is not searched for misspelled ones, and nothing is filled in. */
export const MAX_CONNECTION_KEYS = 250;

/**
 * True for a connection ConfigMap: a StorageClass names it, or it has two of the three keys, rightly spelled
 * or not. Other applications use each of the keys too, so a single one counts only together with a name or an
 * address of IOMesh. Only a class can change the answer: it does not depend on the clusters that exist.
 */
export function isConnection(world: World, resource: Resource): boolean {
  if (resource.kind !== 'ConfigMap') return false;
  return hasConnectionData(resource) || classesOfConnection(world, resource.ref).length > 0;
}

function hasConnectionData({ json, ref }: Resource): boolean {
  const data = own(json, 'data');
  if (!isObject(data)) return false;
  const present = CONNECTION_KEYS.filter((key) => own(data, key) !== undefined);
  if (present.length !== 1) return present.length > 1;
  return (
    ref.name.includes('iomesh') ||
    isNamedLikeConnection(ref.name) ||
    own(data, 'iscsiPortal') === ISCSI_PORTAL ||
    /-meta-client|iomesh/.test(asString(own(data, 'metaAddr')) ?? '') ||
    hasMisspelledKey(data, present)
  );
}

function hasMisspelledKey(data: JsonObject, present: readonly ConnectionKey[]): boolean {
  const keys = Object.keys(data);
  const missing = CONNECTION_KEYS.filter((key) => !present.includes(key));
  return keys.length <= MAX_CONNECTION_KEYS && keys.some((each) => suggest(each, missing) !== undefined);
}

/** Every connection ConfigMap of a world. Checks all ConfigMaps, so most admissions must not call it. */
export function allConnections(world: World): readonly Resource[] {
  return world.memoize(allConnections, () =>
    world.all('ConfigMap').filter((each) => isConnection(world, each)),
  );
}

/** The connection ConfigMaps that are not being deleted. */
export function stayingConnections(world: World): readonly Resource[] {
  return world.memoize(stayingConnections, () =>
    allConnections(world).filter((each) => !isLeaving(world, each)),
  );
}

/**
 * The connection ConfigMap of the management cluster. Everybody may write a ConfigMap with its address, so it is
 * one that an administrator chooses: that of the configuration; otherwise, of those that address the cluster, the
 * oldest in its namespace, then the oldest that a StorageClass of the cluster names, as a class is not in a
 * namespace; otherwise the oldest ConfigMap in that namespace whose metaAddr does not point to another namespace.
 */
export function managementConnection(world: World): Resource | undefined {
  return chosenConnection(world, () => true);
}

/** The connection ConfigMap of the management cluster when everything is gone that is being deleted. */
export function stayingManagementConnection(world: World): Resource | undefined {
  return chosenConnection(world, (each) => !isLeaving(world, each));
}

function chosenConnection(world: World, counts: (each: Resource) => boolean): Resource | undefined {
  const { managementCluster: id, managementConnection: configured } = world.config;
  if (configured !== undefined) {
    const connection = world.get('ConfigMap', configured.namespace, configured.name);
    return connection !== undefined && counts(connection) ? connection : undefined;
  }
  const addressing = connectionsOf(world, id).filter(counts);
  return (
    oldest(addressing.filter(({ ref }) => ref.namespace === id.namespace)) ??
    oldest(addressing.filter((each) => isNamedForManagement(world, each))) ??
    oldest(connectionsInManagementNamespace(world).filter(counts))
  );
}

function isNamedForManagement(world: World, connection: Resource): boolean {
  const id = clusterText(world.config.managementCluster);
  return classesOfConnection(world, connection.ref).some((each) => parameter(each, 'iomeshCluster') === id);
}

function connectionsInManagementNamespace(world: World): readonly Resource[] {
  const { namespace } = world.config.managementCluster;
  return world
    .inNamespace('ConfigMap', namespace)
    .filter(
      (each) => (addressedCluster(each)?.namespace ?? namespace) === namespace && isConnection(world, each),
    );
}

/** The primary one of the ConfigMaps that address a cluster: in its namespace, then the oldest. */
export function primaryConnection(connections: readonly Resource[], id: ClusterId): Resource | undefined {
  const home = connections.filter(({ ref }) => ref.namespace === id.namespace);
  return oldest(home.length > 0 ? home : connections);
}

/** The oldest object, then the first by name. One that is not stored yet is the youngest. */
function oldest(resources: readonly Resource[]): Resource | undefined {
  let best: Resource | undefined;
  for (const each of resources) if (best === undefined || isOlder(each, best)) best = each;
  return best;
}

/**
 * The cluster of a metaAddr, even if the rest is wrong: `<cluster>-meta-client.<namespace>…`. Undefined if it
 * does not start like that.
 */
export function clusterOfMetaAddr(metaAddr: string): ClusterId | undefined {
  const match = /^([^.\s:]+)-meta-client\.([^.\s:]+)(?:[.:]|$)/.exec(metaAddr);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { name: match[1], namespace: match[2] };
}

/** The metaAddr that the connection ConfigMap of a cluster must have. */
export function metaAddrOf(id: ClusterId, clusterDomain: string): string {
  return `${id.name}-meta-client.${id.namespace}.svc.${clusterDomain}:${META_PORT}`;
}

const BY_TARGET: ObjectIndex = {
  kind: 'ConfigMap',
  keys: (resource) => {
    const target = addressedCluster(resource);
    return target === undefined ? [] : [clusterText(target)];
  },
};

/** The ConfigMaps whose metaAddr addresses the cluster, as {@link clusterOfMetaAddr} reads it. */
export function connectionsOf(world: World, id: ClusterId): readonly Resource[] {
  return world.find(BY_TARGET, clusterText(id));
}

/** The cluster that a ConfigMap addresses. */
export function addressedCluster(connection: Resource): ClusterId | undefined {
  const address = connectionValue(connection, 'metaAddr');
  return address === undefined ? undefined : clusterOfMetaAddr(address);
}

/** The IOMeshCluster of a namespace, if it is the only one there. */
export function onlyCluster(world: World, namespace: string): ClusterId | undefined {
  const [first, second] = world.inNamespace('IOMeshCluster', namespace);
  // Nothing can name a cluster whose name is generated.
  return second === undefined && first !== undefined && first.ref.name !== ''
    ? clusterOf(first.ref)
    : undefined;
}
