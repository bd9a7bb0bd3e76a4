import type { ChangeCase, LintCase } from './harness.ts';
import { storageClass, volume } from './objects.ts';

const GONE = { iomeshCluster: 'gone/gone' };

export const change: readonly ChangeCase[] = [];

export const lint: readonly LintCase[] = [
  {
    name: 'reports the volumes of a cluster that does not exist once, with their claims',
    add: [
      volume('pv-1', { attributes: GONE, claim: 'default/db-0' }),
      volume('pv-2', { attributes: GONE, claim: 'default/db-1', phase: 'Released' }),
    ].join('---\n'),
    expect: [
      {
        code: 'IOM609',
        severity: 'warning',
        object: 'pv-1',
        at: 'gone/gone',
        path: 'spec.csi.volumeAttributes.iomeshCluster',
        says: [
          'IOMeshCluster "gone/gone" does not exist',
          '2 volumes, 1 bound: default/db-0 and default/db-1',
        ],
        help: ['create its IOMeshCluster again'],
        helpOmits: ['kubectl delete'],
      },
    ],
  },
  {
    name: 'reports the volumes of a class whose cluster does not exist',
    config: { iomeshVersion: '1.1', rules: { IOM504: 'off', IOM510: 'off' } },
    add: `${storageClass('old', GONE)}---\n${volume('pv-1', { class: 'old' })}`,
    expect: [{ code: 'IOM609', object: 'pv-1', at: 'old', path: 'spec.storageClassName' }],
  },
  {
    name: 'allows a volume of a cluster that exists',
    add: volume('pv-1', { class: 'iomesh-cluster-1', claim: 'default/db' }),
    expect: [],
  },
  {
    name: 'allows a volume of which the cluster is unknown',
    add: volume('pv-1', { class: 'renamed' }),
    expect: [],
  },
  {
    name: 'allows a volume of another driver',
    add: volume('pv-1', { attributes: GONE, driver: 'other.example' }),
    expect: [],
  },
  {
    name: 'can be waived on the first volume',
    add: volume('pv-1', { attributes: GONE }).replace(
      '  name: pv-1\n',
      '  name: pv-1\n  annotations:\n    iomesh-guard.io/waive: IOM609=kept for the auditors\n',
    ),
    expect: [],
  },
];
