import { type KubeConfig, type RequestContext, Watch } from '@kubernetes/client-node';
import { isObject, type Json } from '../../core/base/json.ts';
import { apiError, type Query, type WatchHandlers } from '../api.ts';

export interface WatchRequest {
  readonly path: string;
  readonly query: Query;
  readonly accept: string;
  readonly silenceMs: number;
}

/**
 * Starts a watch on the library's Watch, and gives a function that stops it. `done` is called once, but
 * not after stopping.
 */
export function startWatch(config: KubeConfig, request: WatchRequest, handlers: WatchHandlers): () => void {
  let controller: AbortController | undefined;
  let over = false;
  const finish = (error: unknown) => {
    if (over) return;
    over = true;
    handlers.done(error === null || error === undefined ? undefined : asError(error));
  };
  const watch = new Watch(accepting(config, request.accept));
  // The library gives up on a watch that is silent for 30 s, but bookmarks come once a minute.
  Object.assign(watch, { requestTimeoutMs: request.silenceMs });
  watch
    .watch(
      request.path,
      request.query,
      (type: string, object: Json) => {
        if (!over && typeof type === 'string' && isObject(object)) handlers.event(type, object);
      },
      finish,
    )
    .then(
      (started) => {
        controller = started;
        if (over) started.abort();
        else handlers.opened();
      },
      // Credentials that cannot be had are told by rejecting, not by `done`.
      finish,
    );
  return () => {
    over = true;
    controller?.abort();
  };
}

/** The library asks for whatever the server likes; this asks for one media type. */
function accepting(config: KubeConfig, accept: string): KubeConfig {
  return Object.create(config, {
    applySecurityAuthentication: {
      async value(context: RequestContext) {
        await config.applySecurityAuthentication(context);
        context.setHeaderParam('Accept', accept);
        context.setHeaderParam('User-Agent', 'iomesh-guard');
      },
    },
  }) as KubeConfig;
}

function asError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const status = 'statusCode' in error ? Number(error.statusCode) : Number.NaN;
  return Number.isInteger(status) ? apiError(error.message, status) : error;
}
