import type { ChangeCase, LintCase } from './harness.ts';
import { configMap } from './objects.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';

export const lint: readonly LintCase[] = [
  {
    name: 'reports the data network of the guide in both places',
    edit: { [C1]: [['dataCIDR: 10.234.2.0/24', 'dataCIDR: <your-data-cidr-here>', 2]] },
    expect: [
      {
        code: 'IOM007',
        at: '<your-data-cidr-here>',
        path: 'spec.chunk.dataCIDR',
        says: ['spec.chunk.dataCIDR', '"<your-data-cidr-here>"'],
        severity: 'error',
      },
      { code: 'IOM007', at: '<your-data-cidr-here>', path: 'spec.redirector.dataCIDR' },
    ],
  },
  {
    name: 'reports a placeholder inside a longer text',
    edit: {
      'ConfigMap/iomesh-cluster-1-csi-configmap': [
        [
          'metaAddr: iomesh-cluster-1-meta-client.iomesh-cluster-1.',
          'metaAddr: iomesh-cluster-1-meta-client.<namespace>.',
        ],
      ],
    },
    expect: [{ code: 'IOM007', path: 'data.metaAddr', says: ['"<namespace>"'] }],
  },
  {
    name: 'reports a placeholder in a reference of a StorageClass',
    edit: {
      'StorageClass/iomesh-cluster-1': [
        [
          'clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
          'clusterConnection: <namespace>/<name>',
        ],
      ],
    },
    expect: [{ code: 'IOM007', path: 'parameters.clusterConnection' }],
  },
  {
    name: 'reports a placeholder in other alphabets',
    edit: {
      [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: <您的许可>']],
    },
    expect: [{ code: 'IOM007', at: '<您的许可>' }],
  },
  {
    name: 'accepts annotations, other keys of a ConfigMap and comparisons',
    edit: {
      [C1]: [
        ['metadata:\n', 'metadata:\n  annotations:\n    note: fill in <this> later\n'],
        ['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: a<b'],
      ],
      'ConfigMap/iomesh-cluster-1-csi-configmap': [['\ndata:', '\ndata:\n  page.html: <html></html>']],
    },
    add: configMap('default/page', { 'index.html': '"<html>hello</html>"' }),
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies a placeholder',
    update: {
      [C1]: [['    dataCIDR: 10.234.2.0/24', '    dataCIDR: <your-data-cidr-here>', 2]],
    },
    denied: [
      { code: 'IOM007', path: 'spec.chunk.dataCIDR' },
      { code: 'IOM007', path: 'spec.redirector.dataCIDR' },
    ],
    warned: [],
  },
  {
    name: 'allows a fix of one of two placeholders',
    edit: { [C1]: [['dataCIDR: 10.234.2.0/24', 'dataCIDR: <cidr>', 2]] },
    update: {
      [C1]: [
        [
          'dataCIDR: <cidr>\n    image:\n      repository: iomesh/zbs-chunkd',
          'dataCIDR: 10.234.2.0/24\n    image:\n      repository: iomesh/zbs-chunkd',
        ],
      ],
    },
    warned: [{ code: 'IOM007', path: 'spec.redirector.dataCIDR' }],
  },
  {
    name: 'denies one placeholder in place of another',
    edit: { 'StorageClass/iomesh-cluster-1': [['fstype: ext4', 'fstype: <type>']] },
    update: { 'StorageClass/iomesh-cluster-1': [['fstype: <type>', 'fstype: <kind>']] },
    denied: [{ code: 'IOM007' }],
  },
];
