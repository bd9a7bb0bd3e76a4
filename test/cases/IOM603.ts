import type { ChangeCase, Edit, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const replicas = (component: 'meta' | 'chunk', to: string, from = '3'): Edit => [
  `  ${component}:\n    replicas: ${from}\n`,
  `  ${component}:\n    replicas: ${to}\n`,
];
const zookeeper = (to: string, from = '3'): Edit => [`  replicas: ${from}\n`, `  replicas: ${to}\n`];
/** The example has three nodes a cluster. */
const config = { rules: { IOM106: 'off' } } as const;

const meta = (count: string, help: string): LintCase => ({
  name: `meta ${count}`,
  config,
  edit: { [CLUSTER]: [replicas('meta', count)] },
  expect: [
    {
      code: 'IOM603',
      at: count,
      path: 'spec.meta.replicas',
      severity: count === '4' ? 'warning' : 'error',
      says: [`meta of iomesh-cluster-1/iomesh-cluster-1 has ${count} replica`],
      help: [help],
    },
  ],
});

const FOREIGN_ZOOKEEPER = `
apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata: {name: kafka-zookeeper, namespace: streams}
spec:
  replicas: 1
  image: {repository: pravega/zookeeper, tag: 0.2.15}
  pod: {affinity: {podAntiAffinity: {}}}
`;

export const lint: readonly LintCase[] = [
  {
    name: "another operator's user, unpinned and with one replica, is none of ours",
    add: FOREIGN_ZOOKEEPER,
    expect: [],
  },
  meta('1', 'set spec.meta.replicas to 3'),
  meta('2', 'set spec.meta.replicas to 3'),
  meta('0', 'set spec.meta.replicas to 3'),
  meta('-1', 'set spec.meta.replicas to 3'),
  meta('4', '5 when growing, 3 when shrinking'),
  meta('6', 'set spec.meta.replicas to 5'),
  { name: 'meta 5', config, edit: { [CLUSTER]: [replicas('meta', '5')] }, expect: [] },
  {
    name: 'chunk 2',
    edit: { [CLUSTER]: [replicas('chunk', '2')] },
    expect: [
      { code: 'IOM603', at: '2', path: 'spec.chunk.replicas', help: ['set spec.chunk.replicas to 3'] },
    ],
  },
  { name: 'chunk 4', config, edit: { [CLUSTER]: [replicas('chunk', '4')] }, expect: [] },
  {
    name: 'a number that no integer holds exactly',
    config,
    edit: { [CLUSTER]: [replicas('chunk', '-9007199254740993')] },
    expect: [{ code: 'IOM603', at: '-9007199254740993', says: ['has -9007199254740993 replicas'] }],
  },
  {
    name: 'zookeeper 2',
    edit: { [ZOOKEEPER]: [zookeeper('2')] },
    expect: [{ code: 'IOM603', at: '2', path: 'spec.replicas', help: ['set spec.replicas to 3'] }],
  },
  {
    name: 'zookeeper 4',
    config,
    edit: { [ZOOKEEPER]: [zookeeper('4')] },
    expect: [
      { code: 'IOM603', at: '4', severity: 'error', says: ['no better majority than 3'], help: ['to 3'] },
    ],
  },
  { name: 'zookeeper 5', config, edit: { [ZOOKEEPER]: [zookeeper('5')] }, expect: [] },
  {
    name: 'each component for itself',
    edit: { [CLUSTER]: [replicas('meta', '1'), replicas('chunk', '1')], [ZOOKEEPER]: [zookeeper('1')] },
    expect: [
      { code: 'IOM603', path: 'spec.meta.replicas' },
      { code: 'IOM603', path: 'spec.chunk.replicas' },
      { code: 'IOM603', object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper' },
    ],
  },
  {
    name: 'a text is a wrong type, and no more',
    edit: { [CLUSTER]: [replicas('meta', '"2"')] },
    expect: [{ code: 'IOM005', at: '"2"' }],
  },
  {
    name: 'a ZookeeperCluster of something else may be of any size',
    add: `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: kafka
  namespace: kafka
spec:
  replicas: 1
`,
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'shrinking meta below three is denied, without a word on the step',
    update: { [CLUSTER]: [replicas('meta', '1')] },
    denied: [{ code: 'IOM603', at: '1' }],
  },
  {
    name: 'meta four on the way to five is warned of',
    config,
    update: { [CLUSTER]: [replicas('meta', '4')] },
    warned: [{ code: 'IOM603', severity: 'warning' }],
  },
  {
    name: 'what stood before is warned of',
    edit: { [CLUSTER]: [replicas('chunk', '2')] },
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM603', at: '2' }],
  },
  {
    name: 'worse is denied',
    edit: { [CLUSTER]: [replicas('chunk', '2')] },
    update: { [CLUSTER]: [replicas('chunk', '1', '2')] },
    denied: [{ code: 'IOM603', at: '1' }],
  },
  {
    name: 'a step towards the right number is let through',
    edit: { [CLUSTER]: [replicas('chunk', '1')] },
    update: { [CLUSTER]: [replicas('chunk', '2', '1')] },
    warned: [{ code: 'IOM603', at: '2' }],
  },
  {
    name: 'mending one of two is let through',
    edit: { [CLUSTER]: [replicas('meta', '1'), replicas('chunk', '1')] },
    update: { [CLUSTER]: [replicas('meta', '3', '1')] },
    warned: [{ code: 'IOM603', path: 'spec.chunk.replicas' }, { code: 'IOM604' }],
  },
  {
    name: 'a ZookeeperCluster with two is denied before its cluster is there',
    drop: [CLUSTER, 'StorageClass/iomesh-cluster-1', ZOOKEEPER],
    create: `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: small-zookeeper
  namespace: small
spec:
  replicas: 2
  pod:
    nodeSelector: {pool: small}
`,
    config: { rules: { IOM103: 'off' } },
    denied: [{ code: 'IOM603', at: '2' }],
  },
];
