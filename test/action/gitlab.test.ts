/** The job of ci/gitlab.yml, its script run by the shell with the variables of a project. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderOf, ROOT } from '../support/run-cli.ts';
import { hasNodeReleases, nodeRelease } from '../package/node-releases.ts';
import {
  breakRepository,
  cloneTree,
  commitAll,
  mayFetch,
  npm,
  ordinaryRepository,
  packTree,
  temporary,
} from '../package/tree.ts';

interface Job {
  readonly script: readonly string[];
  readonly variables: Record<string, string>;
  readonly artifacts: { when: string; paths: string[]; reports: Record<string, string> };
}
const job = (load(readFileSync(join(ROOT, 'ci/gitlab.yml'), 'utf8')) as Record<string, Job>)['iomesh-guard']!;

let tarball: string;
beforeAll(() => {
  tarball = packTree();
}, 120_000);

function ourProject(): string {
  return folderOf({
    'pools/broken.yaml': readFileSync(join(ROOT, 'examples/broken/pool/connection.yaml')),
    'a b/iomesh.yaml': readFileSync(join(ROOT, 'examples/two-clusters/management/iomesh.yaml')),
  });
}

function runJob(variables: Readonly<Record<string, string>>, shell = 'sh', project = ourProject()) {
  const { status, stdout, stderr } = spawnSync(shell, ['-e', '-c', job.script.join('\n')], {
    cwd: project,
    encoding: 'utf8',
    env: {
      ...process.env,
      npm_config_offline: 'true',
      npm_config_cache: temporary('npm'),
      ...job.variables,
      IOMESH_GUARD_PACKAGE: tarball,
      ...variables,
    },
  });
  return { status, log: stdout + stderr, project };
}

describe('ci/gitlab.yml', () => {
  it.each(['sh', 'bash'])(
    'leaves both reports where the job takes them from (%s)',
    (shell) => {
      const { status, log, project } = runJob({ IOMESH_GUARD_PATHS: 'pools' }, shell);
      expect(log).toContain('error[IOM');
      expect(status).toBe(1);
      const { reports, paths, when } = job.artifacts;
      expect(when).toBe('always');
      const quality = JSON.parse(readFileSync(join(project, reports['codequality']!), 'utf8'));
      expect(quality[0].location.path).toBe('pools/broken.yaml');
      expect(readFileSync(join(project, reports['junit']!), 'utf8')).toContain('<testsuite');
      for (const path of paths) expect(existsSync(join(project, path))).toBe(true);
    },
    60_000,
  );

  it('takes paths and flags one a line, and as text', () => {
    const { status, log, project } = runJob({
      IOMESH_GUARD_FLAGS: '--fail-on\nnever',
      IOMESH_GUARD_PATHS: 'a b\npools\n$(touch pwned)*',
    });
    expect(log).toContain('$(touch pwned)*');
    expect(status).toBe(2);
    expect(existsSync(join(project, 'pwned'))).toBe(false);
    expect(runJob({ IOMESH_GUARD_FLAGS: '--fail-on\nnever', IOMESH_GUARD_PATHS: 'a b\npools' }).status).toBe(
      0,
    );
  }, 60_000);

  it('asks for the package, and installs none that it was not told of', () => {
    const { status, log } = runJob({ IOMESH_GUARD_PACKAGE: '' });
    expect(status).toBe(2);
    expect(log).toContain('IOMESH_GUARD_PACKAGE');
  });

  it('checks a whole repository if no path is set, among files of others', () => {
    const project = ordinaryRepository();
    const good = runJob({}, 'sh', project);
    expect([good.status, good.log]).toEqual([0, expect.stringContaining('no findings')]);
    breakRepository(project);
    const bad = runJob({}, 'sh', project);
    expect([bad.status, bad.log]).toEqual([1, expect.stringContaining('error[IOM701]')]);
  }, 60_000);

  it.skipIf(!mayFetch || !hasNodeReleases)(
    'installs from git with npm 12',
    () => {
      const guard = cloneTree();
      commitAll(guard, 'v0.1.0');
      const online = { npm_config_offline: 'false', npm_config_prefer_offline: 'true' };
      const home = temporary('npm-12');
      writeFileSync(join(home, 'package.json'), '{"private": true}\n');
      npm(['install', 'npm@12.2.2'], home, online);
      const bin = join(home, 'bin');
      mkdirSync(bin);
      symlinkSync(nodeRelease('24.22.3'), join(bin, 'node'));
      const PATH = [bin, join(home, 'node_modules/.bin'), process.env['PATH']].join(':');
      const { status, log } = runJob({
        ...online,
        PATH,
        IOMESH_GUARD_PACKAGE: `git+file://${guard}#v0.1.0`,
        IOMESH_GUARD_PATHS: 'pools',
      });
      expect([status, log]).toEqual([1, expect.stringContaining('error[IOM')]);
    },
    600_000,
  );
});
