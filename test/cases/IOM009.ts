import type { ChangeCase, LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const add = (line: string): [string, string][] => [
  ['  storageClass: hostpath', `  storageClass: hostpath\n  ${line}`],
];
/** Rules that compare what differs between the releases. */
const rules = { IOM004: 'off', IOM401: 'off', IOM403: 'off' } as const;

export const lint: readonly LintCase[] = [
  {
    name: 'reports a field of 1.1 once if 1.0 is configured, however many objects have it',
    config: { iomeshVersion: '1.0', rules },
    edit: { [C1]: add('edition: community'), [MANAGEMENT]: add('edition: community') },
    expect: [
      {
        code: 'IOM009',
        severity: 'warning',
        path: 'spec.edition',
        says: ['spec.edition is "community"', 'IOMesh 1.1 or later', 'iomeshVersion is "1.0"'],
        help: ['set iomeshVersion: "1.1"'],
      },
    ],
  },
  {
    name: 'reports a named release that is later than the configured one',
    config: { iomeshVersion: '1.1', rules },
    edit: { [MANAGEMENT]: add('version: v1.2.0') },
    expect: [{ code: 'IOM009', at: 'v1.2.0', says: ['as in IOMesh 1.2'], help: ['iomeshVersion: "1.2"'] }],
  },
  {
    name: 'reports a named release that is earlier than the configured one',
    config: { iomeshVersion: '1.2', rules },
    edit: { [MANAGEMENT]: add('version: v1.1.0') },
    expect: [{ code: 'IOM009', at: 'v1.1.0', help: ['iomeshVersion: "1.1"'] }],
  },
  {
    name: 'accepts fields and image tags of an earlier release',
    config: { iomeshVersion: '1.2', rules },
    edit: { [C1]: add('edition: community') },
    expect: [],
  },
  {
    name: 'accepts every release if the objects decide',
    config: { rules },
    edit: { [MANAGEMENT]: add('version: v1.2.0') },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'warns if the operator writes another release than the configured one',
    config: { iomeshVersion: '1.0' },
    update: { [MANAGEMENT]: add('version: v1.2.0') },
    warned: [{ code: 'IOM009', object: 'iomesh-system/iomesh' }],
  },
  {
    name: 'allows it if the objects decide, and checks by the rules of that release',
    update: { [MANAGEMENT]: add('version: v1.2.0') },
  },
];
