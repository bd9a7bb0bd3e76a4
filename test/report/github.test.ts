/** Workflow commands and the job summary of GitHub Actions. */
import { cpSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { githubReport } from '../../src/report/github.ts';
import { folderOf } from '../support/run-cli.ts';
import { BROKEN, CLEAN, liveReport, readCommands, reportOf, runHere } from '../support/reports.ts';

const lint = (args: readonly string[], env: Record<string, string> = {}, cwd?: string) =>
  runHere(['lint', '--format', 'github', ...args], { env, ...(cwd === undefined ? {} : { cwd }) });

describe('annotations', () => {
  it('are at most ten errors and ten warnings, errors first, with a note about the others', async () => {
    const { stdout, stderr, code } = await lint([BROKEN]);
    const { commands, others } = readCommands(stdout);
    const names = commands.map(({ name }) => name);
    expect(names).toEqual([
      ...Array(10).fill('error'),
      ...names.filter((name) => name === 'warning'),
      'notice',
    ]);
    const [, errors] = /^(\d+) errors, \d+ warnings? in 12 files/.exec(others.at(-1) ?? '') ?? [];
    expect(others.filter((line) => line.startsWith('error: ')).length).toBe(Number(errors) - 10);
    expect(commands.at(-1)?.message).toContain(`${Number(errors) - 10} errors without an annotation`);
    expect(stderr).toContain(`${Number(errors) - 10} errors without an annotation`);
    expect(code).toBe(1);
  });

  it('are absent without findings', async () => {
    const { stdout, stderr, code } = await lint([CLEAN]);
    expect(stdout).toBe('no findings in 10 files (10 documents, 10 objects)\n');
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('have the line and the columns', async () => {
    const { commands } = readCommands((await lint([BROKEN])).stdout);
    const found = commands.find(({ properties }) => properties['title']?.startsWith('IOM202'));
    expect(found?.properties).toEqual({
      file: 'examples/broken/pool/connection.yaml',
      line: '8',
      endLine: '8',
      col: '16',
      endColumn: '30',
      title: 'IOM202 iscsi-portal',
    });
    expect(found?.message).toContain('iscsiPortal is "127.0.0.1:3261"');
  });

  it('escape file names', async () => {
    const name = '100%,x:y\n::error::z##[debug]\r.yaml';
    const folder = folderOf({ [name]: 'iomesh: [\n' });
    const { stdout } = await lint(['.'], {}, folder);
    const { commands, others } = readCommands(stdout);
    expect(commands.length).toBe(1);
    expect(commands[0]?.properties['file']).toBe(name);
    expect(others.length).toBe(1);
  });

  it('are never made from the text of a finding', () => {
    const { findings } = liveReport([
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: '##[x]\n::add-mask::y' },
        provisioner: 'com.iomesh.csi-driver',
        parameters: { 'csi.storage.k8s.io/fstype': 'ex4' },
      },
    ]);
    const { text } = githubReport(reportOf({ findings: Array(15).fill(findings[0]) }));
    const { commands, others } = readCommands(text);
    expect(commands.length).toBe(11);
    expect(others.length).toBe(6);
  });

  it('name the position in the message for standard input', async () => {
    const { stdout } = await runHere(['lint', '--format', 'github', '-'], { input: 'kind: [' });
    const [command] = readCommands(stdout).commands;
    expect(command?.properties['file']).toBeUndefined();
    expect(command?.message).toMatch(/^<stdin>:\d+:\d+: /);
  });
});

describe('the job summary', () => {
  it('is appended to the text of the step, with every finding', async () => {
    const folder = folderOf({ 'summary.md': 'before\n' });
    const file = join(folder, 'summary.md');
    await lint([BROKEN], { GITHUB_STEP_SUMMARY: file });
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^before\n### iomesh-guard\n/);
    const rows = text.split('\n').filter((line) => /^\| (error|warning) \|/.test(line));
    const { findings } = JSON.parse((await runHere(['lint', '--format', 'json', BROKEN])).stdout);
    expect(rows.length).toBe(findings.length);
    for (const row of rows) expect(row.match(/\|/g)?.length, row).toBe(5);
  });

  it('is written only with --format github', async () => {
    const folder = folderOf({});
    await runHere(['lint', BROKEN], { env: { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') } });
    expect(statSync(join(folder, 'summary.md'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('shows untrusted text as text', async () => {
    const folder = folderOf({});
    cpSync(CLEAN, folder, { recursive: true });
    const path = join(folder, 'cluster-1/storageclass.yaml');
    const evil = '<b|`x` **b** [l](http://e) @x';
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('fstype: ext4', `fstype: ${JSON.stringify(evil)}`),
    );
    const file = join(folder, 'summary.md');
    await lint(['.'], { GITHUB_STEP_SUMMARY: file }, folder);
    const row = readFileSync(file, 'utf8')
      .split('\n')
      .find((line) => line.includes('IOM506'));
    expect(row).toBeDefined();
    const cell = row!.slice(2, -2).split(' | ')[3]!;
    expect(cell.replaceAll(/<br>|&#\d+;/g, '')).not.toMatch(/[<>`*[\]|@]/);
    expect(cell.replaceAll(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)))).toContain(evil);
  });

  it('stays within 1 MiB, with a note about omitted findings', async () => {
    const folder = folderOf({ 'summary.md': '' });
    const file = join(folder, 'summary.md');
    truncateSync(file, 1024 * 1024 - 3000);
    const { stderr } = await lint([BROKEN], { GITHUB_STEP_SUMMARY: file });
    expect(statSync(file).size).toBeLessThanOrEqual(1024 * 1024);
    expect(readFileSync(file, 'utf8').slice(-300)).toMatch(/\d+ findings omitted from the job summary/);
    expect(stderr).toMatch(/\d+ findings omitted from the job summary/);
    truncateSync(file, 1024 * 1024);
    expect((await lint([BROKEN], { GITHUB_STEP_SUMMARY: file })).stderr).toContain('the job summary is full');
    expect(statSync(file).size).toBe(1024 * 1024);
  });

  it('is skipped with a note when it cannot be written', async () => {
    const folder = folderOf({});
    mkdirSync(join(folder, 'summary.md'));
    const { code, stderr } = await lint([CLEAN], { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') });
    expect(stderr).toContain('cannot write the job summary: is a directory');
    expect(code).toBe(0);
  });
});
