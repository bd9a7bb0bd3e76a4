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
 * Starts a watch with the library's Watch and returns a function that stops it. `done` is called once, but
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
  // The default of 30 s is too short: bookmarks arrive once a minute.
  // https://github.com/kubernetes-client/javascript/blob/main/src/watch.ts (requestTimeoutMs)
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
      // The library rejects if it cannot load the credentials, and does not call `done`.
      finish,
    );
  return () => {
    over = true;
    controller?.abort();
  };
}

/** Sets the Accept header; the library sets none. */
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
