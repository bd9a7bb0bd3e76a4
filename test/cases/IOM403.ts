import { baseDocuments, type ChangeCase, type LintCase } from './harness.ts';

const ENTERPRISE = 'v5.3.0-rc13-enterprise';
const NEXT = 'v5.4.0-rc1-enterprise';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';

export const lint: LintCase[] = [
  {
    name: 'leaves files to IOM401',
    edit: { [MANAGEMENT]: [[ENTERPRISE, NEXT, 3]] },
    expect: [
      {
        code: 'IOM401',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        help: [`spec.redirector.image.tag to "${NEXT}"`],
      },
    ],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'warns of the pools if the management cluster is created without tags',
    drop: [MANAGEMENT],
    create: baseDocuments()
      .get(MANAGEMENT)!
      .replace(/^ +tag: .*\n/gm, ''),
    config: { rules: { IOM006: 'off' } },
    warned: [{ code: 'IOM403', says: ['no longer sets them'] }, { code: 'IOM403' }],
  },
  {
    name: 'warns of every cluster that needs the upgrade next',
    update: { [MANAGEMENT]: [[ENTERPRISE, NEXT, 3]] },
    warned: [
      {
        code: 'IOM403',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        path: 'spec.meta.image.tag',
        at: ENTERPRISE,
        says: [
          'spec.meta.image.tag, spec.chunk.image.tag and spec.redirector.image.tag',
          `still "${ENTERPRISE}"`,
          `now uses "${NEXT}"`,
        ],
        help: [`to "${NEXT}"`],
        related: [NEXT, ENTERPRISE, ENTERPRISE],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'warns once for each group of images',
    update: {
      [MANAGEMENT]: [
        [ENTERPRISE, NEXT, 3],
        ['tag: v1.0.1', 'tag: v1.0.2', 3],
      ],
    },
    warned: [
      { code: 'IOM403', path: 'spec.meta.image.tag' },
      { code: 'IOM403', path: 'spec.chunk.devicemanager.image.tag', says: ['"v1.0.1"', '"v1.0.2"'] },
    ],
  },
  {
    name: 'ignores differences that the change does not touch',
    edit: { [CLUSTER]: [['operator-toolbox\n      tag: v1.0.1', 'operator-toolbox\n      tag: v1.0.0']] },
    update: { [MANAGEMENT]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.2']] },
    warned: [
      {
        code: 'IOM403',
        path: 'spec.probe.image.tag',
        says: ['spec.probe.image.tag is still "v1.0.1"'],
      },
    ],
  },
  {
    name: 'allows a change to the tags of the other clusters',
    edit: { [CLUSTER]: [[ENTERPRISE, NEXT, 3]] },
    update: { [MANAGEMENT]: [[ENTERPRISE, NEXT, 3]] },
  },
  {
    name: 'ignores a change of other fields',
    edit: { [CLUSTER]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.0']] },
    update: { [MANAGEMENT]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
  },
  {
    name: 'warns of another edition in 1.2',
    config: { iomeshVersion: '1.2' },
    edit: {
      [MANAGEMENT]: [[`\n      tag: ${ENTERPRISE}`, '', 3]],
      [CLUSTER]: [[`\n      tag: ${ENTERPRISE}`, '', 3]],
    },
    update: { [MANAGEMENT]: [['spec:\n  disk', 'spec:\n  edition: enterprise\n  disk']] },
    warned: [
      {
        code: 'IOM403',
        path: 'spec.edition',
        says: ['spec.edition is not set', 'now uses "enterprise"'],
        help: ['spec.edition', '"enterprise"'],
      },
    ],
  },
  {
    name: 'accepts an edition that the tags of the other clusters name',
    config: { iomeshVersion: '1.2' },
    update: { [MANAGEMENT]: [['spec:\n  disk', 'spec:\n  edition: enterprise\n  disk']] },
  },
];
