/** What the README shows is what the program prints, and README.zh-CN.md follows it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, run } from './support/run-cli.ts';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const CHINESE = readFileSync(join(ROOT, 'README.zh-CN.md'), 'utf8');

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

describe('README.zh-CN.md', () => {
  const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

  it('has the headings of README.md, at the same levels', () => {
    const levels = (text: string) => all(text.replaceAll(/```[\s\S]*?```/g, ''), /^(#+) /gm);
    expect(levels(CHINESE)).toEqual(levels(README));
  });

  it('has the same commands and output in the same order', () => {
    const blocks = (text: string) => all(text, /^```[a-z]*\n([\s\S]*?)^```/gm);
    expect(blocks(CHINESE)).toEqual(blocks(README));
  });

  it('has no figure and no link that README.md does not have', () => {
    const prose = (text: string) => text.replaceAll(/```[\s\S]*?```/g, '');
    const figures = (text: string) => all(prose(text), /(\d+(?:\.\d+)*)/g);
    expect(figures(CHINESE).filter((each) => !figures(README).includes(each))).toEqual([]);
    const links = (text: string) => all(prose(text), /\]\(([^)]+)\)/g).filter((each) => each !== 'README.md');
    expect(links(CHINESE).filter((each) => !links(README).includes(each))).toEqual([]);
    // Every document that README.md names.
    expect(
      links(README).filter((each) => !links(CHINESE).includes(each) && each !== 'README.zh-CN.md'),
    ).toEqual([]);
  });
});
