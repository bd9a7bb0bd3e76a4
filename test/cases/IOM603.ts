import type { ChangeCase, Edit, LintCase } from './harness.ts';
import { foreignZookeeper } from './objects.ts';

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
  name: `reports ${count} meta replicas`,
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
    name: 'ignores a ZookeeperCluster of another application',
    add: FOREIGN_ZOOKEEPER,
    expect: [],
  },
  meta('1', 'set spec.meta.replicas to 3'),
  meta('2', 'set spec.meta.replicas to 3'),
  meta('0', 'set spec.meta.replicas to 3'),
  meta('-1', 'set spec.meta.replicas to 3'),
  meta('4', 'set spec.meta.replicas to 3 or 5 (lower it only if no more pods have ever run'),
  meta('6', 'set spec.meta.replicas to 3 or 5'),
  { name: 'accepts 5 meta replicas', config, edit: { [CLUSTER]: [replicas('meta', '5')] }, expect: [] },
  {
    name: 'reports 2 chunk replicas',
    edit: { [CLUSTER]: [replicas('chunk', '2')] },
    expect: [
      { code: 'IOM603', at: '2', path: 'spec.chunk.replicas', help: ['set spec.chunk.replicas to 3'] },
    ],
  },
  { name: 'accepts 4 chunk replicas', config, edit: { [CLUSTER]: [replicas('chunk', '4')] }, expect: [] },
  {
    name: 'prints a number above 2^53 exactly',
    config,
    edit: { [CLUSTER]: [replicas('chunk', '-9007199254740993')] },
    expect: [{ code: 'IOM603', at: '-9007199254740993', says: ['has -9007199254740993 replicas'] }],
  },
  {
    name: 'reports 2 ZooKeeper replicas',
    edit: { [ZOOKEEPER]: [zookeeper('2')] },
    expect: [{ code: 'IOM603', at: '2', path: 'spec.replicas', help: ['set spec.replicas to 3'] }],
  },
  {
    name: 'reports 4 ZooKeeper replicas',
    config,
    edit: { [ZOOKEEPER]: [zookeeper('4')] },
    expect: [
      {
        code: 'IOM603',
        at: '4',
        severity: 'error',
        says: ['4 tolerate no more failures than 3'],
        help: ['set spec.replicas to 3 or 5 (lower it only if no more pods have ever run'],
      },
    ],
  },
  { name: 'accepts 5 ZooKeeper replicas', config, edit: { [ZOOKEEPER]: [zookeeper('5')] }, expect: [] },
  {
    name: 'reports each component',
    edit: { [CLUSTER]: [replicas('meta', '1'), replicas('chunk', '1')], [ZOOKEEPER]: [zookeeper('1')] },
    expect: [
      { code: 'IOM603', path: 'spec.meta.replicas' },
      { code: 'IOM603', path: 'spec.chunk.replicas' },
      { code: 'IOM603', object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper' },
    ],
  },
  {
    name: 'leaves a string to IOM005',
    edit: { [CLUSTER]: [replicas('meta', '"2"')] },
    expect: [{ code: 'IOM005', at: '"2"' }],
  },
  {
    name: 'ignores a ZookeeperCluster of another name',
    add: foreignZookeeper('kafka/kafka'),
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies less than 3 meta replicas, without IOM604',
    update: { [CLUSTER]: [replicas('meta', '1')] },
    denied: [{ code: 'IOM603', at: '1' }],
  },
  {
    name: 'warns of 4 meta replicas',
    config,
    update: { [CLUSTER]: [replicas('meta', '4')] },
    warned: [{ code: 'IOM603', severity: 'warning' }],
  },
  {
    name: 'warns if an edit leaves the number as it was',
    edit: { [CLUSTER]: [replicas('chunk', '2')] },
    update: {
      [CLUSTER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM603', at: '2' }],
  },
  {
    name: 'denies a number that is worse',
    edit: { [CLUSTER]: [replicas('chunk', '2')] },
    update: { [CLUSTER]: [replicas('chunk', '1', '2')] },
    denied: [{ code: 'IOM603', at: '1' }],
  },
  {
    name: 'warns of a step towards the right number',
    edit: { [CLUSTER]: [replicas('chunk', '1')] },
    update: { [CLUSTER]: [replicas('chunk', '2', '1')] },
    warned: [{ code: 'IOM603', at: '2' }],
  },
  {
    name: 'warns of the second component if the first is fixed',
    edit: { [CLUSTER]: [replicas('meta', '1'), replicas('chunk', '1')] },
    update: { [CLUSTER]: [replicas('meta', '3', '1')] },
    warned: [{ code: 'IOM603', path: 'spec.chunk.replicas' }, { code: 'IOM604' }],
  },
  {
    name: 'denies a ZookeeperCluster with 2 replicas before its cluster exists',
    drop: [CLUSTER, 'StorageClass/iomesh-cluster-1', ZOOKEEPER],
    create: `apiVersion: zookeeper.pravega.io/v1beta1
kind: ZookeeperCluster
metadata:
  name: iomesh-small-zookeeper
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
