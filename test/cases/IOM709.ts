import type { ChangeCase, Edit, LintCase } from './harness.ts';
import { POOL_DOCUMENTS } from './objects.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ENTERPRISE = 'v5.3.0-rc13-enterprise';
const replicas = (component: 'meta' | 'chunk', from: number, to: number): Edit => [
  `  ${component}:\n    replicas: ${from}\n`,
  `  ${component}:\n    replicas: ${to}\n`,
];
const tags = (tag: string): Edit => [ENTERPRISE, tag, 3];
const COMMUNITY = tags('v5.3.0-rc13-community');
const edition = (value: string): Edit => ['spec:\n  disk', `spec:\n  edition: ${value}\n  disk`];
const untagged: Edit = [`\n      tag: ${ENTERPRISE}`, '', 3];
const licence = (most: string): Edit => [
  'spec:\n  disk',
  `status: {license: {maxChunkNum: ${most}}}\nspec:\n  disk`,
];
const rules = { IOM106: 'off', IOM604: 'off' } as const;

export const lint: readonly LintCase[] = [
  {
    name: 'reports five meta and chunk replicas of the Community edition at 1.0',
    config: { rules },
    edit: {
      [MANAGEMENT]: [COMMUNITY],
      [CLUSTER]: [COMMUNITY, replicas('meta', 3, 5), replicas('chunk', 3, 5)],
    },
    expect: [
      {
        code: 'IOM709',
        severity: 'error',
        at: '5',
        path: 'spec.meta.replicas',
        says: [
          'meta of iomesh-cluster-1/iomesh-cluster-1 has 5 replicas',
          'the Community edition allows at most 3',
        ],
        help: ['set spec.meta.replicas to 3', 'Enterprise edition'],
      },
      { code: 'IOM709', path: 'spec.chunk.replicas', help: ['each after its chunk is unregistered'] },
    ],
  },
  ...['community', '""'].map(
    (value): LintCase => ({
      name: `reports four chunks of edition ${value} at 1.2`,
      config: { iomeshVersion: '1.2', rules },
      edit: {
        [MANAGEMENT]: [untagged, edition(value)],
        [CLUSTER]: [untagged, edition(value), replicas('chunk', 3, 4)],
      },
      expect: [{ code: 'IOM709', at: '4', path: 'spec.chunk.replicas' }],
    }),
  ),
  {
    name: 'accepts more replicas of the Enterprise edition',
    config: { rules },
    edit: { [CLUSTER]: [replicas('meta', 3, 5), replicas('chunk', 3, 5)] },
    expect: [],
  },
  {
    name: 'skips a tag of 1.0 that names no edition',
    config: { rules },
    edit: {
      [MANAGEMENT]: [tags('v5.3.0-rc13')],
      [CLUSTER]: [tags('v5.3.0-rc13'), replicas('chunk', 3, 5)],
    },
    expect: [],
  },
  {
    name: 'reports more chunks than the licence allows',
    config: { rules },
    edit: { [CLUSTER]: [replicas('chunk', 3, 7), licence('5')] },
    expect: [
      {
        code: 'IOM709',
        at: '7',
        says: ['its licence allows at most 5'],
        help: ['larger licence'],
        related: ['5'],
      },
    ],
  },
  {
    name: 'ignores a licence that is not read yet',
    config: { rules },
    edit: { [CLUSTER]: [replicas('chunk', 3, 7), licence('0')] },
    expect: [],
  },
  {
    name: 'reports more chunks than any edition allows',
    config: { rules },
    edit: { [CLUSTER]: [replicas('chunk', 3, 300)] },
    expect: [{ code: 'IOM709', at: '300', says: ['IOMesh allows at most 255'] }],
  },
  {
    name: 'reports the values of the chart',
    config: { rules },
    drop: POOL_DOCUMENTS,
    values: `iomesh:
  edition: community
  meta: {replicaCount: 5}
  chunk: {replicaCount: 5, dataCIDR: 10.40.0.0/16}
`,
    expect: [
      { code: 'IOM709', at: '5' },
      { code: 'IOM709', at: '5' },
    ],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a fourth chunk of the Community edition',
    config: { rules },
    edit: { [MANAGEMENT]: [COMMUNITY], [CLUSTER]: [COMMUNITY] },
    update: { [CLUSTER]: [replicas('chunk', 3, 4)] },
    denied: [{ code: 'IOM709' }],
  },
  {
    name: 'warns of a number above the limit that an edit lowers',
    config: { rules },
    edit: { [CLUSTER]: [replicas('chunk', 3, 6), licence('4')] },
    update: { [CLUSTER]: [replicas('chunk', 6, 5)] },
    warned: [{ code: 'IOM709', at: '5' }],
  },
  {
    name: 'denies a chunk more than the licence allows',
    config: { rules },
    edit: { [CLUSTER]: [licence('3')] },
    update: { [CLUSTER]: [replicas('chunk', 3, 4)] },
    denied: [{ code: 'IOM709' }],
  },
  {
    name: 'denies a chunk more than the licence allows if the update leaves out the status',
    config: { rules },
    edit: { [CLUSTER]: [licence('3')] },
    update: { [CLUSTER]: [replicas('chunk', 3, 4), ['status: {license: {maxChunkNum: 3}}\n', '']] },
    denied: [{ code: 'IOM709' }],
  },
];
