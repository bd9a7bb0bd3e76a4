import type { WebhookConfiguration, WebhookConfigurationRef } from '../cluster/webhook-configuration.ts';
import type {
  CertificateEvents,
  CertificateSource,
  ServingCertificate,
} from '../admission/certificate-source.ts';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Api } from '../cluster/api.ts';
import {
  type BundledConfiguration,
  readBundles,
  trustedByAny,
  updateClientConfigs,
  withBundles,
} from './bundles.ts';
import { issueAuthority, issueLeaf } from './issue.ts';
import { Maintenance } from './maintenance.ts';
import { PathKeeper } from './path-keeper.ts';
import type { AuthorityPem, LeafPem } from './pem.ts';
import { applyStep, planCertificates, type CertificateState } from './plan.ts';
import { ReplicaSecret, type SecretState, type StoredCertificates } from './secret.ts';
import { CaBundleTrust } from './trust.ts';

export interface SelfManagedOptions {
  readonly api: Api;
  readonly logger: Logger;
  /** The namespace of the Secret and the Service. */
  readonly namespace: string;
  readonly secret: string;
  /** The Secret of the secret path; undefined if it is stored with the certificates. */
  readonly pathSecret?: string | undefined;
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
  readonly #pathSecret: ReplicaSecret | undefined;
  /** The secret path, which is stored and set together with the certificates. */
  readonly paths: PathKeeper;
  readonly #names: readonly string[];
  readonly #clock: () => number;
  readonly #monotonic: () => number;
  readonly #trust: CaBundleTrust;
  #serving: { leaf: LeafPem; authority: AuthorityPem } | undefined;
  #current: ServingCertificate;
  #problem: string | undefined = 'there is no certificate yet';
  /** The last logged problem or warning. */
  #reported: string | undefined = '';
  #events: CertificateEvents | undefined;
  readonly #maintenance: Maintenance;

  private constructor(options: SelfManagedOptions, provisional: ServingCertificate) {
    const { api, namespace, secret, pathSecret, service, clusterDomain } = options;
    this.#options = options;
    this.#secret = new ReplicaSecret(api, namespace, secret);
    this.#pathSecret =
      pathSecret === undefined ? undefined : new ReplicaSecret(api, namespace, pathSecret, 'paths');
    this.#names = [
      service,
      `${service}.${namespace}`,
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.${clusterDomain}`,
    ];
    this.#clock = options.clock ?? Date.now;
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#trust = new CaBundleTrust(this.#clock, this.#monotonic);
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
    // First, because replicas with another source of certificates use it too.
    const ownPaths = await this.#pathSecret?.read(signal);
    if (ownPaths !== undefined && !(await this.#updatePaths(configurations, ownPaths, signal))) return false;
    const serving = this.#serving;
    const stored = await this.#read(configurations, ownPaths, signal);
    const now = this.#clock();
    this.#trust.record(
      configurations,
      stored.certificates === undefined ? [] : [stored.certificates.leaf.issuer],
    );
    const state: CertificateState & { trusted: readonly AuthorityPem[] } = {
      now,
      certificates: stored.certificates,
      names: this.#names,
      trusted: [...trustedByAny(configurations), ...(serving === undefined ? [] : [serving.authority])],
      trustedFor: (id) => this.#trust.duration(id),
      isSettled: (id) => this.#trust.isSettled(id),
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
    if (ownPaths === undefined && !(await this.#updatePaths(configurations, stored, signal))) return false;
    const certificates = stored.certificates as StoredCertificates;
    this.#report(problem, warning);
    if (adopt) this.#adopt(certificates);
    const authorities = authoritiesOf(certificates);
    // CAs of iomesh-guard that are not in the bundle have no valid leaf.
    const known = [...authorities, ...trustedByAny(configurations)].map(({ id }) => id);
    const text = [...authorities.filter(({ id }) => bundle.includes(id)), ...this.#trust.others(known)]
      .map(({ cert }) => cert)
      .join('');
    const clientConfig = { bundle: text, secret: this.paths.wanted(ownPaths ?? stored) };
    return updateClientConfigs(api, configurations, clientConfig, signal);
  }

  #updatePaths(
    configurations: readonly BundledConfiguration[],
    stored: SecretState,
    signal: AbortSignal,
  ): Promise<boolean> {
    return this.paths.update(configurations, this.#pathSecret ?? this.#secret, stored, signal);
  }

  /** Reads the Secret. If that is not possible (any more), the CA of the served certificate stays trusted. */
  async #read(
    configurations: readonly BundledConfiguration[],
    ownPaths: SecretState | undefined,
    signal: AbortSignal,
  ): Promise<SecretState> {
    try {
      return await this.#secret.read(signal);
    } catch (error) {
      const serving = this.#serving;
      if (serving === undefined) throw error;
      const { authority } = serving;
      this.#trust.record(configurations, [authority.id]);
      const isTrusted = this.#trust.duration(authority.id) !== undefined;
      const all = [authority, ...this.#trust.others([authority.id])];
      await updateClientConfigs(
        this.#options.api,
        configurations,
        {
          bundle: isTrusted ? undefined : all.map(({ cert }) => cert).join(''),
          secret: ownPaths && this.paths.wanted(ownPaths),
        },
        signal,
      );
      const isRegistered = configurations.some(({ object }) => object !== undefined);
      this.#problem = isRegistered ? this.#trust.problem(authority.id) : undefined;
      throw error;
    }
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
