/** Which configuration a run uses, and what it says about the others. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

const NODES = 'nodes: [stg-worker-0]\n';

function repository(files: Readonly<Record<string, string>>): string {
  const cwd = folderOf(files);
  cpSync(join(ROOT, 'examples/two-clusters'), join(cwd, 'clusters'), { recursive: true });
  return cwd;
}

describe('the configuration', () => {
  it.each(['iomesh-guard.yaml', 'iomesh-guard.yml'])('is %s, and is not counted as skipped', (name) => {
    const cwd = repository({ [name]: NODES });
    const { code, stdout, stderr } = run(['lint', '.'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('IOM107');
    expect(stdout).toMatch(/ in 10 files \(10 documents, 10 objects\)$/m);
    expect(stderr).toBe('');
  });

  it('is named if it lies in a parent directory', () => {
    const cwd = repository({ 'iomesh-guard.yaml': NODES });
    expect(run(['lint', '.'], { cwd: join(cwd, 'clusters') }).stderr).toBe(
      'note: the configuration is ../iomesh-guard.yaml\n',
    );
  });

  it('is not ignored if it is in a directory of the input', () => {
    const cwd = repository({ 'clusters/iomesh-guard.yaml': NODES });
    for (const paths of ['clusters', '.', '**/*.yaml'])
      expect(run(['lint', paths], { cwd }).code, paths).toBe(1);
    const map = run(['map', '.'], { cwd });
    expect([map.code, map.stderr]).toEqual([2, expect.stringContaining('add --world clusters')]);
    expect(run(['lint', '.'], { cwd: join(cwd, 'clusters') }).code).toBe(1);
    expect(run(['lint', '--config', 'clusters/iomesh-guard.yaml', '.'], { cwd }).code).toBe(1);
  });

  it('has no hidden name, and is one file', () => {
    const hidden = run(['lint', '.'], { cwd: repository({ '.iomesh-guard.yaml': NODES }) });
    expect(hidden.code).toBe(2);
    expect(hidden.stderr).toContain('rename it to iomesh-guard.yaml');
    const both = run(['lint', '.'], {
      cwd: repository({ 'iomesh-guard.yaml': NODES, 'iomesh-guard.yml': NODES }),
    });
    expect(both.code).toBe(2);
    expect(both.stderr).toContain('two configurations');
  });

  it('has each problem on its line', () => {
    const { stderr } = run(['lint', '.'], { cwd: repository({ 'iomesh-guard.yaml': 'a: 1\nb: 2\nc: 3\n' }) });
    expect(stderr.trim().split('\n').length).toBe(3);
    expect(stderr).toMatch(/^ +iomesh-guard\.yaml:3:1: unknown key "c"$/m);
    expect(stderr).not.toContain('\\n');
  });

  it('is printed by --show-config', () => {
    const cwd = repository({ 'iomesh-guard.yaml': 'exclude: [old]\nclusterDomain: example.org\n' });
    const { stdout, code } = run(['lint', '--show-config'], { cwd: join(cwd, 'clusters') });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: '../iomesh-guard.yaml',
      clusterDomain: 'example.org',
      mode: 'enforce',
      exclude: ['old'],
    });
    expect(JSON.parse(run(['lint', '--show-config'], { cwd: folderOf({}) }).stdout).file).toBeNull();
  });
});

describe('a finding that has a file and no object', () => {
  const twice = 'kind: ConfigMap\nkind: ConfigMap\napiVersion: v1\ndata: {iscsiPortal: x}\n';

  it('has one identity in every working directory', () => {
    const cwd = repository({ 'clusters/connection.yaml': twice, 'sub/x.txt': '' });
    expect(spawnSync('git', ['init', '-q'], { cwd }).status).toBe(0);
    const sub = join(cwd, 'sub');
    const finger = (args: string[], from: string) =>
      JSON.parse(run(['lint', '--format', 'gitlab', ...args], { cwd: from }).stdout)
        .filter((each: { check_name: string }) => each.check_name === 'IOM002')
        .map((each: { fingerprint: string }) => each.fingerprint);
    expect(finger(['clusters'], cwd).length).toBe(1);
    expect(finger(['../clusters'], sub)).toEqual(finger(['clusters'], cwd));
    run(['lint', '--write-baseline', 'clusters'], { cwd });
    const known = run(['lint', '--baseline', '../iomesh-guard-baseline.json', '../clusters'], { cwd: sub });
    expect([known.code, known.stderr]).toEqual([0, '']);
  });

  it('is known to a baseline that was written with the name that was typed', () => {
    const cwd = repository({ 'clusters/connection.yaml': twice });
    mkdirSync(join(cwd, 'sub'));
    spawnSync('git', ['init', '-q'], { cwd });
    const text = 'IOM002|../clusters/connection.yaml|kind';
    const entry = {
      rule: 'IOM002',
      object: '../clusters/connection.yaml',
      path: '',
      id: text,
      value: ['kind'],
    };
    writeFileSync(join(cwd, 'b.json'), JSON.stringify({ version: 1, findings: [entry] }));
    const { stdout } = run(['lint', '--baseline', '../b.json', '../clusters'], { cwd: join(cwd, 'sub') });
    expect(stdout).not.toContain('IOM002');
  });
});

describe('Helm values in a HelmRelease or an Application', () => {
  it.each([
    ['HelmRelease', 'helm.toolkit.fluxcd.io/v2', 'spec:\n  values: {iomesh: {edition: enterprise}}\n'],
    [
      'Application',
      'argoproj.io/v1alpha1',
      'spec:\n  destination: {namespace: iomesh-system}\n  source:\n    helm:\n      valuesObject: {iomesh: {edition: enterprise}}\n',
    ],
  ])('are read as with --values: %s', (kind, apiVersion, spec) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: iomesh, namespace: iomesh-system}\n${spec}`;
    const { stdout, stderr } = run(['lint', '.'], {
      cwd: repository({ 'release.yaml': text.replace('edition: enterprise', 'chunk: {replicas: 3}') }),
    });
    expect(stdout).toContain('error[IOM801]');
    expect(stdout).toMatch(/--> release\.yaml:\d+:\d+$/m);
    expect(stderr).not.toContain('are not read');
  });

  it('get a note if more values are elsewhere', () => {
    const text =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: iomesh}\n' +
      'spec:\n  valuesFrom: [{kind: ConfigMap, name: x}]\n  values: {iomesh: {edition: enterprise}}\n';
    const { stderr } = run(['lint', '.'], { cwd: repository({ 'release.yaml': text }) });
    expect(stderr).toBe(
      'note: release.yaml: the Helm values of a HelmRelease are not read, because more of them are in spec.valuesFrom; write all to files and add --values FILE\n',
    );
  });
});
