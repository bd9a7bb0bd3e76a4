/** `lint` sees the objects that kubectl sees, and those of IOMesh that kubectl rejects for their type. */
import { describe, expect, it } from 'vitest';
import { baseDocuments } from '../../cases/harness.ts';
import { folderOf, run } from '../../support/run-cli.ts';

const good = () =>
  Object.fromEntries([...baseDocuments()].map(([key, text]) => [`${key.replaceAll('/', '-')}.yaml`, text]));

const CLUSTER = 'IOMeshCluster-iomesh-cluster-1.yaml';
const CLASS = 'StorageClass-iomesh-cluster-1.yaml';
const ZOOKEEPER = 'ZookeeperCluster-iomesh-cluster-1-zookeeper.yaml';

/** The findings of the correct set with one file changed. */
function findings(file: string, change: (text: string) => string): string[] {
  const files = good();
  const text = files[file];
  if (text === undefined) throw new Error(`no ${file} in ${Object.keys(files).join(', ')}`);
  const changed = change(text);
  expect(changed).not.toBe(text);
  const { stdout } = run(['lint', '--format', 'json', '.'], { cwd: folderOf({ ...files, [file]: changed }) });
  return JSON.parse(stdout).findings.map(
    (each: { code: string; message: string }) => `${each.code} ${each.message}`,
  );
}

describe('an object of IOMesh that kubectl rejects for its type', () => {
  it.each<[string, string, RegExp, string, string]>([
    [
      'no apiVersion',
      CLUSTER,
      /^apiVersion:.*\n/m,
      '',
      'IOM006 apiVersion is missing, but an IOMeshCluster requires it',
    ],
    ['no kind', CLUSTER, /^kind:.*\n/m, '', 'IOM006 kind is missing, but an IOMeshCluster requires it'],
    [
      'apiVersion in lower case',
      CLUSTER,
      /^apiVersion:/m,
      'apiversion:',
      'IOM004 "apiversion" is not a field of an IOMeshCluster; did you mean "apiVersion"?',
    ],
    [
      'another group',
      CLUSTER,
      /^apiVersion:.*$/m,
      'apiVersion: iomesh.io/v1alpha1',
      'IOM005 apiVersion is "iomesh.io/v1alpha1", but must be "iomesh.com/v1alpha1"',
    ],
    [
      'a misspelt kind',
      CLUSTER,
      /^kind:.*$/m,
      'kind: IomeshCluster',
      'IOM005 kind is "IomeshCluster", but must be "IOMeshCluster"',
    ],
    [
      'a kind in lower case',
      CLUSTER,
      /^kind:.*$/m,
      'kind: iomeshcluster',
      'IOM005 kind is "iomeshcluster", but must be "IOMeshCluster"',
    ],
    [
      'a misspelt kind of ZooKeeper',
      ZOOKEEPER,
      /^kind:.*$/m,
      'kind: Zookeepercluster',
      'IOM005 kind is "Zookeepercluster", but must be "ZookeeperCluster"',
    ],
    [
      'a wrong group of a class',
      CLASS,
      /^apiVersion:.*$/m,
      'apiVersion: storage/v1',
      'IOM005 apiVersion is "storage/v1", but must be "storage.k8s.io/v1"',
    ],
  ])('is reported alone: %s', (_name, file, from, to, finding) => {
    expect(findings(file, (text) => text.replace(from, to))).toEqual([finding]);
  });

  it('is checked like any other', () => {
    const found = findings(CLUSTER, (text) =>
      text
        .replace(/^kind:.*$/m, 'kind: iomeshcluster')
        .replace(/blockDeviceNamespace: .*/, 'blockDeviceNamespace: other'),
    );
    expect(found.map((each) => each.slice(0, 6)).toSorted()).toEqual(['IOM005', 'IOM301']);
  });

  it('is corrected by --fix', () => {
    const files = good();
    const cwd = folderOf({
      ...files,
      [CLUSTER]: files[CLUSTER]!.replace(/^kind:.*$/m, 'kind: IomeshCluster'),
    });
    const { stdout } = run(['lint', '--diff', '--unsafe-fixes', '.'], { cwd });
    expect(stdout).toContain('-kind: IomeshCluster\n+kind: IOMeshCluster\n');
  });
});

describe('an object of other software', () => {
  it.each([
    'apiVersion: zookeeper.stackable.tech/v1alpha1\nkind: ZookeeperCluster\nmetadata: {name: zk}\nspec: {}\n',
    'apiVersion: mesh.example.com/v1\nkind: MeshCluster\nmetadata: {name: a}\nspec: {meta: 1}\n',
    'apiVersion: ceph.example.com/v1\nkind: StorageClass\nmetadata: {name: a}\nprovisioner: rbd\n',
    'kind: ConfigMap\nmetadata: {name: a}\ndata: {x: y}\n',
    'apiVersion: v1\nmetadata: {name: a}\n',
  ])('is passed over: %j', (text) => {
    const { stdout } = run(['lint', '--format', 'json', '.'], {
      cwd: folderOf({ ...good(), 'other.yaml': text }),
    });
    expect(JSON.parse(stdout).findings).toEqual([]);
  });
});

describe('a folder without an object of IOMesh', () => {
  it.each([
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: one}\n',
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
    'apiVersion: v1\nkind: Node\nmetadata: {name: a}\n',
    'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: a}\nprovisioner: rbd.csi.ceph.com\n',
  ])('exits with 2: %j', (text) => {
    const { code, stderr } = run(['lint', '.'], { cwd: folderOf({ 'a.yaml': text }) });
    expect(stderr).toContain('no IOMesh objects found in 1 file (only 1 other object)');
    expect(code).toBe(2);
  });

  it('exits with 0 beside an object of IOMesh', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: one}\n';
    expect(run(['lint', '.'], { cwd: folderOf({ ...good(), 'a.yaml': text }) }).code).toBe(0);
  });
});

describe('a last line without a line end', () => {
  it.each([
    [4096, 'IOM003'],
    [8192, 'IOM003'],
    [4095, undefined],
    [4097, undefined],
  ])('of %s bytes', (length, code) => {
    const codes = findings(CLASS, (text) => {
      const lines = text.trimEnd().split('\n');
      const last = `${lines.pop()} # `;
      return [...lines, last + '0'.repeat(length - last.length)].join('\n');
    }).map((each) => each.slice(0, 6));
    if (code === undefined) expect(codes).toEqual([]);
    else expect(codes).toContain(code);
  });
});

describe('a cluster without a name', () => {
  it('is not proposed as what others could name', () => {
    const found = JSON.parse(
      run(['lint', '--format', 'json', '.'], {
        cwd: folderOf({ ...good(), [CLUSTER]: good()[CLUSTER]!.replace(/^ {2}name: .*\n/m, '') }),
      }).stdout,
    ).findings;
    for (const { message, help } of found) expect(`${message} ${help}`).not.toMatch(/\/"|"-meta-client|"\//);
    expect(found.map(({ code }: { code: string }) => code)).toContain('IOM006');
  });
});

describe('the help of a syntax error', () => {
  const INDENTED =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: iomesh}\ndata:\n  text: "{{ template \\"x\\" . }}"\n   title: y\n';

  it('is about indentation, also in a text that quotes a template', () => {
    const { stdout } = run(['lint', '-'], { input: INDENTED });
    expect(stdout).toContain('indent it like the keys it belongs to');
  });

  it('is found in time that grows with the text only', () => {
    const time = (size: number) => {
      const began = performance.now();
      run(['lint', '-'], { input: `kind: IOMeshCluster\n# ${'{'.repeat(size)}\nspec: [\n` });
      return performance.now() - began;
    };
    time(1000);
    // Quadratic, a megabyte takes half an hour.
    expect(time(1_000_000)).toBeLessThan(10_000);
  });
});

describe('a file of one line', () => {
  it('with a thousand findings is reported in time that does not grow with its length', () => {
    const storageClass = (index: number) => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: `c${index}` },
      provisioner: 'com.iomesh.csi-driver',
      parameters: { 'csi.storage.k8s.io/fstype': 'ex4', x: 'y'.repeat(8000) },
    });
    const items = Array.from({ length: 1000 }, (_, index) => storageClass(index));
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const began = performance.now();
    const { stdout } = run(['lint', '-'], { input });
    expect(stdout.match(/^error\[IOM506\]/gm)).toHaveLength(1000);
    // Each line was searched to its end for each finding, which took minutes.
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});
