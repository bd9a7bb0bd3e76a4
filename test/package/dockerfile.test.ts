/** The image, without a container engine: what the Dockerfile copies, builds, starts and runs as. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ROOT } from '../support/run-cli.ts';
import { outputOf } from '../support/child-output.ts';
import { temporary } from './tree.ts';

const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
const linesOf = (name: string) =>
  [...dockerfile.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map((match) => match[1]!);
const copies = linesOf('COPY').filter((each) => !each.startsWith('--from='));
const sources = copies.flatMap((each) => each.split(' ').slice(0, -1));
const [node, ...start] = JSON.parse(linesOf('ENTRYPOINT')[0]!) as string[];
const nodeFlags = start.filter((each) => each.startsWith('--'));
const cmd = JSON.parse(linesOf('CMD')[0]!) as string[];

const build = temporary('image-build');
const image = temporary('image');

beforeAll(() => {
  for (const source of sources) {
    // A fresh checkout has no generated validators.
    cpSync(join(ROOT, source), join(build, source), {
      recursive: true,
      filter: (each) => !each.endsWith('schema/compiled.js'),
    });
  }
  // In place of `npm ci`, which needs the network.
  symlinkSync(join(ROOT, 'node_modules'), join(build, 'node_modules'));
  execFileSync('sh', ['-c', linesOf('RUN')[1]!], { cwd: build, stdio: 'pipe' });
  cpSync(join(build, 'dist'), join(image, 'app/dist'), { recursive: true });
}, 120_000);

it('copies only files that .dockerignore lets into the build context', () => {
  const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8').match(/(?<=^!).*$/gm)!;
  const isAllowed = (source: string) =>
    allowed.some((each) => each === source || source.startsWith(`${each}/`));
  expect(sources.filter((each) => !isAllowed(each))).toEqual([]);
  // Each to the same path in the image, as beforeAll copies them.
  for (const each of copies) expect(each).toMatch(/ \.\/$|^(\S+) \1$/);
  expect(linesOf('RUN').slice(0, 2)).toEqual(['npm ci --ignore-scripts', 'npm run sbom']);
  expect(linesOf('COPY').at(-1)).toBe('--from=build /build/dist ./dist');
});

it('holds the licences and the bill of materials of the bundle', () => {
  for (const name of ['THIRD_PARTY_LICENSES.txt', 'sbom.cdx.json'])
    expect(existsSync(join(image, 'app/dist', name)), name).toBe(true);
});

it('takes all base images from arguments, and names those of the server by digest', () => {
  expect(linesOf('FROM').join()).toMatch(
    /^\$\{BUILD_IMAGE\} AS build,\$\{SHELL_IMAGE\} AS shell,\$\{RUN_IMAGE\}$/,
  );
  const pinned = /^(BUILD_IMAGE|RUN_IMAGE)=[a-z0-9./-]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}$/;
  const images = linesOf('ARG').filter((each) => !each.startsWith('SHELL_IMAGE='));
  expect(images.map((each) => pinned.exec(each)?.[1])).toEqual(['BUILD_IMAGE', 'RUN_IMAGE']);
});

it('has the command in the PATH of the image with a shell', () => {
  const [, from, to] = /^RUN ln -s (\S+) (\S+)$/m.exec(dockerfile)!;
  const folder = join(temporary('image-shell'), 'bin');
  mkdirSync(folder);
  symlinkSync(join(image, from!), join(folder, basename(to!)));
  const result = execFileSync('sh', ['-c', 'iomesh-guard rules'], {
    encoding: 'utf8',
    env: { PATH: `${folder}:${dirname(process.execPath)}` },
  });
  expect(result).toContain('IOM101');
});

it('runs as a user that is not root', () => {
  expect(linesOf('USER')).toEqual(['65532:65532']);
});

it('serves from dist alone with the command of the image, and stops on SIGTERM', async () => {
  expect([node, ...cmd]).toEqual(['/nodejs/bin/node', 'serve']);
  const certs = temporary('certs');
  execFileSync(process.execPath, [join(ROOT, 'scripts/certs.mjs'), certs]);
  const inImage = start.map((each) => (each.startsWith('/') ? join(image, each) : each));
  expect(inImage.filter((each) => existsSync(each))).toHaveLength(1);
  const child = spawn(
    process.execPath,
    [
      ...[...inImage, ...cmd, '--world', join(ROOT, 'examples/two-clusters'), '--cert-dir', certs],
      ...['--host', '127.0.0.1', '--port', '0', '--health-port', '0', '--drain', '0'],
    ],
    { cwd: image, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  try {
    const output = outputOf(child);
    const serving = () => output.stdout.split('\n').find((line) => line.includes('"serving"'));
    await expect.poll(serving, { timeout: 20_000 }).toBeDefined();
    const { healthPort } = JSON.parse(serving()!) as { healthPort: number };
    for (const path of ['/livez', '/readyz', '/metrics'])
      expect((await fetch(`http://127.0.0.1:${healthPort}${path}`)).status, path).toBe(200);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output.stderr).toBe('');
  } finally {
    child.kill('SIGKILL');
  }
});

/** Allocates as reviews do: many new objects, some of which live until the next review. */
const LOAD = `
  let held = [];
  for (let turn = 0; turn < 3_000_000; turn += 1) {
    held.push({ turn, nested: [turn] });
    if (held.length === 100_000) held = [];
  }
  const { getHeapSpaceStatistics } = await import('node:v8');
  const young = getHeapSpaceStatistics().find((each) => each.space_name === 'new_space');
  console.log(young.space_size / 1024 / 1024);
`;

function youngMebibytes(flags: readonly string[]): number {
  const args = [...flags, '--input-type=module', '--eval', LOAD];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', env: {} }));
}

it('starts Node with flags that bound its heap', () => {
  expect(nodeFlags).toEqual([
    '--heap-growing-percent=20',
    '--max-semi-space-size=4',
    '--no-allocation-site-pretenuring',
    '--no-parallel-scavenge',
    '--no-maglev',
  ]);
  expect(youngMebibytes(nodeFlags)).toBeLessThan(10);
  // Without the flags the test load does exceed the bound.
  expect(youngMebibytes([])).toBeGreaterThan(20);
});

/** Frees large buffers between small ones that are kept, as pages of lists and what is read of them. */
const PAGES = `
  let pages = [Buffer.allocUnsafeSlow(16 * 2 ** 20).fill(1)];
  pages = [];
  gc();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const kept = [];
  for (let page = 0; page < 100; page += 1) {
    pages.push(Buffer.allocUnsafeSlow(2 ** 20).fill(1));
    kept.push(Buffer.allocUnsafeSlow(5000).fill(1));
  }
  const before = process.memoryUsage().rss;
  pages = [];
  gc();
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log((before - process.memoryUsage().rss) / 2 ** 20);
`;

function returnedMebibytes(env: Record<string, string>): number {
  const args = ['--expose-gc', '--input-type=module', '--eval', PAGES];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8', env }));
}

// Other C libraries do not have this setting, and those of other systems return memory in other ways.
it.runIf(hasGlibc())('returns the memory of large buffers to the system', () => {
  const env = Object.fromEntries(linesOf('ENV').map((each) => each.split('=') as [string, string]));
  expect(Object.keys(env)).toEqual(['MALLOC_MMAP_THRESHOLD_']);
  expect(returnedMebibytes(env)).toBeGreaterThan(95);
  expect(returnedMebibytes({})).toBeLessThan(80);
});

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}
