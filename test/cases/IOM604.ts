import type { ChangeCase, Edit, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const replicas = (component: 'meta' | 'chunk', from: number, to: number): Edit => [
  `  ${component}:\n    replicas: ${from}\n`,
  `  ${component}:\n    replicas: ${to}\n`,
];
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
    name: 'warns if chunk shrinks by 2',
    config,
    edit: { [CLUSTER]: [replicas('chunk', 3, 5)] },
    update: { [CLUSTER]: [replicas('chunk', 5, 3)] },
    warned: [{ code: 'IOM604', at: '3', help: ['to 4, wait until all data is moved'] }],
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
      [CLUSTER]: [
        replicas('chunk', 3, 6),
        [
          '  name: iomesh-cluster-1\n',
          '  name: iomesh-cluster-1\n  annotations:\n    iomesh-guard.io/waive: IOM604=planned doubling, ticket 4711; until=2027-01-31\n',
        ],
      ],
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
