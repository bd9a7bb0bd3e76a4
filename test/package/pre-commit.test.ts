/**
 * The pre-commit hook. First with what pre-commit does done by hand, as its language `node` does it
 * (pre_commit/languages/node.py): install in a clone, `npm pack`, the last output taken for the name of
 * the tarball, and that installed. Then by pre-commit itself, where it is there and packages may be fetched.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/run-cli.ts';
import {
  breakRepository,
  cloneTree,
  commitAll,
  installInto,
  mayFetch,
  npm,
  ordinaryRepository,
  temporary,
} from './tree.ts';

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly pass_filenames: boolean;
  readonly always_run: boolean;
}
const hooks = load(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as Hook[];

/** A user's repository: the example world, committed. */
function userRepository(): string {
  const folder = join(temporary('user'), 'infrastructure');
  mkdirSync(folder);
  cpSync(join(ROOT, 'examples/two-clusters'), join(folder, 'clusters'), { recursive: true });
  return folder;
}

describe('.pre-commit-hooks.yaml', () => {
  let prefix: string;

  beforeAll(() => {
    const clone = cloneTree();
    commitAll(clone);
    installInto(clone);
    const env = environment();
    prefix = env['npm_config_prefix']!;
    npm(
      ['install', '--include=dev', '--include=prod', '--ignore-prepublish', '--no-progress', '--no-save'],
      clone,
      env,
    );
    const packed = npm(['pack'], clone, env).stdout.trim();
    expect(packed).toMatch(/^iomesh-guard-[\d.]+\.tgz$/);
    npm(['install', '-g', join(clone, packed)], clone, env);
    rmSync(clone, { recursive: true });
  }, 180_000);

  /** The variables under which pre-commit installs and runs. */
  function environment(): Record<string, string> {
    const home = prefix ?? join(temporary('hook'), 'node_env-system');
    return {
      NODE_VIRTUAL_ENV: home,
      NPM_CONFIG_PREFIX: home,
      npm_config_prefix: home,
      NODE_PATH: join(home, 'lib/node_modules'),
      PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
    };
  }

  function runHook(hook: Hook, args: readonly string[], cwd: string) {
    const [program, ...more] = hook.entry.split(' ');
    return spawnSync(program!, [...more, ...args], {
      cwd,
      encoding: 'utf8',
      input: '',
      env: { ...process.env, ...environment() },
    });
  }

  it('installs a command of its own from a clone, and nothing beside it', () => {
    expect(existsSync(join(prefix, 'bin/iomesh-guard'))).toBe(true);
    expect(execFileSync('ls', [join(prefix, 'lib/node_modules')], { encoding: 'utf8' }).trim()).toBe(
      'iomesh-guard',
    );
  });

  it('judges the whole world at every commit, one that only deletes included', () => {
    const hook = hooks.find(({ id }) => id === 'iomesh-guard')!;
    expect([hook.language, hook.pass_filenames, hook.always_run]).toEqual(['node', false, true]);
    const folder = userRepository();
    expect(runHook(hook, ['clusters'], folder).status).toBe(0);
    rmSync(join(folder, 'clusters/cluster-1/zookeeper.yaml'));
    const after = runHook(hook, ['clusters'], folder);
    expect(after.status).toBe(1);
    expect(after.stdout).toContain('IOM701');
  });

  it.each(hooks.map((hook) => [hook.id, hook] as const))(
    'without arguments checks a whole repository, among files of others (%s)',
    (_id, hook) => {
      const folder = ordinaryRepository();
      const good = runHook(hook, [], folder);
      expect([good.status, good.stdout]).toEqual([0, expect.stringContaining('no findings')]);
      breakRepository(folder);
      const bad = runHook(hook, [], folder);
      expect([bad.status, bad.stdout]).toEqual([1, expect.stringContaining('error[IOM701]')]);
      rmSync(join(folder, 'clusters'), { recursive: true });
      expect(runHook(hook, [], folder).status).toBe(0);
    },
  );
});

describe.skipIf(!mayFetch || spawnSync('pre-commit', ['--version']).status !== 0)('pre-commit itself', () => {
  it('installs the hook from git, passes a good commit and stops a bad one', () => {
    const guard = cloneTree();
    commitAll(guard, 'v0.1.0');
    const folder = userRepository();
    writeFileSync(
      join(folder, '.pre-commit-config.yaml'),
      `repos:\n  - repo: ${guard}\n    rev: v0.1.0\n    hooks:\n      - id: iomesh-guard\n        args: [clusters]\n`,
    );
    commitAll(folder);
    const env = { ...process.env, PRE_COMMIT_HOME: temporary('pre-commit') };
    const run = (program: string, ...args: string[]) =>
      spawnSync(program, args, { cwd: folder, encoding: 'utf8', env });
    expect(run('pre-commit', 'install').status).toBe(0);
    writeFileSync(join(folder, 'README.md'), 'Ours.\n');
    run('git', 'add', '-A');
    const good = run('git', 'commit', '-m', 'good');
    expect(good.stdout + good.stderr).toContain('Passed');
    expect(good.status).toBe(0);
    run('git', 'rm', '-q', 'clusters/cluster-1/zookeeper.yaml');
    const bad = run('git', 'commit', '-m', 'bad');
    expect(bad.stdout + bad.stderr).toContain('IOM701');
    expect(bad.status).toBe(1);
  }, 600_000);
});
