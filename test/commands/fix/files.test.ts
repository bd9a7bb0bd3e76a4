/** `lint --fix` and `--diff` on files, as a user runs them. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixFiles } from '../../../src/commands/lint/fix/fix-files.ts';
import { replaceFile } from '../../../src/commands/lint/fix/write.ts';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import type { ManifestFile } from '../../../src/manifests/types.ts';
import { readManifests } from '../../../src/manifests/read.ts';
import { KNOWN_KINDS, worldOf } from '../../../src/manifests/world.ts';
import { baseDocuments } from '../../cases/harness.ts';
import { folderWith, lint, textOf } from './support.ts';

const CLASS = 'storageclass-iomesh-cluster-1.yaml';
const CONNECTION = 'configmap-iomesh-cluster-1-csi-configmap.yaml';

/** The correct set of two clusters, a file an object, with some files edited. */
function setWith(edits: Readonly<Record<string, (text: string) => string>> = {}): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [key, text] of baseDocuments()) {
    const name = `${key.toLowerCase().replace('/', '-')}.yaml`;
    const edited = edits[name]?.(text) ?? text;
    if (edits[name] !== undefined && edited === text) throw new Error(`nothing was edited in ${name}`);
    files[name] = edited;
  }
  return files;
}

const replicaFactor = (to: string) => (text: string) =>
  text.replace('replicaFactor: "2"', `replicaFactor: ${to}`);
const fstype = (to: string) => (text: string) => text.replace('fstype: ext4', `fstype: ${to}`);
const both = (text: string) => fstype('ex4')(replicaFactor('2')(text));

describe('--fix', () => {
  it('applies safe fixes, reports the other findings, and counts them', async () => {
    const folder = folderWith(setWith({ [CLASS]: both }));
    const { code, stdout, stderr } = await lint(folder, ['--fix', '.']);
    expect(textOf(folder, CLASS)).toBe(fstype('ex4')(baseDocuments().get('StorageClass/iomesh-cluster-1')!));
    expect(stdout).toContain('IOM506');
    expect(stdout).not.toContain('IOM005');
    expect(stderr).toBe('note: fixed 1 finding in 1 file (1 more with --unsafe-fixes)\n');
    expect(code).toBe(1);
  });

  it('applies unsafe fixes too with --unsafe-fixes, and exits with 0 if no finding remains', async () => {
    const folder = folderWith(setWith({ [CLASS]: both }));
    const { code, stdout, stderr } = await lint(folder, ['--fix', '--unsafe-fixes', '.']);
    expect(textOf(folder, CLASS)).toBe(baseDocuments().get('StorageClass/iomesh-cluster-1'));
    expect(stdout).toMatch(/^no findings in /);
    expect(stderr).toBe('note: fixed 2 findings in 1 file\n');
    expect(code).toBe(0);
  });

  it('writes nothing if there is nothing to fix', async () => {
    const folder = folderWith(setWith());
    const past = new Date('2020-01-01T00:00:00Z');
    utimesSync(join(folder, CLASS), past, past);
    const { code, stderr } = await lint(folder, ['--fix', '--unsafe-fixes', '.']);
    expect(statSync(join(folder, CLASS)).mtime).toEqual(past);
    expect(stderr).toBe('note: fixed no findings\n');
    expect(code).toBe(0);
  });

  it('reports in the requested format, and prints the summary to standard error', async () => {
    const folder = folderWith(setWith({ [CLASS]: both }));
    const { stdout, stderr } = await lint(folder, ['--fix', '--format', 'json', '.']);
    expect(JSON.parse(stdout).findings.map((each: { code: string }) => each.code)).toEqual(['IOM506']);
    expect(stderr).toContain('fixed 1 finding');
  });

  it('keeps comments, CRLF, byte order mark, quotes and the mode of the file', async () => {
    const before = (text: string) =>
      `\ufeff# the class\r\n${replicaFactor('2   # two')(text).replaceAll('\n', '\r\n')}# end`;
    const folder = folderWith(setWith({ [CLASS]: before }));
    chmodSync(join(folder, CLASS), 0o640);
    await lint(folder, ['--fix', '.']);
    const written = before(baseDocuments().get('StorageClass/iomesh-cluster-1')!);
    expect(textOf(folder, CLASS)).toBe(written.replace('replicaFactor: 2 ', 'replicaFactor: "2" '));
    expect(statSync(join(folder, CLASS)).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.yaml'))).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('keeps the owner, where it may', async () => {
    const folder = folderWith(setWith({ [CLASS]: replicaFactor('2') }));
    chownSync(join(folder, CLASS), 1234, 2345);
    await lint(folder, ['--fix', '.']);
    expect(textOf(folder, CLASS)).toContain('"2"');
    const { uid, gid } = statSync(join(folder, CLASS));
    expect([uid, gid]).toEqual([1234, 2345]);
  });

  it('keeps the text of a number when it quotes it', async () => {
    for (const text of ['1.0', '010', '1e3', 'yes', '0x1F', '1_000']) {
      const edit = (each: string) =>
        each.replace('labels: {}', '').replace('metadata:', `metadata:\n  labels: {n: ${text}}`);
      const folder = folderWith(setWith({ [CLASS]: edit }));
      const report = JSON.parse((await lint(folder, ['--format', 'json', '.'])).stdout);
      expect(report.findings[0].fix).toEqual({ safety: 'safe', description: `quote it: "${text}"` });
      const { code } = await lint(folder, ['--fix', '.']);
      expect(textOf(folder, CLASS)).toContain(`labels: {n: "${text}"}`);
      expect(code).toBe(0);
    }
  });

  it('quotes the name of an object that has other errors too', async () => {
    const edit = (text: string) => both(text).replace('name: iomesh-cluster-1', 'name: 2026');
    const folder = folderWith(setWith({ [CLASS]: edit }));
    const { stdout, stderr } = await lint(folder, ['--fix', '.']);
    expect(textOf(folder, CLASS)).toContain('name: "2026"');
    expect(textOf(folder, CLASS)).toContain('replicaFactor: "2"');
    expect(stdout).toContain('IOM506');
    expect(stderr).toContain('fixed 2 findings in 1 file');
  });

  it('applies two fixes in one line, and fixes of the same place one after another', async () => {
    const line = (text: string) =>
      text.replace(
        /parameters:\n(?: {2}.*\n)+/,
        'parameters: {csi.storage.k8s.io/fstype: EXT4, replicafactor: 2, thinProvision: yes, clusterConnection: iomesh-cluster-1-csi-configmap, iomeshCluster: iomesh-cluster-1/iomesh-cluster-1}\n',
      );
    const folder = folderWith(setWith({ [CLASS]: line }));
    const { code, stdout } = await lint(folder, ['--fix', '--unsafe-fixes', '.']);
    expect(stdout).toMatch(/^no findings in /);
    expect(textOf(folder, CLASS)).toContain(
      'parameters: {csi.storage.k8s.io/fstype: ext4, replicaFactor: "2", thinProvision: "true", clusterConnection: iomesh-cluster-1/iomesh-cluster-1-csi-configmap, iomeshCluster: iomesh-cluster-1/iomesh-cluster-1}\n',
    );
    expect(code).toBe(0);
  });

  it('edits each document of a file and each item of a list', async () => {
    const files = setWith();
    const documents = [both(files[CLASS]!), files[CONNECTION]!.replace(/ {2}iscsiPortal.*\n/, '')];
    const list = `apiVersion: v1\nkind: List\nitems:\n${documents
      .map((text) => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`)
      .join('')}`;
    delete files[CLASS];
    delete files[CONNECTION];
    const folder = folderWith({ ...files, 'all.yaml': `# first\n---\n${list}---\nother: [1, 2]\n...\n` });
    const { code } = await lint(folder, ['--fix', '--unsafe-fixes', '.']);
    expect(code).toBe(0);
    expect(textOf(folder, 'all.yaml')).toBe(
      `# first\n---\n${list.replace('ex4', 'ext4').replace('Factor: 2', 'Factor: "2"').trimEnd()}\n    iscsiPortal: 127.0.0.1:3260\n---\nother: [1, 2]\n...\n`,
    );
  });

  it('fixes JSON files', async () => {
    const files = setWith();
    delete files[CLASS];
    const json = `{
  "apiVersion": "storage.k8s.io/v1",
  "kind": "StorageClass",
  "metadata": {"name": "iomesh-cluster-1"},
  "provisioner": "com.iomesh.csi-driver",
  "parameters": {
    "replicaFactor": 2,
    "iomeshCluster": "iomesh-cluster-1/iomesh-cluster-1"
  }
}
`;
    const folder = folderWith({ ...files, 'class.json': json });
    expect((await lint(folder, ['--fix', '.'])).code).toBe(0);
    expect(textOf(folder, 'class.json')).toBe(
      json
        .replace('2,\n', '"2",\n')
        .replace(
          /"\n {2}}/,
          '",\n    "clusterConnection": "iomesh-cluster-1/iomesh-cluster-1-csi-configmap"\n  }',
        ),
    );
  });

  it('rejects --unsafe-fixes without --fix or --diff', async () => {
    const { code, stderr } = await lint(folderWith(setWith()), ['--unsafe-fixes', '.']);
    expect(stderr).toContain('--unsafe-fixes needs --fix or --diff');
    expect(code).toBe(2);
  });
});

describe('a fix is skipped with a reason for', () => {
  const notesOf = async (files: Record<string, string>, prepare: (folder: string) => void = () => {}) => {
    const folder = folderWith(files);
    prepare(folder);
    const before = Object.fromEntries(readdirSync(folder).map((name) => [name, textOf(folder, name)]));
    const ran = await lint(folder, ['--fix', '.']);
    const after = Object.fromEntries(readdirSync(folder).map((name) => [name, textOf(folder, name)]));
    expect(after).toEqual(before);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('note: fixed no findings');
    return ran.stderr;
  };

  it('a value that comes from an alias', async () => {
    const edit = (text: string) =>
      `${replicaFactor('*two')(text)}allowedTopologies: []\n`.replace(
        'metadata:',
        'metadata:\n  generation: &two 2',
      );
    expect(await notesOf(setWith({ [CLASS]: edit }))).toMatch(
      /storageclass-iomesh-cluster-1\.yaml:\d+:\d+: IOM005 was not fixed: its value comes from the alias \*two/,
    );
  });

  it('a value that comes from a merge', async () => {
    const edit = (text: string) =>
      text
        .replace('metadata:', 'metadata:\n  annotations: &p {replicaFactor: 2}')
        .replace(/ {2}replicaFactor: "2"\n/, '  <<: *p\n');
    expect(await notesOf(setWith({ [CLASS]: edit }))).toContain('comes from a merge key');
  });

  it('a duplicate key', async () => {
    const edit = (text: string) => replicaFactor('2\n  replicaFactor: 2')(text);
    expect(await notesOf(setWith({ [CLASS]: edit }))).toContain('"replicaFactor" is set twice');
  });

  it('a template', async () => {
    const edit = (text: string) => replicaFactor('2')(text).replace('Immediate', '"{{ .Values.mode }}"');
    expect(await notesOf(setWith({ [CLASS]: edit }))).toContain('looks like a template');
  });

  it('a read-only file', async () => {
    const notes = await notesOf(setWith({ [CLASS]: replicaFactor('2') }), (folder) =>
      chmodSync(join(folder, CLASS), 0o444),
    );
    expect(notes).toContain('the file is read-only');
  });

  it('a file with hard links', async () => {
    const notes = await notesOf(setWith({ [CLASS]: replicaFactor('2') }), (folder) =>
      linkSync(join(folder, CLASS), join(folder, 'other.txt')),
    );
    expect(notes).toContain('hard links');
  });

  it('a file that is read under two names', async () => {
    const notes = await notesOf(setWith({ [CLASS]: replicaFactor('2') }), (folder) =>
      symlinkSync(CLASS, join(folder, 'link.yaml')),
    );
    expect(notes).toContain('it is the same file as');
  });

  it('standard input', async () => {
    const folder = folderWith(setWith());
    const stdin = `${replicaFactor('3')(baseDocuments().get('StorageClass/iomesh-cluster-1')!).replace('name: iomesh-cluster-1', 'name: third')}`;
    const ran = await lint(folder, ['--fix', '-', '.'], { stdin });
    expect(ran.stderr).toContain('<stdin>:');
    expect(ran.stderr).toContain('standard input cannot be written');
    expect(ran.code).toBe(1);
    const shown = await lint(folder, ['--diff', '-', '.'], { stdin });
    expect(shown.stdout).toContain('--- <stdin>\n+++ <stdin>\n');
    expect(shown.stdout).toContain('\n-  replicaFactor: 3\n+  replicaFactor: "3"\n');
  });

  it('a fix that would introduce another finding', async () => {
    // Completed, it would address the cluster that another ConfigMap addresses already.
    const extra =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: iomesh-extra, namespace: iomesh-cluster-1}\ndata: {clusterId: k8s-cluster}\n';
    expect(await notesOf({ ...setWith(), 'extra.yaml': extra })).toMatch(
      /extra\.yaml:4:1: IOM205 was not fixed: it would introduce IOM206 connection-duplicate at data\.metaAddr/,
    );
  });

  it('a file that another process changed in the meantime', () => {
    const folder = folderWith({ 'a.yaml': 'a: 2\n' });
    expect(() => replaceFile(join(folder, 'a.yaml'), 'a: 1\n', 'a: 3\n')).toThrow(
      /another process changed it/,
    );
    expect(readdirSync(folder)).toEqual(['a.yaml']);
    expect(textOf(folder, 'a.yaml')).toBe('a: 2\n');
  });
});

describe('a symbolic link', () => {
  /** A set whose class is `name` in a folder, with a link in its place. */
  function linked(folder: string, name: string, target: string): void {
    const files = setWith({ [CLASS]: replicaFactor('2') });
    writeFileSync(join(folder, name), files[CLASS]!);
    for (const [each, text] of Object.entries(files))
      if (each !== CLASS) writeFileSync(join(folder, 'clusters', each), text);
    symlinkSync(target, join(folder, 'clusters', CLASS));
  }

  it('stays a link, and its target is written, if that is in the named folder', async () => {
    const folder = folderWith({ 'clusters/note.txt': '' });
    linked(folder, 'clusters/class.txt', 'class.txt');
    expect((await lint(folder, ['--fix', 'clusters'])).code).toBe(0);
    expect(readlinkSync(join(folder, 'clusters', CLASS))).toBe('class.txt');
    expect(textOf(folder, 'clusters/class.txt')).toContain('replicaFactor: "2"');
  });

  it.each([
    ['a folder', ['clusters']],
    ['a pattern', ['clusters/*.yaml']],
    ['its name', [`clusters/${CLASS}`, 'clusters']],
  ])('changes nothing outside the named folder, found by %s', async (_, paths) => {
    const folder = folderWith({ 'clusters/note.txt': '' });
    linked(folder, 'real.yaml', '../real.yaml');
    for (const flags of [['--fix', '--unsafe-fixes'], ['--diff']]) {
      const { stdout, stderr } = await lint(folder, [...flags, ...paths]);
      expect(stderr).toContain(
        `a symbolic link leads to ${join(folder, 'real.yaml')}, outside the named path`,
      );
      expect(stdout).not.toContain('+++');
    }
    expect(textOf(folder, 'real.yaml')).toContain('replicaFactor: 2\n');
    // The name of the target is a way out.
    expect((await lint(folder, ['--fix', 'real.yaml', 'clusters'])).stderr).toContain('same file as');
    expect((await lint(folder, ['--fix', '.'])).stderr).toContain('same file as');
  });

  it('to a folder outside is read, and nothing in it is changed', async () => {
    const folder = folderWith({ 'clusters/note.txt': '', 'outside/note.txt': '' });
    linked(folder, 'outside/class.yaml', '../outside/class.yaml');
    rmSync(join(folder, 'clusters', CLASS));
    symlinkSync('../outside', join(folder, 'clusters', 'more'));
    const { stderr } = await lint(folder, ['--fix', 'clusters']);
    expect(stderr).toContain('outside the named path');
    expect(textOf(folder, 'outside/class.yaml')).toContain('replicaFactor: 2\n');
    expect((await lint(folder, ['--fix', 'clusters', 'outside'])).code).toBe(0);
    expect(textOf(folder, 'outside/class.yaml')).toContain('replicaFactor: "2"');
  });
});

describe('--diff', () => {
  it('prints the changes of --fix, writes nothing, and exits with 1', async () => {
    const folder = folderWith(setWith({ [CLASS]: both }));
    const { code, stdout, stderr } = await lint(folder, ['--diff', '.']);
    expect(stdout).toMatch(
      /^--- storageclass-iomesh-cluster-1\.yaml\n\+\+\+ storageclass-iomesh-cluster-1\.yaml\n@@ -\d+,\d+ \+\d+,\d+ @@\n/,
    );
    expect(stdout.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
      '-  replicaFactor: 2',
      '+  replicaFactor: "2"',
    ]);
    expect(stderr).toBe('note: would fix 1 finding in 1 file (1 more with --unsafe-fixes)\n');
    expect(code).toBe(1);
    expect(textOf(folder, CLASS)).toContain('replicaFactor: 2\n');
  });

  it('overrides --fix, and includes read-only files', async () => {
    const folder = folderWith(setWith({ [CLASS]: both }));
    chmodSync(join(folder, CLASS), 0o444);
    const { stdout } = await lint(folder, ['--fix', '--diff', '--unsafe-fixes', '.']);
    expect(stdout).toContain('+  csi.storage.k8s.io/fstype: ext4');
    expect(textOf(folder, CLASS)).toContain('ex4');
  });

  it('is empty with exit code 0 if no finding has a fix', async () => {
    const folder = folderWith(setWith({ [CLASS]: fstype('ex4') }));
    expect(await lint(folder, ['--diff', '.'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('exits with 2 if input could not be read', async () => {
    const folder = folderWith(setWith({ [CLASS]: both }));
    const { code, stderr } = await lint(folder, ['--diff', '.', 'missing.yaml']);
    expect(stderr).toContain('cannot read missing.yaml');
    expect(code).toBe(2);
  });

  it('gives the same files as --fix when git applies it, with CRLF and a missing line end', async () => {
    const files = setWith({
      [CLASS]: (text) => both(text).replaceAll('\n', '\r\n'),
      [CONNECTION]: (text) => text.replace(/ {2}metaAddr.*\n/, '').trimEnd(),
    });
    const [fixed, patched] = [folderWith(files), folderWith(files)];
    const { stdout } = await lint(patched, ['--diff', '--unsafe-fixes', '.']);
    await lint(fixed, ['--fix', '--unsafe-fixes', '.']);
    const ran = spawnSync('git', ['apply', '-p0', '--whitespace=nowarn'], {
      cwd: patched,
      input: stdout,
      encoding: 'utf8',
    });
    expect(ran.status, ran.stdout + ran.stderr).toBe(0);
    for (const name of Object.keys(files)) expect(textOf(patched, name), name).toBe(textOf(fixed, name));
    expect(textOf(fixed, CONNECTION)).not.toBe(files[CONNECTION]);
  });

  it('is colored on a terminal only, and escapes control characters there', async () => {
    const esc = String.fromCharCode(27);
    const evil = (text: string) => both(text).replace('parameters:', '# \u202e\nparameters:');
    const folder = folderWith(setWith({ [CLASS]: evil }));
    expect((await lint(folder, ['--diff', '.'])).stdout).not.toContain(esc);
    const shown = (await lint(folder, ['--diff', '.'], { terminal: true })).stdout;
    expect(shown).toContain(`${esc}[32m+  replicaFactor: "2"`);
    expect(shown).not.toContain('\u202e');
    expect(
      (await lint(folder, ['--diff', '.'], { terminal: true, env: { NO_COLOR: '1' } })).stdout,
    ).not.toContain(esc);
  });

  it('rejects report formats', async () => {
    const { code, stderr } = await lint(folderWith(setWith()), ['--diff', '--format', 'json', '.']);
    expect(stderr).toContain('--diff prints a diff instead of a report');
    expect(code).toBe(2);
  });
});

it('reports the findings of a file that could not be written', () => {
  const folder = folderWith(setWith({ [CLASS]: replicaFactor('2') }));
  const path = join(folder, CLASS);
  const file = readManifests(CLASS, textOf(folder, CLASS), { kinds: KNOWN_KINDS });
  const judgeFiles = (files: readonly ManifestFile[]) => judge(worldOf(files, DEFAULT_CONFIG, '2026-11-23'));
  const input = {
    files: [file],
    paths: new Map([[file, path]]),
    roots: [folder],
    judgement: judgeFiles([file]),
    judge: judgeFiles,
  };
  // Another process saves the file between reading and writing.
  writeFileSync(path, `${textOf(folder, CLASS)}# saved\n`);
  const { judgement, notes, problems } = fixFiles(input, { mode: 'write', unsafe: false });
  expect(problems).toEqual([expect.stringContaining(`cannot write ${CLASS}, which was not changed`)]);
  expect(judgement.findings.map(({ code }) => code)).toContain('IOM005');
  expect(notes[0]).toBe('fixed no findings');
  expect(textOf(folder, CLASS)).toContain('replicaFactor: 2\n');
});
