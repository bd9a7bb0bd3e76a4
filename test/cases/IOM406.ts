import type { ChangeCase, LintCase } from './harness.ts';
import { foreignZookeeper } from './objects.ts';

const MANAGEMENT = 'ZookeeperCluster/iomesh-zookeeper';
const POOL = 'ZookeeperCluster/iomesh-cluster-1-zookeeper';
const UPGRADED = { [MANAGEMENT]: [['tag: 3.5.9', 'tag: 3.5.9-20']] } as const;
const config = { iomeshVersion: '1.1' } as const;

export const lint: LintCase[] = [
  {
    name: 'reports a pool that was not upgraded',
    config,
    edit: UPGRADED,
    expect: [
      {
        code: 'IOM406',
        at: '3.5.9',
        path: 'spec.image.tag',
        object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper',
        severity: 'warning',
        says: ['"3.5.9"', 'newer "3.5.9-20"', 'iomesh-system/iomesh-zookeeper'],
        help: ['spec.image.tag to "3.5.9-20"'],
        related: ['3.5.9-20'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-    tag: 3.5.9
+    tag: 3.5.9-20`,
  },
  { name: 'ignores the ZooKeeper image at 1.0', edit: UPGRADED, expect: [] },
  {
    name: 'accepts a pool that is newer',
    config,
    edit: { [POOL]: [['tag: 3.5.9', 'tag: 3.5.9-20']] },
    expect: [],
  },
  {
    name: 'accepts a tag that is not made of numbers',
    config,
    edit: { [MANAGEMENT]: [['tag: 3.5.9', 'tag: site-build']] },
    expect: [],
  },
  {
    name: 'ignores the ZooKeeper of another application',
    config,
    edit: { ...UPGRADED, [POOL]: [['tag: 3.5.9', 'tag: 3.5.9-20']] },
    add: foreignZookeeper('kafka/kafka-zookeeper', 'image: {repository: pravega/zookeeper, tag: 0.2.13}'),
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns of the pools if the management cluster is upgraded',
    config,
    update: UPGRADED,
    warned: [{ code: 'IOM406', object: 'iomesh-cluster-1/iomesh-cluster-1-zookeeper' }],
  },
  {
    name: 'allows the upgrade of the pool',
    config,
    edit: UPGRADED,
    update: { [POOL]: [['tag: 3.5.9', 'tag: 3.5.9-20']] },
  },
];
