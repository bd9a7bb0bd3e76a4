import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** What a request needs to be let in: headers, and a pool of connections with the right TLS options. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** Tokens and certificates on disk are looked at again after this time, as other Kubernetes clients do. */
const FRESH_MS = 60_000;

/**
 * The credentials of a kubeconfig's user, asked for anew once a minute: a ServiceAccount's token is
 * replaced on disk, an exec plug-in's runs out. In between, connections are kept.
 */
export class CredentialsCache {
  readonly #config: KubeConfig;
  readonly #server: string;
  #current: Promise<Credentials> | undefined;
  #until = 0;

  constructor(config: KubeConfig, server: string) {
    this.#config = config;
    this.#server = server;
  }

  get(): Promise<Credentials> {
    if (this.#current === undefined || Date.now() >= this.#until) {
      const before = this.#current;
      this.#current = this.#load();
      this.#until = Date.now() + FRESH_MS;
      this.#current.then(
        () => retire(before),
        () => this.forget(),
      );
    }
    return this.#current;
  }

  /** For when the server did not accept them. */
  forget(): void {
    this.#until = 0;
  }

  async close(): Promise<void> {
    await retire(this.#current);
    this.#current = undefined;
  }

  async #load(): Promise<Credentials> {
    const context = new RequestContext(this.#server, HttpMethod.GET);
    await this.#config.applySecurityAuthentication(context);
    const dispatcher = context.getDispatcher();
    if (dispatcher === undefined) throw new Error('no connection pool for this cluster');
    return { headers: context.getHeaders(), dispatcher };
  }
}

/** Requests under way on the old connections are finished; then they close. */
async function retire(credentials: Promise<Credentials> | undefined): Promise<void> {
  try {
    await (await credentials)?.dispatcher.close();
  } catch {
    // It never came to be, or is closed already.
  }
}
