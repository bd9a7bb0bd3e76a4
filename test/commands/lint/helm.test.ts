/** `iomesh-guard lint --values` on the command line: findings, their positions, and rejected input. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VALUES, valuesWith } from '../../cases/values.ts';
import { folderOf, isCivil, ROOT, type Run, run } from '../../support/run-cli.ts';

const EXAMPLE = join(ROOT, 'examples/two-clusters');
const POOL = Object.fromEntries(
  ['0-namespace', 'connection', 'storageclass', 'iomesh', 'zookeeper'].map((name) => [
    `pool/${name}.yaml`,
    readFileSync(join(EXAMPLE, 'cluster-1', `${name}.yaml`), 'utf8'),
  ]),
);
const MANAGEMENT = Object.fromEntries(
  ['connection', 'storageclass'].map((name) => [
    `management/${name}.yaml`,
    readFileSync(join(EXAMPLE, 'management', `${name}.yaml`), 'utf8'),
  ]),
);

/** The position of each finding, with the marked text: `IOM304 iomesh.yaml:17:15 "10.234.1.7/24"`. */
function places({ stdout }: Run, cwd: string): string[] {
  interface Place {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endColumn: number;
  }
  const { findings } = JSON.parse(stdout) as { findings: readonly { code: string; location: Place }[] };
  return findings.map(({ code, location: { file, line, column, endColumn } }) => {
    const text = readFileSync(join(cwd, file), 'utf8').split('\n')[line - 1]!;
    return `${code} ${file}:${line}:${column} ${text.slice(column - 1, endColumn - 1)}`;
  });
}

const line = (text: string, word: string) => text.slice(0, text.indexOf(word)).split('\n').length;

describe('lint --values', () => {
  it('finds nothing in the values of a correct management cluster, with and without its pools', () => {
    const cwd = folderOf({ 'iomesh.yaml': VALUES, ...POOL, ...MANAGEMENT });
    for (const paths of [['management'], ['management', 'pool']]) {
      const { stdout, stderr, code } = run(['lint', '--values', 'iomesh.yaml', ...paths], { cwd });
      expect(stdout).toMatch(/^no findings in /);
      expect([stderr, code]).toEqual(['', 0]);
    }
  });

  it('finds nothing in the example of the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const command = /^node dist\/cli\.js (lint --values .*)$/m.exec(readme)?.[1];
    const { stdout, stderr, code } = run(command!.split(' '));
    expect(stdout).toBe('no findings in 8 files (8 documents, 9 objects)\n');
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('checks the values alone when no PATH is given', () => {
    const cwd = folderOf({ 'iomesh.yaml': valuesWith(['10.234.1.0/24', '10.234.1.7/24']), ...POOL });
    const { stdout } = run(['lint', '--values', 'iomesh.yaml', '--format', 'json'], { cwd });
    expect(JSON.parse(stdout).summary).toMatchObject({ files: 1, documents: 1, objects: 2, errors: 1 });
  });

  it('shows the position in the values file, with the key of the values and the field of the object', () => {
    const text = valuesWith(['  chunk:\n    replicaCount: 3', '  chunk:\n    replicaCount: 2']);
    const cwd = folderOf({ 'iomesh.yaml': text });
    const { stdout, code } = run(['lint', '--values', 'iomesh.yaml'], { cwd });
    expect(code).toBe(1);
    const at = line(text, 'replicaCount: 2');
    expect(stdout).toContain(`--> iomesh.yaml:${at}:19\n`);
    expect(stdout).toContain(`${at} |     replicaCount: 2\n`);
    expect(stdout).toContain('^ iomesh-system/iomesh, spec.chunk.replicas');
    expect(stdout).toContain('= help: set iomesh.chunk.replicaCount to 3\n');
  });

  it.each([
    ['of a fix', ['hybridFlash', 'hybridFlsah'], 'write "hybridFlash"'],
    ['of a field to set', ['10.234.1.0/24', '10.234.1.7/24'], 'set iomesh.chunk.dataCIDR to "10.234.1.0/24"'],
    [
      'of a field that is set',
      [
        '    replicaCount: 3\n    podPolicy:\n      affinity:\n',
        '    replicaCount: 3\n    podPolicy:\n      affinity:\n          nodeSelectorTerms: []\n',
      ],
      'iomesh.meta.podPolicy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms is already set',
    ],
  ] as const)('name the value in the help %s', (_name, edit, help) => {
    const cwd = folderOf({ 'iomesh.yaml': valuesWith(edit) });
    expect(run(['lint', '--values', 'iomesh.yaml'], { cwd }).stdout).toContain(`= help: ${help}`);
  });

  it('shows a default of the chart at the nearest existing key', () => {
    const cwd = folderOf({ 'iomesh.yaml': 'iomesh:\n  chunk:\n    replicaCount: 3\n', ...POOL });
    const found = places(run(['lint', '--values', 'iomesh.yaml', 'pool', '--format', 'json'], { cwd }), cwd);
    expect(found).toContain('IOM102 iomesh.yaml:2:3 chunk');
    expect(found).toContain('IOM102 iomesh.yaml:1:1 iomesh');
    expect(found.filter((each) => each.startsWith('IOM006'))).toEqual(['IOM006 iomesh.yaml:2:3 chunk']);
  });

  it('shows a composed tag at the part that the values set', () => {
    const text = valuesWith(['  edition: enterprise\n', '  edition: community\n']);
    const cwd = folderOf({ 'iomesh.yaml': text, ...POOL });
    const { stdout } = run(['lint', '--values', 'iomesh.yaml', 'pool'], { cwd });
    const block = stdout.split('\n\n').find((each) => each.startsWith('error[IOM401]'));
    expect(block).toContain('--> pool/iomesh.yaml:');
    expect(block).toContain('::: iomesh.yaml:3:12\n');
    expect(block).toContain('edition: community');
  });

  it('does not report a tag that only the chart knows', () => {
    const cwd = folderOf({
      'iomesh.yaml': valuesWith(['  operatorVersion: v1.0.1\n', '']),
      'pool/iomesh.yaml': POOL['pool/iomesh.yaml']!.replaceAll('tag: v1.0.1', 'tag: v1.0.0'),
      'pool/zookeeper.yaml': POOL['pool/zookeeper.yaml']!.replace('tag: 3.5.9', 'tag: 3.6.0'),
    });
    const { stdout } = run(['lint', '--values', 'iomesh.yaml', 'pool', '--format', 'json'], { cwd });
    expect(stdout).not.toMatch(/IOM40\d/);
  });

  it('treats a tag named "unknown" as a tag', () => {
    const text = valuesWith(['  zookeeper:\n', '  probe: {image: {tag: unknown}}\n  zookeeper:\n']);
    const cwd = folderOf({ 'iomesh.yaml': text, ...POOL });
    const { stdout } = run(['lint', '--values', 'iomesh.yaml', 'pool'], { cwd });
    expect(stdout.match(/^error\[IOM401\].*"unknown"/m)).not.toBeNull();
  });

  it('sets edition and platform as fields, without tags, for IOMesh 1.2', () => {
    const cwd = folderOf({
      'iomesh-guard.yaml': 'iomeshVersion: "1.2"\n',
      'iomesh.yaml': valuesWith(['edition: enterprise', 'edition: Enterprise']),
    });
    const found = places(run(['lint', '--values', 'iomesh.yaml', '--format', 'json'], { cwd }), cwd);
    expect(found.filter((each) => !/IOM(207|511)/.test(each))).toEqual([
      'IOM005 iomesh.yaml:3:12 Enterprise',
    ]);
  });
});

describe('lint with several values files', () => {
  it('merges files of one release in order, and shows a finding in the file that sets the value', () => {
    const cwd = folderOf({
      'a.yaml': valuesWith(['10.234.1.0/24', '10.234.1.7/24'], ['    replicas: 3', '    replicas: 4']),
      'b.yaml': 'iomesh:\n  chunk:\n    dataCIDR: 10.234.1.0/24\n    replicaCount: 2\n',
    });
    const flags = ['--values', 'a.yaml', '--values', 'b.yaml', '--format', 'json'];
    const found = places(run(['lint', ...flags], { cwd }), cwd).filter((each) => /IOM(304|603)/.test(each));
    expect(found).toEqual([`IOM603 a.yaml:${line(VALUES, '    replicas: 3')}:15 4`, 'IOM603 b.yaml:4:19 2']);
    const reversed = ['--values', 'b.yaml', '--values', 'a.yaml', '--format', 'json'];
    const other = places(run(['lint', ...reversed], { cwd }), cwd);
    expect(other).toContain(`IOM304 a.yaml:${line(VALUES, '10.234.1.0/24')}:15 10.234.1.7/24`);
  });

  it('shows a removed value at the null that removes it', () => {
    const cwd = folderOf({ 'a.yaml': VALUES, 'b.yaml': 'iomesh:\n  meta:\n    podPolicy:\n', ...POOL });
    const flags = ['--values', 'a.yaml', '--values', 'b.yaml', 'pool', '--format', 'json'];
    const found = places(run(['lint', ...flags], { cwd }), cwd);
    expect(found).toContain('IOM102 b.yaml:3:5 podPolicy');
  });

  it('makes a cluster of each release', () => {
    const other = VALUES.replaceAll('k8s-worker-2', 'k8s-worker-3');
    const cwd = folderOf({ 'a.yaml': VALUES, 'b.yaml': other });
    const { stdout } = run(['lint', '--values', 'a.yaml', '--values', 'b.yaml=second/elsewhere'], { cwd });
    const block = stdout.split('\n\n').find((each) => each.startsWith('error[IOM101]'));
    expect(block).toContain('b.yaml:');
    expect(block).toContain('a.yaml:');
    expect(block).toContain('elsewhere/second');
  });

  it('reads a file whose name has an equals sign', () => {
    const cwd = folderOf({ 'a=b/c': 'iomesh: {chunk: {replicaCount: 2}}\n' });
    const { stdout } = run(['lint', '--values', 'a=b/c'], { cwd });
    expect(stdout).toContain('--> a=b/c:1:32');
  });
});

describe('lint with invalid values', () => {
  const cwd = folderOf({
    'values.yaml': VALUES,
    'manifest.yaml': POOL['pool/iomesh.yaml']!,
    'template.yaml': 'iomesh:\n  chunk:\n    dataCIDR: "{{ .Values.cidr }}"\n',
    'gotmpl.yaml': 'iomesh:\n  chunk:\n    dataCIDR: {{ .Values.cidr }}\n',
    'list.yaml': '- iomesh\n',
    'tab.yaml': 'iomesh:\n\tchunk:\n',
    'twice.yaml': 'iomesh: {chunk: {dataCIDR: 10.1.0.0/16}}\niomesh: {chunk: {dataCIDR: 10.2.0.0/16}}\n',
    'two.yaml': 'iomesh: {chunk: {dataCIDR: 10.1.0.0/16}}\n---\niomesh: {edition: enterprise}\n',
    'other.yaml': 'replicas: 2\nservice: {port: 80}\n',
  });

  it.each([
    ['a file that is not there', ['none.yaml'], 'error: cannot read none.yaml: no such file'],
    ['no file', [''], '--values needs a file name'],
    [
      'a release without a namespace',
      ['values.yaml=iomesh'],
      'iomesh-guard lint --values iomesh.yaml=iomesh/iomesh-system',
    ],
    [
      'a release that is no name',
      ['values.yaml=IOMesh/iomesh-system'],
      '"IOMesh/iomesh-system" in --values values.yaml=IOMesh/iomesh-system is not RELEASE/NAMESPACE',
    ],
    ['a manifest', ['manifest.yaml'], 'is a Kubernetes object (IOMeshCluster), not Helm values'],
    ['standard input twice', ['-', '-'], 'standard input is used twice'],
  ])('rejects %s', (_name, files, message) => {
    const result = run(['lint', ...files.flatMap((file) => ['--values', file])], { cwd });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
    expect(isCivil(result)).toBe(true);
  });

  it.each([
    [
      'template.yaml',
      'IOM001',
      'template.yaml:3:15',
      'a template expression, "{{ .Values.cidr }}"',
      'render the file',
    ],
    ['gotmpl.yaml', 'IOM001', 'gotmpl.yaml:3:', '', 'this looks like a template'],
    ['list.yaml', 'IOM001', 'list.yaml:1:', 'they are a list, not a mapping', '`iomesh:`'],
    ['tab.yaml', 'IOM001', 'tab.yaml:2:1', '', 'indent with spaces'],
    ['twice.yaml', 'IOM002', 'twice.yaml:2:1', 'Helm keeps only the later one', 'remove one of the two'],
    ['two.yaml', 'IOM003', 'two.yaml:3:1', 'Helm silently ignores this text', 'Helm reads one document'],
  ])('reports %s as %s', (file, code, where, message, help) => {
    const result = run(['lint', '--values', file], { cwd });
    expect(result.code).toBe(1);
    const block = result.stdout.split('\n\n').find((each) => each.startsWith(`error[${code}]`));
    expect(block).toContain(`--> ${where}`);
    expect(block).toContain(message);
    expect(block).toContain(help);
    // Nothing is said of a cluster that could not be read.
    if (code === 'IOM001') expect(result.stdout.match(/\[IOM/g)).toHaveLength(1);
  });

  it('does not report the cluster of unreadable values as missing', () => {
    const folder = folderOf({ 'values.yaml': 'iomesh: [\n', ...POOL });
    const { stdout } = run(['lint', '--values', 'values.yaml', 'pool'], { cwd: folder });
    expect(stdout.match(/\[IOM\d+\]/g)).toEqual(['[IOM001]']);
  });

  it('notes values of another chart, and a swapped release and namespace', () => {
    expect(run(['lint', '--values', 'other.yaml'], { cwd }).stderr).toContain(
      'other.yaml: the key `iomesh` is missing; check that these are values of the IOMesh chart',
    );
    const swapped = run(['lint', '--values', 'values.yaml=iomesh-system/iomesh'], { cwd });
    expect(swapped.stderr).toContain(
      'the management cluster is --values FILE=iomesh/iomesh-system, with the release first',
    );
  });
});

describe('values files in a directory', () => {
  it('are skipped with a note about --values', () => {
    const cwd = folderOf({
      'iomesh.yaml': VALUES,
      'other/values.yaml': 'replicas: 2\n',
      ...POOL,
      ...MANAGEMENT,
    });
    const skipped = run(['lint', '.'], { cwd });
    expect(skipped.stdout).toContain('1 document without a Kubernetes object skipped; 1 other file skipped');
    expect(skipped.stderr).toBe(
      'note: iomesh.yaml looks like Helm values of IOMesh and was skipped; add --values iomesh.yaml\n',
    );
    const judged = run(['lint', '.', '--values', 'iomesh.yaml'], { cwd });
    expect([judged.stderr, judged.code]).toEqual(['', 0]);
  });
});

describe('lint --values --fix', () => {
  it('moves a misplaced section and changes a value, without any other change', () => {
    const text = `# ours\n${valuesWith(['    replicaCount: 3\n    dataCIDR: 10.234.1.0/24', '    # few\n    dataCIDR: 10.234.1.7/24'])}probe:  # misplaced\n  image:\n    tag: v1.0.1\n`;
    const cwd = folderOf({ 'iomesh.yaml': text });
    const { code, stderr } = run(['lint', '--values', 'iomesh.yaml', '--fix', '--unsafe-fixes'], { cwd });
    expect(stderr).toContain('fixed 2 findings in 1 file');
    expect(code).toBe(0);
    const mended = readFileSync(join(cwd, 'iomesh.yaml'), 'utf8');
    const kept = valuesWith(['    replicaCount: 3\n    dataCIDR', '    # few\n    dataCIDR']);
    expect(mended.startsWith(`# ours\n${kept}`)).toBe(true);
    expect(mended.slice(`# ours\n${kept}`.length)).toBe(
      '  probe:  # misplaced\n    image:\n      tag: v1.0.1\n',
    );
  });

  it('changes the file that sets the value', () => {
    const files = { 'a.yaml': VALUES, 'b.yaml': 'iomesh: {chunk: {dataCIDR: 10.9.0.1/16}} # here\n' };
    const cwd = folderOf(files);
    run(['lint', '--values', 'a.yaml', '--values', 'b.yaml', '--fix', '--unsafe-fixes'], { cwd });
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(VALUES);
    expect(readFileSync(join(cwd, 'b.yaml'), 'utf8')).toBe(
      'iomesh: {chunk: {dataCIDR: 10.9.0.0/16}} # here\n',
    );
  });
});

it('reads values from standard input', () => {
  const { stdout } = run(['lint', '--values', '-'], { input: 'iomesh: {chunk: {replicaCount: 2}}\n' });
  expect(stdout).toContain('--> <stdin>:1:32');
});

describe('values with three dots where a guide leaves lines out', () => {
  it('are an error that says so if the dots are first', () => {
    const cwd = folderOf({ 'dots.yaml': '...\niomesh:\n  chunk: {dataCIDR: 10.40.0.0/16}\n' });
    const { stdout } = run(['lint', '--values', 'dots.yaml'], { cwd });
    expect(stdout.match(/^\w+\[IOM\d+\]/gm)).toEqual(['error[IOM001]']);
    expect(stdout).toContain('= help: remove the line: in guides it marks lines that are left out');
  });

  it('have one finding, and none about what the dots cut off', () => {
    const cwd = folderOf({ 'dots.yaml': 'iomesh:\n...\n  chunk: {dataCIDR: 10.40.0.0/16}\n' });
    const { stdout } = run(['lint', '--values', 'dots.yaml'], { cwd });
    expect(stdout.match(/^\w+\[IOM\d+\]/gm)).toEqual(['error[IOM003]']);
    expect(stdout).toContain('= help: remove the line `...`');
  });
});

describe('values of a chart before 0.11', () => {
  it('have findings that name the first chart with the new keys', () => {
    const cwd = folderOf({ 'old.yaml': 'meta: {replicaCount: 3}\nchunk: {dataCIDR: 10.40.0.0/16}\n' });
    const { stdout } = run(['lint', '--values', 'old.yaml'], { cwd });
    expect(stdout.match(/^error\[IOM801\].*$/gm)).toEqual(
      ['meta', 'chunk'].map((key) =>
        expect.stringContaining(
          `Helm ignores "${key}"; the chart reads "iomesh.${key}" since 0.11 (up to 0.10,`,
        ),
      ),
    );
  });
});
