/** The correct objects that others are grown from: those of examples/two-clusters, with more fields set. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

const EXAMPLE = join(import.meta.dirname, '../../../examples/two-clusters');
const TOLERATIONS = [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 60 }];
const RESOURCES = { limits: { cpu: 2, memory: '4Gi' }, requests: { cpu: '500m' } };
const LABELS = {
  labels: { app: 'a', 'example.com/b': 'c' },
  annotations: { 'example.com/note': 'any text' },
};
const SELECTOR = {
  matchLabels: { app: 'a' },
  matchExpressions: [{ key: 'b', operator: 'In', values: ['c'] }],
};
const ENV = [
  { name: 'A', value: 'b' },
  { name: 'C', valueFrom: { configMapKeyRef: { name: 'd', key: 'e', optional: true } } },
  { name: 'F', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1' } } },
];
const CONTAINER = {
  name: 'side',
  image: 'a:b',
  command: ['run'],
  env: ENV,
  ports: [{ containerPort: 1, name: 'http', protocol: 'TCP' }],
  resources: RESOURCES,
  volumeMounts: [{ name: 'data', mountPath: '/data', readOnly: true }],
  livenessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 10 },
  lifecycle: { preStop: { exec: { command: ['true'] } } },
  securityContext: { runAsUser: 0, capabilities: { drop: ['ALL'] } },
};

/** The bases at a release of IOMesh, each with the file that holds the original. */
export function basesOf(version) {
  return [
    grown('cluster-1/iomesh.yaml', (object) => growCluster(object, version)),
    grown('cluster-1/zookeeper.yaml', growZookeeper),
    grown('cluster-1/connection.yaml', (object) => {
      object.binaryData = { blob: 'AAEC' };
      object.immutable = false;
    }),
    grown('cluster-1/storageclass.yaml', (object) => {
      object.mountOptions = ['noatime'];
      object.allowedTopologies = [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }];
    }),
    { file: '', object: claim() },
    {
      file: '',
      object: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'team-a', ...LABELS },
        spec: { finalizers: ['kubernetes'] },
      },
    },
  ];
}

function grown(file, grow) {
  const object = load(readFileSync(join(EXAMPLE, file), 'utf8'));
  Object.assign(object.metadata, structuredClone(LABELS));
  grow(object);
  return { file, object };
}

function growCluster({ spec }, version) {
  spec.portOffset = -1;
  spec.licenseSecretName = 'licence';
  for (const part of ['meta', 'chunk', 'redirector']) {
    spec[part].resources = structuredClone(RESOURCES);
    spec[part].podPolicy = { ...spec[part].podPolicy, tolerations: structuredClone(TOLERATIONS) };
  }
  spec.meta.podPolicy.affinity.podAntiAffinity = {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 20,
        podAffinityTerm: {
          labelSelector: SELECTOR,
          namespaces: ['a'],
          topologyKey: 'kubernetes.io/hostname',
        },
      },
    ],
  };
  spec.chunk.accessCIDR = '10.3.0.0/16';
  spec.redirector.iscsiVirtualIP = '10.3.0.9';
  if (version === '1.0') return;
  Object.assign(spec, { platform: '', clusterID: -1, version: `v${version}.0` });
  spec.cpuExclusiveOptions = {
    cpuExclusivePolicy: 'kubeletCpuManager',
    exclusiveCpusets: { chunk: '0-3', meta: '4' },
  };
  spec.meta.extraEnvs = { A: 'b' };
  spec.redirector.iscsiServerPort = 3260;
}

function growZookeeper({ spec }) {
  Object.assign(spec, {
    storageType: 'persistence',
    labels: { app: 'a' },
    ports: [{ containerPort: 2181, name: 'client' }],
    adminServerService: { annotations: { a: 'b' }, external: false },
    config: { initLimit: 10, quorumListenOnAllIPs: true, additionalConfig: { a: 'b' } },
    containers: [CONTAINER],
    initContainers: [{ ...CONTAINER, name: 'init' }],
    volumes: [
      { name: 'data', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'config', configMap: { name: 'a', items: [{ key: 'a', path: 'b', mode: 420 }] } },
      {
        name: 'claim',
        ephemeral: {
          volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: RESOURCES } },
        },
      },
    ],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    probes: { livenessProbe: { periodSeconds: 10, failureThreshold: 0 } },
    maxUnavailableReplicas: 1,
    triggerRollingRestart: false,
  });
  Object.assign(spec.pod, {
    env: ENV,
    tolerations: TOLERATIONS,
    resources: RESOURCES,
    annotations: { a: 'b' },
    imagePullSecrets: [{ name: 'a' }],
    terminationGracePeriodSeconds: 30,
  });
  Object.assign(spec.pod.securityContext, {
    supplementalGroups: [1],
    seccompProfile: { type: 'RuntimeDefault' },
    sysctls: [{ name: 'a', value: 'b' }],
  });
  return structuredClone(spec);
}

function claim() {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default', ...structuredClone(LABELS) },
    spec: {
      storageClassName: 'iomesh-cluster-1',
      accessModes: ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      selector: structuredClone(SELECTOR),
      resources: { requests: { storage: '20Gi' }, limits: { storage: '40Gi' } },
      dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'a' },
    },
  };
}
