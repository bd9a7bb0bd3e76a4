import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** The authentication of requests: headers, and a connection pool with the TLS options. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** client-go rereads token files after the same time: https://github.com/kubernetes/client-go/blob/v0.37.2/transport/token_source.go. */
const FRESH_MS = 60_000;

/**
 * The credentials of a kubeconfig's user, reloaded once a minute: the token of a ServiceAccount is replaced
 * on disk, the token of an exec plugin expires. In between, connections are reused.
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

  /** Reloads the credentials for the next request, after the server rejected them. */
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

/** Closes the old connections after their running requests. */
async function retire(credentials: Promise<Credentials> | undefined): Promise<void> {
  try {
    await (await credentials)?.dispatcher.close();
  } catch {
    // It could not be loaded, or is already closed.
  }
}
