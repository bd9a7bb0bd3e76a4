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
  { name: 'one release throughout', expect: [] },
  {
    name: 'a community chunk among enterprise components',
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
          'differ in edition',
          `meta "${ENTERPRISE}"`,
          `chunk "${COMMUNITY}"`,
          `redirector "${ENTERPRISE}"`,
        ],
        help: [`"${ENTERPRISE}"`],
        related: [ENTERPRISE, ENTERPRISE],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'three tags, none of them the common one',
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
        help: ['choose one version, edition and platform'],
        related: [COMMUNITY, 'v5.2.0-rc13-enterprise-hygon'],
      },
    ],
  },
  {
    name: 'one tag missing beside two',
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`redirectord\n      tag: ${ENTERPRISE}`, 'redirectord']] },
    expect: [
      {
        code: 'IOM402',
        at: 'image',
        path: 'spec.redirector.image.tag',
        says: ['redirector has none'],
        help: [`"${ENTERPRISE}"`],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'operator images are another group',
    drop: ALONE,
    edit: { [MANAGEMENT]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.0']] },
    expect: [],
  },
  {
    name: 'of a follower IOM401 says it, and says more',
    edit: { [CLUSTER]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    expect: [{ code: 'IOM401', at: COMMUNITY, says: ['edition differs'] }],
  },
  {
    name: 'where IOM401 is off, a follower is judged by itself',
    config: { rules: { IOM401: 'off' } },
    edit: { [CLUSTER]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    expect: [{ code: 'IOM402', at: COMMUNITY, object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'half an edition change of the management cluster is denied; the followers are named as well',
    update: { [MANAGEMENT]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, `zbs-metad\n      tag: ${COMMUNITY}`]] },
    denied: [{ code: 'IOM402', at: COMMUNITY }],
    warned: [{ code: 'IOM403', object: 'iomesh-cluster-1/iomesh-cluster-1' }],
  },
  {
    name: 'mending one of two odd tags is allowed',
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
    name: 'mending all of it is silent',
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    update: { [MANAGEMENT]: [[COMMUNITY, ENTERPRISE]] },
  },
  {
    name: 'a third tag in the mix is denied',
    drop: ALONE,
    edit: { [MANAGEMENT]: [[`zbs-chunkd\n      tag: ${ENTERPRISE}`, `zbs-chunkd\n      tag: ${COMMUNITY}`]] },
    update: { [MANAGEMENT]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, 'zbs-metad\n      tag: v5.2.0-rc13']] },
    denied: [{ code: 'IOM402' }],
  },
];
