/** A slow apiserver, large objects, and malformed reviews. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectDenied, expectOk } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { post, reviewOf } from './support/review-client.ts';
import { useInstallation } from './support/installation.ts';
import { all, management, on, placed, pool, refOf } from './support/objects.ts';
import { type SlowProxy, startProxy } from './support/proxy.ts';

/** The timeouts of both webhooks, plus the time of kubectl. */
const TWO_DEADLINES_MS = 2 * 5_000 + 3_000;
/** The limit of the Deployment's container. */
const MEMORY_MIB = 512;

onKubernetes('limits', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());

  describe('a slow apiserver', () => {
    let proxy: SlowProxy;
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

    it('leads to "cannot verify" before the timeout', async () => {
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

      // Many large reviews that wait at the same time.
      const { connection } = pool();
      connection['data'].notes = 'x'.repeat(6 * 1024 * 1024);
      const body = JSON.stringify(reviewOf(connection as never, 'configmaps'));
      const { webhook } = installed();
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => post(webhook, '/validate?timeout=5s', body)),
      );
      for (const { status, body: answer } of answers) {
        // A review for which there is no room is not parsed.
        const { message, response } = JSON.parse(answer);
        if (status === 200) expect(response).toMatchObject({ allowed: false, status: { code: 503 } });
        else expect(status, answer).toBe(503);
        expect(message ?? response.status.message).toContain('cannot verify');
      }
      console.log(
        `${answers.length} reviews of 6 MiB that wait: at most ${Math.round(peakMiB(webhook.pid))} MiB`,
      );
      expect(peakMiB(webhook.pid)).toBeLessThan(MEMORY_MIB);

      proxy.delay = 0;
      await expect
        .poll(async () => (await cluster.apply(overlapping)).stderr, { timeout: 60_000, interval: 200 })
        .toContain('IOM101');
      expectOk(await cluster.apply(all(pool())));
    }, 180_000);
  });

  describe('a large object', () => {
    it('of the maximum size is evaluated in time', async () => {
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

    it('of 6 MiB is answered within timeout and memory limit, also many at the same time', async () => {
      const { cluster, webhook } = installed();
      expectOk(await cluster.apply(all(management())));
      const object = pool().connection;
      object['data'].clusterId = 'its-own';
      object['data'].notes = 'x'.repeat(6 * 1024 * 1024);
      const body = JSON.stringify(reviewOf(object as never, 'configmaps'));
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => post(webhook, '/validate?timeout=5s', body)),
      );
      for (const { status, body: answer } of answers) {
        expect(status).toBe(200);
        const { response } = JSON.parse(answer);
        expect(response.allowed).toBe(false);
        expect(response.status.message).toContain('IOM201');
      }
      expect(peakMiB(webhook.pid)).toBeLessThan(MEMORY_MIB);
      // By the log of the webhook, without the time of the network.
      const spent = webhook.log.map((line) => Number(JSON.parse(line).ms ?? 0));
      expect(Math.max(...spent)).toBeLessThan(5_000);
    });

    it('beyond the body limit is rejected', async () => {
      const { webhook } = installed();
      const answer = await post(webhook, '/validate', ' '.repeat(9 * 1024 * 1024)).catch(
        (error: Error) => error,
      );
      // Either the response or the end of the connection arrives first.
      if (answer instanceof Error) expect(answer.message).toMatch(/ECONNRESET|EPIPE|socket hang up/);
      else expect(answer.status).toBe(413);
      expect((await post(webhook, '/validate', '{}')).status).toBe(400);
    });
  });

  describe('a malformed review', () => {
    const review = reviewOf(pool().connection as never, 'configmaps');
    it.each([
      ['invalid JSON', '{"apiVersion"', 400],
      ['an empty body', '', 400],
      ['another version', JSON.stringify({ ...review, apiVersion: 'admission.k8s.io/v1beta1' }), 400],
      ['without a uid', JSON.stringify({ ...review, request: { ...review.request, uid: undefined } }), 400],
      [
        'another kind',
        JSON.stringify(reviewOf({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }, 'secrets')),
        422,
      ],
    ])('gets an error with the reason: %s', async (_title, body, status) => {
      for (const path of ['/validate', '/mutate']) {
        const answers = await post(installed().webhook, path, body);
        expect(answers.status, answers.body).toBe(status);
        expect(JSON.parse(answers.body)).toMatchObject({ kind: 'Status', status: 'Failure', code: status });
        expect(JSON.parse(answers.body).message).not.toBe('');
      }
    });

    it.each([
      ['Fail', 1],
      ['Ignore', 0],
    ] as const)('of another kind is decided by failurePolicy %s', async (failurePolicy, code) => {
      const { cluster, objects } = installed();
      const ours = objects.find(({ kind }) => kind === 'ValidatingWebhookConfiguration')!;
      // Before 1.27 kubectl does not know the field.
      const { matchConditions: _, ...webhook } = ours['webhooks'][0];
      const rules = [
        { apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations: ['CREATE'] },
      ];
      const mistaken = {
        ...webhook,
        name: 'mistaken.example.com',
        rules,
        failurePolicy,
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
          const answers = await cluster.dryRun(secret);
          return (await asked()) > before ? answers : undefined;
        })
        .toBeDefined();
      const answers = await cluster.apply(secret);
      expect(answers.code, answers.stderr).toBe(code);
      if (code === 1) expect(answers.stderr).toContain('Secret');
      expectOk(await cluster.delete('validatingwebhookconfiguration', 'mistaken'));
    });
  });
});

/** The most memory that a process ever had resident. */
function peakMiB(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
