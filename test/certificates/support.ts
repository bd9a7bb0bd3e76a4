import { X509Certificate } from 'node:crypto';
import { pino } from 'pino';
import { SelfManagedCertificates, type SelfManagedOptions } from '../../src/certificates/self-managed.ts';
import { asString, at, type Json, type JsonObject } from '../../src/core/base/json.ts';
import { ObjectStore } from '../support/object-store.ts';

export const SECRET = '/api/v1/namespaces/guard/secrets/certs';
export const VALIDATING = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/guard';
export const MUTATING = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/guard';
export const NAME = 'webhook.guard.svc';
export const START = Date.parse('2026-06-01T00:00:00Z');
export const DAY = 86_400_000;

/** An object store with our webhook configurations, and replicas that share its time. */
export class Installation {
  readonly api = new ObjectStore();
  now = START;
  readonly replicas: SelfManagedCertificates[] = [];
  readonly log: Record<string, unknown>[] = [];

  constructor(configured = true) {
    if (configured) this.configure();
  }

  configure(): void {
    const service = { name: 'webhook', namespace: 'guard' };
    const webhooks = ['a', 'b'].map((name) => ({ name, clientConfig: { service } }));
    this.api.put(VALIDATING, { metadata: { name: 'guard' }, webhooks });
    this.api.put(MUTATING, { metadata: { name: 'guard' }, webhooks: webhooks.slice(1) });
  }

  options(): SelfManagedOptions {
    return {
      api: this.api,
      logger: pino({}, { write: (line: string) => void this.log.push(JSON.parse(line)) }),
      namespace: 'guard',
      secret: 'certs',
      service: 'webhook',
      clusterDomain: 'cluster.local',
      configurations: [
        { kind: 'ValidatingWebhookConfiguration', name: 'guard' },
        { kind: 'MutatingWebhookConfiguration', name: 'guard' },
      ],
      clock: () => this.now,
      monotonic: () => this.now,
      // A test calls the maintenance itself.
      pollMs: 1_000_000,
      retryMs: 1_000_000,
    };
  }

  async replica(options: Partial<SelfManagedOptions> = {}): Promise<SelfManagedCertificates> {
    const replica = await SelfManagedCertificates.open({ ...this.options(), ...options });
    this.replicas.push(replica);
    return replica;
  }

  /** Runs the maintenance of every replica until nothing is left to do. */
  async settle(): Promise<void> {
    for (const replica of this.replicas) await settle(replica);
  }

  /** Lets time pass, with maintenance after each step. */
  async pass(milliseconds: number, step = milliseconds): Promise<void> {
    for (const until = this.now + milliseconds; this.now < until; ) {
      this.now = Math.min(until, this.now + step);
      await this.settle();
    }
  }

  /** The certificates in the caBundle of each webhook. */
  bundles(): X509Certificate[][] {
    return [VALIDATING, MUTATING].flatMap((path) =>
      ((this.api.objects.get(path)?.['webhooks'] ?? []) as Json[]).map((each) =>
        certificates(
          Buffer.from(asString(at(each, ['clientConfig', 'caBundle'])) ?? '', 'base64').toString(),
        ),
      ),
    );
  }

  secret(key: string): string {
    return Buffer.from(asString(at(this.api.objects.get(SECRET), ['data', key])) ?? '', 'base64').toString();
  }

  /** Why an apiserver would not trust the certificate of a replica. */
  distrust(replica: SelfManagedCertificates): string | undefined {
    const leaf = leafOf(replica);
    if (!valid(leaf, this.now)) return 'the leaf is not valid now';
    if (leaf.checkHost(NAME) === undefined) return 'the leaf has another name';
    for (const bundle of this.bundles())
      if (
        !bundle.some((each) => valid(each, this.now) && leaf.checkIssued(each) && leaf.verify(each.publicKey))
      )
        return 'a webhook does not trust its authority';
    return undefined;
  }

  setSecret(data: JsonObject, more: JsonObject = {}): void {
    this.api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'certs' }, data, ...more });
  }

  close(): void {
    for (const replica of this.replicas) replica.close();
  }
}

/** Runs the maintenance of a replica until nothing is left to do. */
export async function settle(replica: { pass(signal: AbortSignal): Promise<boolean> }): Promise<void> {
  const signal = new AbortController().signal;
  for (let pass = 0; pass < 10; pass += 1) if (await replica.pass(signal)) return;
  throw new Error('the maintenance of a replica does not end');
}

export function leafOf(replica: SelfManagedCertificates): X509Certificate {
  return new X509Certificate(replica.current.context.cert as string);
}

export function certificates(text: string): X509Certificate[] {
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (each) => new X509Certificate(each),
  );
}

function valid(certificate: X509Certificate, now: number): boolean {
  return Date.parse(certificate.validFrom) <= now && now < Date.parse(certificate.validTo);
}
