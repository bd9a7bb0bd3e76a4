import type { ChangeCase, LintCase } from './harness.ts';

const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';

export const lint: LintCase[] = [
  { name: 'the same repositories', expect: [] },
  {
    name: 'the image of another component',
    edit: { [CLUSTER]: [['iomesh/zbs-chunkd', 'iomesh/zbs-metad']] },
    expect: [
      {
        code: 'IOM404',
        at: 'iomesh/zbs-metad',
        path: 'spec.chunk.image.repository',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'warning',
        says: ['image of chunk', '"iomesh/zbs-metad"', '"iomesh/zbs-chunkd"', 'iomesh-system/iomesh'],
        help: ['"iomesh/zbs-chunkd"', 'IOM404=<reason>'],
        related: ['iomesh/zbs-chunkd'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'a mirror for all images is one finding an object',
    edit: {
      [CLUSTER]: [['repository: iomesh/', 'repository: registry.site-b.example/iomesh/', 6]],
      'ZookeeperCluster/iomesh-cluster-1-zookeeper': [
        ['repository: iomesh/', 'repository: registry.site-b.example/iomesh/'],
      ],
    },
    expect: [
      {
        code: 'IOM404',
        path: 'spec.meta.image.repository',
        says: [
          'meta, chunk, redirector, devicemanager, probe and toolbox',
          '"registry.site-b.example/iomesh"',
          '"iomesh"',
        ],
      },
      {
        code: 'IOM404',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        at: 'registry.site-b.example/iomesh/zookeeper',
        related: ['iomesh/zookeeper'],
      },
    ],
  },
  {
    name: 'an empty repository',
    edit: { [CLUSTER]: [['iomesh/operator-probe', '""']] },
    expect: [
      {
        code: 'IOM404',
        at: '""',
        path: 'spec.probe.image.repository',
        says: ['image of probe', 'empty repository'],
        help: ['"iomesh/operator-probe"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'an empty repository on the management cluster is its own fault alone',
    edit: { [MANAGEMENT]: [['iomesh/operator-probe', '" "']] },
    expect: [
      { code: 'IOM404', at: '" "', object: 'iomesh-system/iomesh', help: ['"iomesh/operator-probe"'] },
    ],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'another registry for one cluster is allowed with a warning',
    update: { [CLUSTER]: [['iomesh/operator-toolbox', 'registry.site-b.example/iomesh/operator-toolbox']] },
    warned: [{ code: 'IOM404', at: 'registry.site-b.example/iomesh/operator-toolbox' }],
  },
  {
    name: 'the management cluster moves to a mirror: its followers are named',
    update: { [MANAGEMENT]: [['repository: iomesh/', 'repository: registry.example/iomesh/', 6]] },
    warned: [
      {
        code: 'IOM404',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: ['come from "iomesh"', 'from "registry.example/iomesh"'],
      },
    ],
  },
  {
    name: 'its ZookeeperCluster as well',
    update: { 'ZookeeperCluster/iomesh-zookeeper': [['iomesh/zookeeper', 'pravega/zookeeper']] },
    warned: [{ code: 'IOM404', object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper' }],
  },
  {
    name: 'a waived mirror is silent',
    update: {
      [CLUSTER]: [
        ['metadata:\n', 'metadata:\n  annotations:\n    iomesh-guard.io/waive: IOM404=mirror of site B\n'],
        ['repository: iomesh/', 'repository: registry.site-b.example/iomesh/', 6],
      ],
    },
    waived: 1,
  },
  {
    name: 'an edit of something else',
    update: { [CLUSTER]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
  },
];
