import { Agent, request } from 'node:https';
import type { KeyPair } from './pki.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an object of any kind, or text.
  readonly body: any;
  /** The Warning headers. */
  readonly warning: string | undefined;
}

export interface ApiOptions {
  readonly url: string;
  readonly ca: string;
  /** The user: a client certificate, or a token. */
  readonly user: KeyPair | { readonly token: string };
}

const LIMIT_MS = 60_000;

/** A client of the apiserver with keep-alive connections, for calls that are too frequent for kubectl. */
export class Api {
  readonly #options: ApiOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 100 });

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** Sends a request; rejects only without a response. `type` is the media type of the body, which a PATCH needs. */
  call(method: string, path: string, body?: object, type = 'application/json'): Promise<Answer> {
    const { url, ca, user } = this.#options;
    return new Promise((resolve, reject) => {
      const call = request(
        `${url}${path}`,
        {
          method,
          ca,
          ...('token' in user ? {} : user),
          agent: this.#agent,
          headers: {
            accept: 'application/json',
            ...('token' in user && { authorization: `Bearer ${user.token}` }),
            ...(body && { 'content-type': type }),
          },
          signal: AbortSignal.timeout(LIMIT_MS),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.once('error', reject);
          response.once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: response.headers['content-type']?.includes('json') ? JSON.parse(text) : text,
              warning: response.headers['warning'],
            }),
          );
        },
      );
      call.once('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
