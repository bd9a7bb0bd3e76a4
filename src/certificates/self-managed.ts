import type { WebhookConfigurationRef } from '../cluster/webhook-configuration.ts';
import type {
  CertificateEvents,
  CertificateSource,
  ServingCertificate,
} from '../admission/certificate-source.ts';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Api, reasonOf } from '../cluster/api.ts';
import { readBundles, trustedByAll, trustedByAny, writeBundle } from './bundles.ts';
import { issueAuthority, issueLeaf } from './issue.ts';
import type { AuthorityPem, LeafPem } from './pem.ts';
import { applyStep, planCertificates, type CertificateState } from './plan.ts';
import { CertificateSecret, type StoredCertificates } from './secret.ts';

export interface SelfManagedOptions {
  readonly api: Api;
  readonly logger: Logger;
  /** The namespace of the Secret and the Service. */
  readonly namespace: string;
  readonly secret: string;
  readonly service: string;
  /** The DNS suffix of the Service. */
  readonly clusterDomain: string;
  readonly configurations: readonly WebhookConfigurationRef[];
  /** The CA bundle for client certificates; undefined if callers need none. */
  readonly clientCa?: string | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic?: (() => number) | undefined;
  /** The interval of maintenance in milliseconds, and the interval while there is a problem. */
  readonly pollMs?: number | undefined;
  readonly retryMs?: number | undefined;
}

const POLL_MS = 30_000;
const RETRY_MS = 1_000;
const REQUEST_MS = 10_000;
/** Each pass does one step; other replicas can cause more passes. */
const MAX_PASSES = 10;

/**
 * Certificates that the replicas create, store in a Secret, put into the caBundle of the webhook
 * configurations, and renew. See docs/decisions/0004-self-managed-certificates.md.
 */
export class SelfManagedCertificates implements CertificateSource {
  readonly #options: SelfManagedOptions;
  readonly #secret: CertificateSecret;
  readonly #names: readonly string[];
  readonly #clock: () => number;
  readonly #monotonic: () => number;
  readonly #trust = new TrustedSince();
  #serving: { leaf: LeafPem; authority: AuthorityPem } | undefined;
  #current: ServingCertificate;
  #problem: string | undefined = 'there is no certificate yet';
  /** The last logged problem or warning. */
  #reported: string | undefined = '';
  #events: CertificateEvents | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: SelfManagedOptions, provisional: ServingCertificate) {
    const { api, namespace, secret, service, clusterDomain } = options;
    this.#options = options;
    this.#secret = new CertificateSecret(api, namespace, secret);
    this.#names = [
      service,
      `${service}.${namespace}`,
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.${clusterDomain}`,
    ];
    this.#clock = options.clock ?? Date.now;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#current = provisional;
  }

  /**
   * Reads or creates the certificates and starts the maintenance. If that fails, the server has a
   * certificate that no caller trusts, {@link problem} has the reason, and the maintenance is retried.
   */
  static async open(options: SelfManagedOptions): Promise<SelfManagedCertificates> {
    const now = (options.clock ?? Date.now)();
    const leaf = await issueLeaf(await issueAuthority(now), [options.service], now);
    const source = new SelfManagedCertificates(options, toServing(leaf, options.clientCa));
    await source.#maintain();
    return source;
  }

  get current(): ServingCertificate {
    return this.#current;
  }

  get mutual(): boolean {
    return this.#options.clientCa !== undefined;
  }

  get problem(): string | undefined {
    const expired = this.#serving !== undefined && this.#serving.leaf.notAfter <= this.#clock();
    return expired ? 'the served certificate has expired' : this.#problem;
  }

  onChange(events: CertificateEvents): void {
    this.#events = events;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #maintain(): Promise<void> {
    const signal = AbortSignal.timeout(REQUEST_MS);
    try {
      let settled = false;
      for (let pass = 0; pass < MAX_PASSES && !settled; pass += 1) settled = await this.pass(signal);
    } catch (error) {
      const reason = `certificate maintenance failed: ${reasonOf(error)}`;
      // A certificate that was trusted is served until it expires.
      if (this.#serving !== undefined && this.#problem === undefined) this.#report(undefined, reason);
      else this.#report(reason);
    }
    if (this.#closed) return;
    const { pollMs = POLL_MS, retryMs = RETRY_MS } = this.#options;
    const wait = (this.#problem === undefined ? pollMs : retryMs) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.#maintain(), wait).unref();
  }

  /** Does the next step. Returns true if nothing is left to do, false if it must be called again at once. */
  async pass(signal: AbortSignal): Promise<boolean> {
    const { api, configurations: wanted } = this.#options;
    // The order matters: a caBundle is written only if its configuration was not changed since before the
    // Secret was read. So a slow replica cannot remove a CA that another replica added.
    const configurations = await Promise.all(wanted.map((each) => readBundles(api, each, signal)));
    const stored = await this.#secret.read(signal);
    const now = this.#clock();
    this.#trust.record(
      trustedByAll(configurations).map(({ id }) => id),
      this.#monotonic(),
    );
    const serving = this.#serving;
    const state: CertificateState & { trusted: readonly AuthorityPem[] } = {
      now,
      certificates: stored.certificates,
      names: this.#names,
      trusted: [...trustedByAny(configurations), ...(serving === undefined ? [] : [serving.authority])],
      trustedFor: (id) => this.#trust.duration(id, this.#monotonic()),
      missing: configurations.flatMap(({ kind, name, object }) =>
        object === undefined ? [`${kind} ${name}`] : [],
      ),
      registered: configurations.some(({ object }) => object !== undefined),
      serving: serving?.leaf,
    };
    const { step, bundle, adopt, problem, warning } = planCertificates(state);
    if (step !== undefined) {
      const next = await applyStep(step, stored.certificates, state, {
        authority: issueAuthority,
        leaf: issueLeaf,
      });
      if (await this.#secret.write(stored, next, signal))
        this.#options.logger.info(
          { step, notAfter: new Date(next.leaf.notAfter).toISOString() },
          'certificates changed',
        );
      return false;
    }
    const certificates = stored.certificates as StoredCertificates;
    this.#report(problem, warning);
    if (adopt) this.#adopt(certificates);
    const text = authoritiesOf(certificates)
      .filter(({ id }) => bundle.includes(id))
      .map(({ cert }) => cert)
      .join('');
    const stale = configurations.filter(
      ({ object, bundles }) => object !== undefined && bundles.some((each) => each !== text),
    );
    const written = await Promise.all(stale.map((each) => writeBundle(api, each, text, signal)));
    return stale.length === 0 || !written.every(Boolean);
  }

  #adopt({ leaf, current }: StoredCertificates): void {
    this.#serving = { leaf, authority: current };
    this.#current = toServing(leaf, this.#options.clientCa);
    this.#events?.changed(this.#current);
  }

  /** Logs a problem or warning once, not in each interval. */
  #report(problem: string | undefined, warning?: string): void {
    this.#problem = problem;
    const reported = problem ?? warning;
    if (reported === this.#reported) return;
    this.#reported = reported;
    const { logger } = this.#options;
    if (problem !== undefined) logger.warn({ reason: problem }, 'the certificate cannot be used');
    else if (warning !== undefined)
      logger.warn({ reason: warning }, 'the certificate is valid but needs attention');
    else logger.info('the certificate is trusted by the webhook configurations');
  }
}

function authoritiesOf({ current, next, previous }: StoredCertificates): AuthorityPem[] {
  return [
    current,
    ...(next === undefined ? [] : [next]),
    ...previous.map(({ authority }) => authority as AuthorityPem),
  ];
}

function toServing(leaf: LeafPem, clientCa: string | undefined): ServingCertificate {
  return {
    context: {
      cert: leaf.cert,
      key: leaf.key,
      minVersion: 'TLSv1.2',
      ca: clientCa === undefined ? undefined : readFileSync(clientCa),
    },
    notAfter: new Date(leaf.notAfter),
  };
}

/** How long each CA has been trusted without interruption. */
class TrustedSince {
  readonly #since = new Map<string, number>();

  /** Records all CAs that are trusted now, by a monotonic clock. */
  record(ids: readonly string[], now: number): void {
    for (const id of this.#since.keys()) if (!ids.includes(id)) this.#since.delete(id);
    for (const id of ids) if (!this.#since.has(id)) this.#since.set(id, now);
  }

  /** Milliseconds; undefined if the CA is not trusted. */
  duration(id: string, now: number): number | undefined {
    const since = this.#since.get(id);
    return since === undefined ? undefined : now - since;
  }
}
