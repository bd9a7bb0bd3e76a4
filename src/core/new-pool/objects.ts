/** The objects of a new pool, each field where the management cluster has it or where the guide puts it. */
import { zookeeperName } from '../iomesh/cluster.ts';
import { ISCSI_PORTAL, metaAddrOf } from '../iomesh/connection.ts';
import { at, isObject, type Json, type JsonObject, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import { spreadTerm } from '../iomesh/anti-affinity.ts';
import { HOSTNAME_LABEL } from '../node-selector/index.ts';
import { PROVISIONER } from '../iomesh/storage-class.ts';
import type { World } from '../world.ts';
import { isCommunity, type PoolModel } from './model.ts';
import { connectionName, type PoolRequest, ZOOKEEPER_REPLICAS } from './request.ts';

/** A pool that is about to be written: where it is to be, and after what. */
export interface Draft {
  readonly request: PoolRequest;
  readonly model: PoolModel;
  /** The host name labels of its nodes. */
  readonly hostnames: readonly string[];
}

const COMMUNITY_CHUNKS = 3;
/** The Enterprise edition's own bound. */
const MOST_CHUNKS = 255;

/** Class parameters that say what volumes are like. Those that name objects or secrets are each pool's own. */
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
/** What the volumes of the management cluster's devices need of a namespace, its pool needs as well. */
const SECURITY_LABEL = 'pod-security.kubernetes.io/';

export function namespaceOf({ request, model }: Draft): JsonObject {
  const labels = at(model.namespace?.json, ['metadata', 'labels']);
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

export function zookeeperOf(draft: Draft): JsonObject {
  const { request, model } = draft;
  const spec = (...path: Path) => at(model.zookeeper.json, ['spec', ...path]);
  const name = zookeeperName(request.name);
  return {
    apiVersion: model.zookeeper.ref.apiVersion,
    kind: 'ZookeeperCluster',
    metadata: { name, namespace: request.namespace },
    spec: compact({
      replicas: ZOOKEEPER_REPLICAS,
      image: imageOf(spec('image')),
      pod: compact({
        affinity: {
          ...nodeAffinity(draft),
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [spreadTerm(name)] },
        },
        tolerations: spec('pod', 'tolerations'),
        resources: spec('pod', 'resources'),
        securityContext: spec('pod', 'securityContext'),
      }),
      persistence: persistenceOf(spec('persistence')),
    }),
  };
}

export function clusterOfPool(draft: Draft): JsonObject {
  const { request, model } = draft;
  const { json, ref } = model.cluster;
  const spec = (...path: Path) => at(json, ['spec', ...path]);
  const dataCIDR = request.dataCidr ?? spec('chunk', 'dataCIDR') ?? spec('redirector', 'dataCIDR');
  const policy = (component: string) =>
    compact({
      affinity: nodeAffinity(draft),
      tolerations: spec(component, 'podPolicy', 'tolerations'),
    });
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
      meta: compact({
        replicas: request.metaReplicas,
        image: image('meta'),
        resources: spec('meta', 'resources'),
        podPolicy: policy('meta'),
      }),
      chunk: compact({
        replicas: chunkReplicas(draft),
        dataCIDR,
        accessCIDR: spec('chunk', 'accessCIDR'),
        image: image('chunk'),
        devicemanager: compact({
          image: image('chunk', 'devicemanager'),
          blockDeviceNamespace: model.id.namespace,
        }),
        deviceMap: deviceMapOf(spec('chunk', 'deviceMap')),
        resources: spec('chunk', 'resources'),
        podPolicy: policy('chunk'),
      }),
      redirector: compact({
        dataCIDR,
        image: image('redirector'),
        resources: spec('redirector', 'resources'),
        podPolicy: policy('redirector'),
      }),
      probe: compact({ image: image('probe') }),
      toolbox: compact({ image: image('toolbox') }),
    }),
  };
}

/** Undefined for an IOMesh version that has none. */
export function connectionOf({ request, model }: Draft, { config }: World): JsonObject | undefined {
  if (model.clusterId === undefined) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: connectionName(request), namespace: request.namespace },
    data: {
      clusterId: model.clusterId,
      iscsiPortal: ISCSI_PORTAL,
      metaAddr: metaAddrOf(request, config.clusterDomain),
    },
  };
}

export function storageClassOf({ request, model }: Draft): JsonObject {
  const { namespace, name } = request;
  const json = model.storageClass?.json;
  const parameters = own(json, 'parameters');
  return compact({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: PROVISIONER,
    reclaimPolicy: own(json, 'reclaimPolicy') ?? 'Delete',
    allowVolumeExpansion: own(json, 'allowVolumeExpansion') ?? true,
    volumeBindingMode: own(json, 'volumeBindingMode') ?? 'Immediate',
    mountOptions: own(json, 'mountOptions'),
    parameters: compact({
      ...picked(parameters, SHARED_PARAMETERS),
      clusterConnection:
        model.clusterId === undefined ? undefined : `${namespace}/${connectionName(request)}`,
      iomeshCluster: `${namespace}/${name}`,
    }),
  });
}

/** How many chunk pods the pool starts with. */
export function chunkReplicas({ request, model, hostnames }: Draft): number {
  if (request.chunkReplicas !== undefined) return request.chunkReplicas;
  return Math.min(hostnames.length, isCommunity(model) ? COMMUNITY_CHUNKS : MOST_CHUNKS);
}

function nodeAffinity({ hostnames }: Draft): { readonly nodeAffinity: JsonObject } {
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

/** `exclude` and `include` name single devices, which are on the management cluster's nodes. */
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

/** Without what the apiserver and the operator add to a volume claim. */
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

/** Without what is absent. */
function compact(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
}
