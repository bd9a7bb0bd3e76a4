/** Helm values in a HelmRelease of Flux, or an Application of Argo CD. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
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

describe('an Application', () => {
  const COLUMNS = '    ';
  const TEXT = VALUES.replaceAll(/^(?=.)/gm, COLUMNS);
  const lint = (application: string, ...args: string[]) => {
    const cwd = folderOf({ ...REST, 'release.yaml': application });
    return { ...run(['lint', '.', ...args], { cwd }), file: join(cwd, 'release.yaml') };
  };
  const lineOf = (text: string, part: string) =>
    text.split('\n').findIndex((each) => each.includes(part)) + 1;

  it.each(['|', '|-', '|2+', '|   # ours'])('shows a finding in the text of its values (%s)', (header) => {
    // Of `|2`, the other columns belong to the text.
    const application = argo(`      values: ${header}\n${TEXT}`);
    expect(lint(application)).toMatchObject({ code: 0, stderr: '' });
    const wrong = application.replace('dataCIDR: 10.234.1.0/24', 'dataCIDR: 10.234.1.7/24');
    const { stdout } = lint(wrong);
    const line = lineOf(wrong, '10.234.1.7');
    expect(stdout).toMatch(new RegExp(`error\\[IOM304\\].*\\n +--> release\\.yaml:${line}:23\\n`));
    expect(stdout).toContain('            dataCIDR: 10.234.1.7/24\n');
  });

  it('shows a finding in another text at its field', () => {
    const json = JSON.stringify(load(VALUES)).replace('10.234.1.0/24', '10.234.1.7/24');
    for (const text of [JSON.stringify(json), `'${json}'`, `>-\n        ${json}`]) {
      const application = argo(`      values: ${text}\n`);
      expect(lint(application).stdout).toMatch(
        new RegExp(`error\\[IOM304\\].*\\n +--> release\\.yaml:${lineOf(application, ' values:')}:7\\n`),
      );
    }
  });

  it('is not fixed in a text, and says so', () => {
    const wrong = argo(`      values: |\n${TEXT}`).replace('10.234.1.0/24', '10.234.1.7/24');
    const { stdout, code, file } = lint(wrong, '--fix', '--unsafe-fixes');
    expect([code, readFileSync(file, 'utf8')]).toEqual([1, wrong]);
    expect(stdout).toContain('error[IOM304]');
    expect(stdout).not.toMatch(/fixable|= fix/);
  });

  it('has parameters that replace its values', () => {
    const parameters = (value: string) =>
      `      parameters:\n        - {name: iomesh.chunk.replicaCount, value: "3"}\n        - name: iomesh.chunk.dataCIDR\n          value: ${value}\n`;
    const wrong = argo(ARGO).replace('10.234.1.0/24', '10.234.1.7/24');
    expect(lint(wrong + parameters('10.234.1.0/24'))).toMatchObject({ code: 0, stderr: '' });
    const application = argo(ARGO) + parameters('10.234.1.7/24');
    const { stdout } = lint(application, '--fix', '--unsafe-fixes');
    expect(stdout).toMatch(
      new RegExp(
        `error\\[IOM304\\].*\\n +--> release\\.yaml:${lineOf(application, 'value: 10.234.1.7')}:11\\n`,
      ),
    );
  });

  it('ignores the text of its values next to an object', () => {
    const wrong = `      values: |\n${TEXT.replace('10.234.1.0/24', '10.234.1.7/24')}`;
    expect(lint(argo(wrong + ARGO))).toMatchObject({ code: 0, stderr: '' });
  });

  it('may have several sources', () => {
    const [head = ''] = argo('').split('  source:\n');
    const source = `  sources:
    - {repoURL: https://git.example.com/site.git, ref: values}
    - chart: iomesh
      helm:
        values: |
${TEXT.replaceAll(/^(?=.)/gm, '  ')}`;
    const wrong = head + source.replace('10.234.1.0/24', '10.234.1.7/24');
    expect(lint(head + source)).toMatchObject({ code: 0, stderr: '' });
    expect(lint(wrong).stdout).toContain(`--> release.yaml:${lineOf(wrong, '10.234.1.7')}:`);
  });

  it.each([
    ['valueFiles', '      valueFiles: [$values/iomesh.yaml]\n', 'spec.source.helm.valueFiles'],
    [
      'a parameter with an index',
      `${ARGO}      parameters: [{name: "iomesh.a[0]", value: b}]\n`,
      'spec.source.helm.parameters',
    ],
    ['a text that is no YAML', '      values: "a: [iomesh"\n', 'spec.source.helm.values cannot be read: '],
  ])('gets a note with %s', (_what, helm, reason) => {
    expect(lint(argo(helm)).stderr).toContain(
      `note: release.yaml: the Helm values of an Application are not read, because`,
    );
    expect(lint(argo(helm)).stderr).toContain(reason);
  });

  it('of iomesh-guard itself gets no note', () => {
    const other = argo('      valueFiles: [values.yaml]\n').replace('chart: iomesh', 'chart: iomesh-guard');
    expect(lint(other).stderr).toBe('');
  });
});

it('a HelmRelease with all values elsewhere gets a note', () => {
  const [head = ''] = FLUX.split('  values:\n');
  const cwd = folderOf({ ...REST, 'release.yaml': `${head}  valuesFrom: [{kind: Secret, name: values}]\n` });
  expect(run(['lint', '.'], { cwd }).stderr).toContain('spec.valuesFrom');
});

it('is fixed in its document, if the file has others', () => {
  const wrong = FLUX.replace('dataCIDR: 10.234.1.0/24', 'dataCIDR: 10.234.1.7/24');
  const first = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\n';
  const cwd = folderOf({ ...REST, 'release.yaml': first + wrong });
  run(['lint', '.', '--fix', '--unsafe-fixes'], { cwd });
  expect(readFileSync(join(cwd, 'release.yaml'), 'utf8')).toBe(first + FLUX);
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
