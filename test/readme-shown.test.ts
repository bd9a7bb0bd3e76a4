/** What the README shows is what the program prints. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, run } from './support/run-cli.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The block after a comment that says what prints it. */
function shown(source: string): string {
  const block = README.split(`<!-- printed by: ${source} -->\n\`\`\`\n`)[1];
  return block!.slice(0, block!.indexOf('```'));
}

describe('README.md', () => {
  it('shows a finding as lint prints it', () => {
    expect(run(['lint', 'examples/broken']).stdout).toContain(shown('lint examples/broken'));
  });

  it('shows a denied request as npm start prints it', () => {
    const args = ['scripts/start.mjs', '--once', '--port', '0', '--health-port', '0'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    expect(stdout).toContain(shown('npm start'));
  }, 60_000);

  it('shows the map of the example (iomesh-guard map writes docs/map.svg)', () => {
    const args = ['examples/broken', '--exclude', 'second-zookeeper.yaml', '--format', 'svg'];
    expect(run(['map', ...args]).stdout).toBe(readFileSync(join(ROOT, 'docs/map.svg'), 'utf8'));
  });
});
