/** `lint` in a repository that also holds other people's files. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

type Files = Readonly<Record<string, string | Buffer>>;

const CORRECT = filesIn(join(ROOT, 'examples/two-clusters'), 'clusters');
const POOL_CLASS = String(CORRECT['clusters/cluster-1/storageclass.yaml']);
const WRONG_CLASS = POOL_CLASS.replace('ext4', 'ex4');

/** The files of a directory, under another name. */
function filesIn(folder: string, name: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[`${name}/${relative(folder, path)}`] = readFileSync(path, 'utf8');
  }
  return files;
}

function lint(files: Files, args: readonly string[] = ['.'], git = false) {
  const cwd = folderOf(files);
  if (git) expect(spawnSync('git', ['init', '-q'], { cwd }).status).toBe(0);
  const { code, stdout, stderr } = run(['lint', '--format', 'json', ...args], { cwd });
  const report = stdout === '' ? undefined : JSON.parse(stdout);
  const findings: { code: string; location: { file: string } }[] = report?.findings ?? [];
  return {
    code,
    stderr,
    summary: report?.summary,
    findings: findings.map(({ code: rule, location }) => `${rule} ${location.file}`),
  };
}

function utf16(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
}

describe('lint . beside other people’s files', () => {
  const foreign: Files = {
    'tsconfig.json': '{ // comment\n"a": 1 }',
    'settings.json': '{ // comment\n"a": 1, }',
    'utf16.json': utf16('{"a": 1}'),
    'binary.json': Buffer.from([0, 1, 2, 3, 0xff]),
    'latin1.yaml': Buffer.from('name: caf\xe9\n', 'latin1'),
    'template.yaml': '{{- if .Values.x }}\nkind: Deployment\n{{- end }}\n',
    'twice.yaml': 'apiVersion: v1\nkind: Service\nkind: Service\nmetadata: {name: x}\n',
    'dropped.yaml': 'a: 1\n...\nb: 2\n',
  };

  it.each(Object.keys(foreign))('passes over %s', (name) => {
    const result = lint({ ...CORRECT, [name]: foreign[name]! });
    expect(result.findings).toEqual([]);
    expect(result.code, result.stderr).toBe(0);
  });

  it('notes a file that cannot be parsed, once each and short', () => {
    const { stderr } = lint({ ...CORRECT, 'tsconfig.json': '{"Node": [}' });
    expect(stderr).toMatch(
      /^note: skipped a file that cannot be parsed and has no sign of IOMesh: tsconfig\.json:1: /m,
    );
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`x${index}.json`, '{"Node": [}']),
    );
    const lines = lint({ ...CORRECT, ...many })
      .stderr.trim()
      .split('\n');
    expect(lines.length).toBeLessThan(10);
    expect(lines.join('\n')).toMatch(/37 more files/);
  });

  it.each([
    ['a kind', 'apiVersion: iomesh.com/v1alpha1\nkind: IOMeshCluster\n metadata: {}\n'],
    ['a provisioner', 'provisioner: com.iomesh.csi-driver\n bad: : :\n'],
    ['a connection', 'data:\n  iscsiPortal: 127.0.0.1:3260\n bad\n'],
    ['a kind in UTF-16', utf16('{"kind": "IOMeshCluster"}')],
    [
      'a kind that is escaped',
      'apiVersion: "iomesh.com/v1alpha1"\nkind: "IOM\\x65shCluster"\n metadata: {}\n',
    ],
  ])('reports a file that cannot be parsed and shows %s', (_, content) => {
    const { findings, code } = lint({ ...CORRECT, 'bad.yaml': content });
    expect(findings).toEqual(['IOM001 bad.yaml']);
    expect(code).toBe(1);
  });

  it('reads an object whose text is escaped', () => {
    const escaped = POOL_CLASS.replace('kind: StorageClass', 'kind: "Storage\\u0043lass"').replace(
      'ext4',
      'ex4',
    );
    const { findings } = lint({ ...CORRECT, 'clusters/cluster-1/storageclass.yaml': escaped });
    expect(findings).toEqual(['IOM506 clusters/cluster-1/storageclass.yaml']);
  });

  it('skips the templates of a chart, and says how to render those of IOMesh', () => {
    const chart = (text: string): Files => ({
      ...CORRECT,
      'charts/app/Chart.yaml': 'name: app\nversion: 1.0.0\n',
      'charts/app/templates/a.yaml': text,
      'charts/app/charts/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n',
      'charts/app/charts/sub/templates/b.yaml': text,
    });
    for (const args of [['**/*.yaml'], ['charts/app/*', 'clusters']])
      expect(lint(chart('{{- if .Values.x }}\nkind: IOMeshCluster\n{{- end }}\n'), args)).toMatchObject({
        code: 0,
        findings: [],
      });
    const other = lint(chart('{{- if .Values.x }}\nkind: Deployment\n{{- end }}\n'));
    expect(other).toMatchObject({ code: 0, findings: [] });
    expect(other.stderr).not.toContain('charts/');
    const ours = lint(chart('{{- if .Values.x }}\nkind: IOMeshCluster\n{{- end }}\n'));
    expect(ours).toMatchObject({ code: 0, findings: [] });
    expect(ours.stderr).toMatch(
      /^note: skipped the templates of the chart charts\/app: .*helm template .*iomesh-guard lint/m,
    );
  });
});

describe('the files of a directory', () => {
  const hidden: Files = { ...CORRECT, '.backup/storageclass.yaml': WRONG_CLASS };

  it('are the same for a directory and for a pattern', () => {
    for (const args of [['.'], ['**/*.yaml'], ['*']]) {
      const { findings, stderr, code } = lint(hidden, args);
      expect(findings, args.join(' ')).toEqual([]);
      expect(code, stderr).toBe(0);
      expect(stderr).not.toContain('.backup');
    }
  });

  it('include a hidden directory that is named, or with --no-ignore', () => {
    for (const args of [
      ['clusters', '.backup'],
      ['--no-ignore', '.'],
    ])
      expect(lint(hidden, args).findings.join(), args.join(' ')).toContain('IOM008');
  });

  it('exclude what git ignores, in nested files too', () => {
    const files: Files = {
      ...CORRECT,
      '.gitignore': 'build/\n*.tmp.yaml\n',
      'build/storageclass.yaml': WRONG_CLASS,
      'clusters/x.tmp.yaml': WRONG_CLASS,
      'clusters/.gitignore': '/local.yaml\n!kept.tmp.yaml\n',
      'clusters/local.yaml': WRONG_CLASS,
    };
    expect(lint(files, ['.'], true)).toMatchObject({ code: 0, findings: [] });
    expect(lint(files, ['clusters'], true)).toMatchObject({ code: 0, findings: [] });
    expect(lint(files, ['**/*.yaml'], true)).toMatchObject({ code: 0, findings: [] });
    expect(lint(files, ['--no-ignore', '.'], true).code).toBe(1);
    const kept = lint({ ...files, 'clusters/kept.tmp.yaml': WRONG_CLASS }, ['clusters'], true);
    expect(kept.findings.join()).toContain('clusters/kept.tmp.yaml');
    // Without a repository, git ignores nothing.
    expect(lint(files).code).toBe(1);
    // A path that is named is read.
    expect(lint(files, ['clusters', 'build'], true).findings.join()).toContain('IOM008');
    expect(lint(files, ['clusters', 'build/storageclass.yaml'], true).findings.join()).toContain('IOM008');
  });

  it.each([
    ['--exclude', ['--exclude', 'old', '.']],
    ['--exclude with a pattern', ['--exclude', 'o*/**', '.']],
    ['an argument with !', ['.', '!old']],
    ['an argument with ! and a pattern', ['**/*.yaml', '!old/**']],
  ])('can be excluded by %s', (_, args) => {
    const files = { ...CORRECT, 'old/storageclass.yaml': WRONG_CLASS };
    expect(lint(files).code).toBe(1);
    expect(lint(files, args)).toMatchObject({ code: 0, findings: [] });
  });

  it('can be excluded by the configuration, whose patterns start at its directory', () => {
    const files: Files = {
      ...CORRECT,
      'iomesh-guard.yaml': 'exclude: [/old, "*.bak.yaml"]\n',
      'old/storageclass.yaml': WRONG_CLASS,
      'clusters/x.bak.yaml': WRONG_CLASS,
    };
    expect(lint(files)).toMatchObject({ code: 0, findings: [] });
    const inside = folderOf(files);
    expect(run(['lint', '.'], { cwd: join(inside, 'clusters') }).code).toBe(0);
    expect(run(['map', '.'], { cwd: inside }).stdout).toContain('iomesh-cluster-1');
  });

  it('are all excluded: says so', () => {
    const { code, stderr } = lint(CORRECT, ['--exclude', '*', '.']);
    expect(code).toBe(2);
    expect(stderr).toContain('--exclude');
  });

  it('may be named twice', () => {
    for (const args of [
      ['.', 'clusters/*'],
      ['.', 'clusters'],
      ['**/*.yaml', '*'],
    ])
      expect(lint(CORRECT, args), args.join(' ')).toMatchObject({ code: 0, findings: [] });
  });

  it('are found by a pattern that matches directories', () => {
    const files = { ...CORRECT, 'clusters/cluster-1/storageclass.yaml': WRONG_CLASS };
    expect(lint(files, ['clusters/*']).findings).toEqual(['IOM506 clusters/cluster-1/storageclass.yaml']);
  });

  it('are listed by --show-files', () => {
    const cwd = folderOf(hidden);
    const { stdout, code } = run(['lint', '--show-files', '.'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').sort()).toEqual(Object.keys(CORRECT).sort());
  });

  it('do not include what a link outside leads to twice', () => {
    const cwd = folderOf(CORRECT);
    symlinkSync(join(cwd, 'clusters'), join(cwd, 'again'));
    expect(run(['lint', '.'], { cwd }).code).toBe(0);
  });
});

describe('a kustomization', () => {
  const patch = `apiVersion: iomesh.com/v1alpha1
kind: IOMeshCluster
metadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}
spec:
  chunk: {replicas: 30}
`;
  it.each([
    ['patches', 'patches: [{path: patch.yaml}]'],
    ['patchesStrategicMerge', 'patchesStrategicMerge: [patch.yaml]'],
    ['patchesJson6902', 'patchesJson6902: [{path: patch.yaml, target: {kind: IOMeshCluster, name: x}}]'],
  ])('has its %s passed over, and says how to check the result', (_, text) => {
    for (const file of ['kustomization.yaml', 'kustomization.yml', 'Kustomization']) {
      const { findings, stderr, code } = lint({
        ...CORRECT,
        [`a/overlays/prod/${file}`]: `resources: [../../../clusters]\n${text}\n`,
        'a/overlays/prod/patch.yaml': patch,
      });
      expect(findings).toEqual([]);
      expect(code).toBe(0);
      expect(
        lint({ ...CORRECT, 'a/patch.yaml': patch, [`a/${file}`]: `${text}\n` }, ['**/*.yaml']),
      ).toMatchObject({
        code: 0,
        findings: [],
      });
      expect(stderr).toMatch(
        /^note: skipped a\/overlays\/prod\/patch\.yaml: .*iomesh-guard lint --kustomize a\/overlays\/prod/m,
      );
    }
  });

  it('is skipped when it cannot be parsed', () => {
    expect(lint({ ...CORRECT, 'x/kustomization.yaml': 'a: b: c\n' })).toMatchObject({
      code: 0,
      findings: [],
    });
  });

  it('has a patch that is named read as an object', () => {
    const files = { 'x/kustomization.yaml': 'patches: [{path: patch.yaml}]\n', 'x/patch.yaml': patch };
    expect(lint(files, ['x/patch.yaml']).findings.join()).toContain('IOM006');
  });
});

describe('a repository without anything of IOMesh', () => {
  const files: Files = {
    'package.json': '{"name": "x"}',
    'k8s/deployment.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n',
    'tsconfig.json': '{ // x\n}',
  };

  it('says so in a line', () => {
    const { code, stderr } = lint(files);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: no IOMesh objects found in 3 files/m);
    expect(lint(files, ['--allow-empty', '.'])).toMatchObject({ code: 0, findings: [] });
  });
});

describe('an object that is defined twice', () => {
  const NOTE = 'note: 1 object was not checked, because another one has the same name (IOM008)\n';
  const lintText = (files: Files, ...args: string[]) => run(['lint', '.', ...args], { cwd: folderOf(files) });

  it('is named in a note if the copies differ, also with IOM008 in the baseline', () => {
    // The copy that comes first is checked.
    const files = { ...CORRECT, 'zz/storageclass.yaml': WRONG_CLASS };
    const { stdout, stderr } = lintText(files);
    expect([stderr, stdout]).toEqual([NOTE, expect.not.stringContaining('IOM506')]);
    const cwd = folderOf(files);
    run(['lint', '.', '--baseline', 'b.json', '--write-baseline'], { cwd });
    const later = run(['lint', '.', '--baseline', 'b.json'], { cwd });
    expect([later.code, later.stderr]).toEqual([0, NOTE]);
  });

  it('is not if they are equal', () => {
    const { stdout, stderr } = lintText({ ...CORRECT, 'zz/storageclass.yaml': POOL_CLASS });
    expect([stderr, stdout]).toEqual(['', expect.stringContaining('IOM008')]);
  });
});
