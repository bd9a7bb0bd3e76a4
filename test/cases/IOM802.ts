import type { LintCase } from './harness.ts';
import { NODES, VALUES, valuesWith } from './values.ts';

const CHUNK = '  chunk:\n    replicaCount: 3\n    dataCIDR: 10.234.1.0/24\n';
const REDIRECTOR = '  redirector:\n    podPolicy:\n      affinity:';
const ZOOKEEPER = '  zookeeper:\n    replicas: 3\n    podPolicy:\n';

/** Two spaces less before each line. */
const outdent = (text: string) => text.replaceAll(/^ {2}/gm, '');

export const lint: readonly LintCase[] = [
  {
    name: 'leaves an empty section to IOM804 if no key next to it belongs under it',
    values: valuesWith(['  redirector:\n', '  reclaimPolicy:\n  redirector:\n']),
    expect: [{ code: 'IOM804', path: 'iomesh.reclaimPolicy' }],
  },
  {
    name: 'reports the keys of chunk next to it',
    values: valuesWith([CHUNK, `  chunk:\n${outdent(CHUNK.replace('  chunk:\n', ''))}  nothing:\n`]),
    expect: [
      {
        code: 'IOM802',
        at: 'chunk',
        path: 'iomesh.chunk',
        object: 'iomesh-system/iomesh',
        severity: 'error',
        says: ['"iomesh.chunk" is empty', '"replicaCount" and "dataCIDR" are next to it'],
        help: ['indent', 'under "chunk"'],
        related: ['replicaCount', 'dataCIDR'],
        fix: 'shown',
      },
      { code: 'IOM801', at: 'nothing', severity: 'warning' },
    ],
  },
  {
    name: 'reports all keys next to iomesh',
    values: `iomesh:\n${outdent(VALUES.replace('iomesh:\n', ''))}`,
    expect: [{ code: 'IOM802', at: 'iomesh', path: 'iomesh', says: ['"meta"', '2 more are next to it'] }],
  },
  {
    name: 'reports nodeAffinity next to affinity',
    values: valuesWith([`${REDIRECTOR}${NODES}`, `${REDIRECTOR}${NODES.replaceAll(/\n {4}/g, '\n')}`]),
    expect: [
      {
        code: 'IOM802',
        at: 'affinity',
        path: 'iomesh.redirector.podPolicy.affinity',
        related: ['nodeAffinity'],
      },
    ],
  },
  {
    name: 'reports podPolicy next to zookeeper',
    values: valuesWith([ZOOKEEPER, '  zookeeper:\n  podPolicy:\n']),
    expect: [{ code: 'IOM802', at: 'zookeeper', path: 'iomesh.zookeeper', related: ['podPolicy'] }],
  },
];
