import type {
  CertificateEvents,
  CertificateSource,
  ServingCertificate,
} from '../admission/certificate-source.ts';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { type Api, reasonOf } from '../cluster/api.ts';
import {
  type ConfigurationName,
  readConfiguration,
  trustedByAll,
  trustedByAny,
  writeBundle,
} from './bundles.ts';
import { issueAuthority, issueLeaf } from './issue.ts';
import type { KeptAuthority, KeptLeaf } from './pem.ts';
import { advance, plan, type Situation } from './plan.ts';
import { CertificateSecret, type Kept } from './secret.ts';
import { Trust } from './trust.ts';

export interface SelfManagedOptions {
  readonly api: Api;
  readonly logger: Logger;
  /** Where the Secret and the Service are. */
  readonly namespace: string;
  readonly secret: string;
  readonly service: string;
  /** For the Service's long name. */
  readonly clusterDomain: string;
  readonly configurations: readonly ConfigurationName[];
  /** A bundle that callers' certificates must come from; undefined: callers need none. */
  readonly clientCa?: string | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
  /** Milliseconds on a clock that nobody sets. */
  readonly monotonic?: (() => number) | undefined;
  /** How often everything is looked at, in milliseconds, and how soon again while something is wrong. */
  readonly pollMs?: number | undefined;
  readonly retryMs?: number | undefined;
}

const POLL_MS = 30_000;
const RETRY_MS = 1_000;
const REQUEST_MS = 10_000;
/** One step of the plan a pass, and other replicas in the way. */
const MAX_PASSES = 10;

/**
 * Certificates that the replicas make themselves: kept in a Secret, trusted through the webhook
 * configurations, renewed in time. See docs/decisions/0004-self-managed-certificates.md.
 */
export class SelfManagedCertificates implements CertificateSource {
  readonly #options: SelfManagedOptions;
  readonly #secret: CertificateSecret;
  readonly #names: readonly string[];
  readonly #clock: () => number;
  readonly #monotonic: () => number;
  readonly #trust = new Trust();
  #serving: { leaf: KeptLeaf; authority: KeptAuthority } | undefined;
  #current: ServingCertificate;
  #problem: string | undefined = 'there is no certificate yet';
  /** What was last told in the log: the problem, else a worry, else nothing. */
  #told: string | undefined = '';
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
   * Reads or makes the certificates, and from then on looks after them. Where that fails there is one
   * that nobody trusts, {@link problem} says why, and it is tried again.
   */
  static async open(options: SelfManagedOptions): Promise<SelfManagedCertificates> {
    const now = (options.clock ?? Date.now)();
    const leaf = await issueLeaf(await issueAuthority(now), [options.service], now);
    const source = new SelfManagedCertificates(options, toServing(leaf, options.clientCa));
    await source.#look();
    return source;
  }

  get current(): ServingCertificate {
    return this.#current;
  }

  get mutual(): boolean {
    return this.#options.clientCa !== undefined;
  }

  get problem(): string | undefined {
    const ended = this.#serving !== undefined && this.#serving.leaf.notAfter <= this.#clock();
    return ended ? 'the served certificate has ended' : this.#problem;
  }

  onChange(events: CertificateEvents): void {
    this.#events = events;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const signal = AbortSignal.timeout(REQUEST_MS);
    try {
      let settled = false;
      for (let pass = 0; pass < MAX_PASSES && !settled; pass += 1) settled = await this.pass(signal);
    } catch (error) {
      const reason = `the certificates cannot be looked after: ${reasonOf(error)}`;
      // What was trusted when it was last seen is served on for as long as it is valid.
      if (this.#serving !== undefined && this.#problem === undefined) this.#tell(undefined, reason);
      else this.#tell(reason);
    }
    if (this.#closed) return;
    const { pollMs = POLL_MS, retryMs = RETRY_MS } = this.#options;
    const wait = (this.#problem === undefined ? pollMs : retryMs) * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => void this.#look(), wait).unref();
  }

  /**
   * Does the next thing. Gives true where nothing is left to do now, and false where it should be called
   * again at once.
   */
  async pass(signal: AbortSignal): Promise<boolean> {
    const { api, configurations: wanted } = this.#options;
    // In this order: a bundle is written only if its configuration has not changed since before the
    // Secret was read, so a replica that was slow cannot take back what others have added.
    const configurations = await Promise.all(wanted.map((each) => readConfiguration(api, each, signal)));
    const state = await this.#secret.read(signal);
    const now = this.#clock();
    this.#trust.note(
      trustedByAll(configurations).map(({ id }) => id),
      this.#monotonic(),
    );
    const serving = this.#serving;
    const situation: Situation & { trusted: readonly KeptAuthority[] } = {
      now,
      certificates: state.certificates,
      names: this.#names,
      trusted: [...trustedByAny(configurations), ...(serving === undefined ? [] : [serving.authority])],
      trustedFor: (id) => this.#trust.since(id, this.#monotonic()),
      missing: configurations.flatMap(({ kind, name, object }) =>
        object === undefined ? [`${kind} ${name}`] : [],
      ),
      registered: configurations.some(({ object }) => object !== undefined),
      serving: serving?.leaf,
    };
    const { step, bundle, adopt, problem, worry } = plan(situation);
    if (step !== undefined) {
      const next = await advance(step, state.certificates, situation, {
        authority: issueAuthority,
        leaf: issueLeaf,
      });
      if (await this.#secret.write(state, next, signal))
        this.#options.logger.info(
          { step, notAfter: new Date(next.leaf.notAfter).toISOString() },
          'certificates changed',
        );
      return false;
    }
    const certificates = state.certificates as Kept;
    this.#tell(problem, worry);
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

  #adopt({ leaf, current }: Kept): void {
    this.#serving = { leaf, authority: current };
    this.#current = toServing(leaf, this.#options.clientCa);
    this.#events?.changed(this.#current);
  }

  /** Once, and not each second for as long as it lasts. */
  #tell(problem: string | undefined, worry?: string): void {
    this.#problem = problem;
    const told = problem ?? worry;
    if (told === this.#told) return;
    this.#told = told;
    const { logger } = this.#options;
    if (problem !== undefined) logger.warn({ reason: problem }, 'the certificate is not one to rely on');
    else if (worry !== undefined)
      logger.warn({ reason: worry }, 'the certificate is good, but not everything about it is');
    else logger.info('the certificate is trusted by the webhook configurations');
  }
}

function authoritiesOf({ current, next, previous }: Kept): KeptAuthority[] {
  return [
    current,
    ...(next === undefined ? [] : [next]),
    ...previous.map(({ authority }) => authority as KeptAuthority),
  ];
}

function toServing(leaf: KeptLeaf, clientCa: string | undefined): ServingCertificate {
  return {
    context: {
      cert: leaf.cert,
      key: leaf.key,
      minVersion: 'TLSv1.2',
      ...(clientCa === undefined ? {} : { ca: readFileSync(clientCa) }),
    },
    notAfter: new Date(leaf.notAfter),
  };
}
