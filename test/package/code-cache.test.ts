/** The code cache of dist/: who writes it, and that nothing but an intact one of the same making is used. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/run-cli.ts';
import { longInput, temporary } from './tree.ts';

const EXAMPLES = join(ROOT, 'examples/two-clusters');
const isRoot = process.getuid?.() === 0;
/** Owns nothing here. Only root can run a program as another user. */
const NOBODY = 65_534;

/** A directory with the command alone in it; npm gives every file of a package the same time. */
function install(): string {
  const folder = temporary('cache');
  chmodSync(folder, 0o755);
  for (const file of ['cli.js', 'main.js']) copyFileSync(join(ROOT, 'dist', file), join(folder, file));
  utimesSync(join(folder, 'main.js'), 500_000_000, 500_000_000);
  return folder;
}

const cacheOf = (folder: string) => join(folder, 'main.cache');

function guard(folder: string, args: readonly string[], uid?: number) {
  return spawnSync(process.execPath, [join(folder, 'cli.js'), ...args], {
    encoding: 'utf8',
    ...(uid === undefined ? {} : { uid }),
  });
}

function lint(folder: string, uid?: number): void {
  const { status, stderr } = guard(folder, ['lint', EXAMPLES], uid);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

const versionOf = (folder: string, uid?: number) => guard(folder, ['--version'], uid).stdout.trim();

/** The fields of the first line of a cache, and the two copies of the code after it. */
function parts(cache: Buffer): { fields: string[]; copies: [Buffer, Buffer] } {
  const middle = (128 + cache.length) / 2;
  return {
    fields: cache.toString('latin1', 0, 128).trimEnd().split(' '),
    copies: [cache.subarray(128, middle), cache.subarray(middle)],
  };
}

function withField(cache: Buffer, index: number, value: string): Buffer {
  const { fields, copies } = parts(cache);
  fields[index] = value;
  return Buffer.concat([Buffer.from(`${fields.join(' ').padEnd(127)}\n`), ...copies]);
}

function expectWhole(folder: string): void {
  const { fields, copies } = parts(readFileSync(cacheOf(folder)));
  expect(fields[0]).toBe(process.version);
  expect(copies[0].length).toBeGreaterThan(100_000);
  expect(copies[0].equals(copies[1])).toBe(true);
}

const { version: GENUINE } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const FORGED = GENUINE.replaceAll(/\d/g, '9');

/** A cache for this main.js, with the code of another: a command that uses it prints FORGED as its version. */
let forged: Buffer;

beforeAll(() => {
  const folder = install();
  const main = join(folder, 'main.js');
  const { atime, mtime } = statSync(main);
  const text = readFileSync(main, 'latin1').replaceAll(`"${GENUINE}"`, `"${FORGED}"`);
  writeFileSync(main, text, 'latin1');
  utimesSync(main, atime, mtime);
  lint(folder);
  forged = readFileSync(cacheOf(folder));
});

/** A command with this cache next to it. */
function installWith(cache: Buffer): string {
  const folder = install();
  writeFileSync(cacheOf(folder), cache, { mode: 0o644 });
  return folder;
}

describe('the first lint', () => {
  it('writes a cache that only its owner can change, and later runs keep it', () => {
    const folder = install();
    for (const args of [
      ['--version'],
      ['lint', '--help'],
      ['lint', '-h'],
      ['lint', 'no-such-folder'],
      ['rules'],
    ])
      guard(folder, args);
    expect(readdirSync(folder).sort()).toEqual(['cli.js', 'main.js']);
    lint(folder);
    expectWhole(folder);
    const { mode, mtimeMs } = statSync(cacheOf(folder));
    expect(mode & 0o022).toBe(0);
    lint(folder);
    expect(statSync(cacheOf(folder)).mtimeMs).toBe(mtimeMs);
  });

  it('writes one that the next run uses also if it read so much that V8 is made to optimize later', () => {
    const folder = install();
    const args = ['lint', ...longInput()];
    expect(guard(folder, args).status).toBe(1);
    expectWhole(folder);
    const { mtimeMs } = statSync(cacheOf(folder));
    guard(folder, args);
    guard(folder, ['lint', join(EXAMPLES, 'management/iomesh.yaml')]);
    expect(statSync(cacheOf(folder)).mtimeMs).toBe(mtimeMs);
  });

  it('has its cache replaced once by the first that has findings', () => {
    const folder = install();
    lint(folder);
    const contentOf = () => parts(readFileSync(cacheOf(folder))).fields[8];
    expect(contentOf()).toBe('clean');
    const wrong = ['lint', join(EXAMPLES, 'management/iomesh.yaml')];
    expect(guard(folder, wrong).status).toBe(1);
    expect(contentOf()).toBe('findings');
    expectWhole(folder);
    const { mtimeMs } = statSync(cacheOf(folder));
    guard(folder, wrong);
    lint(folder);
    expect(statSync(cacheOf(folder)).mtimeMs).toBe(mtimeMs);
  });

  it('writes one whole cache if several run at the same time', async () => {
    const folder = install();
    const codes = await Promise.all(
      Array.from({ length: 6 }, () => {
        const child = spawn(process.execPath, [join(folder, 'cli.js'), 'lint', EXAMPLES], {
          stdio: 'ignore',
        });
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
    expect(codes).toEqual(Array(6).fill(0));
    expect(readdirSync(folder).sort()).toEqual(['cli.js', 'main.cache', 'main.js']);
    expectWhole(folder);
  });

  it('writes nothing if the disk is full', () => {
    const folder = install();
    // No file may be longer than 100 KiB: writing fails halfway, as on a full disk.
    const command = `ulimit -f 100; exec "${process.execPath}" "${join(folder, 'cli.js')}" lint "${EXAMPLES}"`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('no findings');
    expect(readdirSync(folder).sort()).toEqual(['cli.js', 'main.js']);
  });

  it('writes nothing if the directory cannot be written to', () => {
    const folder = install();
    const owner = isRoot ? NOBODY : undefined;
    if (owner !== undefined)
      for (const path of [folder, join(folder, 'main.js')]) chownSync(path, owner, owner);
    chmodSync(folder, 0o555);
    lint(folder, owner);
    expect(readdirSync(folder).sort()).toEqual(['cli.js', 'main.js']);
    chmodSync(folder, 0o755);
  });

  it.skipIf(!isRoot)('writes nothing if the command belongs to somebody else', () => {
    const folder = install();
    chmodSync(folder, 0o777);
    lint(folder, NOBODY);
    expect(readdirSync(folder).sort()).toEqual(['cli.js', 'main.js']);
  });
});

describe('a cache', () => {
  it('is used if it is intact, of this Node and of this main.js', () => {
    expect(versionOf(installWith(forged))).toBe(FORGED);
  });

  it.skipIf(!isRoot)('is used by everybody if root wrote it', () => {
    expect(versionOf(installWith(forged), NOBODY)).toBe(FORGED);
  });

  it.each<[string, (cache: Buffer) => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is cut after the first line', (cache) => cache.subarray(0, 128)],
    ['is cut in the middle', (cache) => cache.subarray(0, cache.length >> 1)],
    ['lacks its last byte', (cache) => cache.subarray(0, -1)],
    [
      'has one wrong bit',
      (cache) => {
        const copy = Buffer.from(cache);
        copy[copy.length >> 2]! ^= 1;
        return copy;
      },
    ],
    ['has no first line', (cache) => cache.subarray(128)],
    ['is of another Node', (cache) => withField(cache, 0, 'v20.19.2')],
    ['is of another platform', (cache) => withField(cache, 1, 'plan9')],
    ['is of another architecture', (cache) => withField(cache, 2, 'mips')],
    ['is of another executable', (cache) => withField(cache, 3, '1')],
    ['is of another main.js', (cache) => withField(cache, 5, '0123456789abcdef')],
    ['has unknown content', (cache) => withField(cache, 8, 'all')],
  ])('is replaced, not used, if it %s', (_, damage) => {
    const folder = installWith(damage(forged));
    expect(versionOf(folder)).toBe(GENUINE);
    lint(folder);
    expectWhole(folder);
    expect(versionOf(folder)).toBe(GENUINE);
  });

  it('is not used if main.js was edited', () => {
    const folder = installWith(forged);
    utimesSync(join(folder, 'main.js'), 500_000_001, 500_000_001);
    expect(versionOf(folder)).toBe(GENUINE);
  });

  it.each([0o664, 0o646])('is not used if others may write to it: %o', (mode) => {
    const folder = installWith(forged);
    chmodSync(cacheOf(folder), mode);
    expect(versionOf(folder)).toBe(GENUINE);
  });

  it.skipIf(!isRoot)('is not used if it belongs to somebody else', () => {
    const folder = installWith(forged);
    chownSync(cacheOf(folder), NOBODY, NOBODY);
    expect(versionOf(folder)).toBe(GENUINE);
  });
});
