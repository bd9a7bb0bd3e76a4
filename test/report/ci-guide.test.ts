/** Runs the commands of docs/ci.md. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { folderOf, ROOT } from '../support/run-cli.ts';
import { BROKEN, CLEAN, readGitlab, readJunit, readSarif, runHere } from '../support/reports.ts';

const text = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
const commands = [...text.matchAll(/^.*?\biomesh-guard (lint --[^'\n]+)/gm)].map((match) => match[1]!);

it.each([CLEAN, BROKEN])('runs every command of docs/ci.md on %s', async (example) => {
  expect(commands.length).toBeGreaterThan(5);
  const folder = folderOf({});
  cpSync(example, join(folder, 'clusters'), { recursive: true });
  mkdirSync(join(folder, '.git'));
  for (const command of commands) {
    const { code, stderr } = await runHere(command.split(' '), { cwd: folder });
    expect(stderr, command).not.toMatch(/^(iomesh-guard|error):/m);
    const mayFail = example === BROKEN && !command.includes('--fail-on never');
    expect(mayFail ? [0, 1] : [0], command).toContain(code);
  }
  const written = (file: string) => readFileSync(join(folder, file), 'utf8');
  const number = readSarif(written('iomesh-guard.sarif')).runs[0].results.length;
  expect(number > 0).toBe(example === BROKEN);
  expect(readGitlab(written('gl-code-quality-report.json')).length).toBe(number);
  expect((await readJunit(written('iomesh-guard.xml'))).length).toBe(Math.max(number, 1));
});

it('has workflows that are valid YAML', () => {
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map((match) => load(match[1]!));
  expect(blocks.length).toBe(3);
  for (const block of blocks) expect(block).toBeTypeOf('object');
});
