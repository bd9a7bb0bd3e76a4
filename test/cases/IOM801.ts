import type { LintCase } from './harness.ts';
import { VALUES, valuesWith } from './values.ts';

const MODE = '  diskDeploymentMode: hybridFlash\n';
const META = VALUES.slice(VALUES.indexOf('  meta:\n'), VALUES.indexOf('  chunk:\n'));
const DEVICES = VALUES.slice(
  VALUES.indexOf('    deviceMap:\n'),
  VALUES.indexOf('    podPolicy:\n', VALUES.indexOf('deviceMap')),
);
const outdent = (text: string, by: number) => text.replaceAll(`\n${' '.repeat(by)}`, '\n').slice(by);

export const lint: readonly LintCase[] = [
  { name: 'accepts the values of the management cluster', values: VALUES, expect: [] },
  {
    name: 'reports meta at the root',
    values: `${valuesWith([META, ''])}${outdent(META, 2)}`,
    expect: [
      {
        code: 'IOM801',
        at: 'meta',
        path: 'meta',
        object: 'iomesh-system/iomesh',
        severity: 'error',
        says: ['Helm ignores "meta"', 'the chart reads "iomesh.meta"'],
        help: ['move it to iomesh.meta'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'merges meta at the root into an existing section',
    values: `${valuesWith([META, '  meta:\n    replicaCount: 3\n'])}${outdent(META.replace('    replicaCount: 3\n', ''), 2)}`,
    expect: [
      {
        code: 'IOM801',
        at: 'meta',
        path: 'meta',
        help: ['move it to iomesh.meta, which is already set'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'offers no fix if both places have the key',
    values: `${VALUES}meta:\n  replicaCount: 5\n`,
    expect: [{ code: 'IOM801', at: 'meta', fix: 'shown' }],
  },
  {
    name: 'reports deployment mode and device map at the root',
    values: `${valuesWith([MODE, ''], [DEVICES, ''])}${outdent(MODE, 2)}${outdent(DEVICES, 4)}`,
    expect: [
      { code: 'IOM801', at: 'diskDeploymentMode', help: ['iomesh.diskDeploymentMode'], fix: 'unsafe' },
      { code: 'IOM801', at: 'deviceMap', help: ['iomesh.chunk.deviceMap'], fix: 'unsafe' },
    ],
  },
  {
    name: 'proposes the name of the value for the name of the field',
    values: valuesWith(['  meta:\n    replicaCount', '  meta:\n    replicas']),
    expect: [
      {
        code: 'IOM801',
        at: 'replicas',
        path: 'iomesh.meta.replicas',
        help: ['"replicaCount"'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'reports a misspelt key and a misplaced key',
    values: valuesWith(
      ['dataCIDR', 'dataCidr'],
      [`${DEVICES}    podPolicy`, `${DEVICES}    blockDeviceNamespace: iomesh-system\n    podPolicy`],
    ),
    expect: [
      { code: 'IOM801', at: 'dataCidr', help: ['"dataCIDR"'] },
      {
        code: 'IOM801',
        at: 'blockDeviceNamespace',
        help: ['iomesh.chunk.devicemanager.blockDeviceNamespace'],
      },
    ],
  },
  {
    name: 'offers no fix if several components have the key',
    values: `${VALUES}  nodeSelector:\n    pool: management\n`.replace('  zookeeper:', '  zookeeper:'),
    expect: [
      { code: 'IOM801', at: 'nodeSelector', says: ['iomesh.chunk.podPolicy.nodeSelector'], fix: 'shown' },
    ],
  },
  {
    name: 'reports a misspelt iomesh',
    values: VALUES.replace('iomesh:\n', 'IOMesh:\n'),
    expect: [{ code: 'IOM801', at: 'IOMesh', help: ['"iomesh"'], fix: 'unsafe' }],
  },
  {
    name: 'warns of keys of the cluster that resemble none of the chart',
    values: valuesWith([
      '  meta:\n',
      '  service: {name: x}\n  meta:\n    storageSize: 10Gi\n    service: {}\n',
    ]),
    expect: [
      { code: 'IOM801', at: 'service', severity: 'warning', says: ['no template of the 1.0 chart'] },
      { code: 'IOM801', at: 'storageSize', severity: 'warning' },
    ],
  },
  {
    name: 'accepts keys of the cluster that the chart of IOMesh 1.2 may have',
    base: 'empty',
    values: 'iomesh:\n  service: {name: x}\n  meta: {storageSize: 10Gi}\n  chunk: {dataCIDR: 10.1.0.0/16}\n',
    config: { iomeshVersion: '1.2' },
    expect: [],
  },
  {
    name: 'reports fields of the object that no value sets',
    values: valuesWith(['  meta:\n', '  licenseSecretName: x\n  portOffset: 7\n  meta:\n']),
    expect: [
      {
        code: 'IOM801',
        at: 'licenseSecretName',
        path: 'iomesh.licenseSecretName',
        severity: 'error',
        says: ['no template of the 1.0 chart reads it'],
        help: ['remove it', 'spec.licenseSecretName of the IOMeshCluster'],
        fix: 'shown',
      },
      { code: 'IOM801', at: 'portOffset', severity: 'error', help: ['spec.portOffset'] },
    ],
  },
  {
    name: 'reports what a podPolicy has beside its three keys',
    values: valuesWith([
      '    replicas: 3\n    podPolicy:\n',
      '    replicas: 3\n    podPolicy:\n      resources: {limits: {cpu: 1}}\n      priorityClassName: high\n      tolerations: []\n',
    ]),
    expect: [
      { code: 'IOM801', at: 'resources', path: 'iomesh.zookeeper.podPolicy.resources', severity: 'error' },
      { code: 'IOM801', at: 'priorityClassName', severity: 'error', fix: 'shown' },
    ],
  },
  {
    name: 'names the value of each field of a section of the object',
    values: valuesWith([
      '  zookeeper:\n',
      '  zookeeper:\n    persistence:\n      reclaimPolicy: Retain\n      spec: {storageClassName: local}\n',
    ]),
    expect: [
      {
        code: 'IOM801',
        at: 'reclaimPolicy',
        path: 'iomesh.zookeeper.persistence.reclaimPolicy',
        severity: 'error',
        help: ['move it to iomesh.zookeeper.reclaimPolicy'],
        fix: 'unsafe',
      },
      { code: 'IOM801', at: 'storageClassName', help: ['iomesh.zookeeper.storageClass'], fix: 'unsafe' },
    ],
  },
  {
    name: 'reports a value that only the chart of a later version reads',
    values: valuesWith([
      '  meta:\n',
      '  cpuExclusiveOptions: {cpuExclusivePolicy: kernelCpuIsolation}\n  meta:\n',
    ]),
    config: { iomeshVersion: '1.0' },
    expect: [
      {
        code: 'IOM801',
        at: 'cpuExclusiveOptions',
        severity: 'error',
        says: ['the chart reads it from IOMesh 1.1 on'],
        help: ['iomeshVersion: "1.1"'],
      },
    ],
  },
  {
    name: 'warns of such a value if nothing says which version is installed',
    base: 'empty',
    values: 'iomesh: {chunk: {dataCIDR: 10.1.0.0/16, extraEnvs: {A: b}}}\n',
    expect: [
      { code: 'IOM801', at: 'extraEnvs', severity: 'warning', says: ['from IOMesh 1.1 on'], fix: 'shown' },
    ],
  },
  {
    name: 'reports a misspelt key of the default class',
    values: VALUES.replace('{create: false}', '{create: false, parameter: {replicaFactor: "3"}}'),
    expect: [{ code: 'IOM801', at: 'parameter', help: ['"parameters"'], fix: 'unsafe' }],
  },
  {
    name: 'reports a dataCIDR of the redirector',
    values: valuesWith(['  redirector:\n', '  redirector:\n    dataCIDR: 10.235.0.0/16\n']),
    expect: [{ code: 'IOM801', at: 'dataCIDR', path: 'iomesh.redirector.dataCIDR', fix: 'shown' }],
  },
  {
    name: 'ignores keys of other charts, unknown keys and anchors',
    values: valuesWith(
      [
        '\niomesh:\n',
        '\noperator: {driver: {replicas: 2}}\nsomebody-elses: {replicaCount: 1}\ntolerations: &all [{operator: Exists}]\niomesh:\n',
      ],
      [
        '  zookeeper:\n    replicas: 3\n    podPolicy:\n',
        '  zookeeper:\n    replicas: 3\n    podPolicy:\n      tolerations: *all\n',
      ],
    ),
    expect: [],
  },
];
