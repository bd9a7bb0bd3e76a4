/** Helm values in a HelmRelease of Flux, or an Application of Argo CD. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

const FLUX = readFileSync(join(ROOT, 'examples/flux/iomesh.yaml'), 'utf8');
const REST = Object.fromEntries(
  [
    '0-namespace.yaml',
    'connection.yaml',
    'storageclass.yaml',
    ...['0-namespace', 'connection', 'iomesh', 'storageclass', 'zookeeper'].map(
      (each) => `cluster-1/${each}.yaml`,
    ),
  ].map((name) => [name, readFileSync(join(ROOT, 'examples/flux', name), 'utf8')]),
);
const VALUES = FLUX.slice(FLUX.indexOf('  values:\n') + '  values:\n'.length);
/** Four more columns. */
const ARGO = `      valuesObject:\n${VALUES.replaceAll(/^(?=.)/gm, '    ')}`;

function argo(text = ARGO): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: iomesh, namespace: argocd}
spec:
  destination: {namespace: iomesh-system}
  source:
    chart: iomesh
    helm:
${text}`;
}

it('the example has no findings, and its management cluster is there', () => {
  const lint = run(['lint', 'examples/flux']);
  expect([lint.code, lint.stderr]).toEqual([0, '']);
  expect(lint.stdout).not.toContain('of other kinds');
  const map = run(['map', 'examples/flux', '--format', 'json']);
  expect(JSON.parse(map.stdout).clusters).toHaveLength(2);
  const pool = ['new', 'pool', 'p9', '--nodes', 'k8s-worker-16,k8s-worker-17,k8s-worker-18', '--dry-run'];
  expect(run([...pool, '--from', 'examples/flux'])).toMatchObject({ code: 0 });
});

it.each([
  ['HelmRelease', FLUX],
  ['Application', argo()],
])('shows and fixes a finding at its place in a %s', (_kind, text) => {
  const wrong = text.replace('dataCIDR: 10.234.1.0/24', 'dataCIDR: 10.234.1.7/24');
  expect(wrong).not.toBe(text);
  const line = wrong.split('\n').findIndex((each) => each.includes('10.234.1.7')) + 1;
  const cwd = folderOf({ ...REST, 'release.yaml': wrong });
  const { stdout, code } = run(['lint', '.'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`error\\[IOM304\\].*\\n +--> release\\.yaml:${line}:`));
  run(['lint', '.', '--fix', '--unsafe-fixes'], { cwd });
  expect(readFileSync(join(cwd, 'release.yaml'), 'utf8')).toBe(text);
});

it('is replaced by --values of the same release', () => {
  const wrong = FLUX.replace('dataCIDR: 10.234.1.0/24', 'dataCIDR: 10.234.1.7/24');
  const cwd = folderOf({ ...REST, 'release.yaml': wrong });
  const values = join(ROOT, 'examples/helm/iomesh.yaml');
  expect(run(['lint', '.', '--values', values], { cwd })).toMatchObject({ code: 0 });
});

it.each([
  ['of another chart', FLUX.replace('chart: iomesh', 'chart: other')],
  ['without values of IOMesh', FLUX.replace('    iomesh:\n', '    other:\n')],
])('is not read %s', (_what, text) => {
  const { stdout } = run(['lint', '--allow-empty', '.'], { cwd: folderOf({ 'release.yaml': text }) });
  expect(stdout).toContain('no IOMesh objects found');
});

describe('a waiver in a comment', () => {
  const wrong = readFileSync(join(ROOT, 'examples/helm/iomesh.yaml'), 'utf8').replace(
    'dataCIDR: 10.234.1.0/24',
    'dataCIDR: 10.234.1.7/24',
  );
  const lint = (comment: string, ...args: string[]) =>
    run(['lint', '--values', 'v.yaml', '.', ...args], {
      cwd: folderOf({ ...REST, 'v.yaml': wrong.replace('    dataCIDR:', `    ${comment}\n    dataCIDR:`) }),
    });

  it('waives findings in values', () => {
    const { code, stdout } = lint(
      '# iomesh-guard: waive IOM304 known address, ticket 1 until 2999-01-31',
      '--format',
      'json',
    );
    const { findings, waived } = JSON.parse(stdout);
    expect([code, findings]).toEqual([0, []]);
    for (const each of waived)
      expect(each).toMatchObject({
        code: 'IOM304',
        waiver: { by: 'comment', reason: 'known address, ticket 1', until: '2999-01-31' },
      });
    expect(waived.length).toBeGreaterThan(0);
  });

  it.each([
    ['without a reason', '# iomesh-guard: waive IOM304', 'IOM901', 'has no reason'],
    [
      'that has expired',
      '# iomesh-guard: waive IOM304 known until 2020-01-31',
      'IOM901',
      'expired on 2020-01-31',
    ],
    [
      'with a bad date',
      '# iomesh-guard: waive IOM304 known until 31.12.2999',
      'IOM901',
      'which is not a date',
    ],
    ['of an unknown rule', '# iomesh-guard: waive IOM999 known', 'IOM901', 'does not exist'],
    ['without a rule', '# iomesh-guard: waive', 'IOM901', 'does not exist'],
    [
      'of a rule without a finding',
      '# iomesh-guard: waive IOM401 known',
      'IOM902',
      'the objects here have no such finding',
    ],
  ])('%s is reported once, at its place', (_what, comment, code, message) => {
    const { stdout } = lint(comment);
    const line = wrong.split('\n').findIndex((each) => each.includes('10.234.1.7')) + 1;
    const found = stdout.split('\n').filter((each) => each.includes(`[${code}]`) && each.includes(message));
    expect(found).toHaveLength(1);
    expect(stdout).toContain(`--> v.yaml:${line}:5`);
    expect(stdout).toContain('error[IOM304]');
  });

  it('waives findings of the object of its document only', () => {
    const pool = REST['cluster-1/iomesh.yaml']!.replaceAll('10.234.2.0/24', '10.234.2.7/24');
    const of = (text: string) =>
      run(['lint', '.', '--values', join(ROOT, 'examples/helm/iomesh.yaml')], {
        cwd: folderOf({ ...REST, 'cluster-1/iomesh.yaml': text }),
      });
    expect(of(pool).stdout).toContain('error[IOM304]');
    const waived = of(`# iomesh-guard: waive IOM304 known\n${pool}`);
    expect(waived.stdout).not.toContain('error[IOM304]');
    expect(waived.code).toBe(0);
    const other = of(
      `# iomesh-guard: waive IOM304 known\napiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n---\n${pool}`,
    );
    expect(other.stdout).toContain('error[IOM304]');
  });
});
