import type { WebhookConfiguration, WebhookConfigurationRef } from '../cluster/webhook-configuration.ts';
import type {
  CertificateEvents,
  CertificateSource,
  ServingCertificate,
} from '../admission/certificate-source.ts';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Api } from '../cluster/api.ts';
import { readBundles, trustedByAll, trustedByAny, updateClientConfigs, withBundles } from './bundles.ts';
import { issueAuthority, issueLeaf } from './issue.ts';
import { Maintenance } from './maintenance.ts';
import { PathKeeper } from './path-keeper.ts';
import type { AuthorityPem, LeafPem } from './pem.ts';
import { applyStep, planCertificates, type CertificateState } from './plan.ts';
import { ReplicaSecret, type StoredCertificates } from './secret.ts';
import { SeenSince } from './since.ts';

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
  /** See {@link Maintenance}. */
  readonly pollMs?: number | undefined;
  readonly retryMs?: number | undefined;
}

/**
 * Certificates that the replicas create, store in a Secret, put into the caBundle of the webhook
 * configurations, and renew. See docs/decisions/0004-self-managed-certificates.md.
 */
export class SelfManagedCertificates implements CertificateSource {
  readonly #options: SelfManagedOptions;
  readonly #secret: ReplicaSecret;
  /** The secret path, which is stored and set together with the certificates. */
  readonly paths: PathKeeper;
  readonly #names: readonly string[];
  readonly #clock: () => number;
  readonly #monotonic: () => number;
  readonly #trust = new SeenSince();
  #serving: { leaf: LeafPem; authority: AuthorityPem } | undefined;
  #current: ServingCertificate;
  #problem: string | undefined = 'there is no certificate yet';
  /** The last logged problem or warning. */
  #reported: string | undefined = '';
  #events: CertificateEvents | undefined;
  readonly #maintenance: Maintenance;

  private constructor(options: SelfManagedOptions, provisional: ServingCertificate) {
    const { api, namespace, secret, service, clusterDomain } = options;
    this.#options = options;
    this.#secret = new ReplicaSecret(api, namespace, secret);
    this.#names = [
      service,
      `${service}.${namespace}`,
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.${clusterDomain}`,
    ];
    this.#clock = options.clock ?? Date.now;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#current = provisional;
    this.paths = new PathKeeper(options.logger, this.#monotonic);
    this.#maintenance = new Maintenance({
      pass: (signal) => this.pass(signal),
      failed: (reason) => this.#failed(`certificate maintenance failed: ${reason}`),
      isReady: () =>
        this.#problem === undefined && this.paths.problem === undefined && this.paths.isRegistered,
      pollMs: options.pollMs,
      retryMs: options.retryMs,
    });
  }

  /**
   * Reads or creates the certificates and starts the maintenance. If that fails, the server has a
   * certificate that no caller trusts, {@link problem} has the reason, and the maintenance is retried.
   */
  static async open(options: SelfManagedOptions): Promise<SelfManagedCertificates> {
    const now = (options.clock ?? Date.now)();
    const leaf = await issueLeaf(await issueAuthority(now), [options.service], now);
    const source = new SelfManagedCertificates(options, toServing(leaf, options.clientCa));
    await source.#maintenance.run();
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

  /** Sets the path and the caBundle again at once if another program removed them. */
  observe(configuration: WebhookConfiguration): void {
    const read = withBundles(configuration);
    if (!this.paths.answers(read) || read.bundles.includes('')) this.#maintenance.runNow();
  }

  close(): void {
    this.#maintenance.close();
  }

  #failed(reason: string): void {
    // A certificate that was trusted is served until it expires.
    if (this.#serving !== undefined && this.#problem === undefined) this.#report(undefined, reason);
    else this.#report(reason);
  }

  /** Does the next step; see {@link Maintenance}. */
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
      awaitsRegistration: this.paths.awaitsRegistration(configurations),
      serving: serving?.leaf,
    };
    const { step, bundle, adopt, problem, warning } = planCertificates(state);
    if (step !== undefined) {
      const next = await applyStep(step, stored.certificates, state, {
        authority: issueAuthority,
        leaf: issueLeaf,
      });
      if (await this.#secret.write(stored, { certificates: next }, signal))
        this.#options.logger.info(
          { step, notAfter: new Date(next.leaf.notAfter).toISOString() },
          'certificates changed',
        );
      return false;
    }
    if (!(await this.paths.update(configurations, this.#secret, stored, signal))) return false;
    const certificates = stored.certificates as StoredCertificates;
    this.#report(problem, warning);
    if (adopt) this.#adopt(certificates);
    const text = authoritiesOf(certificates)
      .filter(({ id }) => bundle.includes(id))
      .map(({ cert }) => cert)
      .join('');
    const clientConfig = { bundle: text, secret: this.paths.wanted(stored) ?? '' };
    return updateClientConfigs(api, configurations, clientConfig, signal);
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
      ca: clientCa === undefined ? undefined : readFileSync(clientCa),
    },
    notAfter: new Date(leaf.notAfter),
  };
}
