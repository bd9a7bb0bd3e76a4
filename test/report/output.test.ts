/** Writing `--output`. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../support/run-cli.ts';
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

  it('follows a link', async () => {
    const folder = folderOf({ 'out.json': 'before' });
    symlinkSync('out.json', join(folder, 'link'));
    await write(join(folder, 'link'));
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')).length).toBeGreaterThan(20);
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
