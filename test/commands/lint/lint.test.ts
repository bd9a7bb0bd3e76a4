/** `iomesh-guard lint` on the command line: output and exit code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseDocuments } from '../../cases/harness.ts';
import { folderOf, isCivil, ROOT, run } from '../../support/run-cli.ts';

const CLEAN = 'examples/two-clusters';
const BROKEN = 'examples/broken';

/** The correct set with replaced texts, one file for each object. */
function setWith(edits: Record<string, [string, string]> = {}): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [key, text] of baseDocuments()) {
    const edit = edits[key];
    if (edit !== undefined && !text.includes(edit[0])) throw new Error(`no ${edit[0]} in ${key}`);
    files[`${key.toLowerCase().replace('/', '-')}.yaml`] =
      edit === undefined ? text : text.replace(edit[0], edit[1]);
  }
  return files;
}

describe('lint of the examples', () => {
  it('finds nothing in the correct set', () => {
    const { code, stdout, stderr } = run(['lint', CLEAN]);
    expect(stdout).toBe('no findings in 10 files (10 documents, 10 objects)\n');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('finds at least fifteen violated rules in the broken set, with their positions, and exits with 1', () => {
    const { code, stdout } = run(['lint', '--format', 'json', BROKEN]);
    expect(code).toBe(1);
    const { findings, summary } = JSON.parse(stdout);
    expect(new Set(findings.map((each: { code: string }) => each.code)).size).toBeGreaterThanOrEqual(15);
    for (const finding of findings) expect(finding.location, finding.code).toBeDefined();
    expect(summary.errors + summary.warnings).toBe(findings.length);
  });

  it('prints the same bytes for any order of the files', () => {
    const report = (...paths: string[]) => run(['lint', ...paths]).stdout;
    const first = report(BROKEN);
    expect(report(BROKEN)).toBe(first);
    expect(report(`${BROKEN}/pool`, `${BROKEN}/management`)).toBe(first);
  });
});

describe('the text report', () => {
  it('shows both sides of a conflict, the help and the page of the rule', () => {
    const folder = folderOf(setWith({ 'IOMeshCluster/iomesh-cluster-1': ['k8s-worker-3', 'k8s-worker-2'] }));
    const { stdout, code } = run(['lint', '.'], { cwd: folder });
    expect(code).toBe(1);
    const block = stdout.split('\n\n').find((each) => each.startsWith('error[IOM101]'));
    expect(block).toMatch(
      /^error\[IOM101\] affinity-overlap: node "k8s-worker-2" is claimed by two IOMesh clusters\b/,
    );
    const lines = block!.split('\n');
    expect(lines[1]).toMatch(/^ +--> iomeshcluster-iomesh-cluster-1\.yaml:\d+:\d+$/);
    const marked = lines.findIndex((line) => /^\d+ \| +- k8s-worker-2$/.test(line));
    expect(lines[marked + 1]!.indexOf('^^^^^^^^^^^^')).toBe(lines[marked]!.indexOf('k8s-worker-2'));
    expect(lines[marked + 1]).toContain('iomesh-cluster-1/iomesh-cluster-1');
    expect(block).toMatch(/::: iomeshcluster-iomesh\.yaml:\d+:\d+/);
    expect(block).toContain('------------ iomesh-system/iomesh');
    expect(block).toContain('= help: ');
    expect(block).toContain('= more: iomesh-guard explain IOM101');
    const [, line, column] = /--> \S+:(\d+):(\d+)/.exec(block!)!;
    const text = readFileSync(join(folder, 'iomeshcluster-iomesh-cluster-1.yaml'), 'utf8').split('\n')[
      Number(line) - 1
    ]!;
    expect(text.slice(Number(column) - 1)).toBe('k8s-worker-2');
  });

  it('has colours only with FORCE_COLOR, and never with NO_COLOR', () => {
    const esc = String.fromCharCode(27);
    expect(run(['lint', BROKEN]).stdout).not.toContain(esc);
    expect(run(['lint', BROKEN], { env: { FORCE_COLOR: '1' } }).stdout).toContain(`${esc}[31m`);
    expect(run(['lint', BROKEN], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout).not.toContain(esc);
  });

  it('prints no control character of a manifest or a file name', () => {
    const evil = 'ex4\\e[2J\\u202e';
    const folder = folderOf(
      setWith({ 'StorageClass/iomesh-cluster-1': ['fstype: ext4', `fstype: "${evil}"`] }),
    );
    const { stdout } = run(['lint', '.'], { cwd: folder });
    expect(stdout).toContain('IOM506');
    expect(stdout).not.toContain(String.fromCharCode(27));
    expect(stdout).not.toContain('\u202e');
  });
});

describe('the JSON report', () => {
  it('has lines and columns from 1, in UTF-16 units, with an exclusive end', () => {
    const folder = folderOf(
      setWith({ 'StorageClass/iomesh-cluster-1': ['fstype: ext4', 'fstype: ex4 # \u{1f600}'] }),
    );
    const { stdout } = run(['lint', '--format', 'json', '.'], { cwd: folder });
    const finding = JSON.parse(stdout).findings.find((each: { code: string }) => each.code === 'IOM506');
    const { file, line, column, endLine, endColumn } = finding.location;
    const text = readFileSync(join(folder, file), 'utf8').split('\n')[line - 1]!;
    expect(text.slice(column - 1, endColumn - 1)).toBe('ex4');
    expect(endLine).toBe(line);
    expect(finding.object).toEqual({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      name: 'iomesh-cluster-1',
    });
  });

  it('has the same findings as the text report of the same run', () => {
    const folder = folderOf({});
    const { stdout, code } = run([
      'lint',
      '--format',
      'text',
      '--format',
      'json',
      '--output',
      join(folder, 'out.json'),
      BROKEN,
    ]);
    expect(code).toBe(1);
    const { findings } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
    const codes = [...stdout.matchAll(/^(?:error|warning)\[(IOM\d+)\]/gm)].map((match) => match[1]);
    expect(codes).toEqual(findings.map((each: { code: string }) => each.code));
  });
});

describe('the exit code of lint', () => {
  const warningOnly = () =>
    folderOf(setWith({ 'StorageClass/iomesh-cluster-1': ['thinProvision', 'thinProvisoin'] }));

  it('is 0 with warnings only', () => {
    const folder = warningOnly();
    const { stdout, code } = run(['lint', '.'], { cwd: folder });
    expect(stdout).toContain('warning[IOM510]');
    expect(code).toBe(0);
  });

  it('is 1 with warnings and --fail-on warning or --max-warnings', () => {
    const folder = warningOnly();
    expect(run(['lint', '--fail-on', 'warning', '.'], { cwd: folder }).code).toBe(1);
    expect(run(['lint', '--max-warnings', '0', '.'], { cwd: folder }).code).toBe(1);
    expect(run(['lint', '--max-warnings', '1', '.'], { cwd: folder }).code).toBe(0);
    expect(run(['lint', '--fail-on', 'never', BROKEN]).code).toBe(0);
  });

  it('counts the warnings that --quiet hides', () => {
    const folder = warningOnly();
    const { stdout, code } = run(['lint', '--quiet', '--max-warnings', '0', '.'], { cwd: folder });
    expect(stdout).not.toContain('IOM510');
    expect(code).toBe(1);
  });

  it('is 2 without IOMesh objects, and 0 with --allow-empty', () => {
    const folder = folderOf({ 'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n' });
    const found = run(['lint', '.'], { cwd: folder });
    expect(found.code).toBe(2);
    expect(found.stderr).toContain('no IOMesh objects found in 1 file; check the path');
    expect(run(['lint', '--allow-empty', '.'], { cwd: folder }).code).toBe(0);
    const pod = folderOf({ 'pod.yaml': 'apiVersion: v1\nkind: Pod\nspec: {nodeName: iomesh-1}\n' });
    expect(run(['lint', '.'], { cwd: pod }).stderr).toContain('in 1 file (only 1 other object)');
  });
});

describe('the input of lint', () => {
  const all = () => [...baseDocuments().values()].join('---\n');

  it('is standard input for -', () => {
    const { code, stdout } = run(['lint', '-'], { input: all() });
    expect(code).toBe(0);
    expect(stdout).toContain('1 file (10 documents, 10 objects)');
  });

  it('is all files that a glob pattern matches', () => {
    const { code, stdout } = run(['lint', 'examples/two-clusters/*/*.yaml']);
    expect(code).toBe(0);
    expect(stdout).toContain('10 files');
    const nothing = run(['lint', 'examples/*/nothing*.yaml']);
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('no file matches examples/*/nothing*.yaml');
  });

  it('has each file once, even if it is named twice', () => {
    expect(run(['lint', CLEAN, `./${CLEAN}/management/iomesh.yaml`]).stdout).toContain('10 files');
  });

  it('is all files of a directory except node_modules', () => {
    const folder = folderOf({ ...setWith(), 'node_modules/x/a.yaml': 'a: [', 'deep/er/er.json': '{"a": 1}' });
    const { code, stdout, stderr } = run(['lint'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain('11 files');
    expect(stdout).toContain('1 other file skipped');
    expect(stderr).toBe('');
  });
});

describe('the configuration', () => {
  it('is found in a parent directory, and turns rules off', () => {
    const folder = folderOf({
      'iomesh-guard.yaml': 'rules:\n  fstype: off\n',
      ...Object.fromEntries(
        Object.entries(setWith({ 'StorageClass/iomesh-cluster-1': ['ext4', 'ex4'] })).map(([name, text]) => [
          `clusters/${name}`,
          text,
        ]),
      ),
    });
    expect(run(['lint', '.'], { cwd: join(folder, 'clusters') }).code).toBe(0);
    const other = folderOf({ 'other.yaml': 'rules: {IOM506: warning}\n' });
    const { stdout, code } = run(['lint', '--config', join(other, 'other.yaml'), 'clusters'], {
      cwd: folder,
    });
    expect(stdout).toContain('warning[IOM506]');
    expect(code).toBe(0);
  });

  it.each([
    ['rulez: {}\n', /iomesh-guard\.yaml:1:1: .*"rulez".*did you mean "?rules"?/],
    ['rules:\n  fstipe: off\n', /iomesh-guard\.yaml:2:3: .*"fstipe".*did you mean "?fstype"?/],
    ['mode: enforced\n', /iomesh-guard\.yaml:1:7: .*enforce/],
    ['managementCluster: iomesh\n', /iomesh-guard\.yaml:1:20: .*namespace\/name/i],
    ['iomeshVersion: 1.0\n', /iomesh-guard\.yaml:1:16: .*"1\.0"/],
    ['mode: [\n', /iomesh-guard\.yaml:\d+:\d+: /],
    ['- a\n', /iomesh-guard\.yaml:1:1: /],
  ])('is rejected with position and suggestion: %j', (text, message) => {
    const folder = folderOf({ ...setWith(), 'iomesh-guard.yaml': text });
    const result = run(['lint', '.'], { cwd: folder });
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(2);
    expect(isCivil(result)).toBe(true);
  });

  it('is required if --config names it', () => {
    const result = run(['lint', '--config', 'nowhere.yaml', CLEAN]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('nowhere.yaml: no such file or directory');
  });
});

describe('wrong usage', () => {
  it.each([
    [['lnt'], 'did you mean lint?'],
    [['lint', '--formt', 'json'], 'did you mean --format?'],
    [['lint', '--format', 'jsn'], 'did you mean json?'],
    [['lint', '--format'], '--format needs a value'],
    [['lint', '--quiet=yes'], '--quiet takes no value'],
    [['lint', '--max-warnings', 'many'], '--max-warnings must be a whole number'],
    [['lint', '--format', 'json', '--format', 'text'], 'two reports go to standard output'],
    [['lint', 'no/such/file.yaml'], 'cannot read no/such/file.yaml: no such file or directory'],
    [['lint', ''], 'a path is empty'],
    [['explain', 'affinity-overlp'], 'did you mean affinity-overlap?'],
    [['explain'], 'argument CODE|NAME is missing'],
    [['rules', 'IOM101'], 'unexpected argument "IOM101"'],
    [['--nonsense'], 'unknown flag'],
  ])('rejects %j', (args, message) => {
    const result = run(args);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(2);
    expect(isCivil(result)).toBe(true);
  });
});

describe('help', () => {
  it.each([
    [['--help']],
    [['help']],
    [['lint', '--help']],
    [['explain', '-h']],
    [['rules', '--help']],
    [['serve', '--help']],
  ])('is printed for %j', (args) => {
    const { code, stdout, stderr } = run(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: iomesh-guard ');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(110);
  });

  it('prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(run(['--version']).stdout).toBe(`${version}\n`);
  });
});

describe('explain and rules', () => {
  it('print the page of a rule by code and by name', () => {
    const page = readFileSync(join(ROOT, 'docs/rules/IOM101.md'), 'utf8');
    expect(run(['explain', 'IOM101']).stdout).toBe(page);
    expect(run(['explain', 'affinity-overlap']).stdout).toBe(page);
  });

  it('list every rule', () => {
    const lines = run(['rules']).stdout.trimEnd().split('\n');
    const { rules } = JSON.parse(run(['rules', '--format', 'json']).stdout);
    expect(lines.length).toBe(rules.length + 1);
    expect(lines.some((line) => line.startsWith('IOM101  affinity-overlap'))).toBe(true);
  });
});
