import type { Logger } from 'pino';
import type { WebhookPaths } from '../admission/webhook-paths.ts';
import type { Api } from '../cluster/api.ts';
import type { WebhookConfiguration, WebhookConfigurationRef } from '../cluster/webhook-configuration.ts';
import { readBundles, updateClientConfigs, withBundles } from './bundles.ts';
import type { MountedCertificate } from './mounted.ts';
import { Maintenance } from './maintenance.ts';
import { PathKeeper } from './path-keeper.ts';
import { ReplicaSecret } from './secret.ts';

export interface StoredPathsOptions {
  readonly api: Api;
  readonly logger: Logger;
  readonly namespace: string;
  readonly secret: string;
  readonly configurations: readonly WebhookConfigurationRef[];
  /** Its CAs are added to the caBundles; undefined if another program sets these. */
  readonly certificate?: MountedCertificate | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic?: (() => number) | undefined;
  /** See {@link Maintenance}. */
  readonly pollMs?: number | undefined;
  readonly retryMs?: number | undefined;
}

/** The secret path beside a mounted certificate. It is kept in a Secret of its own. */
export class StoredPaths implements WebhookPaths {
  readonly #options: StoredPathsOptions;
  readonly #secret: ReplicaSecret;
  readonly #keeper: PathKeeper;
  readonly #maintenance: Maintenance;
  #failure: string | undefined;

  private constructor(options: StoredPathsOptions) {
    const { api, logger, namespace, secret, monotonic = () => performance.now(), pollMs, retryMs } = options;
    this.#options = options;
    this.#secret = new ReplicaSecret(api, namespace, secret, 'paths');
    this.#keeper = new PathKeeper(logger, monotonic);
    this.#maintenance = new Maintenance({
      pass: (signal) => this.pass(signal),
      failed: (reason) => {
        if (reason !== this.#failure) logger.warn({ reason }, 'the secret path cannot be updated; retrying');
        this.#failure = reason;
      },
      isReady: () =>
        this.#keeper.problem === undefined &&
        this.#keeper.isRegistered &&
        options.certificate?.problem === undefined,
      pollMs,
      retryMs,
    });
  }

  /** Reads or creates the secret and starts the maintenance. A failure is logged and retried. */
  static async open(options: StoredPathsOptions): Promise<StoredPaths> {
    const paths = new StoredPaths(options);
    await paths.#maintenance.run();
    return paths;
  }

  get secrets(): readonly string[] {
    return this.#keeper.secrets;
  }

  get problem(): string | undefined {
    return this.#keeper.problem;
  }

  get fixed(): boolean {
    return this.#keeper.fixed;
  }

  expose(): void {
    this.#keeper.expose();
  }

  /** Sets the path and the caBundle again at once if another program removed them. */
  observe(configuration: WebhookConfiguration): void {
    const read = withBundles(configuration);
    const lacksBundle = this.#options.certificate?.setsBundle === true && read.bundles.includes('');
    if (!this.#keeper.answers(read) || lacksBundle) this.#maintenance.runNow();
  }

  close(): void {
    this.#maintenance.close();
  }

  /** Does the next step; see {@link Maintenance}. */
  async pass(signal: AbortSignal): Promise<boolean> {
    const { api, certificate } = this.#options;
    // As for self-managed certificates: the configurations are read before the Secret.
    const configurations = await Promise.all(
      this.#options.configurations.map((each) => readBundles(api, each, signal)),
    );
    const bundle = certificate?.review(configurations);
    let secret: string | undefined;
    try {
      const stored = await this.#secret.read(signal);
      if (!(await this.#keeper.update(configurations, this.#secret, stored, signal))) return false;
      secret = this.#keeper.wanted(stored);
    } catch (error) {
      // The Secret cannot be read or written. The certificate must be trusted nevertheless.
      await updateClientConfigs(api, configurations, { bundle, secret }, signal);
      throw error;
    }
    this.#failure = undefined;
    return updateClientConfigs(api, configurations, { bundle, secret }, signal);
  }
}
