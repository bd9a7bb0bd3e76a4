/** `--baseline` and `--write-baseline` on the command line: only new findings count. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT } from '../../support/run-cli.ts';
import { BROKEN, CLEAN, readSarif, runHere } from '../../support/reports.ts';

const DEFAULT = 'iomesh-guard-baseline.json';

/** The broken example without the file that cannot be parsed. */
function brokenFolder(): string {
  const folder = folderOf({});
  cpSync(BROKEN, folder, { recursive: true, filter: (path) => !path.endsWith('second-zookeeper.yaml') });
  return folder;
}

const lint = (cwd: string, ...args: string[]) => runHere(['lint', ...args], { cwd });

/** Replaces a text in a file. */
function edit(folder: string, file: string, find: string, replace: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  if (!text.includes(find)) throw new Error(`no ${find} in ${file}`);
  writeFileSync(join(folder, file), text.replace(find, replace));
}

async function codes(folder: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await lint(folder, '--format', 'json', ...args, '.');
  return JSON.parse(stdout).findings.map((each: { code: string }) => each.code);
}

async function baselined(): Promise<string> {
  const folder = brokenFolder();
  const { code } = await lint(folder, '--write-baseline', '.');
  expect(code).toBe(0);
  return folder;
}

describe('--baseline', () => {
  it('ignores the findings of the baseline and counts them in the summary', async () => {
    const folder = brokenFolder();
    const before = await codes(folder);
    expect(before.length).toBeGreaterThan(20);
    const written = await lint(folder, '--write-baseline', '.');
    expect(written.code).toBe(0);
    expect(written.stderr).toBe(`note: baseline ${DEFAULT} has ${before.length} findings\n`);
    const again = await lint(folder, '--baseline', DEFAULT, '--max-warnings', '0', 'management', 'pool');
    expect(again.stdout).toBe(
      `no new findings in 11 files (12 documents, 12 objects); ${before.length} in the baseline\n`,
    );
    expect([again.code, again.stderr]).toEqual([0, '']);
    expect((await lint(folder, '.')).code).toBe(1);
  });

  it('writes a file that satisfies its schema, the same bytes every time', async () => {
    const folder = await baselined();
    const text = readFileSync(join(folder, DEFAULT), 'utf8');
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/baseline.schema.json'), 'utf8'));
    const valid = new Ajv().compile(schema);
    expect(valid(JSON.parse(text)), JSON.stringify(valid.errors)).toBe(true);
    await lint(folder, '--write-baseline', '.');
    expect(readFileSync(join(folder, DEFAULT), 'utf8')).toBe(text);
    const ids = JSON.parse(text).findings.map((each: { id: string }) => each.id);
    expect(ids).toEqual(ids.toSorted());
    expect(text).not.toMatch(/\b(line|column)\b/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('matches a finding whose line has moved', async () => {
    const folder = await baselined();
    for (const file of ['pool/iomesh.yaml', 'pool/pvc.yaml'])
      writeFileSync(join(folder, file), `# moved\n\n${readFileSync(join(folder, file), 'utf8')}`);
    expect(await codes(folder, '--baseline', DEFAULT)).toEqual([]);
  });

  it('reports a new finding', async () => {
    const folder = await baselined();
    edit(folder, 'management/connection.yaml', 'iscsiPortal: 127.0.0.1:3260', 'iscsiPortal: 127.0.0.1:3261');
    const { code, stdout } = await lint(folder, '--baseline', DEFAULT, '.');
    expect(stdout).toContain('error[IOM202]');
    expect(stdout).toMatch(/^1 error, 0 warnings in .*; \d+ in the baseline/m);
    expect(code).toBe(1);
  });

  it('reports a finding whose value has changed', async () => {
    const folder = await baselined();
    edit(folder, 'pool/iomesh.yaml', '<your-data-cidr-here>', '<another-cidr>');
    expect(await codes(folder, '--baseline', DEFAULT)).toEqual(['IOM007']);
  });

  it('reports a finding that has more evidence', async () => {
    const folder = folderOf({});
    cpSync(CLEAN, folder, { recursive: true });
    edit(folder, 'cluster-1/iomesh.yaml', 'k8s-worker-3', 'k8s-worker-2');
    await lint(folder, '--write-baseline', '.');
    expect(await codes(folder, '--baseline', DEFAULT)).toEqual([]);
    edit(folder, 'cluster-1/iomesh.yaml', 'k8s-worker-4', 'k8s-worker-1');
    expect(await codes(folder, '--baseline', DEFAULT)).toContain('IOM101');
    expect((await lint(folder, '--write-baseline', '.')).stderr).toMatch(/\(\d+ new, 1 changed, 0 removed\)/);
  });

  it('reports a second finding with the same text in one file', async () => {
    const twice =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {clusterId: x, iscsiPortal: y, metaAddr: z}\nkind: ConfigMap\n';
    const folder = folderOf({ 'a.yaml': twice });
    const once = (await codes(folder)).filter((code) => code === 'IOM002').length;
    expect(once).toBe(1);
    await lint(folder, '--write-baseline', '.');
    writeFileSync(join(folder, 'a.yaml'), `${twice}---\n${twice.replace('name: a', 'name: b')}`);
    const now = await codes(folder, '--baseline', DEFAULT);
    expect(now.filter((code) => code === 'IOM002').length).toBe(1);
  });

  it('lists fixed entries, and removes them with --write-baseline', async () => {
    const folder = await baselined();
    const size = () => JSON.parse(readFileSync(join(folder, DEFAULT), 'utf8')).findings.length;
    const before = size();
    edit(folder, 'pool/connection.yaml', '127.0.0.1:3261', '127.0.0.1:3260');
    const found = await lint(folder, '--baseline', DEFAULT, '.');
    expect(found.code).toBe(0);
    expect(found.stderr).toContain('1 entry of baseline iomesh-guard-baseline.json is fixed');
    expect(found.stderr).toContain('IOM202 of ConfigMap/iomesh-cluster-1/iomesh-cluster-1-csi-configmap');
    expect(found.stderr).toContain('--write-baseline');
    const written = await lint(folder, '--baseline', DEFAULT, '--write-baseline', '.');
    expect(written.stderr).toContain('(0 new, 0 changed, 1 removed)');
    expect(size()).toBe(before - 1);
    expect((await lint(folder, '--baseline', DEFAULT, '.')).stderr).toBe('');
  });

  it('omits known findings from every format', async () => {
    const folder = await baselined();
    for (const [format, empty] of [
      ['gitlab', '[]\n'],
      ['github', /^no new findings/],
      ['junit', /<testcase name="no findings"/],
    ] as const) {
      const { stdout, code } = await lint(folder, '--format', format, '--baseline', DEFAULT, '.');
      expect(stdout).toMatch(empty);
      expect(code).toBe(0);
    }
    const { stdout } = await lint(folder, '--format', 'sarif', '--baseline', DEFAULT, '.');
    expect(readSarif(stdout).runs[0].results).toEqual([]);
    const json = JSON.parse((await lint(folder, '--format', 'json', '--baseline', DEFAULT, '.')).stdout);
    expect(json.summary.known).toBeGreaterThan(20);
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/findings.schema.json'), 'utf8'));
    expect(new Ajv({ strict: false }).validate(schema, json)).toBe(true);
  });
});

describe('--write-baseline with unreadable input', () => {
  it('never writes a syntax error', async () => {
    const folder = await baselined();
    writeFileSync(join(folder, 'broken.yaml'), 'kind: IOMeshCluster [\nx\n');
    const { code, stdout } = await lint(folder, '--write-baseline', '.');
    expect(stdout).toContain('error[IOM001]');
    expect(code).toBe(1);
    expect(readFileSync(join(folder, DEFAULT), 'utf8')).not.toContain('IOM001');
  });

  it('keeps the entries of a file that cannot be parsed, and does not call them fixed', async () => {
    const folder = await baselined();
    const text = readFileSync(join(folder, DEFAULT), 'utf8');
    writeFileSync(join(folder, 'pool/connection.yaml'), 'data: {iscsiPortal: [\n');
    const read = await lint(folder, '--baseline', DEFAULT, '.');
    expect(read.stderr).toContain('not matched, but pool/connection.yaml could not be read, so');
    expect(read.stderr).not.toContain('fixed');
    const { stderr } = await lint(folder, '--write-baseline', '.');
    expect(stderr).toContain('kept');
    const ids = (json: string) => JSON.parse(json).findings.map((each: { id: string }) => each.id);
    const after = ids(readFileSync(join(folder, DEFAULT), 'utf8'));
    for (const id of ids(text)) expect(after).toContain(id);
  });

  it('writes nothing when a file cannot be read', async () => {
    const folder = await baselined();
    const text = readFileSync(join(folder, DEFAULT), 'utf8');
    const { code, stderr } = await lint(folder, '--write-baseline', '.', 'no/such.yaml');
    expect(stderr).toContain(`${DEFAULT} was not written`);
    expect(code).toBe(2);
    expect(readFileSync(join(folder, DEFAULT), 'utf8')).toBe(text);
  });
});

describe('--baseline with an invalid file', () => {
  it.each([
    ['{', 'it is not JSON'],
    ['{"version": 2, "findings": []}', 'version 2 is not supported'],
    ['kind: IOMeshCluster\n', 'it is not JSON'],
  ])('rejects %j and does not overwrite it', async (text, message) => {
    const folder = brokenFolder();
    writeFileSync(join(folder, 'b.json'), text);
    for (const flags of [[], ['--write-baseline']]) {
      const { code, stderr, stdout } = await lint(folder, '--baseline', 'b.json', ...flags, '.');
      expect(stderr).toContain(`b.json is not a baseline: ${message}`);
      expect([code, stdout]).toEqual([2, '']);
    }
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toBe(text);
  });

  it('rejects a missing file and names --write-baseline', async () => {
    const { code, stderr } = await lint(brokenFolder(), '--baseline', 'b.json', '.');
    expect(stderr).toContain('cannot read the baseline b.json: no such file or directory');
    expect(stderr).toContain('add --write-baseline to create it');
    expect(code).toBe(2);
  });

  it('fails when the file cannot be written', async () => {
    const folder = brokenFolder();
    const { code, stderr } = await lint(folder, '--write-baseline', '--baseline', 'no/such/b.json', '.');
    expect(stderr).toContain('cannot write no/such/b.json: no such file or directory');
    expect(code).toBe(2);
    mkdirSync(join(folder, 'b'));
    expect((await lint(folder, '--write-baseline', '--baseline', 'b', '.')).code).toBe(2);
    expect((await lint(folder, '--baseline', '', '.')).stderr).toContain('--baseline needs a file name');
  });
});

describe('the file of a baseline', () => {
  it('keeps its mode', async () => {
    const folder = await baselined();
    chmodSync(join(folder, DEFAULT), 0o640);
    edit(folder, 'pool/connection.yaml', '127.0.0.1:3261', '127.0.0.1:3260');
    await lint(folder, '--write-baseline', 'management', 'pool');
    expect(statSync(join(folder, DEFAULT)).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(folder, DEFAULT), 'utf8')).not.toContain('IOM202');
  });

  it('is read through a link, and not written through it', async () => {
    const folder = await baselined();
    symlinkSync(DEFAULT, join(folder, 'link.json'));
    const before = readFileSync(join(folder, DEFAULT), 'utf8');
    expect((await lint(folder, '--baseline', 'link.json', 'management', 'pool')).code).toBe(0);
    edit(folder, 'pool/connection.yaml', '127.0.0.1:3261', '127.0.0.1:3260');
    const result = await lint(folder, '--baseline', 'link.json', '--write-baseline', 'management', 'pool');
    expect(result.stderr).toContain('cannot write link.json: it is a symbolic link to');
    expect(result.code).toBe(2);
    expect(readFileSync(join(folder, DEFAULT), 'utf8')).toBe(before);
  });
});
