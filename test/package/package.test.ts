/** The package as its user gets it: what is in it, and that it works where nothing else is. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/run-cli.ts';
import { serveOne } from './serve.ts';
import { npm, packTree, temporary } from './tree.ts';

let tarball: string;
let files: string[];
let installed: string;
let warnings: string;
const bin = () => join(installed, 'node_modules/.bin/iomesh-guard');

beforeAll(() => {
  tarball = packTree();
  files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => name !== '' && !name.endsWith('/'))
    .map((name) => name.replace(/^package\//, ''));
  installed = temporary('installed');
  writeFileSync(join(installed, 'package.json'), '{"private": true}\n');
  ({ stderr: warnings } = npm(['install', tarball], installed));
}, 120_000);

describe('the tarball', () => {
  it('holds what a user needs, and nothing else', () => {
    const allowed =
      /^(dist\/[\w-]+\.js|dist\/THIRD_PARTY_LICENSES\.txt|dist\/sbom\.cdx\.json|docs\/[\w.-]+\.md|docs\/rules\/(IOM\d{3}|README|zh-CN)\.md|docs\/decisions\/[\w-]+\.md|deploy\/(helm|kustomize|monitoring)\/.*|docs\/map\.svg|README\.zh-CN\.md|schemas\/[\w.-]+\.schema\.json|schemas\/kubeconform\/[\w.-]+\/[\w.-]+\.json|examples\/.*\.(yaml|md)|(CHANGELOG|README|SECURITY)\.md|LICENSE|package\.json)$/;
    expect(files.filter((name) => !allowed.test(name))).toEqual([]);
    for (const name of [
      'dist/cli.js',
      'dist/main.js',
      'dist/THIRD_PARTY_LICENSES.txt',
      'LICENSE',
      'README.md',
      'SECURITY.md',
    ])
      expect(files).toContain(name);
    const schemas = readdirSync(join(ROOT, 'schemas'), { recursive: true, encoding: 'utf8' });
    for (const name of schemas.filter((each) => each.endsWith('.json')))
      expect(files).toContain(`schemas/${name}`);
  });

  it('is small', () => {
    const packed = statSync(tarball).size;
    const { size } = files.reduce(
      (sum, name) => ({ size: sum.size + statSync(join(installed, 'node_modules/iomesh-guard', name)).size }),
      { size: 0 },
    );
    console.log(
      `the package: ${files.length} files, ${Math.round(packed / 1024)} KiB packed, ${Math.round(size / 1024)} KiB unpacked`,
    );
    expect(packed).toBeLessThan(4 << 20);
  });

  it('brings no other package, and runs nothing when it is installed', () => {
    expect(readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'iomesh-guard',
    ]);
    const manifest = JSON.parse(
      readFileSync(join(installed, 'node_modules/iomesh-guard/package.json'), 'utf8'),
    );
    expect(manifest.dependencies).toBeUndefined();
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts[script]).toBeUndefined();
    expect(warnings).not.toContain('scripts');
  });

  it('names the same oldest Node in every document', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = ['README.md', 'CONTRIBUTING.md', 'docs/integrations.md'].flatMap((name) =>
      [...readFileSync(join(ROOT, name), 'utf8').matchAll(/Node (\d+\.\d+) or newer/g)].map(
        ([, text]) => text,
      ),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(new Set(named)).toEqual(new Set([engines.node.replace('>=', '')]));
  });

  it('holds every page that its README and its guides link to, but for those of developers', () => {
    const home = join(installed, 'node_modules/iomesh-guard');
    const missing = files
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) =>
        [...readFileSync(join(home, name), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
          .map(([, target]) => join(name, '..', target!))
          .filter((target) => !existsSync(join(home, target)))
          .filter((target) => !['CONTRIBUTING.md', 'test/e2e/README.md'].includes(target))
          .map((target) => `${name}: ${target}`),
      );
    expect(missing).toEqual([]);
  });
});

describe('installed from the tarball', () => {
  const guard = (args: readonly string[], cwd = installed) =>
    spawnSync(bin(), args, { cwd, encoding: 'utf8', input: '' });

  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(guard(['--version']).stdout).toBe(`${version}\n`);
    expect(npm(['exec', '--', 'iomesh-guard', '--version'], installed).stdout).toBe(`${version}\n`);
  });

  it('is a plugin of kubectl', () => {
    const plugin = spawnSync(join(installed, 'node_modules/.bin/kubectl-iomesh_guard'), ['rules'], {
      encoding: 'utf8',
    });
    expect(plugin.stdout).toBe(guard(['rules']).stdout);
    expect(plugin.status).toBe(0);
  });

  it('lints its own examples', () => {
    const examples = 'node_modules/iomesh-guard/examples';
    // A directory named outright is read, though it lies below node_modules.
    expect(guard(['lint', `${examples}/two-clusters`]).status).toBe(0);
    const broken = guard(['lint', `${examples}/broken`]);
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain('error[IOM');
  });

  it('explains a rule and completes in a shell', () => {
    expect(guard(['explain', 'IOM101']).stdout).toContain('affinity-overlap');
    expect(guard(['completion', 'bash']).stdout).toContain('complete -F');
  });

  it('serves a world', async () => {
    const world = join(installed, 'world');
    mkdirSync(world);
    cpSync(join(installed, 'node_modules/iomesh-guard/examples/two-clusters'), world, { recursive: true });
    // No review: refused as such by what is running there.
    expect((await serveOne([bin()], world, '{}')).status).toBe(400);
  });
});
