/**
 * Runs the commands of docs/operations.md as they are printed, with the webhook of deploy/. No operator runs: where
 * the guide says wait, the test does what the operator does.
 */
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { all, node, pool, refOf, volumeInUse } from './support/objects.ts';
import { type Cluster, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { Guide } from './support/guide.ts';
import { useInstallation } from './support/installation.ts';
import { onKubernetes } from './support/suite.ts';
import { Terminal } from './support/terminal.ts';

const ROOT = join(import.meta.dirname, '../..');
const CHART = join(ROOT, 'test/fixtures/charts/iomesh');
const LONG = 600_000;
const OLD = { TAG: 'v5.3.0-rc13-enterprise', OPERATOR_TAG: 'v1.0.1' };
const NEW = { TAG: 'v5.4.0-rc3-enterprise', OPERATOR_TAG: 'v1.0.2' };
const POOL = ['iomeshcluster', 'iomesh-cluster-1', 'iomesh-cluster-1'] as const;
const MANAGEMENT = ['iomeshcluster', 'iomesh', 'iomesh-system'] as const;

onKubernetes('the operations guide', (kubernetes) => {
  const guide = new Guide('operations.md');
  const installed = useInstallation(kubernetes);
  let cluster: Cluster;
  let terminal: Terminal;

  /** Runs commands with the words in capitals replaced. */
  const run = (text: string, words: Readonly<Record<string, string>> = {}) =>
    terminal.type(
      Object.entries({ CONTEXT: 'test', ...words })
        // OLD_TAG before TAG.
        .sort(([a], [b]) => b.length - a.length)
        .reduce((command, [word, value]) => command.replaceAll(word, value), text),
    );
  /** The next block of a section; it must succeed. */
  const type = async (heading: string, words: Readonly<Record<string, string>> = {}) => {
    const result = await run(guide.next(heading).text, words);
    expectOk(result);
    return result;
  };
  /** What the operator writes when all pods of a cluster run an image. */
  const runs = async ([kind, name, namespace]: typeof POOL | typeof MANAGEMENT, tag: string, chunks = 3) => {
    const images = (component: string, repository: string, count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `${name}-${component}-${index}`,
          `iomesh/${repository}:${tag}`,
        ]),
      );
    const status = {
      readyReplicas: { meta: 3, chunk: chunks },
      runningImages: {
        meta: images('meta', 'zbs-metad', 3),
        chunk: images('chunk', 'zbs-chunkd', chunks),
      },
    };
    const path = `/apis/iomesh.com/v1alpha1/namespaces/${namespace}/${kind}s/${name}/status`;
    const answer = await installed().plane.api.call(
      'PATCH',
      path,
      { status },
      'application/merge-patch+json',
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  const tagOf = async (ref: typeof POOL | typeof MANAGEMENT) =>
    (await cluster.expectStored(ref[0], ref[1], ref[2]))['spec'].meta.image.tag as string;

  beforeAll(async () => {
    ({ cluster } = installed());
    terminal = await Terminal.open(installed().plane, ['helm']);
    const program = join(terminal.folder, '../bin/iomesh-guard');
    writeFileSync(program, `#!/bin/sh\nexec node '${join(terminal.folder, 'dist/cli.js')}' "$@"\n`);
    chmodSync(program, 0o755);
    cpSync(CHART, join(terminal.folder, 'iomesh'), { recursive: true });
    // A chart of another source would render the operator's images itself.
    const values = readFileSync(join(ROOT, 'examples/helm/iomesh.yaml'), 'utf8')
      .replace('  operatorVersion: v1.0.1\n', '')
      .replace('    create: false', '    create: true');
    writeFileSync(join(terminal.folder, 'installed.yaml'), values);
    expectOk(await cluster.apply(Array.from({ length: 9 }, (_, index) => node(`k8s-worker-${index}`))));
    expectOk(await run('helm install iomesh ./iomesh -n iomesh-system -f installed.yaml'));
    expectOk(
      await cluster.applyFiles(
        ['connection', 'storageclass'].map((name) =>
          join(ROOT, `examples/two-clusters/management/${name}.yaml`),
        ),
      ),
    );
    expectOk(await cluster.apply(all(pool())));
    await runs(MANAGEMENT, OLD.TAG);
    await runs(POOL, OLD.TAG);
  }, LONG);
  afterAll(() => terminal?.close());

  it(
    'upgrades all clusters',
    async () => {
      const heading = 'Upgrade all clusters';
      expect(guide.next(heading).text).toBe('helm pull iomesh/iomesh --version VERSION --untar');
      const chart = join(terminal.folder, 'iomesh/Chart.yaml');
      writeFileSync(
        chart,
        readFileSync(chart, 'utf8').replace('v1.0.1', 'v1.0.2').replace('v5.3.0-rc13', 'v5.4.0-rc3'),
      );
      const planned = await type(heading);
      expect(planned.stdout).toContain(`meta, chunk and redirector: "${NEW.TAG}" (chart ./iomesh)`);
      expect(planned.stdout).not.toContain('DENIED');
      const commands = planned.stdout
        .replaceAll(' --context=test', '')
        .replaceAll(' --kube-context=test', '');
      expect(commands).toContain('helm upgrade iomesh ./iomesh -n iomesh-system --reuse-values\n');
      await type(heading);
      await type(heading);
      expect(await tagOf(MANAGEMENT)).toBe(NEW.TAG);
      await cluster.expectStored('storageclass', 'iomesh-csi-driver');

      // A pool that follows too early is warned of.
      const [waiting, patch] = [guide.next(heading), guide.next(heading)];
      expect(commands).toContain(
        patch.text.replaceAll('OPERATOR_TAG', NEW.OPERATOR_TAG).replaceAll('TAG', NEW.TAG),
      );
      expectWarned(
        await run(patch.text.replace('--type=merge', '--type=merge --dry-run=server'), NEW),
        'IOM408',
      );
      await runs(MANAGEMENT, NEW.TAG);
      const shown = await run(waiting.text);
      expectOk(shown);
      expect(shown.stdout).not.toContain(OLD.TAG);
      const followed = await run(patch.text, NEW);
      expectOk(followed);
      expect(warnings(followed)).toEqual([]);
      await runs(POOL, NEW.TAG);
      expect((await type(heading)).stdout).toContain(NEW.TAG);
      await type(heading, { ZOOKEEPER_TAG: '3.5.9' });
      expect((await type(heading)).stdout).not.toContain('IOM401');
    },
    LONG,
  );

  it(
    'rolls back one pool, and all clusters',
    async () => {
      const heading = 'Roll back';
      const [patch, exception] = [guide.next(heading), guide.next(heading, 'yaml')];
      const old = { OLD_TAG: OLD.TAG, OLD_OPERATOR_TAG: OLD.OPERATOR_TAG };
      // Nothing runs the old images any more.
      const denied = await run(patch.text, old);
      expect(denied.stderr).toContain('IOM401');
      expect(denied.code).not.toBe(0);
      await installed().configure(load(exception.text.replace('YYYY-MM-DD', '2999-01-31')) as object);
      expectOk(await run(patch.text, old));
      expect(await tagOf(POOL)).toBe(OLD.TAG);
      expectOk(await run(patch.text, { OLD_TAG: NEW.TAG, OLD_OPERATOR_TAG: NEW.OPERATOR_TAG }));
      await installed().configure({});

      // While a pod still runs the old image, a warning is enough.
      await runs(POOL, OLD.TAG);
      const back = await run(patch.text.replace('--type=merge', '--type=merge --dry-run=server'), {
        ...old,
        OLD_OPERATOR_TAG: NEW.OPERATOR_TAG,
      });
      expectWarned(back, 'IOM401');

      await type(heading);
      expect(await tagOf(MANAGEMENT)).toBe(OLD.TAG);
      await runs(MANAGEMENT, OLD.TAG);
      const followed = await run(patch.text, old);
      expectOk(followed);
      expect(warnings(followed)).toEqual([]);
      expect(await tagOf(POOL)).toBe(OLD.TAG);
    },
    LONG,
  );

  it(
    'moves and replaces nodes',
    async () => {
      const heading = 'Move or replace a node';
      expect((await type(heading)).stdout).toMatch(/^k8s-worker-6 .*unclaimed$/m);
      await type(heading, { NEW_NODE: 'k8s-worker-6' });
      const grown = await type(heading);
      const scale = guide.next(heading);
      expect(grown.stdout.replaceAll(' --context=test', '')).toContain(scale.text);
      expectOk(await run(scale.text));
      await runs(POOL, OLD.TAG, 4);
      expect((await type(heading)).stdout).toContain('"chunk":4');

      const shrunk = await type(heading);
      const [unregister, lower] = [guide.next(heading), guide.next(heading)];
      const printed = shrunk.stdout.replaceAll(' --context=test', '');
      // They need a kubelet.
      for (const line of [...unregister.text.split('\n'), lower.text]) expect(printed).toContain(line);
      expectWarned(await run(lower.text), 'IOM604');
      await runs(POOL, OLD.TAG);

      await type(heading, { LOST_NODE: 'k8s-worker-3', OTHER_NODE: 'k8s-worker-7' });
      const wrong = await run(
        scale.text.replace(
          /--type=merge.*$/,
          `--type=json -p '[{"op":"test","path":"/spec/storageClass","value":"x"}]'`,
        ),
      );
      expect(wrong.code).not.toBe(0);
      expect((await run('iomesh-guard map --context CONTEXT')).stdout).toMatch(/^k8s-worker-3 .*unclaimed$/m);
    },
    LONG,
  );

  it(
    "replaces the management cluster's release",
    async () => {
      const heading = "Replace the management cluster's release";
      const asked = await run(guide.next(heading).text);
      expect(asked.stderr).toContain('IOM601');
      expect(asked.code).not.toBe(0);
      await type(heading);

      const uninstalled = await run('helm uninstall iomesh -n iomesh-system');
      expect(uninstalled.code).not.toBe(0);
      expect(uninstalled.stderr).toContain('failed to delete release: iomesh');
      await cluster.expectStored(...MANAGEMENT);
      await cluster.expectNotStored('storageclass', 'iomesh-csi-driver');
      await type(heading);
      await cluster.expectStored('storageclass', 'iomesh-csi-driver');
      expect((await type(heading)).stdout).not.toContain('error[');
      const planned = await run(guide.next(heading).text);
      expect(planned.code).toBe(1);
      expect(planned.stdout).toContain('the management cluster of 1 pool: iomesh-cluster-1/iomesh-cluster-1');
    },
    LONG,
  );

  it(
    'removes a pool with a volume',
    async () => {
      const heading = 'Remove a pool';
      expectOk(await cluster.apply(VOLUME));
      expectOk(await cluster.apply(CLAIM));
      const path = '/api/v1/persistentvolumes/pvc-1/status';
      const { api } = installed().plane;
      await api.call('PATCH', path, { status: { phase: 'Bound' } }, 'application/merge-patch+json');

      // A user who may not list volumes is not told that there are none.
      await cluster.createServiceAccount('default/reader', RIGHTS);
      const reader = await cluster.as('default/reader');
      const hidden = await run(
        `iomesh-guard plan remove iomesh-cluster-1 --kubeconfig '${reader.kubeconfig}'`,
      );
      expect(hidden.stdout).toContain('Would be lost: unknown');
      expect(hidden.stdout).toContain('this user may not list PersistentVolumes');
      expect(hidden.code).toBe(1);

      const stopped = await run(guide.next(heading).text);
      expect(stopped.code, stopped.stderr).toBe(1);
      expect(stopped.stdout).toContain('Would be lost: 1 volume, 1 bound: default/db-0');
      const deletion = `kubectl delete ${POOL[0]} ${POOL[1]} -n ${POOL[2]}`;
      const refused = await run(`${deletion} --dry-run=server`);
      expect(refused.stderr).toContain('default/db-0');
      expect(refused.code).not.toBe(0);

      // The controllers of Kubernetes and the driver remove the finalizers.
      const words = { CLAIM: 'db-0', NAMESPACE: 'default', VOLUME: 'pvc-1' };
      const [deleted] = await Promise.all([run(guide.next(heading).text, words), released(cluster)]);
      expectOk(deleted);
      const planned = await type(heading);
      expect(planned.stdout).toContain('Would be lost: no volume');
      expect(planned.stdout).not.toContain('DENIED');

      const commands = planned.stdout.replaceAll(' --context=test', '');
      for (let each = 0; each < 2; each += 1) {
        const { text } = guide.next(heading);
        for (const line of text.split('\n')) expect(commands).toContain(`${line}\n`);
        const result = await run(text);
        expectOk(result);
      }
      for (const each of all(pool())) await cluster.expectNotStored(...refOf(each));
      await type(heading);
      const [gone] = await Promise.all([run(guide.next(heading).text), finalized(installed().plane.api)]);
      expectOk(gone);
      expect((await run('iomesh-guard audit --context CONTEXT')).stdout).not.toContain('error[');
    },
    LONG,
  );

  it('runs every block of the guide', () => {
    expect(guide.left.map(({ heading, text }) => `${heading}: ${text.split('\n')[0]}`)).toEqual([]);
  });
});

const [VOLUME, CLAIM] = volumeInUse('iomesh-cluster-1');

/** The rights of a user who may not list volumes, claims and nodes. */
const RIGHTS = [
  ['iomesh.com', 'iomeshclusters'],
  ['zookeeper.pravega.io', 'zookeeperclusters'],
  ['storage.k8s.io', 'storageclasses'],
  ['', 'configmaps'],
  ['', 'namespaces'],
].map(([group, resource]) => ({ apiGroups: [group!], resources: [resource!], verbs: ['get', 'list'] }));

/** Ends the deletion of the claim, then deletes its volume. */
async function released(cluster: Cluster): Promise<void> {
  const patch = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
  for (let each = 0; each < 100; each += 1) {
    const claim = await cluster.kubectl([
      'get',
      'pvc',
      'db-0',
      '-o',
      'jsonpath={.metadata.deletionTimestamp}',
    ]);
    if (claim.code !== 0 || claim.stdout !== '') break;
    await sleep(200);
  }
  await cluster.kubectl(['patch', 'pvc', 'db-0', ...patch]);
  await cluster.kubectl(['delete', 'pv', 'pvc-1', '--wait=false']);
  await cluster.kubectl(['patch', 'pv', 'pvc-1', ...patch]);
}

/** Ends the deletion of the namespace of the pool. */
async function finalized(api: {
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Manifest }>;
}): Promise<void> {
  const path = '/api/v1/namespaces/iomesh-cluster-1';
  for (let each = 0; each < 100; each += 1) {
    const { status, body } = await api.call('GET', path);
    if (status === 404) return;
    if (body['metadata']['deletionTimestamp'] !== undefined)
      await api.call('PUT', `${path}/finalize`, { ...body, spec: { finalizers: [] } });
    await sleep(200);
  }
}
