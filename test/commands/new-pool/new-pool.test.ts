/** `iomesh-guard new pool` on the command line: the files, the output, and the files that it does not touch. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Obj } from '../../support/apiserver.ts';
import { example, startServer } from '../../support/cluster.ts';
import { CLI, folderOf, isCivil, ROOT, type Run, run, runBeside } from '../../support/run-cli.ts';

const POOL = ['new', 'pool', 'iomesh-cluster-2', '--nodes', 'k8s-worker-6,k8s-worker-7,k8s-worker-8'];
const FILES = [
  '0-namespace.yaml',
  '1-zookeeper.yaml',
  '2-iomesh.yaml',
  '3-connection.yaml',
  '4-storageclass.yaml',
];

const CHART_CLASS = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: iomesh-csi-driver}
provisioner: com.iomesh.csi-driver
parameters: {csi.storage.k8s.io/fstype: ext4, replicaFactor: "2", thinProvision: "true"}
`;

/** A repository with the correct two clusters in `clusters/`, and the nodes in its configuration. */
function repository(): string {
  const nodes = Array.from({ length: 10 }, (_, index) => `k8s-worker-${index}`);
  const folder = folderOf({ 'iomesh-guard.yaml': `nodes: [${nodes.join(', ')}]\n` });
  cpSync(join(ROOT, 'examples/two-clusters'), join(folder, 'clusters'), { recursive: true });
  return folder;
}

function civil(result: Run): Run {
  expect(isCivil(result), result.stderr).toBe(true);
  return result;
}

function newPool(cwd: string, ...flags: string[]): Run {
  return civil(run([...POOL, ...flags], { cwd }));
}

describe('new pool', () => {
  it('writes one file for each object, in which lint finds nothing', () => {
    const cwd = repository();
    const { code, stdout, stderr } = newPool(cwd, '--output', 'clusters');
    expect(stderr).toBe('next: kubectl apply -f clusters/iomesh-cluster-2\n');
    expect(stdout).toBe(FILES.map((file) => `clusters/iomesh-cluster-2/${file}\n`).join(''));
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, 'clusters/iomesh-cluster-2')).sort()).toEqual(FILES);
    const lint = run(['lint', 'clusters'], { cwd });
    expect(lint.stdout).toBe('no findings in 15 files (15 documents, 15 objects)\n');
    expect(lint.code).toBe(0);
    for (const file of FILES) {
      const text = readFileSync(join(cwd, 'clusters/iomesh-cluster-2', file), 'utf8');
      expect(text, file).toMatch(/^# .*IOMesh pool iomesh-cluster-2/);
      expect(text, file).not.toMatch(/[ \t]$|\t/m);
    }
  });

  it('accepts the StorageClass that the chart creates in every installation', () => {
    const cwd = repository();
    writeFileSync(join(cwd, 'clusters/default-class.yaml'), CHART_CLASS);
    expect(newPool(cwd, '--output', 'clusters')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('next:'),
    });
    const lint = run(['lint', 'clusters'], { cwd });
    expect(lint.code).toBe(0);
    expect(lint.stdout).toContain('warning[IOM501]');
    expect(lint.stdout).toContain('1 warning');
  });

  it('writes into the current directory by default, and the next pool cannot use the same nodes', () => {
    const cwd = repository();
    expect(newPool(cwd).code).toBe(0);
    const again = civil(
      run(['new', 'pool', 'next', '--nodes', 'k8s-worker-8,k8s-worker-9,k8s-worker-2'], { cwd }),
    );
    expect(again.code).toBe(2);
    expect(again.stdout).toBe('');
    expect(again.stderr).toContain(
      '"k8s-worker-8" is claimed by iomesh-cluster-2/iomesh-cluster-2 (chunk, meta,',
    );
    expect(again.stderr).toContain('"k8s-worker-2" is claimed by iomesh-system/iomesh');
    expect(again.stderr).toMatch(/^ {2}no other node is free$/m);
    expect(existsSync(join(cwd, 'next'))).toBe(false);
  });

  it('says in one run that a node is claimed and that nodes are too few', () => {
    const refused = run(['new', 'pool', 'next', '--nodes', 'k8s-worker-2,k8s-worker-8'], {
      cwd: repository(),
    });
    expect(refused.stderr).toContain('"k8s-worker-2" is claimed by iomesh-system/iomesh');
    expect(refused.stderr).toContain('but --nodes names 2');
    expect(refused.code).toBe(2);
  });

  it('prints exactly the files, and writes nothing, with --dry-run', () => {
    const cwd = repository();
    const { code, stdout, stderr } = newPool(cwd, '--output', 'deep/er', '--dry-run');
    expect(code).toBe(0);
    expect(stderr).toBe('dry run: nothing was written\n');
    expect(readdirSync(cwd).sort()).toEqual(['clusters', 'iomesh-guard.yaml']);
    expect(newPool(cwd, '--output', 'deep/er').code).toBe(0);
    const written = FILES.map((file) => {
      const name = `deep/er/iomesh-cluster-2/${file}`;
      return `---\n# ${name}\n${readFileSync(join(cwd, name), 'utf8')}`;
    });
    expect(stdout).toBe(written.join(''));
  });

  it('prints one stream of documents with --output -', () => {
    const cwd = repository();
    const { stdout, code } = newPool(cwd, '--output', '-');
    expect(code).toBe(0);
    const lint = run(['lint', '-', 'clusters'], { cwd, input: stdout });
    expect(lint.stdout).toBe('no findings in 11 files (15 documents, 15 objects)\n');
    expect(readdirSync(cwd).sort()).toEqual(['clusters', 'iomesh-guard.yaml']);
  });

  it('prints the same bytes every time', () => {
    expect(newPool(repository(), '-o', '-').stdout).toBe(newPool(repository(), '-o', '-').stdout);
  });

  it('uses the nodes, namespace, network and replicas of the flags', () => {
    const cwd = repository();
    const flags = ['--nodes', 'k8s-worker-9', '-n', 'storage', '--data-cidr', '10.7.0.0/16'];
    const { stdout } = newPool(cwd, ...flags, '--chunk-replicas', '3', '-o', '-');
    expect(stdout).toContain('namespace: storage\n');
    expect(stdout.match(/dataCIDR: 10\.7\.0\.0\/16\n/g)).toHaveLength(2);
    expect(stdout.match(/- k8s-worker-9\n/g)).toHaveLength(4);
    expect(stdout).toContain('3 meta and 3 chunk pods');
  });

  it('quotes strings that YAML reads as another type', () => {
    const cwd = repository();
    const edit = (file: string, from: string, to: string) => {
      const path = join(cwd, 'clusters/management', file);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(from);
      writeFileSync(path, text.replaceAll(from, to));
    };
    for (const folder of ['management', 'cluster-1'])
      edit(`../${folder}/connection.yaml`, 'clusterId: k8s-cluster', 'clusterId: "0777"');
    for (const folder of ['management', 'cluster-1'])
      edit(`../${folder}/zookeeper.yaml`, 'tag: 3.5.9', 'tag: "1e3"');
    edit('iomesh.yaml', 'storageClass: hostpath', 'storageClass: "on"');
    const { stdout, code } = newPool(cwd, '-o', '-');
    expect(code).toBe(0);
    expect(stdout).toContain('clusterId: "0777"');
    expect(stdout).toContain('tag: "1e3"');
    expect(stdout).toContain('storageClass: "on"');
    expect(stdout).toContain('replicaFactor: "2"');
    expect(run(['lint', '-', 'clusters'], { cwd, input: stdout }).stdout).toMatch(/^no findings/);
  });
});

describe('new pool from Helm values', () => {
  const VALUES = `iomesh:
  edition: enterprise
  zookeeper:
    image: {tag: 3.5.9-20}
  chunk:
    dataCIDR: 10.7.0.0/16
    podPolicy: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [k8s-worker-0, k8s-worker-1, k8s-worker-2]}]}]}}}}
`;

  function installation(values = VALUES): string {
    const config = `iomeshVersion: "1.2"\nnodes: [${Array.from({ length: 10 }, (_, n) => `k8s-worker-${n}`).join(', ')}]\n`;
    return folderOf({ 'iomesh-guard.yaml': config, 'values.yaml': values });
  }

  it('writes a pool that fits the cluster that the values install', () => {
    const cwd = installation();
    const { code, stdout, stderr } = newPool(cwd, '--values', 'values.yaml', '-o', '-');
    expect(code, stderr).toBe(0);
    expect(stdout.match(/dataCIDR: 10\.7\.0\.0\/16\n/g)).toHaveLength(2);
    expect(stdout).toContain('edition: enterprise\n');
    expect(stdout).toContain('tag: 3.5.9-20\n');
    expect(stdout.match(/- k8s-worker-6\n/g)).toHaveLength(3);
    const lint = run(['lint', '-', '--values', 'values.yaml', '--format', 'json'], { cwd, input: stdout });
    const { findings } = JSON.parse(lint.stdout);
    expect(findings.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
  });

  it('refuses the nodes of that cluster, and of the manifests in the current directory', () => {
    const cwd = installation();
    expect(newPool(cwd, '--values', 'values.yaml').code).toBe(0);
    const again = run(
      [
        ...POOL.slice(0, 2),
        'next',
        '--nodes',
        'k8s-worker-2,k8s-worker-6,k8s-worker-9',
        '--values',
        'values.yaml',
      ],
      { cwd },
    );
    expect(again.stderr).toContain('"k8s-worker-2" is claimed by iomesh-system/iomesh (chunk)');
    expect(again.stderr).toContain('"k8s-worker-6" is claimed by iomesh-cluster-2/iomesh-cluster-2');
    expect(again.code).toBe(2);
  });

  it('notes an image tag that the chart decides', () => {
    const cwd = installation(VALUES.replace('    image: {tag: 3.5.9-20}\n', '    replicas: 3\n'));
    const { code, stderr } = newPool(cwd, '--values', 'values.yaml', '--dry-run');
    expect(stderr).toContain('the Helm values do not set the image tag of zookeeper');
    expect(code).toBe(0);
  });

  it('writes nothing when the values cannot be read, and names the flag when they are not given', () => {
    const cwd = installation('iomesh:\n  chunk: {dataCIDR: [}\n');
    const broken = newPool(cwd, '--values', 'values.yaml');
    expect(broken.stderr).toMatch(/cannot read values\.yaml:2:\d+: /);
    expect(broken.code).toBe(2);
    const forgotten = newPool(installation());
    expect(forgotten.stderr).toContain(
      'values.yaml looks like Helm values of IOMesh and was skipped; add --values',
    );
    expect(forgotten.stderr).toContain('management cluster iomesh-system/iomesh not found');
    expect(forgotten.code).toBe(2);
  });

  it('rejects --values together with a live cluster', () => {
    const both = newPool(installation(), '--values', 'values.yaml', '--context', 'production');
    expect(both.stderr).toContain('--values and --context exclude each other');
    expect(both.code).toBe(2);
  });
});

describe('new pool from a rendered chart', () => {
  const vendor = process.env['IOMESH_VENDOR_DATA'] ?? '';
  const chart = join(vendor, 'helm-1.0.1/01-least/rendered.yaml');

  it.skipIf(vendor === '')('plans a pool next to the default class (needs IOMESH_VENDOR_DATA)', () => {
    // At 1.0 a second cluster needs the node selections of the first, which this chart does not set.
    const pinned = join(vendor, 'helm-1.0.1/10-affinity-everywhere/rendered.yaml');
    const older = folderOf({
      'connection.yaml': readFileSync(join(ROOT, 'examples/two-clusters/management/connection.yaml'), 'utf8'),
    });
    const at10 = newPool(older, '--from', pinned, '--from', '.', '--dry-run');
    expect(at10.stderr).not.toContain('error:');
    expect(at10.code).toBe(0);
    const newer = newPool(
      folderOf({ 'iomesh-guard.yaml': 'iomeshVersion: "1.2"\n' }),
      '--from',
      chart,
      '--dry-run',
    );
    expect(newer.stderr).not.toContain('error:');
    expect(newer.code).toBe(0);
  });
});

describe('the YAML library', () => {
  it('is loaded by new only', () => {
    const cwd = repository();
    const folder = folderOf({});
    for (const file of ['cli.js', 'main.js']) cpSync(join(dirname(CLI), file), join(folder, file));
    const start = (...args: string[]) =>
      spawnSync(process.execPath, [join(folder, 'cli.js'), ...args], { cwd, encoding: 'utf8' });
    expect(start('lint', 'clusters').status).toBe(0);
    const without = start(...POOL);
    expect(without.status).toBe(3);
    expect(without.stderr).toContain('yaml.js');
    expect(existsSync(join(cwd, 'iomesh-cluster-2'))).toBe(false);
  });
});

describe('new pool with existing files', () => {
  it('writes nothing when one of the files exists', () => {
    const cwd = repository();
    mkdirSync(join(cwd, 'iomesh-cluster-2'));
    const mine = join(cwd, 'iomesh-cluster-2/4-storageclass.yaml');
    writeFileSync(mine, '# mine\n');
    const { code, stdout, stderr } = newPool(cwd);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('iomesh-cluster-2/4-storageclass.yaml already exists');
    expect(stderr).toContain('nothing was written');
    expect(readFileSync(mine, 'utf8')).toBe('# mine\n');
    expect(readdirSync(join(cwd, 'iomesh-cluster-2'))).toEqual(['4-storageclass.yaml']);
    expect(newPool(cwd, '--dry-run').code).toBe(2);
  });

  it('does not follow a dangling link, nor replace a file by a directory', () => {
    const cwd = repository();
    mkdirSync(join(cwd, 'iomesh-cluster-2'));
    const link = join(cwd, 'iomesh-cluster-2/2-iomesh.yaml');
    symlinkSync(join(cwd, 'elsewhere.yaml'), link);
    expect(newPool(cwd, '--from', 'clusters').stderr).toContain('2-iomesh.yaml already exists');
    expect(existsSync(join(cwd, 'elsewhere.yaml'))).toBe(false);
    expect(readlinkSync(link)).toBe(join(cwd, 'elsewhere.yaml'));
    writeFileSync(join(cwd, 'out'), '');
    const { code, stderr } = newPool(cwd, '--from', 'clusters', '--output', 'out');
    expect(stderr).toMatch(/cannot write out\/iomesh-cluster-2: .*(not a directory|ENOTDIR)/);
    expect(code).toBe(2);
  });

  it('adds its files to an existing directory', () => {
    const cwd = repository();
    mkdirSync(join(cwd, 'iomesh-cluster-2'));
    writeFileSync(join(cwd, 'iomesh-cluster-2/README.md'), 'ours\n');
    expect(newPool(cwd).code).toBe(0);
    expect(readdirSync(join(cwd, 'iomesh-cluster-2')).sort()).toEqual([...FILES, 'README.md'].sort());
  });
});

describe('new pool with wrong usage', () => {
  it('writes nothing when a document or a path cannot be read', () => {
    const cwd = repository();
    writeFileSync(join(cwd, 'clusters/broken.yaml'), 'kind: IOMeshCluster\n  a: b: c\n');
    const broken = newPool(cwd);
    expect(broken.stderr).toContain('clusters/broken.yaml has a document that cannot be read');
    expect(broken.code).toBe(2);
    const absent = newPool(cwd, '--from', 'nowhere');
    expect(absent.stderr).toContain('nowhere');
    expect(absent.code).toBe(2);
    expect(existsSync(join(cwd, 'iomesh-cluster-2'))).toBe(false);
  });

  it('rejects wrong arguments with a message', () => {
    const cwd = repository();
    const cases: [string[], string][] = [
      [['new'], 'argument pool is missing'],
      [['new', 'pol', 'x'], 'did you mean pool?'],
      [['new', 'pool'], 'argument NAME is missing'],
      [['new', 'pool', ''], 'NAME is empty'],
      [['new', 'pool', 'a', 'b'], 'unexpected argument "b"'],
      [['new', 'pool', 'a'], 'free nodes: k8s-worker-6,k8s-worker-7,k8s-worker-8,k8s-worker-9'],
      [
        ['new', 'pool', '../../etc', '--nodes', 'a,b,c'],
        'must be a DNS label because Services are named after it',
      ],
      [[...POOL, '--meta-replicas', '4'], '--meta-replicas cannot be "4"'],
      [
        [...POOL, '--chunk-replicas', '2'],
        '--chunk-replicas must be a whole number from 3 to 255, but is "2"',
      ],
      [[...POOL, '--output', ''], '--output needs'],
      [[...POOL, '--from', ''], '--from needs'],
    ];
    for (const [args, words] of cases) {
      const result = civil(run(args, { cwd }));
      expect(result.stderr, args.join(' ')).toContain(words);
      expect(result.code).toBe(2);
      expect(result.stdout).toBe('');
    }
    expect(readdirSync(cwd).sort()).toEqual(['clusters', 'iomesh-guard.yaml']);
  });
});

describe('new pool for a live cluster', () => {
  const runAt = async (args: readonly string[], cwd: string) => civil(await runBeside(args, { cwd }));

  async function cluster(nodes: number) {
    const server = await startServer();
    for (const folder of ['management', 'cluster-1'])
      for (const file of ['0-namespace', 'zookeeper', 'iomesh', 'connection', 'storageclass'])
        for (const object of example(`${folder}/${file}.yaml`)) server.put(object);
    for (let index = 0; index < nodes; index++) server.put(node(`k8s-worker-${index}`));
    return server;
  }

  it('uses its management cluster and its nodes', async () => {
    const server = await cluster(10);
    const cwd = folderOf({});
    const flags = ['--kubeconfig', server.kubeconfig];
    const written = await runAt([...POOL, ...flags, '--context', 'testing'], cwd);
    expect(written.stderr).toBe('next: kubectl --context testing apply -f iomesh-cluster-2\n');
    expect(written.code).toBe(0);
    const lint = await runAt(['lint', ...flags, '.'], cwd);
    expect(lint.stdout).toMatch(/^no findings in 5 files/);

    const taken = ['new', 'pool', 'more', '--nodes', 'k8s-worker-4,k8s-worker-9,k8s-worker-10'];
    const refused = await runAt([...taken, ...flags], cwd);
    expect(refused.stderr).toContain('"k8s-worker-4" is claimed by iomesh-cluster-1/iomesh-cluster-1');
    expect(refused.stderr).toContain('node "k8s-worker-10" not found');
    expect(refused.stderr).toContain('free nodes: k8s-worker-6,k8s-worker-7,k8s-worker-8');
    expect(refused.code).toBe(2);
  });

  it('reads files together with the cluster when both are given', async () => {
    const server = await cluster(9);
    const cwd = folderOf({});
    const flags = ['--kubeconfig', server.kubeconfig];
    expect((await runAt([...POOL, ...flags], cwd)).code).toBe(0);
    const second = ['new', 'pool', 'second', '--nodes', 'k8s-worker-6,k8s-worker-7,k8s-worker-8'];
    const refused = await runAt([...second, ...flags, '--from', '.'], cwd);
    expect(refused.stderr).toContain('"k8s-worker-6" is claimed by iomesh-cluster-2/iomesh-cluster-2');
    expect(refused.code).toBe(2);
  });

  it('notes that nodes cannot be listed, so names are not checked', async () => {
    const server = await cluster(3);
    server.forbidden.add('nodes');
    const { code, stderr } = await runAt([...POOL, '--kubeconfig', server.kubeconfig], folderOf({}));
    expect(code).toBe(0);
    expect(stderr).toContain('note: nodes were not read: nodes is forbidden');
    expect(stderr).toContain('the node names were not checked');
  });

  it('writes nothing when the cluster cannot be read', async () => {
    const server = await cluster(10);
    server.forbidden.add('iomeshclusters');
    const cwd = folderOf({});
    const { code, stderr } = await runAt([...POOL, '--kubeconfig', server.kubeconfig], cwd);
    expect(code).toBe(2);
    expect(stderr).toContain('iomeshclusters is forbidden');
    expect(readdirSync(cwd)).toEqual([]);
  });
});

function node(name: string): Obj {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  };
}
