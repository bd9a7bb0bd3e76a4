/** Copies of this tree as a stranger gets them, and what npm makes of them. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll } from 'vitest';
import { ROOT } from '../support/run-cli.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** A directory of its own, gone after the tests. */
export function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `iomesh-guard-${name}-`));
  folders.push(folder);
  return folder;
}

/** The arguments of a `lint` that reads so much that V8 is made to optimize later, and ends with exit code 1. */
export function longInput(): readonly string[] {
  const file = join(temporary('long'), 'iomesh.yaml');
  const text = readFileSync(join(ROOT, 'examples/two-clusters/management/iomesh.yaml'), 'utf8');
  writeFileSync(file, `${'# more text\n'.repeat(20_000)}${text}`);
  return [file];
}

/** What a build or a run leaves behind, where no git can tell. */
const MADE_HERE = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage']);

/** The files that git has or would take, in a directory of their own: what a fresh clone holds. */
export function cloneTree(): string {
  const folder = join(temporary('clone'), 'iomesh-guard');
  const { status, stdout } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) {
    cpSync(ROOT, folder, { recursive: true, filter: (source) => !MADE_HERE.has(relative(ROOT, source)) });
    return folder;
  }
  for (const name of stdout.split('\0')) {
    if (name === '' || !existsSync(join(ROOT, name))) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(join(ROOT, name), join(folder, name));
  }
  return folder;
}

/** Puts node_modules into a clone without the network: hard links where the file system has them. */
export function installInto(folder: string): void {
  const target = join(folder, 'node_modules');
  const linked = spawnSync('cp', ['-al', join(ROOT, 'node_modules'), target]);
  if (linked.status === 0) return;
  rmSync(target, { recursive: true, force: true });
  cpSync(join(ROOT, 'node_modules'), target, { recursive: true, verbatimSymlinks: true });
}

/** Copies the build. Another run may write its code cache at this moment, so that file is left out. */
function copyBuild(target: string): void {
  cpSync(join(ROOT, 'dist'), target, {
    recursive: true,
    filter: (source) => !basename(source).startsWith('main.cache'),
  });
}

/** The tarball npm makes of this tree and of the build it holds. */
export function packTree(): string {
  const clone = cloneTree();
  copyBuild(join(clone, 'dist'));
  const { stdout } = npm(['pack', '--ignore-scripts'], clone);
  return join(clone, stdout.trim());
}

/** Runs npm; throws with its output where it fails. */
export function npm(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = {},
): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      npm_config_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      ...env,
    },
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
  return { stdout, stderr };
}

/** Makes a git repository of a directory, with everything in it committed and tagged. */
export function commitAll(folder: string, tag?: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
  git('init', '-q');
  git('config', 'user.name', 'A user');
  git('config', 'user.email', 'user@example.com');
  git('add', '-A');
  git('commit', '-qm', 'everything');
  if (tag !== undefined) git('tag', tag);
}

/** What a repository holds beside the manifests of IOMesh: none of it is valid input of a linter. */
const OF_OTHERS: Readonly<Record<string, string | Buffer>> = {
  'tsconfig.json': '{ // for the site\n  "a": 1 }\n',
  '.vscode/settings.json': '{ // ours\n  "a": 1 }\n',
  '.github/workflows/ci.yaml': 'on: [push]\njobs: {}\n',
  'compose.yaml': 'services: {web: {image: nginx}}\n',
  'app/deployment.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n',
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
  'charts/web/templates/deployment.yaml': '{{- if .Values.web }}\nkind: Deployment\n{{- end }}\n',
  'overlays/kustomization.yaml': 'resources: [../clusters]\npatches: [{path: patch.yaml}]\n',
  'overlays/patch.yaml':
    'apiVersion: iomesh.com/v1alpha1\nkind: IOMeshCluster\nmetadata: {name: iomesh-cluster-1, namespace: iomesh-cluster-1}\nspec: {chunk: {replicas: 4}}\n',
  'export.json': Buffer.from('\ufeff{"a": 1}', 'utf16le'),
  'notes.yaml': 'a: [\n',
  'node_modules/web/fixture.yaml': 'kind: IOMeshCluster\napiVersion: [\n',
  '.gitignore': 'node_modules/\n',
};

/** A git repository with the correct example in `clusters/`, among files of others. */
export function ordinaryRepository(): string {
  const folder = join(temporary('repository'), 'infrastructure');
  cpSync(join(ROOT, 'examples/two-clusters'), join(folder, 'clusters'), { recursive: true });
  for (const [name, content] of Object.entries(OF_OTHERS)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  commitAll(folder);
  return folder;
}

/** Breaks the example: a pool without its ZookeeperCluster is IOM701. */
export function breakRepository(folder: string): void {
  rmSync(join(folder, 'clusters/cluster-1/zookeeper.yaml'));
}

/** True where tests may fetch packages: in CI, or where NETWORK_TESTS is set. */
export const mayFetch = process.env['CI'] === 'true' || (process.env['NETWORK_TESTS'] ?? '') !== '';
