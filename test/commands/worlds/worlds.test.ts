/** Several Kubernetes clusters in one repository. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

const ERRORS = /^(error\[IOM\d+\])/gm;
/** `ex4` in the class of the management cluster of staging. */
const WRONG = 'envs/staging/management/storageclass.yaml';

/** `envs/prod` and `envs/staging`: two copies of the correct set. The second has an error. */
function repository(config = '', nested = ''): string {
  const cwd = folderOf({ '.git/HEAD': '' });
  for (const name of ['prod', 'staging'])
    cpSync(join(ROOT, 'examples/two-clusters'), join(cwd, 'envs', name), { recursive: true });
  const file = join(cwd, WRONG);
  writeFileSync(file, readFileSync(file, 'utf8').replace('fstype: ext4', 'fstype: ex4'));
  if (config !== '') writeFileSync(join(cwd, 'iomesh-guard.yaml'), config);
  if (nested !== '') writeFileSync(join(cwd, 'envs/staging/iomesh-guard.yml'), nested);
  return cwd;
}

const WORLDS = 'worlds:\n  prod: {paths: [envs/prod]}\n  staging: {paths: [envs/staging], nodes: [a]}\n';
/** The nodes of staging are other ones than the clusters name. */
const AWAY = 'worlds:\n  prod: {paths: [envs/prod]}\n  staging: {paths: [envs/staging]}\n';

const codesOf = (text: string) => [...text.matchAll(ERRORS)].map(([code]) => code);

it('asks whether two management clusters of one name are two environments', () => {
  const { stdout, code } = run(['lint', '.'], { cwd: repository() });
  expect(code).toBe(1);
  expect(stdout).toContain('if these are two environments, declare worlds in iomesh-guard.yaml');
});

describe('declared worlds', () => {
  it('are checked alone, in one run and one report', () => {
    const { stdout, stderr, code } = run(['lint', '.'], { cwd: repository(AWAY) });
    expect(codesOf(stdout)).toEqual(['error[IOM506]']);
    expect(stdout).toContain(`--> ${WRONG}:`);
    expect(stdout).toMatch(/^ +=? ?= world: staging$/m);
    expect([code, stderr]).toEqual([1, '']);
  });

  it('have their own settings', () => {
    const { stdout } = run(['lint', '.', '--format', 'json'], { cwd: repository(WORLDS) });
    const { findings } = JSON.parse(stdout) as { findings: { code: string; world: string }[] };
    const found = new Set(findings.map(({ code, world }) => `${world} ${code}`));
    expect(found).toContain('staging IOM506');
    expect([...found].filter((each) => each.startsWith('prod'))).toEqual([]);
    expect(found.size).toBeGreaterThan(1);
  });

  it('are named in every format', () => {
    const cwd = repository(AWAY);
    const output = (format: string) => run(['lint', '.', '--format', format], { cwd }).stdout;
    expect(output('concise')).toMatch(/error\[IOM506\].*\[staging\]/);
    expect(JSON.parse(output('json')).findings[0]).toMatchObject({ code: 'IOM506', world: 'staging' });
    expect(JSON.parse(output('gitlab'))[0].description).toContain('staging: ');
    expect(output('github')).toMatch(/^::error .*::staging: /m);
    expect(output('junit')).toContain('staging: ');
    const { runs } = JSON.parse(output('sarif'));
    expect(
      runs.map((each: { automationDetails?: object; results: object[] }) => [
        each.automationDetails,
        each.results.length,
      ]),
    ).toEqual([
      [{ id: 'iomesh-guard/prod/' }, 0],
      [{ id: 'iomesh-guard/staging/' }, 1],
    ]);
  });

  it('are read one by one with --world', () => {
    const cwd = repository(AWAY);
    expect(run(['lint', '--world', 'prod'], { cwd })).toMatchObject({ code: 0 });
    expect(codesOf(run(['lint', '--world', 'staging'], { cwd }).stdout)).toEqual(['error[IOM506]']);
    const unknown = run(['lint', '--world', 'stagin'], { cwd });
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('did you mean')]);
  });

  it('share no entry of a baseline, and keep those of a world that is not read', () => {
    const cwd = repository(AWAY);
    const other = join(cwd, 'envs/prod/management/storageclass.yaml');
    writeFileSync(other, readFileSync(other, 'utf8').replace('fstype: ext4', 'fstype: ex4'));
    const entries = () => JSON.parse(readFileSync(join(cwd, 'b.json'), 'utf8')).findings as { id: string }[];
    const write = ['--baseline', 'b.json', '--write-baseline'];
    expect(run(['lint', '--world', 'staging', ...write], { cwd })).toMatchObject({ code: 0 });
    expect(run(['lint', '.', '--baseline', 'b.json'], { cwd }).stdout).toContain(other.slice(cwd.length + 1));
    expect(run(['lint', '--world', 'prod', ...write], { cwd })).toMatchObject({ code: 0 });
    expect(entries()).toHaveLength(2);
    const all = run(['lint', '.', '--baseline', 'b.json'], { cwd });
    expect([all.code, all.stderr]).toEqual([0, '']);
    const one = run(['lint', '--world', 'prod', '--baseline', 'b.json'], { cwd });
    expect([one.code, one.stderr]).toEqual([0, '']);
  });

  it('can share a directory', () => {
    const cwd = folderOf({
      'iomesh-guard.yaml': 'worlds:\n  a: {paths: [base, a]}\n  b: {paths: [base, b]}\n',
    });
    for (const name of ['a', 'b'])
      cpSync(join(ROOT, 'examples/two-clusters/cluster-1'), join(cwd, name), { recursive: true });
    cpSync(join(ROOT, 'examples/two-clusters/management'), join(cwd, 'base'), { recursive: true });
    expect(run(['lint', '.'], { cwd })).toMatchObject({ code: 0 });
  });

  it('read their Helm values', () => {
    const cwd = folderOf({
      'iomesh-guard.yaml': 'worlds:\n  a: {paths: [a], values: [a/iomesh.yaml]}\n  b: {paths: [b]}\n',
      'a/iomesh.yaml': readFileSync(join(ROOT, 'examples/helm/iomesh.yaml')),
    });
    for (const name of ['connection', 'storageclass'])
      cpSync(join(ROOT, `examples/two-clusters/management/${name}.yaml`), join(cwd, `a/${name}.yaml`));
    cpSync(join(ROOT, 'examples/two-clusters/cluster-1'), join(cwd, 'a/pool'), { recursive: true });
    cpSync(join(ROOT, 'examples/two-clusters'), join(cwd, 'b'), { recursive: true });
    expect(run(['lint', '.'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    const map = run(['map', '--world', 'a', '--format', 'json'], { cwd });
    expect(JSON.parse(map.stdout).clusters).toHaveLength(2);
  });

  it('are fixed in one run', () => {
    const cwd = repository(AWAY);
    const diff = run(['lint', '.', '--diff', '--unsafe-fixes'], { cwd });
    expect(diff.stderr).not.toContain('error');
    expect(run(['lint', '.', '--fix', '--unsafe-fixes'], { cwd }).code).toBeLessThan(2);
  });

  it.each([
    ['map', []],
    ['new', ['pool', 'p9', '--nodes', 'k8s-worker-6,k8s-worker-7,k8s-worker-8', '--dry-run']],
    ['plan', ['remove', 'iomesh-cluster-1/iomesh-cluster-1']],
  ])('%s needs --world', (verb, args) => {
    const cwd = repository(AWAY);
    const none = run([verb, ...args], { cwd });
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('the configuration has several worlds: prod, staging'),
    ]);
    expect(run([verb, ...args, '--world', 'prod'], { cwd }).code).toBeLessThan(2);
  });

  it('are an error for serve, which answers one cluster', () => {
    const cwd = repository(AWAY);
    const { code, stderr } = run(['serve', '--world', 'envs/prod', '--cert-dir', '.'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('the configuration has worlds: prod, staging'),
    ]);
  });

  it('are rejected without paths', () => {
    const { code, stderr } = run(['lint', '.'], { cwd: repository('worlds: {a: {nodes: [x]}}\n') });
    expect([code, stderr]).toEqual([2, expect.stringContaining('worlds.a needs the key "paths"')]);
  });
});

describe('a directory with a configuration of its own', () => {
  it('is a world of its own, which is said', () => {
    const { stdout, stderr, code } = run(['lint', '.'], { cwd: repository('', 'mode: enforce\n') });
    expect(codesOf(stdout)).toEqual(['error[IOM506]']);
    expect(stdout).toContain('= world: envs/staging');
    expect([code, stderr]).toEqual([1, 'note: envs/staging is a world of its own, by its configuration\n']);
  });

  it('has the settings of that configuration, also if only it is named', () => {
    const cwd = repository('nodes: [other]\nrules: {IOM506: off}\n', 'mode: enforce\n');
    for (const paths of [['envs/staging'], ['envs/staging/management', 'envs/staging/cluster-1']])
      expect(codesOf(run(['lint', ...paths], { cwd }).stdout)).toEqual(['error[IOM506]']);
    expect(codesOf(run(['lint', '--world', 'envs/staging'], { cwd }).stdout)).toEqual(['error[IOM506]']);
  });

  it('is the configuration of the run if there is no other, and all paths are in it', () => {
    const cwd = repository('', 'mode: enforce\n');
    const { stdout, stderr } = run(['lint', 'envs/staging'], { cwd });
    expect(codesOf(stdout)).toEqual(['error[IOM506]']);
    expect(stdout).not.toContain('world:');
    expect(stderr).toBe('note: the configuration is envs/staging/iomesh-guard.yml\n');
  });

  it('is not used with --config', () => {
    const cwd = repository('', 'nodes: [other]\n');
    writeFileSync(join(cwd, 'c.yaml'), 'mode: enforce\n');
    expect(codesOf(run(['lint', '--config', 'c.yaml', 'envs/staging'], { cwd }).stdout)).toEqual([
      'error[IOM506]',
    ]);
  });
});

it('the example has no findings, in two worlds', () => {
  const { stdout, stderr, code } = run(['lint', 'examples/environments', '--format', 'sarif']);
  expect([code, stderr]).toEqual([0, 'note: the configuration is examples/environments/iomesh-guard.yaml\n']);
  const { runs } = JSON.parse(stdout);
  expect(runs.map((each: { automationDetails: { id: string } }) => each.automationDetails.id)).toEqual([
    'iomesh-guard/production/',
    'iomesh-guard/staging/',
  ]);
});
