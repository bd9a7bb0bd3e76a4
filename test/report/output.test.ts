/** Writing `--output`. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT } from '../support/run-cli.ts';
import { BROKEN, runHere } from '../support/reports.ts';

const write = (file: string) => runHere(['lint', '--format', 'gitlab', '--output', file, BROKEN]);

describe('--output', () => {
  it('replaces a file, keeps its mode, and leaves no temporary file', async () => {
    const folder = folderOf({ 'out.json': 'before' });
    const file = join(folder, 'out.json');
    chmodSync(file, 0o600);
    await write(file);
    expect(JSON.parse(readFileSync(file, 'utf8')).length).toBeGreaterThan(20);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['out.json']);
  });

  it.each(['victim', 'nowhere'])('refuses a link to %s, which may be any file', async (target) => {
    const folder = folderOf({ victim: 'before' });
    const link = join(folder, 'link');
    symlinkSync(target, link);
    const map = ['map', 'examples/two-clusters', '--format', 'svg', '--output', link];
    for (const result of [await write(link), await runHere(map)]) {
      expect(result.stderr).toContain(
        `cannot write ${link}: it is a symbolic link to ${target}; name that file, or delete the link`,
      );
      expect(result.code).toBe(2);
    }
    expect(readdirSync(folder).sort()).toEqual(['link', 'victim']);
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('before');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('follows /dev/stdout, to which the shell gives a file', () => {
    const folder = folderOf({});
    const command = `node dist/cli.js lint examples/broken --format json --output /dev/stdout > ${folder}/out.json`;
    spawnSync('bash', ['-c', command], { cwd: ROOT });
    expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')).findings.length).toBeGreaterThan(20);
    expect(readdirSync(folder)).toEqual(['out.json']);
  });

  it('writes to a pipe', async () => {
    const folder = folderOf({});
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    reader.stdout.on('data', (chunk) => (text += chunk));
    await write(pipe);
    await once(reader, 'close');
    expect(JSON.parse(text).length).toBeGreaterThan(20);
    expect(statSync(pipe).isFIFO()).toBe(true);
  });
});

describe('standard output', () => {
  it.each([['lint examples/broken'], ['plan scale iomesh-cluster-1 chunk=255 --from examples/two-clusters']])(
    'that is closed before the end of %s is not a success',
    (command) => {
      const script = `node dist/cli.js ${command} | (exec 0<&-; sleep 1); echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: ROOT, encoding: 'utf8' });
      // As a program that SIGPIPE ends.
      expect({ stdout, stderr }).toEqual({ stdout: '141\n', stderr: '' });
    },
  );

  it.runIf(existsSync('/dev/full'))('that is full is an error of the system', () => {
    const script = 'node dist/cli.js lint examples/broken > /dev/full';
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: ROOT, encoding: 'utf8' });
    expect(stderr).toBe('iomesh-guard: cannot write standard output: no space left on device\n');
    expect(status).toBe(2);
  });
});
