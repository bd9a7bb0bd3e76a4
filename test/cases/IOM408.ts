import type { ChangeCase, LintCase } from './harness.ts';

const OLDER = 'v5.2.0-rc13-enterprise';
const ENTERPRISE = 'v5.3.0-rc13-enterprise';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';
const MANAGEMENT = 'IOMeshCluster/iomesh';

function running(...images: readonly string[]): readonly [string, string] {
  const lines = images.map((image, index) => `      pod-${index}: ${image}\n`).join('');
  return ['spec:\n', `status:\n  runningImages:\n    chunk:\n${lines}spec:\n`];
}
const FOLLOWS = { [CLUSTER]: [[OLDER, ENTERPRISE, 3]] } as const;

export const lint: LintCase[] = [
  {
    name: 'reports nothing in files',
    edit: { [MANAGEMENT]: [running(`iomesh/zbs-chunkd:${OLDER}`)] },
    expect: [],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns of a pool that follows while the management cluster runs older images',
    edit: {
      [MANAGEMENT]: [running(`iomesh/zbs-chunkd:${ENTERPRISE}`, `registry:5000/iomesh/zbs-chunkd:${OLDER}`)],
      [CLUSTER]: [[ENTERPRISE, OLDER, 3]],
    },
    update: FOLLOWS,
    warned: [
      {
        code: 'IOM408',
        path: 'spec.meta.image.tag',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        says: [
          'meta, chunk and redirector',
          `"${ENTERPRISE}"`,
          'iomesh-system/iomesh',
          `still runs "${OLDER}"`,
        ],
        help: ['wait until status.runningImages of iomesh-system/iomesh shows only'],
        related: [ENTERPRISE],
      },
    ],
  },
  {
    name: 'names only the components that change',
    edit: {
      [MANAGEMENT]: [running(`iomesh/zbs-chunkd:${OLDER}`)],
      [CLUSTER]: [[`zbs-metad\n      tag: ${ENTERPRISE}`, `zbs-metad\n      tag: ${OLDER}`]],
    },
    update: { [CLUSTER]: [[OLDER, ENTERPRISE]] },
    warned: [{ code: 'IOM408', says: ['the image tag of meta changes'] }],
  },
  {
    name: 'allows it once the management cluster runs the new images',
    edit: {
      [MANAGEMENT]: [running(`iomesh/zbs-chunkd:${ENTERPRISE}`)],
      [CLUSTER]: [[ENTERPRISE, OLDER, 3]],
    },
    update: FOLLOWS,
  },
  {
    name: 'allows it if the status shows no images, or images without a tag',
    edit: {
      [MANAGEMENT]: [running('registry:5000/iomesh/zbs-chunkd', 'iomesh/zbs-chunkd@sha256:0a')],
      [CLUSTER]: [[ENTERPRISE, OLDER, 3]],
    },
    update: FOLLOWS,
  },
  {
    name: 'ignores other changes of a pool',
    edit: { [MANAGEMENT]: [running(`iomesh/zbs-chunkd:${OLDER}`)] },
    update: { [CLUSTER]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
  },
  {
    name: 'leaves a change of the management cluster to IOM403',
    edit: {
      [MANAGEMENT]: [running(`iomesh/zbs-chunkd:${OLDER}`)],
    },
    update: { [MANAGEMENT]: [[ENTERPRISE, 'v5.4.0-enterprise', 3]] },
    warned: [{ code: 'IOM403' }],
  },
];
