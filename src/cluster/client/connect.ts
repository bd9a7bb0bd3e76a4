/**
 * The one place that knows @kubernetes/client-node, which takes longer to load than `lint` takes to run:
 * built to a bundle of its own, and loaded only where a live cluster is asked for.
 */
import { STATUS_CODES } from 'node:http';
import { asString, at, isObject, type Json, type JsonObject } from '../../core/base/json.ts';
import { type Api, apiError, type Query, type RequestOptions } from '../api.ts';
import { CredentialsCache } from './credentials.ts';
import { type ConnectOptions, loadKubeconfig } from './kubeconfig.ts';
import { startWatch } from './watch.ts';

export type { ConnectOptions } from './kubeconfig.ts';

/** Pages are bounded by their number of objects, and an object by etcd at 1.5 MiB: more is no answer of an apiserver. */
const MAX_ANSWER = 1024 * 1024 * 1024;
const NO_ANSWER_MS = 30_000;

/**
 * Chooses the cluster that kubectl would, and gives a way to talk to it. Nothing is sent yet. Throws a
 * UsageError where the kubeconfig is missing or no good.
 */
export function connect(options: ConnectOptions): Api {
  const { config, cluster } = loadKubeconfig(options);
  const { server } = cluster;
  const base = new URL(server);
  const credentials = new CredentialsCache(config, server);
  const context = config.getCurrentContext();
  const namespace = config.getContextObject(context)?.namespace?.trim();

  async function request(method: string, path: string, asked: RequestOptions = {}): Promise<JsonObject> {
    const { headers, dispatcher } = await credentials.get();
    asked.signal?.throwIfAborted();
    const answer = await dispatcher.request({
      origin: base.origin,
      path: `${base.pathname.replace(/\/$/, '')}${path}${queryText(asked.query)}`,
      method: method as 'GET',
      headers: {
        ...headers,
        accept: asked.accept ?? 'application/json',
        'user-agent': 'iomesh-guard',
        ...(asked.body === undefined ? {} : { 'content-type': asked.contentType ?? 'application/json' }),
      },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
      headersTimeout: NO_ANSWER_MS,
      bodyTimeout: NO_ANSWER_MS,
    });
    const text = await bodyText(answer.body);
    if (answer.statusCode >= 200 && answer.statusCode < 300) return parsed(text);
    if (answer.statusCode === 401) credentials.forget();
    const said = answer.headers['retry-after'];
    throw apiError(
      statusMessage(text) ?? STATUS_CODES[answer.statusCode] ?? 'no reason given',
      answer.statusCode,
      typeof said === 'string' && /^\d{1,6}$/.test(said) ? Number(said) * 1000 : undefined,
    );
  }

  return {
    server,
    context: context === 'inClusterContext' ? 'in-cluster' : context,
    namespace: namespace || 'default',
    request,
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

async function bodyText(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > MAX_ANSWER) throw new Error('the answer is longer than 1 GiB');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new Error('the answer is no JSON; is this a Kubernetes apiserver?');
  }
  if (!isObject(value)) throw new Error('the answer is no JSON object; is this a Kubernetes apiserver?');
  return value;
}

/** The message of a `Status` object, which is how an apiserver says no. */
function statusMessage(text: string): string | undefined {
  try {
    return asString(at(JSON.parse(text) as Json, ['message']));
  } catch {
    return undefined;
  }
}
