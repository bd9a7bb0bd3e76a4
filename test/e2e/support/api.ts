import { Agent, request } from 'node:https';
import type { KeyPair } from './pki.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an object of any kind, or text.
  readonly body: any;
  /** What kubectl would show as warnings, as the header has them. */
  readonly warning: string | undefined;
}

export interface ApiOptions {
  readonly url: string;
  readonly ca: string;
  /** Who calls. */
  readonly user: KeyPair;
}

const LIMIT_MS = 60_000;

/** Calls of the apiserver over kept-alive connections: for what has to happen faster, or oftener, than kubectl can. */
export class Api {
  readonly #options: ApiOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 100 });

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** One call; rejects only where there is no answer. `type` is that of the body: a PATCH needs one of its own. */
  call(method: string, path: string, body?: object, type = 'application/json'): Promise<Answer> {
    const { url, ca, user } = this.#options;
    return new Promise((resolve, reject) => {
      const call = request(
        `${url}${path}`,
        {
          method,
          ca,
          ...user,
          agent: this.#agent,
          headers: { accept: 'application/json', ...(body && { 'content-type': type }) },
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
