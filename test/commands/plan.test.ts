/** `iomesh-guard plan` of files on the command line. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { volume } from '../cases/objects.ts';
import { folderOf, isCivil, ROOT, type Run, run } from '../support/run-cli.ts';

const EXAMPLE = join(ROOT, 'examples/two-clusters');
const POOL = 'iomesh-cluster-1';
const OLD = 'v5.3.0-rc13-enterprise';
const NEW = 'v5.4.0-rc3-enterprise';
const validate = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(ROOT, 'schemas/plan.schema.json'), 'utf8')),
);

interface Step {
  readonly title: string;
  readonly command: string | null;
  readonly wait: { readonly until: string; readonly check: string | null } | null;
  readonly denied: readonly { readonly code: string; readonly message: string }[];
  readonly warned: readonly { readonly code: string }[];
}

interface Plan {
  readonly cluster: string | null;
  readonly iomeshVersion: string;
  readonly target: readonly string[];
  readonly lost: { readonly count: number; readonly bound: number; readonly names: readonly string[] } | null;
  readonly steps: readonly Step[];
  readonly unknown: readonly string[];
  readonly stops: readonly string[];
}

function guard(args: readonly string[], options: Parameters<typeof run>[1] = {}): Run {
  const result = run(['plan', ...args], options);
  expect(isCivil(result), result.stderr).toBe(true);
  return result;
}

/** The plan as JSON, by its schema; the exit code says whether something stops it. */
function plan(args: readonly string[], options: Parameters<typeof run>[1] = {}): Plan {
  const result = guard([...args, '--format', 'json'], options);
  expect(result.stdout, result.stderr).not.toBe('');
  const value = JSON.parse(result.stdout);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
  expect(result.code).toBe(value.stops.length > 0 ? 1 : 0);
  return value;
}

/** The files of the example in one stream, with replacements. */
function example(
  replace: readonly (readonly [string, string])[] = [],
  parts = ['management', 'cluster-1'],
): string {
  const files = ['0-namespace', 'zookeeper', 'iomesh', 'connection', 'storageclass'];
  const text = parts
    .flatMap((part) => files.map((file) => readFileSync(join(EXAMPLE, part, `${file}.yaml`), 'utf8')))
    .join('\n---\n');
  return replace.reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

function volumeOn(name: string, claim: string | undefined, cluster = `${POOL}/${POOL}`): string {
  const bound = claim === undefined ? {} : { claim };
  return `\n---\n${volume(name, { attributes: { iomeshCluster: cluster }, class: POOL, ...bound })}`;
}

const ELSEWHERE = volumeOn('pv-other', undefined, 'iomesh-system/iomesh');
const commands = ({ steps }: Plan) => steps.map(({ command }) => command);

describe('plan remove', () => {
  it('deletes a pool in the order of the 1.0 guide, the namespace last', () => {
    const result = plan(['remove', POOL, '--from', '-'], { input: example() + ELSEWHERE });
    expect(result.lost).toEqual({ count: 0, bound: 0, names: [] });
    expect(commands(result)).toEqual([
      `kubectl delete zookeepercluster ${POOL}-zookeeper -n ${POOL}`,
      `kubectl delete iomeshcluster ${POOL} -n ${POOL}`,
      `kubectl delete storageclass ${POOL}`,
      `kubectl delete configmap ${POOL}-csi-configmap -n ${POOL}`,
      `kubectl get pods,pvc,services,secrets,configmaps -n ${POOL}`,
      `kubectl delete namespace ${POOL}`,
    ]);
    expect(result.steps[0]?.wait?.check).toBe(
      `kubectl get zookeepercluster ${POOL}-zookeeper -n ${POOL} --ignore-not-found`,
    );
    expect(result.stops).toEqual([]);
  });

  it('deletes the IOMeshCluster first from 1.1 on', () => {
    const cwd = folderOf({ 'iomesh-guard.yaml': 'iomeshVersion: "1.2"\n', 'a.yaml': example() + ELSEWHERE });
    const result = plan(['remove', `${POOL}/${POOL}`], { cwd });
    expect(result.iomeshVersion).toBe('1.2');
    expect(commands(result).slice(0, 2)).toEqual([
      `kubectl delete iomeshcluster ${POOL} -n ${POOL}`,
      `kubectl delete zookeepercluster ${POOL}-zookeeper -n ${POOL}`,
    ]);
  });

  it('names ten volumes, counts the others, and prints no command that deletes one', () => {
    const volumes = Array.from({ length: 12 }, (_, index) =>
      volumeOn(`pv-${index}`, index === 11 ? undefined : `default/db-${index}`),
    ).join('');
    const input = example() + volumes;
    const result = plan(['remove', POOL, '--from', '-'], { input });
    expect(result.lost).toMatchObject({ count: 12, bound: 11 });
    expect(result.lost?.names).toEqual(Array.from({ length: 10 }, (_, index) => `default/db-${index}`));
    expect(result.stops[0]).toContain('12 volumes would be lost');
    // The steps after the volumes are evaluated without them.
    expect(result.steps.flatMap(({ denied }) => denied)).toEqual([]);
    expect(result.steps[0]?.command).toBeNull();
    expect(result.steps[0]?.wait?.check).toMatch(/^kubectl get pv /);
    expect(commands(result).join('\n')).not.toMatch(/delete (pv|pvc|persistentvolume)/);
    const text = guard(['remove', POOL, '--from', '-'], { input });
    expect(text.stdout).toContain(
      'Would be lost: 12 volumes, 11 bound: default/db-0, default/db-1, default/db-2, default/db-3, default/db-4, default/db-5, default/db-6, default/db-7, default/db-8, default/db-9 and 2 more',
    );
    expect(text.code).toBe(1);
  });

  it('exits with 1 if the volumes are unknown, because the input has none', () => {
    const result = plan(['remove', POOL, '--from', EXAMPLE]);
    expect(result.lost).toBeNull();
    expect(result.unknown.join()).toContain('read the running cluster with --context');
    expect(result.stops).toEqual(['it is unknown which volumes would be lost']);
  });

  it('says that the loss is unknown if a volume can be on any cluster', () => {
    const input = `${example()}\n---\n${volume('pv-1', { class: 'gone' })}`;
    const result = plan(['remove', POOL, '--from', '-'], { input });
    expect(result.lost).toBeNull();
    expect(result.stops).toContain('it is unknown which volumes would be lost');
  });

  it('keeps a namespace with other objects, and a class of another cluster', () => {
    const claim = `\n---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: app, namespace: ${POOL}}, spec: {storageClassName: x}}`;
    const result = plan(['remove', POOL, '--from', '-'], { input: example() + ELSEWHERE + claim });
    expect(commands(result).join('\n')).not.toContain('delete namespace');
    expect(result.unknown.join('\n')).toContain('PersistentVolumeClaim app');
    expect(commands(result).join('\n')).not.toContain('iomesh-default');
  });

  it('stops before the management cluster while a pool exists, and asks the webhook before Helm', () => {
    const result = plan(['remove', 'iomesh', '--from', '-'], {
      input: example() + volumeOn('pv', undefined),
    });
    expect(result.stops[0]).toContain(`management cluster of 1 pool: ${POOL}/${POOL}`);
    expect(commands(result).slice(0, 3)).toEqual([
      'kubectl delete iomeshcluster iomesh -n iomesh-system --dry-run=server',
      'kubectl delete zookeepercluster iomesh-zookeeper -n iomesh-system --dry-run=server',
      'helm uninstall iomesh -n iomesh-system',
    ]);
    const alone = plan(['remove', 'iomesh', '--from', '-'], {
      input: example([], ['management']) + volumeOn('pv', undefined, 'gone/gone'),
    });
    expect(alone.stops).toEqual([]);
  });
});

describe('plan upgrade', () => {
  it('upgrades the management cluster, waits for its status, and then each pool in one edit', () => {
    const result = plan(['upgrade', '--to', NEW, '--from', EXAMPLE]);
    expect(result.target).toEqual([`meta, chunk and redirector: "${NEW}" (--to ${NEW})`]);
    const patch = (cluster: string, namespace: string) =>
      `kubectl patch iomeshcluster ${cluster} -n ${namespace} --type=merge -p '{"spec":{"meta":{"image":{"tag":"${NEW}"}},"chunk":{"image":{"tag":"${NEW}"}},"redirector":{"image":{"tag":"${NEW}"}}}}'`;
    expect(commands(result)).toEqual([patch('iomesh', 'iomesh-system'), patch(POOL, POOL)]);
    expect(result.steps[0]?.wait?.until).toContain('status.runningImages of iomesh-system/iomesh');
    expect(result.steps[0]?.warned.map(({ code }) => code)).toEqual(['IOM403']);
    expect(result.steps[1]).toMatchObject({ denied: [], warned: [] });
    expect(result.unknown.join('\n')).toContain('devicemanager, probe and toolbox');
    expect(result.unknown.join('\n')).toContain('no status.runningImages');
  });

  it('takes the tags of a chart, and deletes the default class before helm upgrade at 1.0', () => {
    const label = [
      'name: iomesh\n  namespace: iomesh-system',
      'name: iomesh\n  namespace: iomesh-system\n  labels: {helm.sh/chart: iomesh-v1.0.0}',
    ] as const;
    const input = `${example([label])}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: iomesh-csi-driver}, provisioner: com.iomesh.csi-driver, parameters: {csi.storage.k8s.io/fstype: ext4, replicaFactor: "2", thinProvision: "true"}}`;
    const cwd = folderOf({
      'iomesh/Chart.yaml': 'apiVersion: v2\nname: iomesh\nversion: v1.0.9\nappVersion: v5.4.0-rc3\n',
      'iomesh/values.yaml': 'iomesh: {edition: ""}\n',
    });
    const result = plan(['upgrade', '--to', 'iomesh', '--from', '-'], { cwd, input });
    expect(result.target).toEqual([
      `meta, chunk and redirector: "${NEW}" (chart iomesh)`,
      'devicemanager, probe and toolbox: "v1.0.9" (chart iomesh)',
    ]);
    expect(commands(result).slice(0, 3)).toEqual([
      'kubectl delete storageclass iomesh-csi-driver',
      'kubectl delete validatingwebhookconfiguration iomesh-validating-webhook-configuration --ignore-not-found',
      'helm upgrade iomesh ./iomesh -n iomesh-system --reuse-values',
    ]);
    expect(result.steps.flatMap(({ denied }) => denied)).toEqual([]);
    expect(commands(result)[3]).toContain('"devicemanager":{"image":{"tag":"v1.0.9"}}');
    expect(result.stops).toEqual([]);
  });

  describe('of a packed chart', () => {
    const CHART = 'apiVersion: v2\nname: iomesh\nversion: v1.0.9\nappVersion: v5.4.0-rc3\n';
    const VALUES = 'iomesh: {edition: "", operatorVersion: v1.0.7}\n';
    const PACKED = { 'iomesh/Chart.yaml': CHART, 'iomesh/values.yaml': VALUES };
    /** A folder with what `tar` packs of some files. */
    function packed(files: Record<string, string>, args: readonly string[] = []): string {
      const cwd = folderOf({ 'a.yaml': example(), ...files });
      const tops = [...new Set(Object.keys(files).map((name) => name.split('/')[0]!))];
      execFileSync('tar', ['-czf', 'iomesh.tgz', ...args, ...tops], { cwd });
      return cwd;
    }
    const upgrade = (cwd: string, more: readonly string[] = []) =>
      plan(['upgrade', '--to', 'iomesh.tgz', '--from', 'a.yaml', ...more], { cwd });

    it.each(['ustar', 'pax', 'gnu'])('reads the tags, packed as %s', (format) => {
      const long = `iomesh/charts/${'sub/'.repeat(40)}values.yaml`;
      const result = upgrade(packed({ ...PACKED, [long]: 'a: 1' }, [`--format=${format}`]));
      expect(result.target).toEqual([
        `meta, chunk and redirector: "${NEW}" (chart iomesh.tgz)`,
        'devicemanager, probe and toolbox: "v1.0.7" (chart iomesh.tgz)',
      ]);
      expect(commands(result)).toContain('helm upgrade iomesh iomesh.tgz -n iomesh-system --reuse-values');
    });

    it('lets the values of the installed release take precedence', () => {
      const cwd = packed(PACKED);
      writeFileSync(join(cwd, 'release.yaml'), 'iomesh: {operatorVersion: v1.0.5}\n');
      const result = upgrade(cwd, ['--values', 'release.yaml']);
      expect(result.target[1]).toBe(
        'devicemanager, probe and toolbox: "v1.0.5" (chart iomesh.tgz with values release.yaml)',
      );
      expect(result.unknown.join('\n')).not.toContain('helm get values');
      expect(upgrade(cwd).unknown.join('\n')).toContain(
        'helm get values iomesh -n iomesh-system --all -o yaml prints them; write them to a file and add --values FILE',
      );
      const piped = plan(['upgrade', '--to', 'iomesh.tgz', '--from', 'a.yaml', '--values', '-'], {
        cwd,
        input: 'iomesh: {operatorVersion: v1.0.6}\n',
      });
      expect(piped.target[1]).toContain('"v1.0.6" (chart iomesh.tgz with values -)');
    });

    const header = (name: string, size: number, type = '0') => {
      const block = Buffer.alloc(512);
      block.write(name);
      block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
      block.write('        ', 148);
      block.write(type, 156);
      const sum = block.reduce((all, byte) => all + byte, 0);
      block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
      return block;
    };
    const entry = (name: string, text: string, type = '0') => {
      const content = Buffer.alloc(Math.ceil(text.length / 512) * 512);
      content.write(text);
      return Buffer.concat([header(name, text.length, type), content]);
    };
    const archive = (...entries: Buffer[]) => gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
    const [chart, values] = [entry('iomesh/Chart.yaml', CHART), entry('iomesh/values.yaml', VALUES)];

    it.each<[string, Buffer, RegExp]>([
      ['no archive', Buffer.from('iomesh: {}'), /not a gzipped archive/],
      [
        'a damaged archive',
        archive(chart, values).subarray(0, 60),
        /not a gzipped archive, or it is damaged/,
      ],
      ['a gzipped text', gzipSync('a'.repeat(2000)), /no tar archive/],
      ['an archive that is cut off', gzipSync(header('iomesh/values.yaml', 900)), /cut off/],
      ['no values', archive(chart), /has no values\.yaml in its top folder/],
      [
        'values in a subchart only',
        archive(chart, entry('iomesh/charts/a/values.yaml', VALUES)),
        /has no values/,
      ],
      ['a link in place of values', archive(chart, entry('iomesh/values.yaml', '', '2')), /has no values/],
      ['two values', archive(chart, values, values), /values\.yaml is in the archive twice/],
      ['two charts', archive(chart, entry('other/values.yaml', VALUES)), /more than one top folder/],
      ['a path that leads out', archive(chart, entry('iomesh/../../etc/passwd', '')), /outside of the chart/],
      ['an absolute path', archive(entry('/etc/passwd', ''), chart, values), /outside of the chart/],
      ['an invalid extended header', archive(entry('x', 'path', 'x'), chart), /invalid extended header/],
      ['a long extended header', archive(entry('x', ' '.repeat(6e6), 'x'), chart), /a name is too long/],
      ['large values', archive(chart, entry('iomesh/values.yaml', '#'.repeat(6e6))), /larger than 5 MiB/],
      ['a bomb', gzipSync(Buffer.alloc(200e6)), /larger than 100 MiB/],
      [
        'text that is no values',
        archive(chart, entry('iomesh/values.yaml', 'a: [')),
        /cannot read values\.yaml:1/,
      ],
    ])('exits with 2 and a message for %s', (_, bytes, message) => {
      const cwd = folderOf({ 'a.yaml': example() });
      writeFileSync(join(cwd, 'iomesh.tgz'), bytes);
      const result = guard(['upgrade', '--to', 'iomesh.tgz', '--from', 'a.yaml'], { cwd });
      expect(result.stderr).toMatch(message);
      expect(result.stderr).toContain('--to iomesh.tgz');
      expect(result.code).toBe(2);
    });
  });

  it('names every pool that is behind in one line', () => {
    const pools = ['p-10', 'p-9'].map((name) =>
      example([[POOL, name]], ['cluster-1']).replaceAll('k8s-worker-', `${name}-`),
    );
    const input = [example(), ...pools].join('\n---\n');
    const { stdout } = guard(['upgrade', '--to', NEW, '--from', '-'], { input });
    const lines = stdout.split('\n').filter((line) => line.includes('warning IOM403'));
    expect(lines).toHaveLength(1);
    for (const name of [POOL, 'p-9', 'p-10']) expect(lines[0]).toContain(`IOMeshCluster ${name}/${name}`);
    // In the order of their numbers.
    expect(stdout.indexOf('pool p-9/p-9')).toBeLessThan(stdout.indexOf('pool p-10/p-10'));
  });

  it('stops if the new tag loses the edition', () => {
    const result = plan(['upgrade', '--to', 'v5.4.0-rc3', '--from', EXAMPLE]);
    expect(result.stops).toEqual([
      'the installed images have the edition "enterprise", but "v5.4.0-rc3" names none',
    ]);
  });

  it('continues an upgrade where it was left', () => {
    const input = `${example([[OLD, NEW]], ['management'])}\n---\n${example([], ['cluster-1'])}`;
    const running = `status: {runningImages: {meta: {iomesh-meta-0: "iomesh/zbs-metad:${OLD}"}, chunk: {iomesh-chunk-0: "iomesh/zbs-chunkd:${NEW}"}}}`;
    const lagging = plan(['upgrade', '--to', NEW, '--from', '-'], {
      input: input.replace('spec:\n  diskDeploymentMode', `${running}\nspec:\n  diskDeploymentMode`),
    });
    expect(lagging.steps.map(({ title }) => title)).toEqual([
      'wait for the management cluster iomesh-system/iomesh, which already has the new images in its spec',
      `set the images of pool ${POOL}/${POOL} in one edit`,
    ]);
    const complete = plan(['upgrade', '--to', NEW, '--from', '-'], {
      input: input.replace(
        'spec:\n  diskDeploymentMode',
        `${running.replace(OLD, NEW)}\nspec:\n  diskDeploymentMode`,
      ),
    });
    expect(complete.steps).toHaveLength(1);
  });

  it('leaves the tags to the operator from 1.1 on, and ends with the ZooKeeper image', () => {
    const cwd = folderOf({
      'iomesh-guard.yaml': 'iomeshVersion: "1.2"\n',
      'a.yaml': example().replaceAll(/^ +tag: v.*\n/gm, ''),
      'chart/Chart.yaml': 'apiVersion: v2\nname: iomesh\nversion: v1.2.1\nappVersion: v5.6.0\n',
      'chart/values.yaml': 'iomesh: {zookeeper: {image: {tag: 3.5.9-20}}}\n',
    });
    const result = plan(['upgrade', '--to', 'chart', '--from', 'a.yaml'], { cwd });
    expect(commands(result)).toEqual([
      'helm upgrade iomesh ./chart -n iomesh-system --reuse-values',
      null,
      `kubectl patch zookeepercluster ${POOL}-zookeeper -n ${POOL} --type=merge -p '{"spec":{"image":{"tag":"3.5.9-20"}}}'`,
    ]);
    expect(result.steps[1]?.title).toContain('the operator chooses the images');
  });
});

describe('plan scale', () => {
  /** The example with a pool of five nodes. */
  const grown = (chunks: number) => {
    const pool = example([['chunk:\n    replicas: 3', `chunk:\n    replicas: ${chunks}`]], ['cluster-1']);
    const wide = pool.replaceAll(
      /^( +- )k8s-worker-5\n/gm,
      '$1k8s-worker-5\n$1k8s-worker-6\n$1k8s-worker-7\n',
    );
    return `${wide}\n---\n${example([], ['management'])}`;
  };

  it('adds chunks one at a time, and two ZooKeeper pods together', () => {
    const result = plan(['scale', POOL, 'chunk=5', 'meta=5', 'zookeeper=5', '--from', '-'], {
      input: grown(3),
    });
    expect(result.target).toEqual(['chunk', 'meta', 'zookeeper'].map((each) => `${each}: 3 → 5 replicas`));
    expect(commands(result)).toEqual([
      ...['chunk', 'meta'].flatMap((component) =>
        [4, 5].map(
          (count) =>
            `kubectl patch iomeshcluster ${POOL} -n ${POOL} --type=merge -p '{"spec":{"${component}":{"replicas":${count}}}}'`,
        ),
      ),
      `kubectl patch zookeepercluster ${POOL}-zookeeper -n ${POOL} --type=merge -p '{"spec":{"replicas":5}}'`,
    ]);
    expect(result.stops).toEqual([]);
  });

  it('unregisters each chunk before it is removed', () => {
    const result = plan(['scale', POOL, 'chunk=3', '--from', '-'], { input: grown(5) });
    expect(result.steps.map(({ title }) => title.split(/[,:]/)[0])).toEqual([
      `find the chunk of pod ${POOL}-chunk-4`,
      `unregister the chunk of pod ${POOL}-chunk-4`,
      `set chunk of IOMeshCluster ${POOL}/${POOL} to 4 replicas`,
      `find the chunk of pod ${POOL}-chunk-3`,
      `unregister the chunk of pod ${POOL}-chunk-3`,
      `set chunk of IOMeshCluster ${POOL}/${POOL} to 3 replicas`,
    ]);
    expect(commands(result)[1]).toMatch(
      /^kubectl exec -n \S+ "\$\(kubectl get pod .*meta-leader.*\)" -c iomesh-meta -- \/opt\/iomesh\/iomeshctl chunk unregister CHUNK_ID$/,
    );
    expect(result.stops).toEqual([]);
    expect(result.steps[2]?.warned.map(({ code }) => code)).toEqual(['IOM604']);
  });

  it.each([
    ['zookeeper=1', 'IOM603'],
    ['meta=2', 'IOM603'],
    ['chunk=2', 'IOM603'],
    ['chunk=4', 'IOM106'],
  ])('says which rule denies %s, and unregisters nothing', (target, code) => {
    const result = plan(['scale', POOL, target, '--from', EXAMPLE]);
    expect(result.stops).toEqual(['the webhook denies step 1']);
    expect(result.steps[0]?.denied.map((each) => each.code)).toContain(code);
    expect(commands(result).join('\n')).not.toContain('unregister');
  });

  it.each([
    ['chunk=256', [], 'chunk: 256 replicas, but IOMesh allows at most 255'],
    ['chunk=255', [], undefined],
    [
      'chunk=4',
      [['enterprise', 'community']],
      'chunk: 4 replicas, but the Community edition allows at most 3; change to the Enterprise edition first',
    ],
  ] as const)('says at the top that %s is more than allowed', (target, replace, limit) => {
    const result = plan(['scale', POOL, target, '--from', '-'], { input: example(replace) });
    if (limit === undefined) expect(result.stops).toHaveLength(1);
    else expect(result.stops[0]).toBe(limit);
  });

  it('changes a cluster that Helm installed with Helm, and has nothing to do for the same number', () => {
    const input = example(
      [
        [
          'name: iomesh\n  namespace: iomesh-system',
          'name: iomesh\n  namespace: iomesh-system\n  labels: {helm.sh/chart: iomesh-v1.0.1}',
        ],
      ],
      ['management'],
    );
    const result = plan(['scale', 'iomesh', 'meta=4', '--from', '-'], { input });
    expect(commands(result)).toEqual([
      'helm upgrade iomesh iomesh/iomesh -n iomesh-system --version v1.0.1 --reuse-values --set iomesh.meta.replicaCount=4',
    ]);
    const same = guard(['scale', 'iomesh', 'chunk=3', '--from', '-'], { input });
    expect(same.stdout).toContain('chunk: 3 replicas already');
    expect(same.stdout).toContain('nothing to do');
    expect(same.code).toBe(0);
  });
});

describe('plan with wrong input', () => {
  it.each<[string, string[], RegExp]>([
    ['no operation', [], /argument OPERATION is missing/],
    ['an unknown operation', ['delete', POOL], /cannot be "delete".*\n.*remove, upgrade, scale/],
    ['no pool', ['remove'], /argument POOL is missing/],
    ['no target', ['upgrade', '--from', EXAMPLE], /--to is missing/],
    ['a pool for upgrade', ['upgrade', POOL, '--to', NEW], /plan upgrade is about all clusters/],
    ['no number', ['scale', POOL], /COMPONENT=N is missing/],
    ['a wrong number', ['scale', POOL, 'chunk=five'], /"chunk=five" is not COMPONENT=N/],
    ['an unknown component', ['scale', POOL, 'redirector=3'], /with chunk, meta or zookeeper/],
    ['a component twice', ['scale', POOL, 'chunk=4', 'chunk=5'], /chunk is given twice/],
    ['--to for another operation', ['remove', POOL, '--to', NEW], /--to is a flag of plan upgrade/],
    ['no such pool', ['remove', 'iomesh-clutser-1', '--from', EXAMPLE], /did you mean iomesh-cluster-1\?/],
    ['no cluster', ['remove', POOL, '--from', 'package.json'], /the input has no IOMesh cluster/],
    ['no such file', ['remove', POOL, '--from', 'nowhere'], /nowhere/],
    [
      'a chart version',
      ['upgrade', '--to', 'v1.0.1', '--from', EXAMPLE],
      /version of the chart.*\n.*helm pull/,
    ],
    ['an empty file', ['upgrade', '--to', '/dev/null', '--from', EXAMPLE], /names no image tag of IOMesh/],
    [
      '--values for another operation',
      ['remove', POOL, '--values', 'a.yaml'],
      /--values is a flag of plan upgrade/,
    ],
    [
      '--values for a tag',
      ['upgrade', '--to', NEW, '--values', 'package.json', '--from', EXAMPLE],
      /an image tag takes no values/,
    ],
    [
      'no such values',
      ['upgrade', '--to', 'test/fixtures/charts/iomesh', '--values', 'nowhere', '--from', EXAMPLE],
      /cannot read --values nowhere/,
    ],
    [
      'standard input twice',
      ['upgrade', '--to', 'test/fixtures/charts/iomesh', '--values', '-', '--from', '-'],
      /standard input is used twice/,
    ],
    ['no chart', ['upgrade', '--to', './nowhere', '--from', EXAMPLE], /does not exist/],
    ['no tag', ['upgrade', '--to', '$(reboot)', '--from', EXAMPLE], /is not an image tag/],
    [
      'a folder without a chart',
      ['upgrade', '--to', 'docs', '--from', EXAMPLE],
      /cannot read values\.yaml of --to docs/,
    ],
    [
      'a manifest',
      ['upgrade', '--to', 'examples/two-clusters/cluster-1/iomesh.yaml', '--from', EXAMPLE],
      /is a Kubernetes object/,
    ],
    ['a device', ['upgrade', '--to', '/dev/zero', '--from', EXAMPLE], /larger than 256 MiB/],
    ['no such kubeconfig', ['remove', POOL, '--kubeconfig', 'no-such-file'], /no-such-file/],
  ])('exits with 2 and a message for %s', (_, args, message) => {
    const result = guard(args);
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
  });

  it('refuses a number of replicas in the object that no cluster has', () => {
    const input = example([['chunk:\n    replicas: 3', 'chunk:\n    replicas: 100000000']]);
    const result = guard(['scale', POOL, 'chunk=5', '--from', '-'], { input });
    expect(result.stderr).toContain('has 100000000 chunk replicas, more than 300 steps from 5');
    expect(result.code).toBe(2);
  });

  it('prints nothing if a document cannot be read', () => {
    const cwd = folderOf({
      'a.yaml': example(),
      'b.yaml': 'kind: IOMeshCluster\nmetadata:\n  name: third\n bad\n',
    });
    const result = guard(['remove', POOL], { cwd });
    expect(result.stderr).toContain('b.yaml has a document that cannot be read');
    expect(result.code).toBe(2);
  });

  it('asks for the namespace if two clusters have the name', () => {
    const input = `${example()}\n---\n${example([[`namespace: ${POOL}`, 'namespace: other']], ['cluster-1'])}`;
    const result = guard(['remove', POOL, '--from', '-'], { input });
    expect(result.stderr).toContain(`name one of ${POOL}/${POOL} and other/${POOL}`);
    expect(result.code).toBe(2);
  });

  it('prints no name that could be a flag or could change the terminal', () => {
    const hostile = '"--all\\u001b[31m\\u202e"';
    const input =
      example().replace(/(kind: StorageClass\nmetadata:\n {2}name: )iomesh-cluster-1/, `$1${hostile}`) +
      ELSEWHERE;
    const result = guard(['remove', POOL, '--from', '-'], { input });
    for (const each of ['\u001b', '\u202e']) expect(result.stdout).not.toContain(each);
    expect(result.stdout).not.toMatch(/^ +kubectl delete storageclass/m);
    expect(result.stdout).toContain('Kubernetes does not accept its name');
  });
});
