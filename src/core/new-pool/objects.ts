/**
 * The objects of a new pool: each field is copied from the management cluster or set as the guide describes.
 */
import { atLeast } from '../base/iomesh-version.ts';
import { type Component, zookeeperName } from '../iomesh/cluster.ts';
import { ISCSI_PORTAL, metaAddrOf } from '../iomesh/connection.ts';
import { at, isObject, type Json, type JsonObject, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { spreadTerm } from '../iomesh/anti-affinity.ts';
import { COMMUNITY_PODS, MOST_CHUNKS } from '../iomesh/pod-limit.ts';
import { HOSTNAME_LABEL } from '../node-selector/index.ts';
import type { World } from '../world.ts';
import type { PoolTemplate } from './template.ts';
import { connectionName, type PoolRequest, ZOOKEEPER_REPLICAS } from './request.ts';

/** What the objects of a pool are made from. */
export interface PoolSettings {
  readonly request: PoolRequest;
  readonly template: PoolTemplate;
  /** The components that are placed on the nodes of the pool. */
  readonly placed: readonly Component[];
  /** The hostname labels of its nodes. */
  readonly hostnames: readonly string[];
}

/** Class parameters that describe volumes. Parameters that name objects or secrets are not copied. */
const SHARED_PARAMETERS = [
  'csi.storage.k8s.io/fstype',
  'replicaFactor',
  'thinProvision',
  'ec_k',
  'ec_m',
  'smartx.com/iops',
  'smartx.com/bps',
  'protocol',
  'enableClusterTopology',
];
/**
 * Pod security labels: pods of a pool need the same rights on their devices as those of the management
 * cluster.
 */
const SECURITY_LABEL = 'pod-security.kubernetes.io/';

/** The pool's Namespace. */
export function poolNamespace({ request, template }: PoolSettings): JsonObject {
  const labels = at(template.namespace?.json, ['metadata', 'labels']);
  const shared = isObject(labels) ? Object.keys(labels).filter((key) => key.startsWith(SECURITY_LABEL)) : [];
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: compact({
      name: request.namespace,
      labels: shared.length === 0 ? undefined : picked(labels, shared),
    }),
  };
}

/** The pool's ZookeeperCluster. */
export function poolZookeeperCluster(settings: PoolSettings): JsonObject {
  const { request, template } = settings;
  const spec = (...path: Path) => at(template.zookeeper.json, ['spec', ...path]);
  const name = zookeeperName(request.name);
  return {
    apiVersion: template.zookeeper.ref.apiVersion,
    kind: 'ZookeeperCluster',
    metadata: { name, namespace: request.namespace },
    spec: compact({
      replicas: ZOOKEEPER_REPLICAS,
      image: imageOf(spec('image')),
      pod: compact({
        affinity: {
          ...nodeAffinity(settings),
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [spreadTerm(name)] },
        },
        tolerations: spec('pod', 'tolerations'),
        resources: spec('pod', 'resources'),
        securityContext: spec('pod', 'securityContext'),
      }),
      persistence: persistenceOf(spec('persistence')),
      kubernetesClusterDomain: spec('kubernetesClusterDomain'),
    }),
  };
}

/** The pool's IOMeshCluster. */
export function poolIomeshCluster(settings: PoolSettings): JsonObject {
  const { request, template } = settings;
  const { json, ref } = template.cluster;
  const spec = (...path: Path) => at(json, ['spec', ...path]);
  const dataCIDR = request.dataCidr ?? spec('chunk', 'dataCIDR') ?? spec('redirector', 'dataCIDR');
  const policy = (component: Component) =>
    nonEmpty({
      affinity: settings.placed.includes(component) ? nodeAffinity(settings) : undefined,
      tolerations: spec(component, 'podPolicy', 'tolerations'),
    });
  // Fields of 1.1 and later. `version`, `clusterID` and `iscsiServerPort` are left to the operator, which gives
  // each cluster its own: redirectors of several clusters can share a node.
  const later = (...path: Path) => (atLeast(template.version, '1.1') ? spec(...path) : undefined);
  const image = (...path: Path) => imageOf(spec(...path, 'image'));
  return {
    apiVersion: ref.apiVersion,
    kind: 'IOMeshCluster',
    metadata: { name: request.name, namespace: request.namespace },
    spec: compact({
      diskDeploymentMode: spec('diskDeploymentMode'),
      storageClass: spec('storageClass'),
      reclaimPolicy: spec('reclaimPolicy'),
      edition: spec('edition'),
      platform: spec('platform'),
      cpuExclusiveOptions: later('cpuExclusiveOptions'),
      meta: compact({
        replicas: request.metaReplicas,
        image: image('meta'),
        resources: spec('meta', 'resources'),
        extraEnvs: later('meta', 'extraEnvs'),
        podPolicy: policy('meta'),
      }),
      chunk: compact({
        replicas: chunkReplicas(settings),
        dataCIDR,
        accessCIDR: spec('chunk', 'accessCIDR'),
        image: image('chunk'),
        devicemanager: compact({
          image: image('chunk', 'devicemanager'),
          blockDeviceNamespace: template.id.namespace,
        }),
        deviceMap: deviceMapOf(spec('chunk', 'deviceMap')),
        resources: spec('chunk', 'resources'),
        extraEnvs: later('chunk', 'extraEnvs'),
        podPolicy: policy('chunk'),
      }),
      redirector: compact({
        dataCIDR,
        image: image('redirector'),
        resources: spec('redirector', 'resources'),
        extraEnvs: later('redirector', 'extraEnvs'),
        podPolicy: policy('redirector'),
      }),
      probe: compact({ image: image('probe') }),
      toolbox: compact({ image: image('toolbox') }),
    }),
  };
}

/** The pool's connection ConfigMap; undefined if the IOMesh version has none. */
export function poolConnection(
  { request, template }: PoolSettings,
  { config }: World,
): JsonObject | undefined {
  if (template.clusterId === undefined) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: connectionName(request), namespace: request.namespace },
    data: {
      clusterId: template.clusterId,
      iscsiPortal: ISCSI_PORTAL,
      metaAddr: metaAddrOf(request, config.clusterDomain),
    },
  };
}

/** The pool's StorageClass. */
export function poolStorageClass({ request, template }: PoolSettings, { config }: World): JsonObject {
  const { namespace, name } = request;
  const json = template.storageClass?.json;
  const parameters = own(json, 'parameters');
  return compact({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: config.provisioner,
    reclaimPolicy: own(json, 'reclaimPolicy') ?? 'Delete',
    allowVolumeExpansion: own(json, 'allowVolumeExpansion') ?? true,
    volumeBindingMode: own(json, 'volumeBindingMode') ?? 'Immediate',
    mountOptions: own(json, 'mountOptions'),
    parameters: compact({
      ...picked(parameters, SHARED_PARAMETERS),
      clusterConnection:
        template.clusterId === undefined ? undefined : `${namespace}/${connectionName(request)}`,
      iomeshCluster: `${namespace}/${name}`,
    }),
  });
}

/** The number of chunk pods that the pool starts with. */
export function chunkReplicas({ request, template, hostnames }: PoolSettings): number {
  if (request.chunkReplicas !== undefined) return request.chunkReplicas;
  return Math.min(hostnames.length, template.community ? COMMUNITY_PODS : MOST_CHUNKS);
}

function nodeAffinity({ hostnames }: PoolSettings): { readonly nodeAffinity: JsonObject } {
  const expression = { key: HOSTNAME_LABEL, operator: 'In', values: [...hostnames] };
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [expression] }],
      },
    },
  };
}

function imageOf(image: Json | undefined): JsonObject | undefined {
  const taken = picked(image, ['repository', 'tag', 'pullPolicy']);
  return Object.keys(taken).length === 0 ? undefined : taken;
}

/** Without `exclude` and `include`: they name devices on the nodes of the management cluster. */
function deviceMapOf(deviceMap: Json | undefined): Json | undefined {
  if (!isObject(deviceMap)) return deviceMap;
  return Object.fromEntries(
    Object.entries(deviceMap).map(([type, entry]): [string, Json] => [
      type,
      isObject(entry)
        ? Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'exclude' && key !== 'include'))
        : entry,
    ]),
  );
}

/** Without the fields that the apiserver and the operator add to a volume claim. */
function persistenceOf(persistence: Json | undefined): JsonObject | undefined {
  if (!isObject(persistence)) return undefined;
  const spec = own(persistence, 'spec');
  return compact({
    reclaimPolicy: own(persistence, 'reclaimPolicy'),
    spec: isObject(spec) ? picked(spec, ['accessModes', 'storageClassName', 'resources']) : undefined,
  });
}

function picked(object: Json | undefined, keys: readonly string[]): JsonObject {
  return compact(Object.fromEntries(keys.map((key) => [key, own(object, key)])));
}

function nonEmpty(object: Readonly<Record<string, Json | undefined>>): JsonObject | undefined {
  const rest = compact(object);
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** The object without undefined and null values. */
function compact(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}
