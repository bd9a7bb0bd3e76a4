/**
 * Two replicas as `deploy/` installs them: certificates of their own making from nothing, the ledger between
 * them, and conflicting objects that arrive at the same moment.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, connect as dial, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DEPLOY, type Manifest, one, parse } from '../deploy/objects.ts';
import { all, management, pool } from './scenarios/objects.ts';
import { Cluster, expectDenied, expectOk } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { canListen } from './support/loopback.ts';
import { onKubernetes } from './support/suite.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const PAIRS = 20;

interface Replica {
  readonly child: ChildProcess;
  readonly log: string[];
  serving(): { port: number; healthPort: number } | undefined;
}

function replica(kubeconfig: string): Replica {
  const child = spawn(
    process.execPath,
    [
      ...[CLI, 'serve', '--kubeconfig', kubeconfig, '--namespace', 'iomesh-guard-system'],
      ...['--host', '127.0.0.1', '--port', '0', '--health-port', '0', '--drain', '0'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => log.push(line));
  return {
    child,
    log,
    serving() {
      const line = log.find((each) => each.includes('"msg":"serving"'));
      return line === undefined ? undefined : JSON.parse(line);
    },
  };
}

/** What a Service does: each connection goes to the next replica. */
function service(host: string, port: number, ports: () => readonly number[]): Promise<Server> {
  let turn = 0;
  const server = createServer((socket) => {
    const all = ports();
    const upstream = dial({ host: '127.0.0.1', port: all[turn++ % all.length] ?? 0 });
    socket.pipe(upstream).pipe(socket);
    const end = () => {
      socket.destroy();
      upstream.destroy();
    };
    for (const each of [socket, upstream]) each.on('error', end);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

onKubernetes('two replicas', (kubernetes) => {
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let front: Server | undefined;
  const replicas: Replica[] = [];

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    const built = await cluster.kubectl(['kustomize', join(DEPLOY, 'kustomize/base')]);
    expectOk(built);
    const objects: Manifest[] = parse(built.stdout);
    const clusterIP = plane.block.address(10);
    const port = (await canListen(clusterIP, 443)) ? 443 : 8443;
    const { spec } = one(objects, 'Service') as Manifest & { spec: Manifest };
    spec['clusterIP'] = clusterIP;
    (spec['ports'] as Manifest[])[0]!['port'] = port;
    for (const each of objects)
      for (const { clientConfig } of (each['webhooks'] as { clientConfig: { service: Manifest } }[]) ?? [])
        clientConfig.service['port'] = port;
    expectOk(await cluster.apply(objects));
    expectOk(
      await cluster.apply(
        ['iomesh-system', 'iomesh-cluster-1'].map((name) => ({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name },
        })),
      ),
    );
    const account = await cluster.as('iomesh-guard-system/iomesh-guard');
    replicas.push(replica(account.kubeconfig), replica(account.kubeconfig));
    const ready = async () => {
      for (const each of replicas) {
        const at = each.serving();
        expect(at, each.log.join('\n')).toBeDefined();
        const response = await fetch(`http://127.0.0.1:${at?.healthPort}/readyz`);
        expect(response.status, await response.text()).toBe(200);
      }
    };
    await vi.waitFor(ready, { timeout: 60_000, interval: 200 });
    front = await service(clusterIP, port, () => replicas.map((each) => each.serving()?.port ?? 0));
  });
  afterAll(async () => {
    for (const { child } of replicas) child.kill('SIGKILL');
    front?.close();
    await plane?.stop();
  });

  it('bring certificates that the apiserver trusts, out of nothing', async () => {
    const stored = await cluster.expectStored('validatingwebhookconfiguration', 'iomesh-guard');
    const [webhook] = stored['webhooks'] as { clientConfig: { caBundle?: string } }[];
    expect(Buffer.from(webhook?.clientConfig.caBundle ?? '', 'base64').toString()).toContain(
      'BEGIN CERTIFICATE',
    );
    // A configuration takes effect within moments.
    const wrong = pool().connection;
    wrong['data'].iscsiPortal = '10.0.0.1:3260';
    await vi.waitFor(
      async () => expectDenied(await cluster.apply(wrong), 'IOM202', ['10.0.0.1:3260']),
      20_000,
    );
    expectOk(await cluster.apply(all(management(), pool())));
  });

  it(`never let both of ${PAIRS} pairs of conflicting clusters in`, async () => {
    let both = 0;
    let one = 0;
    for (let pair = 0; pair < PAIRS; pair++) {
      const names = [`left-${pair}`, `right-${pair}`];
      expectOk(
        await cluster.apply(
          names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
        ),
      );
      const clusters = names.map((name) => {
        const text = JSON.stringify(pool().cluster)
          .replaceAll('iomesh-cluster-1', name)
          .replace(/k8s-worker-(\d)/g, `pair-${pair}-$1`);
        return JSON.parse(text) as Manifest;
      });
      const answers = await Promise.all(
        clusters.map((each, index) =>
          plane!.api.call(
            'POST',
            `/apis/iomesh.com/v1alpha1/namespaces/${names[index]}/iomeshclusters`,
            each,
          ),
        ),
      );
      const stored = answers.filter(({ status }) => status === 201).length;
      if (stored === 2) both += 1;
      if (stored === 1) one += 1;
      for (const { status, body } of answers)
        if (status !== 201) expect(JSON.stringify(body)).toMatch(/IOM101|cannot verify/);
    }
    expect(both).toBe(0);
    expect(one).toBeGreaterThan(PAIRS / 2);
  });
});
