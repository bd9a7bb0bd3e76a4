/** `lint` with hostile input: a message with the position, the exit code, no stack trace, within seconds. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseDocuments } from '../../cases/harness.ts';
import { folderOf, isCivil, run } from '../../support/run-cli.ts';

const good = () =>
  Object.fromEntries([...baseDocuments()].map(([key, text]) => [`${key.replace('/', '-')}.yaml`, text]));

describe('lint of a directory with an invalid file', () => {
  it.each<[string, string | Buffer]>([
    ['8 MiB of nonsense', `iomesh${'x: &'.repeat(2 * 1024 * 1024)}`],
    ['8 MiB of one line', `iomesh: ${'b'.repeat(8 * 1024 * 1024)}: c\n`],
    [
      'a binary file',
      Buffer.from([...Buffer.from('iomesh'), 0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0xff, 0xfe, 0x80]),
    ],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('kind: IOMeshCluster\nname: '), Buffer.from([0xc3, 0x28, 0x0a])]),
    ],
    ['UTF-16', Buffer.from('\ufeffkind: IOMeshCluster\n', 'utf16le')],
    ['10 000 flow levels', `iomesh: ${'['.repeat(10_000)}`],
    [
      '10 000 block levels',
      Array.from({ length: 10_000 }, (_, depth) => `${' '.repeat(depth)}iomesh:`).join('\n'),
    ],
    [
      'an alias bomb',
      [
        '# iomesh',
        'a0: &a0 [x,x,x,x,x,x,x,x,x,x]',
        ...Array.from(
          { length: 9 },
          (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(',')}]`,
        ),
      ].join('\n'),
    ],
  ])('reports one error at its position for %s', (_name, content) => {
    const folder = folderOf({ ...good(), 'bad.yaml': content });
    const began = Date.now();
    const result = run(['lint', '.'], { cwd: folder });
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(isCivil(result), result.stderr.slice(0, 500)).toBe(true);
    expect(result.stdout).toMatch(/error\[IOM001\][^\n]*\n +--> bad\.yaml:\d+:\d+/);
    expect(result.code).toBe(1);
    // The other files are still read, and correct.
    expect(result.stdout.match(/^error\[/gm)?.length).toBe(1);
    // Without a sign of IOMesh, UTF-16 or not, it is skipped.
    const sign = new RegExp([...'iomesh'].join('\\0?'), 'gi');
    const other = Buffer.from(Buffer.from(content).toString('latin1').replace(sign, 'x'), 'latin1');
    const passed = run(['lint', '.'], { cwd: folderOf({ ...good(), 'bad.yaml': other }) });
    expect(passed.stdout).toMatch(/^no findings in 11 files/);
    expect([passed.code, passed.stderr]).toEqual([0, '']);
  });

  it('finds nothing in an empty file', () => {
    const folder = folderOf({ ...good(), 'empty.yaml': '' });
    expect(run(['lint', '.'], { cwd: folder }).code).toBe(0);
  });
});

describe('lint of a path that cannot be read', () => {
  it('exits with 2 for a directory without manifests', () => {
    const result = run(['lint', 'empty'], { cwd: folderOf({ 'empty/readme.txt': 'x' }) });
    expect(result.stderr).toContain('no *.yaml, *.yml or *.json file in empty');
    expect(result.code).toBe(2);
  });

  it('reads the other files when a link points to itself', () => {
    const folder = folderOf(good());
    symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
    symlinkSync('.', join(folder, 'again'));
    const result = run(['lint', '.'], { cwd: folder });
    expect(result.stderr).toContain('cannot read loop.yaml: too many levels of symbolic links');
    expect(result.stdout).toContain('incomplete: 0 errors, 0 warnings in 10 files');
    expect(result.code).toBe(2);
  });

  it('skips a dangling link in a directory, and exits with 2 for one that is named', () => {
    const folder = folderOf(good());
    symlinkSync('gone.yaml', join(folder, 'dangling.yaml'));
    const result = run(['lint', '.'], { cwd: folder });
    expect(result.stderr).toContain('note: skipped dangling.yaml: a link to a file that does not exist');
    expect(result.code).toBe(0);
    const named = run(['lint', 'dangling.yaml'], { cwd: folder });
    expect(named.stderr).toContain('cannot read dangling.yaml: no such file or directory');
    expect(named.code).toBe(2);
  });

  it.each([
    ['clusterz', 'clusters'],
    ['clusters/pol.yaml', 'clusters/pool.yaml'],
    ['elsewhere', undefined],
    ['clusters/pool-2.yaml', undefined],
  ])('asks for %s whether %s was meant', (path, near) => {
    const cwd = folderOf({ 'clusters/pool.yaml': '', 'clusters/pool-1.yaml': '' });
    const { stderr, code } = run(['lint', path], { cwd });
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    expect(stderr).toBe(`error: cannot read ${path}: no such file or directory${meant}\n`);
    expect(code).toBe(2);
  });

  it.skipIf(process.getuid?.() === 0)('exits with 2 for a file without permission', () => {
    const folder = folderOf(good());
    writeFileSync(join(folder, 'secret.yaml'), 'a: 1');
    chmodSync(join(folder, 'secret.yaml'), 0o000);
    const result = run(['lint', '.'], { cwd: folder });
    expect(result.stderr).toContain('cannot read secret.yaml: permission denied');
    expect(result.code).toBe(2);
  });

  it('exits with 2 when --output is a directory', () => {
    const folder = folderOf(good());
    mkdirSync(join(folder, 'out'));
    const result = run(['lint', '--format', 'json', '--output', 'out', '.'], { cwd: folder });
    expect(result.stderr).toContain('cannot write out: is a directory');
    expect(result.code).toBe(2);
    expect(isCivil(result)).toBe(true);
  });
});
