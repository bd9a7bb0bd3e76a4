import { clusterLike } from './clusters.ts';
import type { ChangeCase, LintCase } from './harness.ts';

const LONGEST = 'a'.repeat(40);

/** The name is what is at issue, not what else it makes impossible to write. */
const config = {
  rules: { IOM203: 'off', IOM204: 'off', IOM207: 'off', IOM502: 'off', IOM505: 'off' },
} as const;

const named = (name: string, says: string, help: string): LintCase => ({
  name,
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
  ],
});

export const lint: readonly LintCase[] = [
  named('pool.b', 'it holds a dot', '"pool-b"'),
  named('Pool-B', 'it holds a capital letter', '"pool-b"'),
  named('2nd-pool', 'it begins with a digit', '"iomesh-2nd-pool"'),
  named('pool-b-', 'it begins or ends with a hyphen', '"pool-b"'),
  named('pool_b', 'a character that is not allowed', '"pool-b"'),
  named(
    'a'.repeat(41),
    `has 41 characters; Service "<name>-zookeeper-admin-server" would have 64, and 63 are allowed`,
    `at most 40 characters, such as "${LONGEST}"`,
  ),
  {
    name: 'forty characters are the most',
    add: clusterLike(LONGEST, 6, { namespace: 'pool-b', kinds: ['IOMeshCluster', 'ZookeeperCluster'] }),
    config,
    expect: [{ code: 'IOM511' }],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'a dot is denied',
    create: clusterLike('pool.b', 6, { namespace: 'pool-b', kinds: ['IOMeshCluster'] }),
    denied: [{ code: 'IOM704', severity: 'error' }],
    warned: [{ code: 'IOM701' }],
  },
  {
    name: 'a name that stands cannot be mended, and is warned of',
    add: clusterLike('pool.b', 6, { namespace: 'pool-b', kinds: ['IOMeshCluster', 'ZookeeperCluster'] }),
    update: {
      'IOMeshCluster/pool.b': [
        ['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence'],
      ],
    },
    warned: [{ code: 'IOM704' }],
  },
  {
    name: 'it may be deleted',
    add: clusterLike('pool.b', 6, { namespace: 'pool-b', kinds: ['IOMeshCluster'] }),
    remove: 'IOMeshCluster/pool.b',
  },
];
