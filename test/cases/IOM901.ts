import type { ChangeCase, Edit, LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';

function waive(text: string): Edit {
  return ['metadata:\n', `metadata:\n  annotations:\n    iomesh-guard.io/waive: ${JSON.stringify(text)}\n`];
}

/** A fault for a waiver to waive. */
const FAULT: Edit = ['        pullPolicy: IfNotPresent', '        pullPolicy: ifNotPresent'];

export const lint: readonly LintCase[] = [
  {
    name: 'a waiver that holds, by code or by name, until its last day',
    edit: { [C1]: [FAULT, waive('pull-policy=as the vendor asked; see ticket 4711; until=2026-11-23')] },
    expect: [],
  },
  {
    name: 'a rule nobody knows, with the one that is meant',
    edit: { [C1]: [waive('pull-plicy=asked')] },
    expect: [
      {
        code: 'IOM901',
        path: 'metadata.annotations["iomesh-guard.io/waive"]',
        says: ['"pull-plicy"', 'no rule'],
        help: ['did you mean pull-policy?'],
        severity: 'error',
      },
    ],
  },
  {
    name: 'no reason: it waives nothing',
    edit: { [C1]: [FAULT, waive('IOM405')] },
    expect: [{ code: 'IOM901', says: ['IOM405', 'no reason'], help: ['IOM405=reason'] }, { code: 'IOM405' }],
  },
  {
    name: 'run out yesterday: it waives nothing',
    edit: { [C1]: [FAULT, waive('IOM405=asked; until=2026-11-22')] },
    expect: [{ code: 'IOM901', says: ['ran out on 2026-11-22'] }, { code: 'IOM405' }],
  },
  {
    name: 'a date that is none',
    edit: { [C1]: [FAULT, waive('IOM405=asked; until=2026-02-30')] },
    expect: [
      { code: 'IOM901', says: ['"2026-02-30"', 'not a date'], help: ['until=YYYY-MM-DD'] },
      { code: 'IOM405' },
    ],
  },
  {
    name: 'each of several that is wrong',
    edit: { [C1]: [waive('IOM999=a; frobnicate; IOM404=b; until=soon')] },
    expect: [
      { code: 'IOM901', says: ['"IOM999"'] },
      { code: 'IOM901', says: ['"frobnicate"', 'no rule'] },
      { code: 'IOM901', says: ['"frobnicate"', 'no reason'] },
      { code: 'IOM901', says: ['IOM404', '"soon"'] },
    ],
  },
  { name: 'empty', edit: { [C1]: [waive('')] }, expect: [{ code: 'IOM901', says: ['empty'] }] },
  {
    name: 'too long to be read',
    edit: { [C1]: [FAULT, waive(`IOM405=${'a'.repeat(4096)}`)] },
    expect: [{ code: 'IOM901', says: ['4096'] }, { code: 'IOM405' }],
  },
  {
    name: 'no rule about waivers can be waived',
    edit: { [C1]: [waive('IOM901=because; IOM999=a')] },
    expect: [
      { code: 'IOM901', says: ['"IOM999"'] },
      { code: 'IOM902', says: ['IOM901'] },
    ],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denied with what it should have waived',
    update: { [C1]: [FAULT, waive('IOM405')] },
    denied: [{ code: 'IOM901' }, { code: 'IOM405' }],
  },
  {
    name: 'one that ran out in the cluster hinders nobody',
    edit: { [C1]: [waive('IOM404=asked; until=2026-11-22')] },
    update: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: a']] },
    warned: [{ code: 'IOM901' }],
  },
];
