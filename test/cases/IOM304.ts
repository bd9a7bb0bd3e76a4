import { type ChangeCase, changed, type LintCase } from './harness.ts';

const FOLLOWER = 'IOMeshCluster/iomesh-cluster-1';
const CHUNK = '    replicas: 3\n    dataCIDR: 10.234.2.0/24';
const REDIRECTOR = '  redirector:\n    dataCIDR: 10.234.2.0/24';

/** One dataCIDR in both places, each of which is reported. */
function both(value: string, says: string, right?: string): LintCase {
  return {
    name: `reports ${value}: ${says}`,
    edit: { [FOLLOWER]: [['10.234.2.0/24', value, 2]] },
    expect: ['chunk', 'redirector'].map((component) => ({
      code: 'IOM304',
      severity: 'error',
      at: value,
      path: `spec.${component}.dataCIDR`,
      says: [says],
      help: [
        right === undefined ? 'such as "10.234.1.0/24"' : `set spec.${component}.dataCIDR to "${right}"`,
      ],
      ...(right === undefined ? {} : { fix: 'unsafe' }),
    })),
    fixed: right && changed(`    dataCIDR: ${value}`, `    dataCIDR: ${right}`).repeat(2),
  };
}

export const lint: readonly LintCase[] = [
  both('10.234.2.17/24', 'an address inside the network "10.234.2.0/24"', '10.234.2.0/24'),
  both('10.234.2.0', 'has no prefix length'),
  both('10.234.2.0/33', 'at most 32'),
  both('10.234.2.0/255.255.255.0', 'netmask', '10.234.2.0/24'),
  both('010.234.2.0/24', 'leading zero in "010"', '10.234.2.0/24'),
  both('10.234.300.0/24', 'has "300"'),
  both('storage', 'is not an IP network'),
  both('""', 'is empty'),
  both('fd00::5/64', 'an address inside', 'fd00::/64'),
  {
    name: 'reports two different networks',
    edit: { [FOLLOWER]: [[REDIRECTOR, '  redirector:\n    dataCIDR: 10.234.3.0/24']] },
    expect: [
      {
        code: 'IOM304',
        at: '10.234.3.0/24',
        path: 'spec.redirector.dataCIDR',
        says: ['"10.234.3.0/24"', '"10.234.2.0/24"'],
        help: ['set spec.redirector.dataCIDR to "10.234.2.0/24"'],
        related: ['10.234.2.0/24'],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'reports host bits on one side once',
    edit: { [FOLLOWER]: [[REDIRECTOR, '  redirector:\n    dataCIDR: 10.234.2.1/24']] },
    expect: [{ code: 'IOM304', at: '10.234.2.1/24', says: ['"10.234.2.0/24"'] }],
  },
  {
    name: 'does not compare an invalid network',
    edit: { [FOLLOWER]: [[REDIRECTOR, '  redirector:\n    dataCIDR: 10.234.3.0']] },
    expect: [{ code: 'IOM304', at: '10.234.3.0' }],
  },
  {
    name: 'accepts two spellings of one IPv6 network',
    edit: {
      [FOLLOWER]: [
        [CHUNK, '    replicas: 3\n    dataCIDR: fd00::/64'],
        [REDIRECTOR, '  redirector:\n    dataCIDR: FD00:0:0:0::/64'],
      ],
    },
    expect: [],
  },
  {
    name: 'reports a placeholder as IOM007',
    edit: { [FOLLOWER]: [[CHUNK, '    replicas: 3\n    dataCIDR: <your-data-cidr-here>']] },
    expect: [{ code: 'IOM007' }],
  },
  {
    name: 'reports an accessCIDR that is no network',
    edit: { [FOLLOWER]: [[CHUNK, `${CHUNK}\n    accessCIDR: 10.1.2.3/99`]] },
    expect: [
      {
        code: 'IOM304',
        at: '10.1.2.3/99',
        path: 'spec.chunk.accessCIDR',
        says: ['accessCIDR of chunk', 'at most 32'],
      },
    ],
  },
  {
    name: 'reports host bits in accessCIDR',
    edit: { [FOLLOWER]: [[CHUNK, `${CHUNK}\n    accessCIDR: 10.1.2.3/24`]] },
    expect: [{ code: 'IOM304', help: ['set spec.chunk.accessCIDR to "10.1.2.0/24"'], fix: 'unsafe' }],
    fixed: changed('    accessCIDR: 10.1.2.3/24', '    accessCIDR: 10.1.2.0/24'),
  },
  {
    name: 'accepts an accessCIDR that differs from dataCIDR, and an empty one',
    edit: {
      [FOLLOWER]: [[CHUNK, `${CHUNK}\n    accessCIDR: 10.1.2.0/24`]],
      'IOMeshCluster/iomesh': [['  chunk:\n', '  chunk:\n    accessCIDR: ""\n']],
    },
    expect: [],
  },
  {
    name: 'accepts an absent network, which has a default',
    config: { completedBy: 'webhook' },
    edit: { [FOLLOWER]: [[REDIRECTOR, '  redirector:']] },
    expect: [],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies host bits',
    update: { [FOLLOWER]: [['10.234.2.0/24', '10.234.2.9/24', 2]] },
    config: { rules: { IOM605: 'off' } },
    denied: [{ code: 'IOM304' }, { code: 'IOM304' }],
  },
  {
    name: 'denies two different networks',
    update: { [FOLLOWER]: [[REDIRECTOR, '  redirector:\n    dataCIDR: 10.234.3.0/24']] },
    config: { rules: { IOM605: 'off' } },
    denied: [{ code: 'IOM304', says: ['redirector'] }],
  },
  {
    name: 'warns if an edit leaves the network as it was',
    edit: { [FOLLOWER]: [['10.234.2.0/24', '10.234.2.9/24', 2]] },
    update: {
      [FOLLOWER]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: licence']],
    },
    warned: [{ code: 'IOM304' }, { code: 'IOM304' }],
  },
  {
    name: 'warns of the second error if the first is fixed',
    edit: { [FOLLOWER]: [['10.234.2.0/24', '10.234.2.9/24', 2]] },
    update: { [FOLLOWER]: [['  redirector:\n    dataCIDR: 10.234.2.9/24', REDIRECTOR]] },
    config: { rules: { IOM605: 'off' } },
    warned: [{ code: 'IOM304', path: 'spec.chunk.dataCIDR' }],
  },
];
