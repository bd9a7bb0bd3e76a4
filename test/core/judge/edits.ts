/** Valid and invalid values for the fields of each kind, for random worlds. */
import { applyEdits } from '../../../src/core/base/edits.ts';
import { asString, type Json, type JsonObject, own } from '../../../src/core/base/json.ts';
import type { Path } from '../../../src/core/base/path.ts';

/** A field and values for it; undefined removes it. */
type FieldEdit = readonly [path: Path, values: readonly (Json | undefined)[]];

const REQUIRED: Path = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'];
const host = (...numbers: number[]): Json => [
  {
    matchExpressions: [
      { key: 'kubernetes.io/hostname', operator: 'In', values: numbers.map((each) => `k8s-worker-${each}`) },
    ],
  },
];
const label = (key: string, operator: string, ...values: string[]): Json => [
  { matchExpressions: [values.length === 0 ? { key, operator } : { key, operator, values }] },
];
const TERMS: readonly (Json | undefined)[] = [
  host(0, 1, 2),
  host(3, 4, 5),
  host(2, 3, 4),
  host(6, 7, 8),
  label('pool', 'In', 'a'),
  label('pool', 'Exists'),
  label('kubernetes.io/hostname', 'NotIn', 'k8s-worker-0'),
  [{}],
  [],
  label('pool', 'in', 'a'),
];
const preferred: Json = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: {} }] };
const TAGS = [
  'v5.3.0-rc13-enterprise',
  'v5.3.0-rc13-community',
  'v5.3.0-rc13',
  'v5.2.0-rc13',
  'v1.0.1',
  undefined,
];

function placement(path: Path): FieldEdit[] {
  return [
    [[...path, ...REQUIRED, 'nodeSelectorTerms'], TERMS],
    [
      [...path, 'affinity'],
      [undefined, { nodeAffinity: preferred }, null],
    ],
    [
      [...path, 'nodeSelector'],
      [{ pool: 'a' }, { pool: 'b' }, undefined],
    ],
  ];
}

function image(path: Path): FieldEdit[] {
  return [
    [[...path, 'image', 'tag'], TAGS],
    [
      [...path, 'image', 'repository'],
      ['iomesh/zbs', 'mirror.example/iomesh/zbs-metad', ''],
    ],
    [
      [...path, 'image', 'pullPolicy'],
      ['Always', 'ifNotPresent', undefined],
    ],
  ];
}

const METADATA: readonly FieldEdit[] = [
  [
    ['metadata', 'deletionTimestamp'],
    ['2026-11-23T10:00:00Z', undefined],
  ],
  [
    ['metadata', 'creationTimestamp'],
    ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', undefined],
  ],
  [
    ['metadata', 'labels'],
    [{ team: 'storage' }, undefined],
  ],
  // Invalid waivers: they accept nothing, but such an object is no example for others.
  [
    ['metadata', 'annotations'],
    [{ 'iomesh-guard.io/waive': 'IOM007=;IOM201=;IOM401=' }, undefined],
  ],
];

const FIELDS: Readonly<Record<string, readonly FieldEdit[]>> = {
  IOMeshCluster: [
    ...METADATA,
    ...(['meta', 'chunk', 'redirector'] as const).flatMap((each) => [
      ...image(['spec', each]),
      ...placement(['spec', each, 'podPolicy']),
    ]),
    ...image(['spec', 'probe']),
    ...image(['spec', 'chunk', 'devicemanager']),
    [
      ['spec', 'meta', 'replicas'],
      [3, 5, 4, 2, 1, '3', undefined],
    ],
    [
      ['spec', 'chunk', 'replicas'],
      [3, 4, 6, 2, 0, undefined],
    ],
    [
      ['spec', 'chunk', 'dataCIDR'],
      ['10.234.2.0/24', '10.234.1.0/24', '10.234.2.1/24', '<cidr>', undefined],
    ],
    [
      ['spec', 'redirector', 'dataCIDR'],
      ['10.234.2.0/24', '10.234.1.0/24', 'none', undefined],
    ],
    [
      ['spec', 'chunk', 'devicemanager', 'blockDeviceNamespace'],
      ['iomesh-system', 'iomesh-cluster-1', 'pool-b', '<namespace>', undefined],
    ],
    [
      ['spec', 'chunk', 'devicemanager'],
      [undefined, null],
    ],
    [
      ['spec', 'chunk', 'deviceMap', 'dataStoreWithJournal'],
      [{ selector: {} }, { selector: { matchLabels: { 'iomesh.com/bd-driverType': 'HDD' } } }, {}, undefined],
    ],
    [
      ['spec', 'chunk', 'deviceMap', 'cacheWithJournal'],
      [{ exclude: ['a'] }, undefined],
    ],
    [
      ['spec', 'diskDeploymentMode'],
      ['allFlash', 'hybridFlash', 'allflash', undefined],
    ],
    [
      ['spec', 'storageClass'],
      ['local', 'hostpath', undefined],
    ],
    [
      ['spec', 'portOffset'],
      [10, -1, undefined],
    ],
    [
      ['spec', 'reclaimPolicy', 'volume'],
      ['Retain', 'delete', undefined],
    ],
    [
      ['spec', 'edition'],
      ['community', 'enterprise', undefined],
    ],
    [
      ['spec', 'meta'],
      [undefined, null, 'x'],
    ],
    [
      ['spec', 'meta', 'nodeAffinity'],
      [{}, undefined],
    ],
    [
      ['spec', 'redirector', 'iscsiVirtualIP'],
      ['10.234.9.9', '10.234.9.10', 'none', '', undefined],
    ],
    [
      ['spec', 'cpuExclusiveOptions', 'cpuExclusivePolicy'],
      ['kernelCpuIsolation', 'kubeletCpuManager', undefined],
    ],
    [
      ['status', 'license', 'maxChunkNum'],
      [3, 5, 0, undefined],
    ],
    [
      ['status', 'license', 'serial'],
      ['A-1', 'a-1', 'b-2', undefined],
    ],
    [['spec'], [undefined, null, []]],
  ],
  ZookeeperCluster: [
    ...METADATA,
    ...image(['spec']),
    ...placement(['spec', 'pod']),
    [
      ['spec', 'replicas'],
      [3, 5, 4, 2, undefined],
    ],
    [
      ['spec', 'pod', 'affinity', 'podAntiAffinity'],
      [undefined, {}, { requiredDuringSchedulingIgnoredDuringExecution: [] }],
    ],
    [
      ['spec', 'pod'],
      [undefined, null],
    ],
  ],
  ConfigMap: [
    ...METADATA,
    [
      ['data', 'clusterId'],
      ['k8s-cluster', 'other', '', undefined],
    ],
    [
      ['data', 'iscsiPortal'],
      ['127.0.0.1:3260', '127.0.0.1', undefined],
    ],
    [
      ['data', 'metaAddr'],
      [
        'iomesh-meta-client.iomesh-system.svc.cluster.local:10100',
        'iomesh-cluster-1-meta-client.iomesh-cluster-1.svc.cluster.local:10100',
        'pool-b-meta-client.pool-b.svc.cluster.local:10100',
        'pool-b-meta-client.pool-b.svc.cluster.local:10100.',
        'iomesh-cluster-1-meta-client.svc.cluster.local',
        'nonsense',
        '<address>',
        undefined,
      ],
    ],
    [['data'], [undefined, null, {}]],
  ],
  StorageClass: [
    ...METADATA,
    [['provisioner'], ['com.iomesh.csi-driver', 'other.example']],
    [
      ['parameters', 'clusterConnection'],
      [
        'iomesh-system/iomesh-csi-configmap',
        'iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        'pool-b/pool-b-csi-configmap',
        'iomesh-csi-configmap',
        'gone/gone',
        undefined,
      ],
    ],
    [
      ['parameters', 'iomeshCluster'],
      [
        'iomesh-system/iomesh',
        'iomesh-cluster-1/iomesh-cluster-1',
        'pool-b/pool-b',
        'pool-b',
        'gone/gone',
        undefined,
      ],
    ],
    [
      ['parameters', 'replicaFactor'],
      ['2', '1', 2, undefined],
    ],
    [
      ['parameters', 'csi.storage.k8s.io/fstype'],
      ['ext4', 'ex4', undefined],
    ],
    [
      ['parameters', 'reclaimPolicy'],
      ['Retain', 'Delete', undefined],
    ],
    [
      ['parameters', 'unheard'],
      ['of', undefined],
    ],
    [['reclaimPolicy'], ['Retain', 'Delete', undefined]],
  ],
  PersistentVolumeClaim: [
    [
      ['spec', 'storageClassName'],
      ['iomesh-cluster-1', 'gone', undefined],
    ],
  ],
  Namespace: [
    [
      ['metadata', 'labels'],
      [{ team: 'a' }, undefined],
    ],
  ],
  Node: [
    [
      ['metadata', 'labels'],
      [
        { pool: 'a' },
        { pool: 'b' },
        { 'node-role.kubernetes.io/control-plane': '' },
        { 'kubernetes.io/hostname': 'k8s-worker-0' },
        undefined,
      ],
    ],
  ],
};

/** How many numbers make every edit of some kind: enough for `field` and `value` of {@link editObject}. */
export const EDIT_RANGE = 10_000;

/** An object with one field set or taken away, chosen by two numbers. */
export function editObject(json: JsonObject, field: number, value: number): JsonObject {
  const fields = FIELDS[asString(own(json, 'kind')) ?? ''] ?? [];
  const chosen = fields[field % Math.max(1, fields.length)];
  if (chosen === undefined) return json;
  const [path, values] = chosen;
  const next = values[value % values.length];
  return applyEdits(json, [next === undefined ? { op: 'remove', path } : { op: 'add', path, value: next }]);
}
