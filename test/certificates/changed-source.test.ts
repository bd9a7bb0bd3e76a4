/** Another source of certificates: pods with the old and pods with the new one answer calls at the same time. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { CertificateSource } from '../../src/admission/certificate-source.ts';
import type { WebhookPaths } from '../../src/admission/webhook-paths.ts';
import { MountedCertificate } from '../../src/certificates/mounted.ts';
import { StoredPaths } from '../../src/certificates/stored-paths.ts';
import { KEEP_OTHERS } from '../../src/certificates/trust.ts';
import { type Api, apiError } from '../../src/cluster/api.ts';
import type { WebhookConfiguration } from '../../src/cluster/webhook-configuration.ts';
import { asString, at, type Json, type JsonObject } from '../../src/core/base/json.ts';
import { Authority } from '../e2e/support/pki.ts';
import { runsOf } from '../support/runs.ts';
import { DAY, Installation, MUTATING, NAME, SECRET, settle, START, VALIDATING } from './support.ts';

const PATHS = '/api/v1/namespaces/guard/secrets/paths';
const HALF_MINUTE = 30_000;
/** Each replica does its maintenance at least so often. */
const INTERVAL = 48_000;

/** A replica of any source, as its Deployment starts it. */
interface Pod {
  readonly certificate: CertificateSource;
  readonly paths: WebhookPaths;
  readonly ready: boolean;
  /** Its permission to read the Secret of the self-managed certificates. */
  mayRead: boolean;
  pass(signal: AbortSignal): Promise<boolean>;
  observe(configuration: WebhookConfiguration): void;
  close(): void;
}

class Changing extends Installation {
  readonly pods: Pod[] = [];
  readonly #passed = new Map<Pod, number>();
  readonly #folders: string[] = [];

  constructor() {
    super();
    this.now = Date.now();
    this.api.put(PATHS, { metadata: { name: 'paths' }, type: 'Opaque' });
  }

  async selfManaged(): Promise<Pod> {
    const pod = this.#pod((api) => this.replica({ api, pathSecret: 'paths' }));
    const certificate = await pod.opened;
    return this.#started(pod, certificate, certificate.paths, certificate);
  }

  /** A folder as of a mounted Secret: `ca.crt` as cert-manager writes it. */
  async folder(authority: Authority, withCa = true): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-certificates-'));
    this.#folders.push(folder);
    await this.write(folder, authority, withCa);
    return folder;
  }

  async write(folder: string, authority: Authority, withCa = true): Promise<void> {
    const { cert, key } = await authority.issue({ name: 'guard', dnsNames: [NAME] });
    writeFileSync(join(folder, 'tls.crt'), cert);
    writeFileSync(join(folder, 'tls.key'), key);
    if (withCa) writeFileSync(join(folder, 'ca.crt'), authority.cert);
  }

  async mounted(folder: string, caBundle?: string): Promise<Pod> {
    const { logger, namespace, configurations, monotonic, clock, pollMs, retryMs } = this.options();
    const certificate = new MountedCertificate(
      { folder, clientCa: undefined, caBundle },
      { clock, monotonic, pollMs: 10 },
    );
    certificate.onChange({ changed: () => undefined, failed: () => undefined });
    const pod = this.#pod((api) =>
      StoredPaths.open({
        ...{ api, logger, namespace, configurations, monotonic, pollMs, retryMs },
        secret: 'paths',
        certificate,
      }),
    );
    const paths = await pod.opened;
    return this.#started(pod, certificate, paths, paths);
  }

  #pod<T>(open: (api: Api) => Promise<T>): { state: { mayRead: boolean }; opened: Promise<T> } {
    const state = { mayRead: true };
    const { api } = this;
    const guarded = new Proxy(api, {
      get(target, key) {
        if (key !== 'request') return Reflect.get(target, key) as unknown;
        return async (...call: Parameters<Api['request']>) => {
          if (!state.mayRead && call[1].startsWith(SECRET)) throw apiError('forbidden', 403);
          return await target.request(...call);
        };
      },
    });
    return { state, opened: open(guarded) };
  }

  #started(
    { state }: { state: { mayRead: boolean } },
    certificate: CertificateSource,
    paths: WebhookPaths,
    loop: Pick<Pod, 'pass' | 'observe' | 'close'>,
  ): Pod {
    const pod: Pod = {
      certificate,
      paths,
      get ready() {
        return (certificate.problem ?? paths.problem) === undefined;
      },
      get mayRead() {
        return state.mayRead;
      },
      set mayRead(value) {
        state.mayRead = value;
      },
      pass: (signal) => loop.pass(signal),
      observe: (configuration) => loop.observe(configuration),
      close() {
        loop.close();
        certificate.close();
      },
    };
    this.pods.push(pod);
    this.#passed.set(pod, this.now);
    return pod;
  }

  /** What another program writes into all webhooks of a configuration. */
  setClientConfig(key: string, fields: JsonObject): void {
    const { webhooks, ...rest } = structuredClone(this.api.objects.get(key)!);
    const changed = (webhooks as JsonObject[]).map((each) => ({
      ...each,
      clientConfig: { ...(each['clientConfig'] as JsonObject), ...fields },
    }));
    this.api.put(key, { ...rest, webhooks: changed });
  }

  validating(): WebhookConfiguration {
    const object = this.api.objects.get(VALIDATING)!;
    const webhooks = object['webhooks'] as Json[];
    return { kind: 'ValidatingWebhookConfiguration', name: 'guard', object, webhooks };
  }

  stop(pod: Pod): void {
    pod.close();
    this.pods.splice(this.pods.indexOf(pod), 1);
    this.replicas.splice(0);
  }

  /** The maintenance of all pods, as often as in production. */
  async elapse(milliseconds: number, step = HALF_MINUTE): Promise<void> {
    for (const until = this.now + milliseconds; this.now < until; this.now += step)
      for (const pod of this.pods) await settle(pod).catch(() => undefined);
  }

  /** One run of the maintenance of a pod, which can fail. */
  async run(pod: Pod): Promise<void> {
    this.#passed.set(pod, this.now);
    await pod.pass(new AbortController().signal).catch(() => undefined);
  }

  /** Lets time pass. No pod waits longer than in production. */
  async wait(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    for (const pod of this.pods) if (until - this.#passed.get(pod)! > INTERVAL) await this.run(pod);
    this.now = until;
  }

  async untilReady(pod: Pod): Promise<void> {
    for (let seconds = 0; !pod.ready; seconds += 1) {
      expect(seconds).toBeLessThan(60);
      await this.wait(1_000);
      await settle(pod);
      this.check();
    }
  }

  /** Why the apiserver cannot call a pod. */
  refuses(pod: Pod): string | undefined {
    const leaf = new X509Certificate(String(pod.certificate.current.context.cert));
    if (!this.bundles().every((bundle) => bundle.some((each) => leaf.verify(each.publicKey)))) return 'x509';
    return this.secrets().every((each) => pod.paths.secrets.includes(each)) ? undefined : 'not found';
  }

  secrets(): string[] {
    return [VALIDATING, MUTATING].flatMap((path) =>
      (this.api.objects.get(path)!['webhooks'] as Json[]).map(
        (each) => asString(at(each, ['clientConfig', 'service', 'path']))!.split('/')[2] ?? '',
      ),
    );
  }

  /** Each ready pod is called. */
  check(): void {
    for (const pod of this.pods) if (pod.ready) expect(this.refuses(pod)).toBeUndefined();
  }

  override close(): void {
    for (const pod of this.pods) pod.close();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
    super.close();
  }
}

const open: Installation[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});
function install(): Changing {
  const cluster = new Changing();
  open.push(cluster);
  return cluster;
}

describe('a pod with another source', () => {
  it('is ready when every apiserver trusts its CA, and the former CA stays trusted', async () => {
    const cluster = install();
    const former = await cluster.selfManaged();
    await settle(former);
    expect(former.ready).toBe(true);
    const folder = await cluster.folder(await Authority.make('another'));
    const pod = await cluster.mounted(folder);
    expect(pod.certificate.problem).toContain('moments ago');
    expect([cluster.refuses(former), cluster.refuses(pod)]).toEqual([undefined, undefined]);
    await cluster.untilReady(pod);
    // The role of the former source is gone.
    former.mayRead = false;
    await cluster.elapse(300_000);
    expect([former.ready, pod.ready]).toEqual([true, true]);
    cluster.check();
    expect(cluster.bundles().map((each) => each.length)).toEqual([2, 2, 2]);
    const again = await cluster.selfManaged();
    await cluster.untilReady(again);
    cluster.check();
  });

  it('does not change what another pod has written', async () => {
    const cluster = install();
    await cluster.selfManaged();
    await cluster.mounted(await cluster.folder(await Authority.make('another')));
    // Until the path has been replaced, and the former one retired.
    await cluster.elapse(1_200_000);
    const written = cluster.api.requests.filter((each) => !each.startsWith('GET')).length;
    await cluster.elapse(1_200_000);
    expect(cluster.api.requests.filter((each) => !each.startsWith('GET'))).toHaveLength(written);
  });

  it('removes the former CA a day later, unless a pod still needs it', async () => {
    const cluster = install();
    const former = await cluster.mounted(await cluster.folder(await Authority.make('one')));
    const pod = await cluster.mounted(await cluster.folder(await Authority.make('other')));
    await cluster.elapse(KEEP_OTHERS + DAY / 24, DAY / 48);
    cluster.check();
    cluster.stop(former);
    await cluster.elapse(KEEP_OTHERS + DAY / 24, DAY / 48);
    cluster.check();
    expect(cluster.bundles().map((each) => each.length)).toEqual([1, 1, 1]);
    expect(pod.ready).toBe(true);
  });

  it('makes a removed CA trusted again although its Secret cannot be read', async () => {
    const cluster = install();
    const pod = await cluster.selfManaged();
    pod.mayRead = false;
    cluster.setClientConfig(VALIDATING, { caBundle: '' });
    await settle(pod).catch(() => undefined);
    expect(cluster.refuses(pod)).toBeUndefined();
  });

  it('sets a removed caBundle again at the next read of a configuration', async () => {
    const cluster = install();
    const pod = await cluster.mounted(await cluster.folder(await Authority.make('one')));
    await cluster.untilReady(pod);
    const requests = cluster.api.requests.length;
    pod.observe(cluster.validating());
    expect(cluster.api.requests).toHaveLength(requests);
    cluster.setClientConfig(VALIDATING, { caBundle: '' });
    expect(cluster.refuses(pod)).toBe('x509');
    pod.observe(cluster.validating());
    await expect.poll(() => cluster.refuses(pod)).toBeUndefined();
  });

  it('keeps the path of an older version, and replaces it once', async () => {
    const cluster = install();
    for (const [key, path] of [
      [VALIDATING, '/validate'],
      [MUTATING, '/mutate'],
    ] as const)
      cluster.setClientConfig(key, { service: { name: 'webhook', namespace: 'guard', path } });
    const pods = [
      await cluster.selfManaged(),
      await cluster.mounted(await cluster.folder(await Authority.make('another'))),
    ];
    await cluster.elapse(9 * 60_000);
    expect(cluster.secrets()).toEqual(['', '', '']);
    expect(pods.map((each) => [each.ready, each.paths.fixed])).toEqual([
      [true, true],
      [true, true],
    ]);
    await cluster.elapse(3 * 60_000);
    expect(new Set(cluster.secrets()).size).toBe(1);
    expect(cluster.secrets()).not.toContain('');
    cluster.check();
    await cluster.elapse(6 * 60_000);
    expect(pods.map((each) => [each.ready, each.paths.fixed])).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('is not ready with a certificate that its CA bundle has not signed', async () => {
    const cluster = install();
    const folder = await cluster.folder(await Authority.make('one'), false);
    const caBundle = join(folder, 'bundle.crt');
    writeFileSync(caBundle, (await Authority.make('other')).cert);
    const pod = await cluster.mounted(folder, caBundle);
    await cluster.elapse(60_000);
    expect(pod.certificate.problem).toBe('no CA of the caBundle on disk has signed the served certificate');
  });
});

it('serves a certificate of a new CA when every apiserver trusts it', async () => {
  const cluster = install();
  const folder = await cluster.folder(await Authority.make('one'));
  const pod = await cluster.mounted(folder);
  const before = pod.certificate.current;
  await cluster.write(folder, await Authority.make('other'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(pod.certificate.current).toBe(before);
  expect(pod.ready).toBe(true);
  await cluster.elapse(60_000);
  expect(pod.certificate.current).not.toBe(before);
  cluster.check();
  expect(pod.ready).toBe(true);
});

it('two replicas with different cluster domains renew the certificate once', async () => {
  const cluster = new Installation();
  open.push(cluster);
  const steps = () => cluster.log.filter(({ msg }) => msg === 'certificates changed').map(({ step }) => step);
  await cluster.replica();
  await cluster.replica({ clusterDomain: 'example.org' });
  await cluster.pass(20 * 60_000, HALF_MINUTE);
  expect(steps()).toEqual(['create', 'renew']);
  const names = new X509Certificate(cluster.replicas[0]!.current.context.cert as string).subjectAltName;
  for (const domain of ['cluster.local', 'example.org'])
    expect(names).toContain(`webhook.guard.svc.${domain}`);
  for (const { problem } of cluster.replicas) expect(problem).toBeUndefined();
  expect(START + DAY).toBeGreaterThan(cluster.now);
});

it('every ready pod is called without an error while the source changes, in any order of passes', async () => {
  const runs = runsOf(30);
  let changes = 0;
  const authorities = await Promise.all(['a', 'b'].map((each) => Authority.make(each)));
  const step = fc.record({
    source: fc.constantFrom('self', 'a', 'b'),
    fails: fc.boolean(),
    order: fc.array(fc.record({ pod: fc.nat({ max: 3 }), elapses: fc.constantFrom(0, 500, 5_000, 30_000) }), {
      minLength: 5,
      maxLength: 30,
    }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (history) => {
      const cluster = new Changing();
      try {
        const start = async (source: string) =>
          source === 'self'
            ? await cluster.selfManaged()
            : await cluster.mounted(await cluster.folder(authorities[source === 'a' ? 0 : 1]!));
        let running = [await start('self'), await start('self')];
        for (const { source, fails, order } of history) {
          // The role of another source is removed at once.
          for (const pod of running) pod.mayRead = source === 'self';
          const next: Pod[] = [];
          for (const old of [...running]) {
            const pod = await start(source);
            next.push(pod);
            for (const { pod: index, elapses } of order) {
              await cluster.run(cluster.pods[index % cluster.pods.length]!);
              await cluster.wait(elapses);
              cluster.check();
            }
            // A rolling update stops a pod only when its successor is ready.
            if (!fails) await cluster.untilReady(pod);
            if (!fails) cluster.stop(old);
            changes += 1;
          }
          for (const pod of fails ? next : []) cluster.stop(pod);
          if (fails) for (const pod of running) pod.mayRead = true;
          else running = next;
          expect(running.every((each) => each.ready)).toBe(true);
        }
      } finally {
        cluster.close();
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
  console.info(`changed sources: ${runs} histories, ${changes} replaced pods`);
  expect(changes).toBeGreaterThan(runs);
}, 180_000);
