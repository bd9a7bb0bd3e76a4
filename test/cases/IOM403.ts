import type { ChangeCase, LintCase } from './harness.ts';

const ENTERPRISE = 'v5.3.0-rc13-enterprise';
const NEXT = 'v5.4.0-rc1-enterprise';
const MANAGEMENT = 'IOMeshCluster/iomesh';
const CLUSTER = 'IOMeshCluster/iomesh-cluster-1';

export const lint: LintCase[] = [
  {
    name: 'in files the same state is IOM401',
    edit: { [MANAGEMENT]: [[ENTERPRISE, NEXT, 3]] },
    expect: [
      { code: 'IOM401', object: 'iomesh-cluster-1/iomesh-cluster-1', help: [`set them to "${NEXT}"`] },
    ],
  },
];

export const change: ChangeCase[] = [
  {
    name: 'the management cluster goes first: allowed, and names who must follow',
    update: { [MANAGEMENT]: [[ENTERPRISE, NEXT, 3]] },
    warned: [
      {
        code: 'IOM403',
        object: 'iomesh-cluster-1/iomesh-cluster-1',
        path: 'spec.meta.image.tag',
        at: ENTERPRISE,
        says: [
          'iomesh-cluster-1/iomesh-cluster-1',
          'spec.meta.image.tag, spec.chunk.image.tag and spec.redirector.image.tag',
          `still "${ENTERPRISE}"`,
          `now has "${NEXT}"`,
        ],
        help: [`to "${NEXT}"`],
        related: [NEXT, ENTERPRISE, ENTERPRISE],
        fix: 'unsafe',
      },
    ],
  },
  {
    name: 'a finding for each group of images',
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
    name: 'only what the change touches: an old difference elsewhere is not its business',
    edit: { [CLUSTER]: [['operator-toolbox\n      tag: v1.0.1', 'operator-toolbox\n      tag: v1.0.0']] },
    update: { [MANAGEMENT]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.2']] },
    warned: [{ code: 'IOM403', path: 'spec.probe.image.tag', says: ['spec.probe.image.tag is still'] }],
  },
  {
    name: 'the management cluster comes to where the others are',
    edit: { [CLUSTER]: [[ENTERPRISE, NEXT, 3]] },
    update: { [MANAGEMENT]: [[ENTERPRISE, NEXT, 3]] },
  },
  {
    name: 'a change without images says nothing',
    edit: { [CLUSTER]: [['operator-probe\n      tag: v1.0.1', 'operator-probe\n      tag: v1.0.0']] },
    update: { [MANAGEMENT]: [['metadata:\n', 'metadata:\n  labels:\n    team: storage\n']] },
  },
  {
    name: 'another edition in 1.2',
    config: { iomeshVersion: '1.2' },
    update: { [MANAGEMENT]: [['spec:\n  disk', 'spec:\n  edition: enterprise\n  disk']] },
    warned: [
      {
        code: 'IOM403',
        path: 'spec.edition',
        says: ['spec.edition is not set', 'now has "enterprise"'],
        help: ['spec.edition', '"enterprise"'],
      },
    ],
  },
];
