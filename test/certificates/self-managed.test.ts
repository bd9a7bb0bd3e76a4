/** Self-managed certificates, over years of simulated time. */
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../../src/core/world.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { startServer } from '../../src/webhook/server.ts';
import { fixed } from '../support/webhook.ts';
import { certificates, DAY, Installation, leafOf, MUTATING, NAME, SECRET, VALIDATING } from './support.ts';

const HOUR = 3_600_000;

const installations: Installation[] = [];
afterEach(() => {
  for (const each of installations.splice(0)) each.close();
});
function install(configured = true): Installation {
  const installation = new Installation(configured);
  installations.push(installation);
  return installation;
}

describe('a new installation', () => {
  it('gets one certificate from two replicas that start at the same time', async () => {
    const cluster = install();
    const [one, other] = await Promise.all([cluster.replica(), cluster.replica()]);
    await cluster.settle();
    expect([one.problem, other.problem]).toEqual([undefined, undefined]);
    expect(one.current.context.cert).toBe(other.current.context.cert);
    expect(cluster.distrust(one)).toBeUndefined();
    expect(cluster.bundles().map((each) => each.length)).toEqual([1, 1, 1]);
    expect(cluster.api.requests.filter((each) => each.startsWith('POST'))).not.toHaveLength(0);
  });

  it('waits some seconds for the webhook configurations, and is ready without them if they are not registered', async () => {
    const cluster = install(false);
    const replica = await cluster.replica();
    const missing = 'ValidatingWebhookConfiguration guard and MutatingWebhookConfiguration guard not found';
    expect([replica.problem, replica.paths.problem]).toEqual([missing, missing]);
    await cluster.pass(9_000);
    expect(replica.problem).toBe(missing);
    await cluster.pass(2_000);
    expect([replica.problem, replica.paths.problem]).toEqual([undefined, undefined]);
    cluster.configure();
    await cluster.settle();
    expect([replica.problem, replica.paths.problem]).toEqual([undefined, undefined]);
    expect(cluster.distrust(replica)).toBeUndefined();
  });

  it('is registered within about a second after it was ready without a registration', async () => {
    const cluster = install(false);
    const replica = await cluster.replica({ retryMs: 20, pollMs: 60_000 });
    cluster.now += 11_000;
    await expect.poll(() => replica.problem).toBeUndefined();
    cluster.configure();
    await expect.poll(() => cluster.distrust(replica)).toBeUndefined();
  });

  it('fills an empty Secret and keeps its labels', async () => {
    const cluster = install();
    cluster.setSecret({}, { labels: { app: 'x' } });
    expect((await cluster.replica()).problem).toBeUndefined();
    expect(cluster.api.objects.get(SECRET)).toMatchObject({ labels: { app: 'x' } });
  });

  it('creates certificates with the required properties', async () => {
    const cluster = install();
    const replica = await cluster.replica();
    const leaf = leafOf(replica);
    const [authority] = cluster.bundles()[0]!;
    expect(leaf.subjectAltName?.split(', ').map((each) => each.replace('DNS:', ''))).toEqual([
      'webhook',
      'webhook.guard',
      'webhook.guard.svc',
      'webhook.guard.svc.cluster.local',
    ]);
    expect([leaf.ca, authority?.ca]).toEqual([false, true]);
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    // 1.2.840.10045.4.3.2 is ecdsa-with-SHA256.
    expect(leaf.raw.includes(Buffer.from('06082a8648ce3d040302', 'hex'))).toBe(true);
    expect(Date.parse(leaf.validFrom)).toBe(cluster.now - 3_600_000);
    expect(cluster.bundles()[0]![0]!.subject).toMatch(
      /^CN=iomesh-guard CA 2026-06-01T00:00:00Z [0-9a-f]{8}$/,
    );
  });

  it('starts without an apiserver, reports the reason, and recovers', async () => {
    const cluster = install();
    cluster.api.meddle = () => {
      throw new Error('connect ECONNREFUSED 10.96.0.1:443');
    };
    const replica = await cluster.replica({ retryMs: 20 });
    expect(replica.problem).toBe('certificate maintenance failed: connect ECONNREFUSED 10.96.0.1:443');
    cluster.api.meddle = () => undefined;
    await expect.poll(() => replica.problem).toBeUndefined();
  });
});

it('serves a certificate that callers trust, and replaces it without an interruption', async () => {
  const cluster = install();
  // Real time: the TLS handshake checks the validity.
  cluster.now = Date.now();
  const certificate = await cluster.replica();
  const world = World.of({ resources: [], today: '2026-06-01' });
  const server = await startServer({
    config: world.config,
    host: '127.0.0.1',
    port: 0,
    healthPort: 0,
    certificate,
    source: fixed(world),
    metrics: new Metrics(),
    logger: pino({ level: 'silent' }),
    drainMs: 0,
  });
  const seen = () =>
    new Promise<string>((resolve, reject) => {
      const ca = cluster.bundles()[0]!.map((each) => each.toString());
      const socket = connect({ port: server.port, host: '127.0.0.1', ca, servername: NAME }, () => {
        resolve(socket.getPeerX509Certificate()!.fingerprint256);
        socket.end();
      });
      socket.on('error', reject);
    });
  try {
    const ready = await fetch(`http://127.0.0.1:${server.healthPort}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([200, 'ok\n']);
    expect(await seen()).toBe(leafOf(certificate).fingerprint256);
    const first = await seen();
    cluster.api.objects.delete(SECRET);
    await cluster.settle();
    // The old one is served until every apiserver had time to receive the new CA.
    expect(await seen()).toBe(first);
    cluster.now += 11_000;
    await cluster.settle();
    expect(await seen()).not.toBe(first);
    cluster.api.put(VALIDATING, { metadata: { name: 'guard' }, webhooks: [{ name: 'a', clientConfig: {} }] });
    cluster.api.meddle = (method) => {
      if (method === 'PATCH') throw new Error('forbidden');
    };
    await certificate.pass(new AbortController().signal).catch(() => undefined);
  } finally {
    await server.stop();
  }
});

describe('over the years', () => {
  it('renews the certificate after two thirds of its life in all replicas', async () => {
    const cluster = install();
    const [one, other] = [await cluster.replica(), await cluster.replica()];
    const first = leafOf(one).fingerprint256;
    await cluster.pass(59 * DAY);
    expect(leafOf(one).fingerprint256).toBe(first);
    await cluster.pass(2 * DAY, DAY);
    expect(leafOf(one).fingerprint256).not.toBe(first);
    expect(leafOf(other).fingerprint256).toBe(leafOf(one).fingerprint256);
    expect(cluster.bundles().map((each) => each.length)).toEqual([1, 1, 1]);
  });

  it('replaces the CA with both trusted, then removes the old one', async () => {
    const cluster = install();
    const replica = await cluster.replica();
    const [old] = cluster.bundles()[0]!;
    await cluster.pass(729 * DAY, 50 * DAY);
    await cluster.pass(2 * DAY, 30 * 60_000);
    // Prepared, promoted at least ten minutes later, with the old one still trusted.
    const both = cluster.bundles()[0]!;
    expect(both).toHaveLength(2);
    expect(new Set(both.map(({ subject }) => subject)).size).toBe(2);
    expect(leafOf(replica).verify(old!.publicKey)).toBe(false);
    expect(cluster.distrust(replica)).toBeUndefined();
    await cluster.pass(91 * DAY, 10 * DAY);
    expect(
      cluster
        .bundles()
        .flat()
        .map(({ fingerprint256 }) => fingerprint256),
    ).not.toContain(old!.fingerprint256);
    expect(replica.problem).toBeUndefined();
  });

  it('creates new certificates after all have expired', async () => {
    const cluster = install();
    await cluster.replica();
    cluster.now += 2000 * DAY;
    const replica = await cluster.replica();
    expect(replica.problem).toBeUndefined();
    expect(cluster.distrust(replica)).toBeUndefined();
  });

  it('is not ready with an expired certificate', async () => {
    const cluster = install();
    const replica = await cluster.replica();
    cluster.now += 91 * DAY;
    expect(replica.problem).toBe('the served certificate has expired');
    await cluster.settle();
    expect(replica.problem).toBeUndefined();
  });
});

describe('changes by other writers', () => {
  it('restores a removed caBundle', async () => {
    const cluster = install();
    const replica = await cluster.replica();
    cluster.configure();
    await cluster.settle();
    expect(cluster.distrust(replica)).toBeUndefined();
    await cluster.settle();
    expect(replica.problem).toBeUndefined();
  });

  it('keeps every other field of a webhook configuration', async () => {
    const cluster = install();
    await cluster.replica();
    expect(cluster.api.objects.get(MUTATING)).toMatchObject({
      webhooks: [{ name: 'b', clientConfig: { service: { name: 'webhook', namespace: 'guard' } } }],
    });
  });

  it('creates a deleted Secret again and keeps the served certificate trusted', async () => {
    const cluster = install();
    const replicas = [await cluster.replica(), await cluster.replica()];
    cluster.api.objects.delete(SECRET);
    await cluster.settle();
    for (const each of replicas)
      expect([each.problem, cluster.distrust(each)]).toEqual([undefined, undefined]);
    await cluster.pass(20_000);
    for (const each of replicas)
      expect([each.problem, cluster.distrust(each)]).toEqual([undefined, undefined]);
    expect(leafOf(replicas[0]!).fingerprint256).toBe(
      new X509Certificate(cluster.secret('tls.crt')).fingerprint256,
    );
  });

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  it.each<[string, (cluster: Installation) => void]>([
    ['invalid PEM', (cluster) => cluster.setSecret({ 'tls.crt': base64('x'), 'tls.key': base64('y') })],
    ['invalid base64', (cluster) => cluster.setSecret({ 'ca.crt': '\u0000', 'ca.key': '!' })],
    [
      'a key that does not match',
      (cluster) => {
        const data = (cluster.api.objects.get(SECRET) as { data: Record<string, string> }).data;
        cluster.setSecret({ ...data, 'tls.key': data['ca.key']! });
      },
    ],
    [
      'an invalid list of former CAs',
      (cluster) => {
        const data = (cluster.api.objects.get(SECRET) as { data: Record<string, string> }).data;
        cluster.setSecret({ ...data, 'ca-previous.json': base64('[{"cert":"__proto__","until":"x"}]') });
      },
    ],
    [
      'an incomplete next CA',
      (cluster) => {
        const data = (cluster.api.objects.get(SECRET) as { data: Record<string, string> }).data;
        cluster.setSecret({ ...data, 'ca-next.crt': data['ca.crt']! });
      },
    ],
  ])('replaces a Secret with %s', async (_what, meddle) => {
    const cluster = install();
    const replica = await cluster.replica();
    meddle(cluster);
    await cluster.settle();
    await cluster.pass(20_000);
    expect([replica.problem, cluster.distrust(replica)]).toEqual([undefined, undefined]);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a password', { password: base64('hunter2') }, {}],
    [
      'the type kubernetes.io/tls',
      { 'tls.crt': base64('x'), 'tls.key': base64('y') },
      { type: 'kubernetes.io/tls' },
    ],
  ])('never overwrites a Secret with %s, and reports it', async (_what, data, more) => {
    const cluster = install();
    cluster.setSecret(data, more);
    const before = structuredClone(cluster.api.objects.get(SECRET));
    const replica = await cluster.replica();
    expect(replica.problem).toMatch(
      /Secret guard\/certs was not created by iomesh-guard.*set --certificate-secret/,
    );
    expect(cluster.api.objects.get(SECRET)).toEqual(before);
  });

  it('renews a certificate for other names', async () => {
    const cluster = install();
    (await cluster.replica({ service: 'former' })).close();
    cluster.replicas.length = 0;
    const replica = await cluster.replica();
    expect(replica.problem).toBeUndefined();
    expect(cluster.distrust(replica)).toBeUndefined();
  });

  /** The reasons of logged warnings. */
  const warnings = (cluster: Installation) =>
    cluster.log.filter(({ level }) => level === 40).map(({ reason }) => reason);

  it('stays ready if one webhook configuration is missing, and logs it once', async () => {
    const cluster = install();
    const replica = await cluster.replica();
    cluster.log.length = 0;
    cluster.api.objects.delete(MUTATING);
    await cluster.settle();
    await cluster.settle();
    expect(replica.problem).toBeUndefined();
    expect(warnings(cluster)).toEqual(['MutatingWebhookConfiguration guard not found']);
    // Both are deleted in an emergency. A pod that starts then gets ready too.
    cluster.api.objects.delete(VALIDATING);
    await cluster.settle();
    expect([replica.problem, replica.paths.problem]).toEqual([undefined, undefined]);
    const started = await cluster.replica();
    await cluster.pass(11_000);
    expect([started.problem, started.paths.problem]).toEqual([undefined, undefined]);
    cluster.configure();
    await cluster.settle();
    expect([replica.problem, cluster.distrust(replica)]).toEqual([undefined, undefined]);
  });

  it.each<[string, RegExp, (cluster: Installation) => void]>([
    [
      'the Secret cannot be read',
      /secrets is forbidden/,
      (cluster) => {
        cluster.api.meddle = (_method, path) => {
          if (path.includes('/secrets')) throw new Error('secrets is forbidden');
        };
      },
    ],
    [
      'the Secret has a foreign key',
      /was not created by iomesh-guard/,
      (cluster) => {
        const { data } = cluster.api.objects.get(SECRET) as { data: Record<string, string> };
        cluster.setSecret({ ...data, note: base64('mine') });
      },
    ],
  ])('keeps serving a trusted certificate until it expires while %s', async (_what, reason, meddle) => {
    const cluster = install();
    const replica = await cluster.replica({ pollMs: 20, retryMs: 20 });
    cluster.log.length = 0;
    meddle(cluster);
    await expect.poll(() => warnings(cluster).join()).toMatch(reason);
    expect(replica.problem).toBeUndefined();
    expect(warnings(cluster)).toHaveLength(1);
    cluster.now += 91 * DAY;
    expect(replica.problem).toBe('the served certificate has expired');
  });

  it('does not serve a certificate that is not valid yet, from a replica whose clock is ahead', async () => {
    const cluster = install();
    const replica = await cluster.replica();
    await cluster.pass(59 * DAY);
    const ahead = await cluster.replica({ clock: () => cluster.now + 2 * HOUR });
    await cluster.pass(DAY - HOUR - 60_000);
    cluster.log.length = 0;
    const first = leafOf(replica).fingerprint256;
    for (let minute = 0; minute < 200; minute += 10) {
      cluster.now += 10 * 60_000;
      await cluster.settle();
      expect([replica.problem, cluster.distrust(replica)]).toEqual([undefined, undefined]);
      expect(ahead.problem).toBeUndefined();
    }
    expect(leafOf(replica).fingerprint256).not.toBe(first);
    expect(warnings(cluster)).toEqual([expect.stringContaining('is not valid yet')]);
  });

  it('replaces a caBundle with invalid certificates', async () => {
    const cluster = install();
    const invalid = base64(
      `-----BEGIN CERTIFICATE-----\n${'A'.repeat(500)}\n-----END CERTIFICATE-----\n`.repeat(500),
    );
    cluster.api.put(VALIDATING, {
      metadata: { name: 'guard' },
      webhooks: [{ clientConfig: { caBundle: invalid } }],
    });
    const replica = await cluster.replica();
    expect([replica.problem, cluster.distrust(replica)]).toEqual([undefined, undefined]);
    expect(certificates(cluster.secret('ca.crt'))).toHaveLength(1);
  });
});
