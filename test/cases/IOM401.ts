import { baseDocuments, type ChangeCase, exceptionFor, type LintCase } from './harness.ts';
import { volume } from './objects.ts';

const ENTERPRISE = 'v5.3.0-rc13-enterprise';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const OLDER = 'v5.2.0-rc14-enterprise';
/** Another pool that still has the older tags. */
const POOL_2 = baseDocuments()
  .get(CLUSTER)!
  .replaceAll('iomesh-cluster-1', 'iomesh-cluster-2')
  .replaceAll(ENTERPRISE, OLDER)
  .replaceAll(/k8s-worker-(\d)/g, 'k8s-worker-1$1');

function running(component: string, tag: string): string {
  return `status:\n  runningImages:\n    ${component}:\n      pod-0: registry.local:5000/iomesh/zbs:${tag}\n`;
}
/** From 1.1 on the operator chooses a tag that is not set. */
const WITHOUT_TAGS = [`\n      tag: ${ENTERPRISE}`, '', 3] as const;

export const lint: LintCase[] = [
  { name: 'accepts the correct set', expect: [] },
  {
    name: 'reports one component with an older tag',
    edit: {
      [CLUSTER]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, 'zbs-chunkd\n      tag: v5.2.0-rc13-enterprise']],
    },
    expect: [
      {
        code: 'IOM401',
        at: 'v5.2.0-rc13-enterprise',
        path: 'spec.chunk.image.tag',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        severity: 'error',
        says: [
          'image tag of chunk',
          '"v5.2.0-rc13-enterprise"',
          '"v5.3.0-rc13-enterprise"',
          'iomesh-system/iomesh',
          'version differs',
        ],
        help: [
          'set spec.chunk.image.tag to "v5.3.0-rc13-enterprise"',
          'to stay at or roll back to "v5.2.0-rc13-enterprise" for a time',
          'add an exception for IOM401 to the configuration (waivers.exceptions)',
        ],
        related: [ENTERPRISE],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      tag: v5.2.0-rc13-enterprise
+      tag: v5.3.0-rc13-enterprise`,
  },
  {
    name: "reports one finding for three tags of another edition, as in the guide's sample",
    edit: {
      [MANAGEMENT]: [[ENTERPRISE, 'v5.3.0-rc13-community', 3]],
      [CLUSTER]: [[ENTERPRISE, 'v5.3.0-rc13', 3]],
    },
    expect: [
      {
        code: 'IOM401',
        at: 'v5.3.0-rc13',
        path: 'spec.meta.image.tag',
        says: ['meta, chunk and redirector', '"v5.3.0-rc13"', '"v5.3.0-rc13-community"', 'edition differs'],
        help: [
          'set spec.meta.image.tag, spec.chunk.image.tag and spec.redirector.image.tag to "v5.3.0-rc13-community"',
          'change the edition of the management cluster first',
        ],
        related: ['v5.3.0-rc13-community', 'v5.3.0-rc13', 'v5.3.0-rc13'],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      tag: v5.3.0-rc13
+      tag: v5.3.0-rc13-community
-      tag: v5.3.0-rc13
+      tag: v5.3.0-rc13-community
-      tag: v5.3.0-rc13
+      tag: v5.3.0-rc13-community`,
  },
  {
    name: 'reports another platform',
    edit: { [CLUSTER]: [[ENTERPRISE, `${ENTERPRISE}-hygon`, 3]] },
    expect: [
      {
        code: 'IOM401',
        at: `${ENTERPRISE}-hygon`,
        says: ['platform differs'],
        help: ['change the platform of the management cluster first'],
      },
    ],
    fixed: `
-      tag: v5.3.0-rc13-enterprise-hygon
+      tag: v5.3.0-rc13-enterprise
-      tag: v5.3.0-rc13-enterprise-hygon
+      tag: v5.3.0-rc13-enterprise
-      tag: v5.3.0-rc13-enterprise-hygon
+      tag: v5.3.0-rc13-enterprise`,
  },
  {
    name: 'reports one finding for each group of images',
    edit: {
      [CLUSTER]: [
        [ENTERPRISE, 'v5.4.0-rc1-enterprise', 3],
        ['tag: v1.0.1', 'tag: v1.0.0', 3],
      ],
    },
    expect: [
      { code: 'IOM401', path: 'spec.meta.image.tag', says: ['meta, chunk and redirector'] },
      {
        code: 'IOM401',
        path: 'spec.chunk.devicemanager.image.tag',
        at: 'v1.0.0',
        says: ['devicemanager, probe and toolbox', '"v1.0.0"', '"v1.0.1"'],
      },
    ],
  },
  {
    name: 'reports one finding for each difference',
    edit: {
      [CLUSTER]: [
        [`zbs-metad\n      tag: ${ENTERPRISE}`, 'zbs-metad\n      tag: v5.3.0-rc13-community'],
        [`zbs-chunkd\n      tag: ${ENTERPRISE}`, 'zbs-chunkd\n      tag: v5.2.0-rc13'],
      ],
    },
    expect: [
      { code: 'IOM401', at: 'v5.3.0-rc13-community', says: ['of meta is', 'edition differs'] },
      { code: 'IOM401', at: 'v5.2.0-rc13', says: ['of chunk is', 'version and edition differ'] },
    ],
  },
  {
    name: 'reports a missing tag that the management cluster has',
    edit: { [CLUSTER]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, 'zbs-metad']] },
    expect: [
      {
        code: 'IOM401',
        at: 'image',
        path: 'spec.meta.image.tag',
        says: ['image tag of meta is not set', '"v5.3.0-rc13-enterprise"'],
        help: ['set spec.meta.image.tag to "v5.3.0-rc13-enterprise"'],
        related: [ENTERPRISE],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'reports a tag that the management cluster does not have',
    edit: { [MANAGEMENT]: [['operator-probe\n      tag: v1.0.1', 'operator-probe']] },
    expect: [
      {
        code: 'IOM401',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        path: 'spec.probe.image.tag',
        at: 'v1.0.1',
        says: ['does not set it'],
        help: ['remove spec.probe.image.tag', 'on the management cluster first'],
      },
    ],
  },
  {
    name: 'treats an empty tag as a missing tag',
    edit: {
      [MANAGEMENT]: [['operator-probe\n      tag: v1.0.1', 'operator-probe']],
      [CLUSTER]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: ""']],
    },
    expect: [],
  },
  {
    name: 'accepts missing tags in all clusters, as in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: {
      [MANAGEMENT]: [
        [`\n      tag: ${ENTERPRISE}`, '', 3],
        ['operator-probe\n      tag: v1.0.1', 'operator-probe'],
        ['operator-toolbox\n      tag: v1.0.1', 'operator-toolbox'],
        ['\n        tag: v1.0.1', ''],
        ['spec:\n  disk', 'spec:\n  edition: enterprise\n  disk'],
      ],
      [CLUSTER]: [
        [`\n      tag: ${ENTERPRISE}`, '', 3],
        ['operator-probe\n      tag: v1.0.1', 'operator-probe'],
        ['operator-toolbox\n      tag: v1.0.1', 'operator-toolbox'],
        ['\n        tag: v1.0.1', ''],
        ['spec:\n  disk', 'spec:\n  edition: enterprise\n  disk'],
      ],
    },
    expect: [],
  },
  {
    name: 'compares edition and platform in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: {
      [MANAGEMENT]: [['spec:\n  disk', 'spec:\n  edition: enterprise\n  disk']],
      [CLUSTER]: [['spec:\n  disk', 'spec:\n  edition: community\n  platform: hygon_x86_64\n  disk']],
    },
    expect: [
      {
        code: 'IOM401',
        path: 'spec.edition',
        at: 'community',
        says: ['spec.edition is "community"', '"enterprise"'],
        related: ['enterprise'],
      },
      {
        code: 'IOM401',
        path: 'spec.platform',
        at: 'hygon_x86_64',
        says: ['does not set it'],
        help: ['remove spec.platform'],
      },
    ],
  },
  ...['', 'edition: ""', 'edition: community'].flatMap((here) =>
    ['', 'edition: ""', 'edition: community'].map(
      (there): LintCase => ({
        name: `accepts ${here || 'no edition'} next to ${there || 'no edition'} on the management cluster`,
        config: { iomeshVersion: '1.1' },
        edit: {
          [MANAGEMENT]: [WITHOUT_TAGS, ['spec:\n', `spec:\n  ${there}\n`]],
          [CLUSTER]: [WITHOUT_TAGS, ['spec:\n', `spec:\n  ${here}\n`]],
        },
        expect: [],
      }),
    ),
  ),
  ...['', 'edition: ""', 'edition: community'].flatMap((here) =>
    ['', 'edition: ""', 'edition: community'].map(
      (there): LintCase => ({
        name: `accepts ${here || 'no edition'} next to ${there || 'no edition'} beside equal tags`,
        config: { iomeshVersion: '1.2' },
        edit: {
          [MANAGEMENT]: [['spec:\n', `spec:\n  ${there}\n`]],
          [CLUSTER]: [['spec:\n', `spec:\n  ${here}\n`]],
        },
        expect: [],
      }),
    ),
  ),
  {
    name: 'reports another edition next to none',
    config: { iomeshVersion: '1.1' },
    edit: {
      [MANAGEMENT]: [WITHOUT_TAGS],
      [CLUSTER]: [WITHOUT_TAGS, ['spec:\n', 'spec:\n  edition: enterprise\n']],
    },
    expect: [
      {
        code: 'IOM401',
        severity: 'error',
        path: 'spec.edition',
        says: ['"enterprise"', 'does not set it'],
        help: ['remove spec.edition'],
      },
    ],
  },
  {
    name: 'accepts tags that name the edition and the platform of the management cluster',
    config: { iomeshVersion: '1.1' },
    edit: {
      [MANAGEMENT]: [WITHOUT_TAGS, ['spec:\n', 'spec:\n  edition: enterprise\n  platform: hygon_x86_64\n']],
      [CLUSTER]: [[ENTERPRISE, `${ENTERPRISE}-hygon`, 3]],
    },
    expect: [],
  },
  {
    name: 'accepts the edition that the tags of the management cluster name',
    config: { iomeshVersion: '1.1' },
    edit: { [CLUSTER]: [WITHOUT_TAGS, ['spec:\n', 'spec:\n  edition: enterprise\n']] },
    expect: [],
  },
  {
    name: 'reports tags that name another edition than the management cluster',
    config: { iomeshVersion: '1.1' },
    edit: { [MANAGEMENT]: [WITHOUT_TAGS, ['spec:\n', 'spec:\n  edition: community\n']] },
    expect: [{ code: 'IOM401', severity: 'error', path: 'spec.meta.image.tag', says: ['does not set it'] }],
  },
  {
    name: 'reports tags that name an edition which the management cluster does not have',
    config: { iomeshVersion: '1.1' },
    edit: { [MANAGEMENT]: [WITHOUT_TAGS] },
    expect: [{ code: 'IOM401', severity: 'error', path: 'spec.meta.image.tag', says: ['does not set it'] }],
  },
  {
    name: 'warns of a tag that names no edition if the operator chooses that of the management cluster',
    config: { iomeshVersion: '1.1' },
    edit: {
      [MANAGEMENT]: [WITHOUT_TAGS],
      [CLUSTER]: [[ENTERPRISE, 'v5.6.0', 3]],
    },
    expect: [{ code: 'IOM401', severity: 'warning', path: 'spec.meta.image.tag', says: ['"v5.6.0"'] }],
  },
  {
    name: 'ignores the tag of a ZookeeperCluster',
    edit: { 'ZookeeperCluster/iomesh-cluster-1-zookeeper': [['tag: 3.5.9', 'tag: 3.5.8']] },
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies an upgrade before that of the management cluster',
    update: { [CLUSTER]: [[ENTERPRISE, 'v5.4.0-rc1-enterprise', 3]] },
    denied: [
      {
        code: 'IOM401',
        path: 'spec.meta.image.tag',
        help: ['to use "v5.4.0-rc1-enterprise" here, upgrade the management cluster first'],
      },
    ],
  },
  {
    name: 'allows an upgrade to the tags of the management cluster',
    edit: { [CLUSTER]: [[ENTERPRISE, 'v5.2.0-rc13-enterprise', 3]] },
    update: { [CLUSTER]: [['v5.2.0-rc13-enterprise', ENTERPRISE, 3]] },
  },
  {
    name: 'warns of the other components if one of three is fixed',
    edit: { [CLUSTER]: [[ENTERPRISE, 'v5.2.0-rc13-enterprise', 3]] },
    update: {
      [CLUSTER]: [['zbs-metad\n      tag: v5.2.0-rc13-enterprise', `zbs-metad\n      tag: ${ENTERPRISE}`]],
    },
    warned: [{ code: 'IOM401', path: 'spec.chunk.image.tag', says: ['chunk and redirector'] }],
  },
  {
    name: 'warns if one more component gets the tag that another one of the pool has',
    edit: { [CLUSTER]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, 'zbs-chunkd\n      tag: v5.2.0-rc13']] },
    update: { [CLUSTER]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, 'zbs-metad\n      tag: v5.2.0-rc13']] },
    warned: [{ code: 'IOM401', path: 'spec.meta.image.tag', says: ['meta and chunk'] }],
  },
  {
    name: 'denies an older tag that no cluster has or had, and names the exception',
    update: { [CLUSTER]: [[ENTERPRISE, OLDER, 3]] },
    denied: [
      { code: 'IOM401', help: ['add an exception for IOM401 to the configuration (waivers.exceptions)'] },
    ],
  },
  {
    name: 'admits the roll back with an exception of the configuration',
    config: exceptionFor('IOM401', 'IOMeshCluster/iomesh-cluster-1/*'),
    update: { [CLUSTER]: [[ENTERPRISE, OLDER, 3]] },
    waived: 1,
  },
  {
    name: 'denies the roll back with an annotation',
    update: {
      [CLUSTER]: [
        [ENTERPRISE, OLDER, 3],
        ['metadata:\n', `metadata:\n  annotations:\n    iomesh-guard.io/waive: IOM401=rolled back\n`],
      ],
    },
    denied: [{ code: 'IOM401' }],
  },
  {
    name: 'denies the tag of another pool that asks for a waiver',
    add: POOL_2.replace(
      'metadata:\n',
      'metadata:\n  annotations: {iomesh-guard.io/waive: "IOM401=my own"}\n',
    ),
    update: { [CLUSTER]: [[ENTERPRISE, OLDER, 3]] },
    denied: [{ code: 'IOM401', severity: 'error' }],
  },
  {
    name: 'only warns of a roll back to the tag that another pool has',
    add: POOL_2,
    update: { [CLUSTER]: [[ENTERPRISE, OLDER, 3]] },
    warned: [{ code: 'IOM401', severity: 'warning', says: ['meta, chunk and redirector', OLDER] }],
  },
  {
    name: 'only warns of one component that is rolled back to the tag that another pool has',
    add: POOL_2,
    update: { [CLUSTER]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, `zbs-metad\n      tag: ${OLDER}`]] },
    warned: [{ code: 'IOM401', severity: 'warning', says: ['of meta is'] }],
  },
  {
    name: 'only warns of a roll back to the tag that the management cluster still runs',
    edit: { [MANAGEMENT]: [['spec:\n', `${running('chunk', OLDER)}spec:\n`]] },
    update: { [CLUSTER]: [[ENTERPRISE, OLDER, 3]] },
    warned: [{ code: 'IOM401', severity: 'warning' }],
  },
  {
    name: 'only warns of a roll back to the tag that the pool still runs',
    edit: { [CLUSTER]: [['spec:\n', `${running('meta', OLDER)}spec:\n`]] },
    update: { [CLUSTER]: [[ENTERPRISE, OLDER, 3]] },
    warned: [{ code: 'IOM401', severity: 'warning' }],
  },
  {
    name: 'denies a tag of the storage software that only images of the operator have',
    update: { [CLUSTER]: [[ENTERPRISE, 'v1.0.1', 3]] },
    denied: [{ code: 'IOM401', says: ['meta, chunk and redirector'] }],
  },
  {
    name: 'only warns of a restored pool with an older release of the same edition',
    drop: [CLUSTER],
    create: baseDocuments().get(CLUSTER)!.replaceAll(ENTERPRISE, OLDER),
    warned: [{ code: 'IOM401', severity: 'warning' }],
  },
  {
    name: 'only warns of a restored pool with a newer release, as its volumes show',
    drop: [CLUSTER],
    add: volume('pv-1', { class: 'iomesh-cluster-1', claim: 'default/db' }),
    create: baseDocuments().get(CLUSTER)!.replaceAll(ENTERPRISE, 'v5.4.0-rc3-enterprise'),
    warned: [{ code: 'IOM401', severity: 'warning' }],
  },
  {
    name: 'denies a new pool with a newer release while only another cluster has volumes',
    drop: [CLUSTER],
    add: volume('pv-1', { class: 'iomesh-default', claim: 'default/db' }),
    create: baseDocuments().get(CLUSTER)!.replaceAll(ENTERPRISE, 'v5.4.0-rc3-enterprise'),
    denied: [{ code: 'IOM401' }],
  },
  {
    name: 'denies a new pool with a newer release',
    drop: [CLUSTER],
    create: baseDocuments().get(CLUSTER)!.replaceAll(ENTERPRISE, 'v5.3.0-enterprise'),
    denied: [{ code: 'IOM401', help: ['upgrade the management cluster first'] }],
  },
  {
    name: 'denies a new pool of another edition',
    drop: [CLUSTER],
    create: baseDocuments().get(CLUSTER)!.replaceAll(ENTERPRISE, 'v5.2.0-community'),
    denied: [{ code: 'IOM401', help: ['change the edition of the management cluster first'] }],
  },
  {
    name: 'denies another wrong tag in place of the previous one',
    edit: { [CLUSTER]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.0']] },
    update: { [CLUSTER]: [['tag: v1.0.0', 'tag: v1.0.2']] },
    denied: [{ code: 'IOM401', at: 'v1.0.2' }],
  },
  {
    name: 'only warns if an edit leaves the wrong tag as it was',
    edit: { [CLUSTER]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.0']] },
    update: { [CLUSTER]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
    warned: [{ code: 'IOM401', at: 'v1.0.0' }],
  },
];
