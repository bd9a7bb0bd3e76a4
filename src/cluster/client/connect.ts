/**
 * The API client on @kubernetes/client-node. The library takes longer to load than a run of `lint`, so it
 * is built into a bundle of its own, which is loaded only for a live cluster.
 */
import { setMaxListeners } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { asString, at, type Json } from '../../core/base/json.ts';
import { type Api, apiError, type Query, type RequestOptions, responseTooLarge } from '../api.ts';
import { parseResponse, responseText } from '../response-body.ts';
import { CredentialsCache } from './credentials.ts';
import { type ConnectOptions, loadKubeconfig } from './kubeconfig.ts';
import { startWatch } from './watch.ts';

export type { ConnectOptions } from './kubeconfig.ts';

/** More than one object can have: etcd limits it to 1.5 MiB (https://etcd.io/docs/v3.6/dev-guide/limit/). */
const MAX_RESPONSE = 64 * 1024 * 1024;
const RESPONSE_TIMEOUT_MS = 30_000;

/**
 * An API client for the cluster that kubectl would choose, or for the given one. Sends nothing yet. Throws
 * a UsageError if the kubeconfig is missing or invalid.
 */
export function connect(connection: ConnectOptions): Api {
  const { config, cluster } = loadKubeconfig(connection);
  const { server } = cluster;
  const base = new URL(server);
  const credentials = new CredentialsCache(config, server);
  const context = config.getCurrentContext();
  const namespace = config.getContextObject(context)?.namespace?.trim();

  async function send(
    method: string,
    path: string,
    options: RequestOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { headers, dispatcher } = await credentials.get();
    const { signal } = options;
    signal?.throwIfAborted();
    // Requests of one read share a signal; Node prints a warning for more than ten.
    if (signal !== undefined) setMaxListeners(0, signal);
    const response = await dispatcher.request({
      origin: base.origin,
      path: `${base.pathname.replace(/\/$/, '')}${path}${queryText(options.query)}`,
      method: method as 'GET',
      headers: {
        ...headers,
        accept: options.accept ?? 'application/json',
        'user-agent': 'iomesh-guard',
        ...(options.body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(signal === undefined ? {} : { signal }),
      headersTimeout: RESPONSE_TIMEOUT_MS,
      bodyTimeout: RESPONSE_TIMEOUT_MS,
    });
    const body = await readBody(response.body, options);
    if (response.statusCode >= 200 && response.statusCode < 300) return body;
    if (response.statusCode === 401) credentials.forget();
    const retryAfter = response.headers['retry-after'];
    const { message, missing } = readStatus(responseText(body));
    throw apiError(message ?? STATUS_CODES[response.statusCode] ?? 'unknown error', response.statusCode, {
      retryAfterMs:
        typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter)
          ? Number(retryAfter) * 1000
          : undefined,
      missing,
    });
  }

  /** In a function of its own, so that the bytes are let go of before the text is parsed. */
  async function sendForText(method: string, path: string, options: RequestOptions): Promise<string> {
    return responseText(await send(method, path, options));
  }

  return {
    server,
    context: context === 'inClusterContext' ? 'in-cluster' : context,
    namespace: namespace || 'default',
    request: async (method, path, options = {}) => parseResponse(await sendForText(method, path, options)),
    fetchBytes: (path, options = {}) => send('GET', path, options),
    watch: (path, query, accept, silenceMs, handlers) =>
      startWatch(config, { path, query, accept, silenceMs }, handlers),
    close: () => credentials.close(),
  };
}

function queryText(query: Query = {}): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) pairs.set(key, String(value));
  return pairs.size === 0 ? '' : `?${pairs}`;
}

async function readBody(
  body: AsyncIterable<unknown>,
  { maxBytes = MAX_RESPONSE, onSize }: RequestOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Uint8Array).length;
    // Leaving the loop closes the connection.
    if (size > maxBytes) throw responseTooLarge(maxBytes);
    chunks.push(chunk as Uint8Array);
  }
  onSize?.(size);
  const bytes = new Uint8Array(size);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

/** The message and the object of a `Status`, the body of an error response. */
function readStatus(text: string): {
  readonly message?: string | undefined;
  readonly missing?: string | undefined;
} {
  try {
    const status = JSON.parse(text) as Json;
    return { message: asString(at(status, ['message'])), missing: asString(at(status, ['details', 'name'])) };
  } catch {
    return {};
  }
}
