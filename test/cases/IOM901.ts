import type { ChangeCase, Edit, LintCase } from './harness.ts';

const C1 = 'IOMeshCluster/iomesh-cluster-1';

function waive(text: string): Edit {
  return ['metadata:\n', `metadata:\n  annotations:\n    iomesh-guard.io/waive: ${JSON.stringify(text)}\n`];
}

/** An error that a waiver can accept. */
const FAULT: Edit = ['        pullPolicy: IfNotPresent', '        pullPolicy: ifNotPresent'];

export const lint: readonly LintCase[] = [
  {
    name: 'accepts a waiver until its last day',
    edit: { [C1]: [FAULT, waive('pull-policy=as the vendor asked; see ticket 4711; until=2026-11-23')] },
    expect: [],
  },
  {
    name: 'proposes the rule for a misspelt name',
    edit: { [C1]: [waive('pull-plicy=asked')] },
    expect: [
      {
        code: 'IOM901',
        path: 'metadata.annotations["iomesh-guard.io/waive"]',
        says: ['rule "pull-plicy"', 'does not exist; did you mean "pull-policy"?'],
        help: ['replace "pull-plicy" with "pull-policy"'],
        severity: 'error',
      },
    ],
  },
  {
    name: 'reports a missing reason and the finding',
    edit: { [C1]: [FAULT, waive('IOM405')] },
    expect: [
      { code: 'IOM901', says: ['IOM405', 'no reason'], help: ['IOM405=<reason>'] },
      { code: 'IOM405' },
    ],
  },
  {
    name: 'reports an expired waiver and the finding',
    edit: { [C1]: [FAULT, waive('IOM405=asked; until=2026-11-22')] },
    expect: [{ code: 'IOM901', says: ['expired on 2026-11-22'] }, { code: 'IOM405' }],
  },
  {
    name: 'reports an invalid date and the finding',
    edit: { [C1]: [FAULT, waive('IOM405=asked; until=2026-02-30')] },
    expect: [
      { code: 'IOM901', says: ['"2026-02-30"', 'not a date'], help: ['until=YYYY-MM-DD'] },
      { code: 'IOM405' },
    ],
  },
  {
    name: 'reports each of several waivers',
    edit: { [C1]: [waive('IOM999=a; frobnicate; IOM404=b; until=soon')] },
    expect: [
      { code: 'IOM901', says: ['"IOM999"'] },
      { code: 'IOM901', says: ['rule "frobnicate"', 'does not exist'] },
      { code: 'IOM901', says: ['"frobnicate"', 'no reason'] },
      { code: 'IOM901', says: ['IOM404', '"soon"'] },
    ],
  },
  {
    name: 'reports an empty annotation',
    edit: { [C1]: [waive('')] },
    expect: [{ code: 'IOM901', says: ['empty'] }],
  },
  {
    name: 'reports an annotation that is too long',
    edit: { [C1]: [FAULT, waive(`IOM405=${'a'.repeat(4096)}`)] },
    expect: [{ code: 'IOM901', says: ['has 4103 characters', 'at most 4096'] }, { code: 'IOM405' }],
  },
  {
    name: 'does not waive a rule about waivers',
    edit: { [C1]: [waive('IOM901=because; IOM999=a')] },
    expect: [
      { code: 'IOM901', says: ['"IOM999"'] },
      { code: 'IOM902', says: ['IOM901'] },
    ],
  },
];

export const change: readonly ChangeCase[] = [
  {
    name: 'denies an invalid waiver together with the finding',
    update: { [C1]: [FAULT, waive('IOM405')] },
    denied: [{ code: 'IOM901' }, { code: 'IOM405' }],
  },
  {
    name: 'warns of a waiver that expired in the cluster',
    edit: { [C1]: [waive('IOM404=asked; until=2026-11-22')] },
    update: { [C1]: [['  storageClass: hostpath', '  storageClass: hostpath\n  licenseSecretName: a']] },
    warned: [{ code: 'IOM901' }],
  },
];
