import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';

const LONGEST = 'a'.repeat(40);

/** Such a name breaks other rules as well. */
const config = {
  rules: { IOM203: 'off', IOM204: 'off', IOM207: 'off', IOM502: 'off', IOM505: 'off' },
} as const;

/** Kubernetes itself rejects the name of the ZookeeperCluster. */
const REJECTED = {
  code: 'IOM005',
  path: 'metadata.name',
  says: ['which Kubernetes does not accept'],
} as const;

const named = (name: string, says: string, help: string, others: LintCase['expect'] = []): LintCase => ({
  name: `reports the name ${name}`,
  config,
  add: clusterLike(name, 6, { namespace: 'pool-b', kinds: ['IOMeshCluster', 'ZookeeperCluster'] }),
  expect: [
    {
      code: 'IOM704',
      at: name,
      path: 'metadata.name',
      object: `pool-b/${name}`,
      severity: 'error',
      says: [says],
      help: [help],
    },
    { code: 'IOM511' },
    ...others,
  ],
});

export const lint: readonly LintCase[] = [
  named('pool.b', '"pool.b" contains a dot', '"pool-b"'),
  named('Pool-B', '"Pool-B" contains a capital letter', '"pool-b"', [REJECTED]),
  named('2nd-pool', '"2nd-pool" starts with a digit', '"iomesh-2nd-pool"'),
  named('pool-b-', '"pool-b-" ends with a hyphen, but must be a DNS label', '"pool-b"'),
  named('pool_b', '"pool_b" contains a character other than', '"pool-b"', [REJECTED]),
  named(
    'a'.repeat(41),
    'has 41 characters, but at most 40 are allowed (Service "<name>-zookeeper-admin-server" can have 63)',
    `at most 40 characters, such as "${LONGEST}"`,
  ),
  {
    name: 'accepts 40 characters',
    add: clusterLike(LONGEST, 6, { namespace: 'pool-b', kinds: ['IOMeshCluster', 'ZookeeperCluster'] }),
    config,
    expect: [{ code: 'IOM511' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a name with a dot',
    create: clusterLike('pool.b', 6, { namespace: 'pool-b', kinds: ['IOMeshCluster'] }),
    denied: [{ code: 'IOM704', severity: 'error' }],
    warned: [{ code: 'IOM701' }],
  },
  {
    name: 'warns if an edit leaves the name as it was',
    add: clusterLike('pool.b', 6, { namespace: 'pool-b', kinds: ['IOMeshCluster', 'ZookeeperCluster'] }),
    update: {
      'IOMeshCluster/pool.b': [
        ['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence'],
      ],
    },
    warned: [{ code: 'IOM704' }],
  },
  {
    name: 'allows the deletion of a cluster with a wrong name',
    add: clusterLike('pool.b', 6, { namespace: 'pool-b', kinds: ['IOMeshCluster'] }),
    remove: 'IOMeshCluster/pool.b',
  },
];
