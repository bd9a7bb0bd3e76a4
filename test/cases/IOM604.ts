import type { ChangeCase, Edit, LintCase } from './harness.ts';

const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const replicas = (component: 'meta' | 'chunk', from: number, to: number): Edit => [
  `  ${component}:\n    replicas: ${from}\n`,
  `  ${component}:\n    replicas: ${to}\n`,
];
/** The example has three nodes a cluster. */
const config = { rules: { IOM106: 'off' } } as const;

export const lint: readonly LintCase[] = [
  { name: 'a file has no step', config, edit: { [CLUSTER]: [replicas('chunk', 3, 6)] }, expect: [] },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'chunk by three',
    config,
    update: { [CLUSTER]: [replicas('chunk', 3, 6)] },
    warned: [
      {
        code: 'IOM604',
        at: '6',
        path: 'spec.chunk.replicas',
        severity: 'warning',
        says: ['chunk of iomesh-cluster-1/iomesh-cluster-1 goes from 3 to 6 replicas'],
        help: ['set spec.chunk.replicas to 4, wait until all 4 are ready, and go on one at a time to 6'],
      },
    ],
  },
  { name: 'chunk by one', config, update: { [CLUSTER]: [replicas('chunk', 3, 4)] } },
  {
    name: 'chunk down by two',
    config,
    edit: { [CLUSTER]: [replicas('chunk', 3, 5)] },
    update: { [CLUSTER]: [replicas('chunk', 5, 3)] },
    warned: [{ code: 'IOM604', at: '3', help: ['to 4, wait until the data has moved'] }],
  },
  {
    name: 'meta from three to five',
    config,
    update: { [CLUSTER]: [replicas('meta', 3, 5)] },
    warned: [{ code: 'IOM604', at: '5', path: 'spec.meta.replicas', help: ['set spec.meta.replicas to 4'] }],
  },
  {
    name: 'both are two findings',
    config,
    update: { [CLUSTER]: [replicas('meta', 3, 5), replicas('chunk', 3, 5)] },
    warned: [
      { code: 'IOM604', path: 'spec.meta.replicas' },
      { code: 'IOM604', path: 'spec.chunk.replicas' },
    ],
  },
  {
    name: 'a number that is denied is not warned of as a step',
    update: { [CLUSTER]: [replicas('chunk', 3, 1)] },
    denied: [{ code: 'IOM603' }],
  },
  {
    name: 'a planned step is waived',
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
    name: 'a configured error denies it',
    config: { rules: { IOM106: 'off', IOM604: 'error' } },
    update: { [CLUSTER]: [replicas('chunk', 3, 6)] },
    denied: [{ code: 'IOM604', severity: 'error' }],
  },
];
