/** A slow apiserver, large objects, and bodies that are no review. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectDenied, expectOk } from '../support/cluster.ts';
import { onKubernetes } from '../support/suite.ts';
import { post, reviewOf } from './caller.ts';
import { useInstallation } from './installation.ts';
import { all, management, on, placed, pool, refOf } from './objects.ts';
import { type SlowWay, startProxy } from './proxy.ts';

/** Both webhooks in turn, with what kubectl needs besides. */
const TWO_DEADLINES_MS = 2 * 5_000 + 3_000;
/** The limit of the Deployment's container. */
const MEMORY_MIB = 512;

onKubernetes('strain', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  describe('27 a slow apiserver', () => {
    let proxy: SlowWay;
    beforeAll(async () => {
      proxy = await startProxy(await installed().cluster.as('iomesh-guard-system/iomesh-guard'));
      await installed().webhook.stop();
      await installed().serve(proxy.kubeconfig);
    });
    afterAll(async () => {
      await installed().webhook.stop();
      await proxy.stop();
      await installed().serve();
    });

    it('is waited for as long as there is time, then it is said that nothing can be', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management())));
      const overlapping = placed(pool(), {
        affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4'),
      }).cluster;
      proxy.delay = 500;
      expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);

      proxy.delay = 20_000;
      const started = performance.now();
      const refused = await cluster.apply(overlapping);
      expect(performance.now() - started).toBeLessThan(TWO_DEADLINES_MS);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('cannot verify');
      expect(refused.stderr).not.toMatch(/IOM\d{3}/);
      await cluster.expectNotStored(...refOf(overlapping));

      // Many large reviews that all wait for it at once.
      const { connection } = pool();
      connection['data'].notes = 'x'.repeat(6 * 1024 * 1024);
      const body = JSON.stringify(reviewOf(connection as never, 'configmaps'));
      const { webhook } = installed();
      const told = await Promise.all(
        Array.from({ length: 50 }, () => post(webhook, '/validate?timeout=5s', body)),
      );
      for (const { status, body: answer } of told) {
        expect(status, answer).toBe(503);
        expect(JSON.parse(answer).message).toContain('cannot verify');
      }
      console.log(
        `27: ${told.length} reviews of 6 MiB that wait: at most ${Math.round(peakMiB(webhook.pid))} MiB`,
      );
      expect(peakMiB(webhook.pid)).toBeLessThan(MEMORY_MIB);

      proxy.delay = 0;
      await expect
        .poll(async () => (await cluster.apply(overlapping)).stderr, { timeout: 60_000, interval: 200 })
        .toContain('IOM101');
      expectOk(await cluster.apply(all(pool())));
    }, 180_000);
  });

  describe('27 large objects', () => {
    it('as large as the apiserver takes are judged in time', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management(), pool())));
      const { connection } = pool();
      connection['data'].notes = 'x'.repeat(900_000);
      const input = JSON.stringify(connection);
      expectOk(await cluster.kubectl(['replace', '-f', '-'], input));
      connection['data'].clusterId = 'its-own';
      const refused = await cluster.kubectl(['replace', '-f', '-'], JSON.stringify(connection));
      expectDenied(refused, 'IOM201');
    });

    it('of 6 MiB, many at once, are answered within the deadline and the memory of the Deployment', async () => {
      const { cluster, webhook } = installed();
      expectOk(await cluster.apply(all(management())));
      const object = pool().connection;
      object['data'].clusterId = 'its-own';
      object['data'].notes = 'x'.repeat(6 * 1024 * 1024);
      const body = JSON.stringify(reviewOf(object as never, 'configmaps'));
      const told = await Promise.all(
        Array.from({ length: 8 }, () => post(webhook, '/validate?timeout=5s', body)),
      );
      for (const { status, body: answer } of told) {
        expect(status).toBe(200);
        const { response } = JSON.parse(answer);
        expect(response.allowed).toBe(false);
        expect(response.status.message).toContain('IOM201');
      }
      expect(peakMiB(webhook.pid)).toBeLessThan(MEMORY_MIB);
      // By its own account: what the network takes is not its doing.
      const spent = webhook.log.map((line) => Number(JSON.parse(line).ms ?? 0));
      expect(Math.max(...spent)).toBeLessThan(5_000);
    });

    it('beyond what is ever sent are refused', async () => {
      const { webhook } = installed();
      const told = await post(webhook, '/validate', ' '.repeat(9 * 1024 * 1024)).catch(
        (error: Error) => error,
      );
      // Whether the answer or the end of the connection comes first is up to the network.
      if (told instanceof Error) expect(told.message).toMatch(/ECONNRESET|EPIPE|socket hang up/);
      else expect(told.status).toBe(413);
      expect((await post(webhook, '/validate', '{}')).status).toBe(400);
    });
  });

  describe('27 what is no review of ours', () => {
    const review = reviewOf(pool().connection as never, 'configmaps');
    it.each([
      ['no JSON', '{"apiVersion"', 400],
      ['nothing', '', 400],
      ['another version', JSON.stringify({ ...review, apiVersion: 'admission.k8s.io/v1beta1' }), 400],
      ['without a uid', JSON.stringify({ ...review, request: { ...review.request, uid: undefined } }), 400],
      [
        'another kind',
        JSON.stringify(reviewOf({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }, 'secrets')),
        422,
      ],
    ])('%s: an error that says why', async (_title, body, status) => {
      for (const path of ['/validate', '/mutate']) {
        const told = await post(installed().webhook, path, body);
        expect(told.status, told.body).toBe(status);
        expect(JSON.parse(told.body)).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
        expect(JSON.parse(told.body).message).not.toBe('');
      }
    });

    it.each([
      ['Fail', 1],
      ['Ignore', 0],
    ] as const)(
      'a kind we do not judge, sent by mistake: failurePolicy %s decides',
      async (failurePolicy, code) => {
        const { cluster, objects } = installed();
        const ours = objects.find(({ kind }) => kind === 'ValidatingWebhookConfiguration')!;
        const [webhook] = ours['webhooks'];
        const rules = [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations: ['CREATE'] },
        ];
        const mistaken = {
          ...webhook,
          name: 'mistaken.example.com',
          rules,
          failurePolicy,
          matchConditions: [],
        };
        expectOk(await cluster.apply({ ...ours, metadata: { name: 'mistaken' }, webhooks: [mistaken] }));
        const secret = {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: `secret-${code}`, namespace: 'default' },
        };
        const asked = () => installed().metric('iomesh_guard_failures_total', { reason: 'request' });
        const before = await asked();
        await expect
          .poll(async () => {
            const told = await cluster.dryRun(secret);
            return (await asked()) > before ? told : undefined;
          })
          .toBeDefined();
        const told = await cluster.apply(secret);
        expect(told.code, told.stderr).toBe(code);
        if (code === 1) expect(told.stderr).toContain('Secret');
        expectOk(await cluster.delete('validatingwebhookconfiguration', 'mistaken'));
      },
    );
  });
});

/** The most memory that a process ever had resident. */
function peakMiB(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
