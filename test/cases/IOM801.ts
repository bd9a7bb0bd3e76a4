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
  { name: 'values that render to the management cluster', values: VALUES, expect: [] },
  {
    name: 'meta at the root, as the guide prints it',
    values: `${valuesWith([META, ''])}${outdent(META, 2)}`,
    expect: [
      {
        code: 'IOM801',
        at: 'meta',
        path: 'meta',
        object: 'iomesh-system/iomesh',
        severity: 'error',
        says: ['Helm ignores "meta"', 'the chart reads iomesh.meta'],
        help: ['move it to iomesh.meta'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'meta at the root beside a part of it in its place',
    values: `${valuesWith([META, '  meta:\n    replicaCount: 3\n'])}${outdent(META.replace('    replicaCount: 3\n', ''), 2)}`,
    expect: [{ code: 'IOM801', at: 'meta', path: 'meta', help: ['something stands already'], fix: 'unsafe' }],
  },
  {
    name: 'the same key in both places: only one can be meant',
    values: `${VALUES}meta:\n  replicaCount: 5\n`,
    expect: [{ code: 'IOM801', at: 'meta', fix: 'shown' }],
  },
  {
    name: 'deployment mode and device map outside',
    values: `${valuesWith([MODE, ''], [DEVICES, ''])}${outdent(MODE, 2)}${outdent(DEVICES, 4)}`,
    expect: [
      { code: 'IOM801', at: 'diskDeploymentMode', help: ['iomesh.diskDeploymentMode'], fix: 'unsafe' },
      { code: 'IOM801', at: 'deviceMap', help: ['iomesh.chunk.deviceMap'], fix: 'unsafe' },
    ],
  },
  {
    name: 'the names of the fields instead of those of the values',
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
    name: 'a key misspelt, and another one level too high',
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
    name: 'one that could belong to several components',
    values: `${VALUES}  nodeSelector:\n    pool: management\n`.replace('  zookeeper:', '  zookeeper:'),
    expect: [
      { code: 'IOM801', at: 'nodeSelector', says: ['iomesh.chunk.podPolicy.nodeSelector'], fix: 'shown' },
    ],
  },
  {
    name: 'iomesh itself misspelt',
    values: VALUES.replace('iomesh:\n', 'IOMesh:\n'),
    expect: [{ code: 'IOM801', at: 'IOMesh', help: ['"iomesh"'], fix: 'unsafe' }],
  },
  {
    name: 'keys that a release of the chart may have, though we know them from elsewhere',
    values: valuesWith([
      '  meta:\n',
      '  service: {name: x}\n  meta:\n    storageSize: 10Gi\n    service: {}\n',
    ]),
    expect: [],
  },
  {
    name: 'a data network of its own for the redirector',
    values: valuesWith(['  redirector:\n', '  redirector:\n    dataCIDR: 10.235.0.0/16\n']),
    expect: [{ code: 'IOM801', at: 'dataCIDR', path: 'iomesh.redirector.dataCIDR', fix: 'shown' }],
  },
  {
    name: 'what other charts read, what nothing resembles, and what is there to be repeated',
    values: valuesWith(
      [
        'iomesh:\n',
        'csi-driver: {driver: {controller: {replicas: 2}}}\nsomebody-elses: {replicaCount: 1}\ntolerations: &all [{operator: Exists}]\niomesh:\n',
      ],
      [
        '  zookeeper:\n    replicas: 3\n    podPolicy:\n',
        '  zookeeper:\n    replicas: 3\n    podPolicy:\n      tolerations: *all\n',
      ],
    ),
    expect: [],
  },
];
