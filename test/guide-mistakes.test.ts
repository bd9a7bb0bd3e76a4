/**
 * Mistakes that people make when they copy from the guides: each is reported by the rule that explains it.
 */
import { describe, it } from 'vitest';
import { type LintCase, runLintCase } from './cases/harness.ts';
import { NODES, VALUES, valuesWith } from './cases/values.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const CONNECTION = 'ConfigMap/iomesh-cluster-1-csi-configmap';
const CLASS = 'StorageClass/iomesh-cluster-1';
const WORKERS = Array.from({ length: 6 }, (_, index) => ({
  name: `k8s-worker-${index}`,
  labels: { 'kubernetes.io/hostname': `k8s-worker-${index}` },
}));
const AFFINITY = `      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: kubernetes.io/hostname
                    operator: In
                    values:
                      - k8s-worker-3
                      - k8s-worker-4
                      - k8s-worker-5
`;
const META = `      repository: iomesh/zbs-metad
      tag: v5.3.0-rc13-enterprise
      pullPolicy: IfNotPresent
    podPolicy:
`;

const mistakes: LintCase[] = [
  {
    name: 'k8s-woker-3 in place of k8s-worker-3',
    config: { nodes: WORKERS },
    edit: { [CLUSTER]: [['k8s-worker-3', 'k8s-woker-3', 3]], [ZOOKEEPER]: [['k8s-worker-3', 'k8s-woker-3']] },
    expect: [
      { code: 'IOM107', says: ['k8s-woker-3'], help: ['k8s-worker-3'] },
      { code: 'IOM107', says: ['k8s-woker-3'], help: ['k8s-worker-3'] },
    ],
  },
  {
    name: 'the file system ex4',
    edit: { [CLASS]: [['ext4', 'ex4']] },
    expect: [{ code: 'IOM506', at: 'ex4', help: ['ext4'] }],
  },
  {
    name: 'reclaimPolicy among the parameters, as in the guide',
    edit: {
      [CLASS]: [
        ['reclaimPolicy: Delete\n', ''],
        ['parameters:\n', 'parameters:\n  reclaimPolicy: Retain\n'],
      ],
    },
    expect: [{ code: 'IOM509', severity: 'error', at: 'reclaimPolicy', says: ['Retain', 'Delete'] }],
  },
  {
    name: 'a placeholder that was not replaced',
    edit: { [CLUSTER]: [['dataCIDR: 10.234.2.0/24', 'dataCIDR: <your-data-cidr-here>', 2]] },
    expect: [
      { code: 'IOM007', at: '<your-data-cidr-here>' },
      { code: 'IOM007', at: '<your-data-cidr-here>' },
    ],
  },
  {
    name: 'metaAddr with a trailing full stop',
    edit: { [CONNECTION]: [['.local:10100', '.local.:10100']] },
    expect: [{ code: 'IOM203', says: ['full stop'] }],
  },
  {
    name: 'blockDeviceNamespace directly under chunk',
    edit: { [CLUSTER]: [['      blockDeviceNamespace', '    blockDeviceNamespace']] },
    expect: [
      { code: 'IOM004', at: 'blockDeviceNamespace', help: ['spec.chunk.devicemanager.blockDeviceNamespace'] },
    ],
  },
  {
    name: 'nodeAffinity directly under meta',
    edit: {
      [CLUSTER]: [
        [
          `${META}${AFFINITY}`,
          `${META.replace('    podPolicy:\n', '')}${AFFINITY.replace('      affinity:\n', '').replaceAll(/^ {4}/gm, '')}`,
        ],
      ],
    },
    expect: [{ code: 'IOM004', at: 'nodeAffinity', help: ['spec.meta.podPolicy.affinity.nodeAffinity'] }],
  },
  {
    name: 'image.tags instead of image.tag',
    edit: { [CLUSTER]: [['zbs-metad\n      tag:', 'zbs-metad\n      tags:']] },
    expect: [{ code: 'IOM004', at: 'tags', help: ['tag'] }],
  },
  {
    name: 'image.repository.tag instead of image.tag',
    edit: {
      [CLUSTER]: [
        [
          'repository: iomesh/zbs-metad\n      tag: v5.3.0-rc13-enterprise',
          'repository:\n        tag: v5.3.0-rc13-enterprise',
        ],
      ],
    },
    expect: [{ code: 'IOM005' }],
  },
  {
    name: 'empty terms, nodeSelectorTerms: [{}, {}]',
    edit: {
      [ZOOKEEPER]: [
        [
          `            - matchExpressions:
                - key: kubernetes.io/hostname
                  operator: In
                  values:
                    - k8s-worker-3
                    - k8s-worker-4
                    - k8s-worker-5
`,
          '            - {}\n            - {}\n',
        ],
      ],
    },
    expect: [{ code: 'IOM104' }, { code: 'IOM104' }],
  },
  {
    name: 'image: null, with its children next to it',
    edit: {
      [ZOOKEEPER]: [
        ['    repository: iomesh/zookeeper\n    tag', '  repository: iomesh/zookeeper\n  tag'],
        ['    pullPolicy', '  pullPolicy'],
      ],
    },
    expect: [{ code: 'IOM006', says: ['image'] }],
  },
  {
    name: 'diskDeploymentMode: allflash',
    edit: { [CLUSTER]: [['hybridFlash', 'allflash']] },
    expect: [{ code: 'IOM005', help: ['allFlash'] }],
  },
  {
    name: 'reclaimPolicy: delete',
    edit: { [CLUSTER]: [['volume: Delete', 'volume: delete']] },
    expect: [{ code: 'IOM305', at: 'delete' }],
  },
  {
    name: 'replicaCount in a custom resource',
    edit: { [CLUSTER]: [['  chunk:\n    replicas:', '  chunk:\n    replicaCount:']] },
    expect: [{ code: 'IOM004', at: 'replicaCount', help: ['replicas'] }],
  },
  {
    name: 'replicaFactor without quotes',
    edit: { [CLASS]: [['"2"', '2']] },
    expect: [{ code: 'IOM005', at: '2', fix: 'safe' }],
  },
  {
    name: 'pullPolicy: ifNotPresent',
    edit: {
      [CLUSTER]: [
        [
          'operator-probe\n      tag: v1.0.1\n      pullPolicy: IfNotPresent',
          'operator-probe\n      tag: v1.0.1\n      pullPolicy: ifNotPresent',
        ],
      ],
    },
    expect: [{ code: 'IOM405', at: 'ifNotPresent' }],
  },
  {
    name: 'operator: in',
    edit: {
      [ZOOKEEPER]: [
        [
          '                  operator: In\n                  values:\n                    - k8s-worker-3',
          '                  operator: in\n                  values:\n                    - k8s-worker-3',
        ],
      ],
    },
    expect: [{ code: 'IOM104', at: 'in', help: ['In'] }],
  },
  {
    name: 'Values: instead of values:',
    edit: {
      [ZOOKEEPER]: [
        [
          'operator: In\n                  values:\n                    - k8s-worker-3',
          'operator: In\n                  Values:\n                    - k8s-worker-3',
        ],
      ],
    },
    expect: [{ code: 'IOM004', at: 'Values', help: ['values'] }],
  },
  {
    name: 'a misspelt mount type, cacheWithJounral',
    edit: { [CLUSTER]: [['cacheWithJournal', 'cacheWithJounral']] },
    expect: [{ code: 'IOM302', at: 'cacheWithJounral', help: ['cacheWithJournal'] }],
  },
  {
    name: 'clusterConnection and iomeshCluster that name different clusters',
    edit: {
      [CLASS]: [['iomeshCluster: iomesh-cluster-1/iomesh-cluster-1', 'iomeshCluster: iomesh-system/iomesh']],
    },
    expect: [{ code: 'IOM505' }],
  },
  {
    name: 'a reference without a namespace',
    edit: { [CLASS]: [['iomeshCluster: iomesh-cluster-1/', 'iomeshCluster: ']] },
    expect: [{ code: 'IOM502', help: ['iomesh-cluster-1/iomesh-cluster-1'] }],
  },
  {
    name: 'meta at the root of the Helm values',
    values: VALUES.replace(/ {2}meta:\n[\s\S]*?(?= {2}chunk:)/, '').concat(
      `meta:\n  podPolicy:\n    affinity:${NODES}\n`,
    ),
    expect: [{ code: 'IOM801', at: 'meta', help: ['iomesh.meta'] }],
  },
  {
    name: 'dataCIDR next to chunk in the Helm values',
    values: valuesWith(['    dataCIDR: 10.234.1.0/24\n', '']).replace(
      / {2}chunk:\n[\s\S]*?(?= {2}redirector:)/,
      '  chunk:\n  dataCIDR: <your-data-cidr-here>\n',
    ),
    expect: [{ code: 'IOM802', at: 'chunk', related: ['dataCIDR'] }],
  },
  {
    name: 'a repeated kind',
    edit: { [CONNECTION]: [['kind: ConfigMap\n', 'kind: ConfigMap\nkind: ConfigMap\n']] },
    expect: [{ code: 'IOM002', at: 'kind' }],
  },
  {
    name: 'three dots, after which the rest is ignored',
    edit: { [CONNECTION]: [['  metaAddr', '...\n  metaAddr']] },
    expect: [{ code: 'IOM003' }, { code: 'IOM205' }],
  },
  {
    name: 'a tab as indentation',
    edit: { [CONNECTION]: [['  iscsiPortal', '\tiscsiPortal']] },
    expect: [{ code: 'IOM001', help: ['spaces'] }],
  },
  {
    name: '- key: left of matchExpressions',
    edit: {
      [ZOOKEEPER]: [
        [
          '                - key: kubernetes.io/hostname\n                  operator: In\n                  values:\n                    - k8s-worker-3',
          '          - key: kubernetes.io/hostname\n            operator: In\n            values:\n                    - k8s-worker-3',
        ],
      ],
    },
    expect: [{ code: 'IOM001', help: ['key:'] }],
  },
];

describe('judge reports', () => {
  it.each(mistakes.map((each) => [each.name, each] as const))('%s', (_name, each) => runLintCase(each));
});
