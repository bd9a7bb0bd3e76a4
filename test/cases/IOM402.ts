import type { ChangeCase, LintCase } from './harness.ts';

const ENTERPRISE = 'v5.3.0-rc13-enterprise';
const COMMUNITY = 'v5.3.0-rc13-community';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const ALONE = [
  CLUSTER,
  'ZookeeperCluster/iomesh-cluster-1-zookeeper',
  'ConfigMap/iomesh-cluster-1-csi-configmap',
  'StorageClass/iomesh-cluster-1',
];

export const lint: LintCase[] = [
  { name: 'accepts the same tag on all components', expect: [] },
  {
    name: 'reports a community chunk among enterprise components',
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    expect: [
      {
        code: 'IOM402',
        at: COMMUNITY,
        path: 'spec.chunk.image.tag',
        object: 'iomesh-system/iomesh',
        severity: 'error',
        says: [
          'edition differs',
          `meta has "${ENTERPRISE}"`,
          `chunk has "${COMMUNITY}"`,
          `redirector has "${ENTERPRISE}"`,
        ],
        help: [`set spec.chunk.image.tag to "${ENTERPRISE}"`],
        related: [ENTERPRISE, ENTERPRISE],
        fix: 'unsafe',
      },
    ],
    fixed: `
-      tag: v5.3.0-rc13-community
+      tag: v5.3.0-rc13-enterprise`,
  },
  {
    name: 'offers no fix if all three tags differ',
    drop: ALONE,
    edit: {
      [MANAGEMENT]: [
        [`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`],
        [`redirectord\n      tag: ${ENTERPRISE}`, `redirectord\n      tag: v5.2.0-rc13-enterprise-hygon`],
      ],
    },
    expect: [
      {
        code: 'IOM402',
        path: 'spec.meta.image.tag',
        says: ['version, edition and platform'],
        help: [`choose one of "${ENTERPRISE}", "${COMMUNITY}" or "v5.2.0-rc13-enterprise-hygon"`],
        related: [COMMUNITY, 'v5.2.0-rc13-enterprise-hygon'],
      },
    ],
  },
  {
    name: 'reports a missing tag',
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`redirectord\n      tag: ${ENTERPRISE}`, 'redirectord']] },
    expect: [
      {
        code: 'IOM402',
        at: 'image',
        path: 'spec.redirector.image.tag',
        says: ['redirector has none'],
        help: [`set spec.redirector.image.tag to "${ENTERPRISE}"`],
        fix: 'unsafe',
      },
    ],
    fixed: `
+      tag: v5.3.0-rc13-enterprise`,
  },
  {
    name: 'warns of a missing tag from 1.1 on, because the operator chooses it',
    config: { iomeshVersion: '1.1' },
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, 'zbs-metad']] },
    expect: [{ code: 'IOM402', severity: 'warning', says: ['meta has none'] }],
  },
  {
    name: 'ignores the images of the operator',
    drop: ALONE,
    edit: { [MANAGEMENT]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.0']] },
    expect: [],
  },
  {
    name: 'leaves a cluster to IOM401 if the management cluster is known',
    edit: { [CLUSTER]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    expect: [{ code: 'IOM401', at: COMMUNITY, says: ['edition differs'] }],
  },
  {
    name: 'checks every cluster if IOM401 is off',
    config: { rules: { IOM401: 'off' } },
    edit: { [CLUSTER]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    expect: [{ code: 'IOM402', at: COMMUNITY, object: 'iomesh-cluster-1/iomesh-cluster-1' }],
    fixed: `
-      tag: v5.3.0-rc13-community
+      tag: v5.3.0-rc13-enterprise`,
  },
];

export const change: ChangeCase[] = [
  {
    name: 'denies a change of edition for one component, and warns of the other clusters',
    update: { [MANAGEMENT]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, `zbs-metad\n      tag: ${COMMUNITY}`]] },
    denied: [{ code: 'IOM402', at: COMMUNITY }],
    warned: [{ code: 'IOM403', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'denies an upgrade of one component, and says that all three change in one edit',
    drop: ALONE,
    update: {
      [MANAGEMENT]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, 'zbs-metad\n      tag: v5.4.0-enterprise']],
    },
    denied: [
      {
        code: 'IOM402',
        help: [
          'change meta, chunk and redirector in one edit',
          'also set spec.chunk.image.tag and spec.redirector.image.tag to "v5.4.0-enterprise"',
        ],
      },
    ],
  },
  {
    name: 'allows a fix of one of two tags',
    drop: ALONE,
    edit: {
      [MANAGEMENT]: [
        [`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`],
        [`redirectord\n      tag: ${ENTERPRISE}`, `redirectord\n      tag: v5.2.0-rc13`],
      ],
    },
    update: { [MANAGEMENT]: [[COMMUNITY, ENTERPRISE]] },
    warned: [{ code: 'IOM402', at: 'v5.2.0-rc13' }],
  },
  {
    name: 'allows a fix of all tags',
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    update: { [MANAGEMENT]: [[COMMUNITY, ENTERPRISE]] },
  },
  {
    name: 'denies a third tag',
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    update: { [MANAGEMENT]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, 'zbs-metad\n      tag: v5.2.0-rc13']] },
    denied: [{ code: 'IOM402' }],
  },
];
