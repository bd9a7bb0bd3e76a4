/** The end of a report: what could be fixed, and that a run is not complete. */
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

const BROKEN = 'examples/broken';

interface JsonFinding {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly fix?: { readonly safety: string };
}

function findings(): JsonFinding[] {
  return JSON.parse(run(['lint', '--format', 'json', BROKEN]).stdout).findings;
}

function fixable(safety: string): number {
  return findings().filter(({ fix }) => fix?.safety === safety).length;
}

describe('the text report', () => {
  const { stdout } = run(['lint', BROKEN]);

  it('says how many findings --fix and --unsafe-fixes fix, and which', () => {
    const [safe, unsafe] = [fixable('safe'), fixable('unsafe')];
    expect(safe * unsafe).toBeGreaterThan(0);
    expect(stdout).toMatch(
      new RegExp(`\n${safe} fixable with --fix, ${unsafe} more with --fix --unsafe-fixes\n$`),
    );
    expect(stdout.match(/^ += fix: --fix$/gm)?.length).toBe(safe);
    expect(stdout.match(/^ += fix: --unsafe-fixes$/gm)?.length).toBe(unsafe);
  });

  it('names the command that explains a rule', () => {
    const [, code] = / = more: iomesh-guard (explain IOM\d{3})$/m.exec(stdout)!;
    expect(run(code!.split(' ')).code).toBe(0);
  });
});

describe('--format concise', () => {
  it('has one line per finding, with its place and its fix', () => {
    const { stdout, code } = run(['lint', '--format', 'concise', BROKEN]);
    expect(code).toBe(1);
    const lines = stdout.split('\n').filter((line) => /(error|warning)\[/.test(line));
    expect(lines.length).toBe(findings().length);
    for (const line of lines)
      expect(line).toMatch(/^examples\/broken\/[^:]+:\d+:\d+: (error|warning)\[IOM\d{3}\] [a-z-]+: \S/);
    expect(lines.filter((line) => line.endsWith(' (--fix)')).length).toBe(fixable('safe'));
    expect(stdout).toMatch(/ errors?, \d+ warnings? in \d+ files .*\n\d+ fixable with --fix/);
  });
});

describe('--statistics', () => {
  it.each(['text', 'concise'])('prints the number of findings of each rule in %s', (format) => {
    const { stdout, code } = run(['lint', '--format', format, '--statistics', BROKEN]);
    expect(code).toBe(1);
    const counts = new Map<string, number>();
    for (const { code: rule } of findings()) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const lines = [...stdout.matchAll(/^ *(\d+) (IOM\d{3}) /gm)];
    expect(new Map(lines.map(([, number, rule]) => [rule!, Number(number)]))).toEqual(counts);
    expect(lines.map(([, number]) => Number(number))).toEqual([...counts.values()].sort((a, b) => b - a));
  });

  it('is refused where no report would show it', () => {
    expect(run(['lint', '--format', 'json', '--statistics', BROKEN]).code).toBe(2);
  });
});

describe('a run that could not read its input', () => {
  const cases: readonly [string, string[], string][] = [
    ['a missing path', ['nothere'], ''],
    ['empty standard input', ['-'], ''],
    ['a directory with objects of other kinds only', ['other'], ''],
  ];
  const cwd = folderOf({ 'other/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n' });

  it.each(cases)('never says that there are no findings: %s', (_, args) => {
    for (const format of ['text', 'concise', 'github']) {
      const { code, stdout } = run(['lint', '--format', format, ...args], { cwd });
      expect(code).toBe(2);
      expect(stdout).not.toContain('no findings');
      expect(stdout).toContain('incomplete: 0 errors, 0 warnings in ');
    }
  });

  it.each(cases)('says so in every format of a CI server: %s', (_, args) => {
    const report = (format: string) => run(['lint', '--format', format, ...args], { cwd });
    const cause = /^error: (.*)$/m.exec(report('text').stderr)![1]!;
    expect(report('github').stdout).toContain(`::error title=iomesh-guard::${cause}`);
    const [issue] = JSON.parse(report('gitlab').stdout);
    expect(issue).toMatchObject({ description: cause, severity: 'blocker' });
    const json = JSON.parse(report('json').stdout);
    expect(json.problems).toEqual([cause]);
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/findings.schema.json'), 'utf8'));
    expect(new Ajv({ strict: false }).validate(schema, json)).toBe(true);
    const [invocation] = JSON.parse(report('sarif').stdout).runs[0].invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(report('junit').stdout).toContain('<error ');
  });
});

describe('a repository without anything of IOMesh, with --allow-empty', () => {
  it('passes, and does not say that something was checked', () => {
    const cwd = folderOf({ 'a/x.yaml': 'a: 1\n', 'b/readme.md': '' });
    for (const path of ['a', 'b', '.']) {
      const { code, stdout } = run(['lint', '--allow-empty', path], { cwd });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^no IOMesh objects found/);
    }
  });
});
