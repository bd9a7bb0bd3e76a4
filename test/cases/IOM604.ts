import type { ChangeCase, Edit, LintCase } from './harness.ts';
import { foreignZookeeper } from './objects.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ZOOKEEPER = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const replicas = (component: 'meta' | 'chunk', from: number, to: number): Edit => [
  `  ${component}:\n    replicas: ${from}\n`,
  `  ${component}:\n    replicas: ${to}\n`,
];
const zookeeper = (from: number, to: number): Edit => [`  replicas: ${from}\n`, `  replicas: ${to}\n`];
const waiver = (reason: string): Edit => [
  '  name: iomesh-cluster-1\n',
  `  name: iomesh-cluster-1\n  annotations:\n    iomesh-guard.io/waive: IOM604=${reason}; until=2027-01-31\n`,
];
const statusOf = (status: string): Edit => ['spec:\n', `status: {${status}}\nspec:\n`];
/** The example has three nodes a cluster. */
const config = { rules: { IOM106: 'off' } } as const;

export const lint: readonly LintCase[] = [
  { name: 'ignores files', config, edit: { [CLUSTER]: [replicas('chunk', 3, 6)] }, expect: [] },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns if chunk grows by 3',
    config,
    update: { [CLUSTER]: [replicas('chunk', 3, 6)] },
    warned: [
      {
        code: 'IOM604',
        at: '6',
        path: 'spec.chunk.replicas',
        severity: 'warning',
        says: ['chunk of iomesh-cluster-1/iomesh-cluster-1 changes from 3 to 6 replicas'],
        help: ['set spec.chunk.replicas to 4, wait until all 4 are ready, and continue one by one to 6'],
      },
    ],
  },
  { name: 'allows chunk to grow by 1', config, update: { [CLUSTER]: [replicas('chunk', 3, 4)] } },
  {
    name: 'denies that chunk shrinks by 2',
    config,
    edit: { [CLUSTER]: [replicas('chunk', 3, 5)] },
    update: { [CLUSTER]: [replicas('chunk', 5, 3)] },
    denied: [
      {
        code: 'IOM604',
        at: '3',
        says: ['only one chunk can be removed at a time'],
        help: ['set spec.chunk.replicas back to 5', 'chunk unregister', 'set spec.chunk.replicas to 4'],
      },
    ],
  },
  {
    name: 'warns to unregister the chunk first if chunk shrinks by 1',
    config,
    edit: { [CLUSTER]: [replicas('chunk', 3, 5)] },
    update: { [CLUSTER]: [replicas('chunk', 5, 4)] },
    warned: [
      {
        code: 'IOM604',
        at: '4',
        says: ['unregister it first'],
        help: ['first run', 'chunk unregister', 'back to 5'],
      },
    ],
  },
  ...[
    {
      shows: 'its chunks',
      status: 'summary: {chunkSummary: {chunks: [{id: 1}, {id: 2}, {id: 3}, {id: 4}, {id: 5}]}}',
    },
    { shows: 'its ready pods', status: 'readyReplicas: {chunk: 5, meta: 3}' },
  ].map(
    ({ shows, status }): ChangeCase => ({
      name: `denies that chunk shrinks while the status shows by ${shows} that the last removal goes on`,
      config,
      edit: { [CLUSTER]: [replicas('chunk', 3, 4), statusOf(status)] },
      update: { [CLUSTER]: [replicas('chunk', 4, 3)] },
      denied: [
        {
          code: 'IOM604',
          at: '3',
          says: ['changes from 4 to 3 replicas, but the status still shows 5 running'],
          help: ['set spec.chunk.replicas back to 4 and wait until the status shows 4'],
        },
      ],
    }),
  ),
  {
    name: 'warns that chunk shrinks after the last removal is done',
    config,
    edit: {
      [CLUSTER]: [
        replicas('chunk', 3, 4),
        statusOf('summary: {chunkSummary: {chunks: [{id: 1}, {id: 2}, {id: 3}]}}'),
      ],
    },
    update: { [CLUSTER]: [replicas('chunk', 4, 3)] },
    warned: [{ code: 'IOM604', says: ['unregister it first'] }],
  },
  {
    name: 'allows chunk to grow again while a removal goes on',
    config,
    edit: { [CLUSTER]: [replicas('chunk', 3, 4), statusOf('readyReplicas: {chunk: 5}')] },
    update: { [CLUSTER]: [replicas('chunk', 4, 5)] },
  },
  {
    name: 'warns that meta shrinks at 1.2 while the last removal goes on',
    config: { iomeshVersion: '1.2', rules: { IOM106: 'off', IOM603: 'off' } },
    edit: { [CLUSTER]: [replicas('meta', 3, 4), statusOf('readyReplicas: {meta: 5}')] },
    update: { [CLUSTER]: [replicas('meta', 4, 3)] },
    warned: [{ code: 'IOM604', says: ['the status still shows 5 running'] }],
  },
  {
    name: 'accepts that chunk shrinks by 2 if it is waived',
    config,
    edit: { [CLUSTER]: [replicas('chunk', 3, 5)] },
    update: { [CLUSTER]: [replicas('chunk', 5, 3), waiver('two empty chunks, both unregistered')] },
    waived: 1,
  },
  ...[
    [5, 4],
    [4, 3],
    [5, 3],
  ].map(
    ([from, to]): ChangeCase => ({
      name: `denies that meta shrinks from ${from} to ${to} at 1.0`,
      config: { rules: { IOM106: 'off', IOM603: 'off' } },
      edit: { [CLUSTER]: [replicas('meta', 3, from!)] },
      update: { [CLUSTER]: [replicas('meta', from!, to!)] },
      denied: [
        {
          code: 'IOM604',
          at: String(to),
          path: 'spec.meta.replicas',
          says: ['meta pods cannot be removed before IOMesh 1.2'],
          help: [`set spec.meta.replicas back to ${from}`],
        },
      ],
    }),
  ),
  {
    name: 'denies that meta shrinks at 1.1',
    config: { iomeshVersion: '1.1', rules: { IOM106: 'off' } },
    edit: { [CLUSTER]: [replicas('meta', 3, 5)] },
    update: { [CLUSTER]: [replicas('meta', 5, 3)] },
    denied: [{ code: 'IOM604' }],
  },
  {
    name: 'allows meta to shrink by 1 at 1.2',
    config: { iomeshVersion: '1.2', rules: { IOM106: 'off', IOM603: 'off' } },
    edit: { [CLUSTER]: [replicas('meta', 3, 5)] },
    update: { [CLUSTER]: [replicas('meta', 5, 4)] },
  },
  {
    name: 'warns if meta shrinks by 2 at 1.2',
    config: { iomeshVersion: '1.2', rules: { IOM106: 'off' } },
    edit: { [CLUSTER]: [replicas('meta', 3, 5)] },
    update: { [CLUSTER]: [replicas('meta', 5, 3)] },
    warned: [{ code: 'IOM604', help: ['set spec.meta.replicas to 4'] }],
  },
  ...(['1.0', '1.2'] as const).map(
    (iomeshVersion): ChangeCase => ({
      name: `denies that ZooKeeper shrinks at ${iomeshVersion}`,
      config: { iomeshVersion, rules: { IOM106: 'off' } },
      edit: { [ZOOKEEPER]: [zookeeper(3, 5)] },
      update: { [ZOOKEEPER]: [zookeeper(5, 3)] },
      denied: [
        {
          code: 'IOM604',
          at: '3',
          path: 'spec.replicas',
          says: ['from 5 to 3', 'ZooKeeper pods cannot be removed'],
          help: ['set spec.replicas back to 5'],
        },
      ],
    }),
  ),
  {
    name: 'denies that ZooKeeper shrinks to another even number',
    config,
    edit: { [ZOOKEEPER]: [zookeeper(3, 6)] },
    update: { [ZOOKEEPER]: [zookeeper(6, 4)] },
    denied: [{ code: 'IOM604' }],
    warned: [{ code: 'IOM603' }],
  },
  {
    name: 'denies that the number of ZooKeeper replicas is removed, which means 3',
    config,
    edit: { [ZOOKEEPER]: [zookeeper(3, 5)] },
    update: { [ZOOKEEPER]: [['  replicas: 5\n', '']] },
    denied: [{ code: 'IOM604', says: ['from 5 to 3'] }],
  },
  {
    name: 'leaves 2 ZooKeeper replicas to IOM603',
    update: { [ZOOKEEPER]: [zookeeper(3, 2)] },
    denied: [{ code: 'IOM603' }],
  },
  {
    name: 'allows ZooKeeper to grow from 3 to 5',
    config,
    update: { [ZOOKEEPER]: [zookeeper(3, 5)] },
  },
  {
    name: 'ignores a ZookeeperCluster of another application',
    add: foreignZookeeper('kafka/kafka-zookeeper', 'replicas: 5\n  image: {repository: pravega/zookeeper}'),
    update: { 'ZookeeperCluster/kafka-zookeeper': [zookeeper(5, 3)] },
  },
  {
    name: 'warns if meta grows from 3 to 5',
    config,
    update: { [CLUSTER]: [replicas('meta', 3, 5)] },
    warned: [{ code: 'IOM604', at: '5', path: 'spec.meta.replicas', help: ['set spec.meta.replicas to 4'] }],
  },
  {
    name: 'warns of each component',
    config,
    update: { [CLUSTER]: [replicas('meta', 3, 5), replicas('chunk', 3, 5)] },
    warned: [
      { code: 'IOM604', path: 'spec.meta.replicas' },
      { code: 'IOM604', path: 'spec.chunk.replicas' },
    ],
  },
  {
    name: 'leaves a number that is denied to IOM603',
    update: { [CLUSTER]: [replicas('chunk', 3, 1)] },
    denied: [{ code: 'IOM603' }],
  },
  {
    name: 'accepts a step that is waived',
    config,
    update: {
      [CLUSTER]: [replicas('chunk', 3, 6), waiver('planned doubling, ticket 4711')],
    },
    waived: 1,
  },
  {
    name: 'denies the step if the configuration says error',
    config: { rules: { IOM106: 'off', IOM604: 'error' } },
    update: { [CLUSTER]: [replicas('chunk', 3, 6)] },
    denied: [{ code: 'IOM604', severity: 'error' }],
  },
];
