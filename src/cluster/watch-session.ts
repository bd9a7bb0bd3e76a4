import { asString, at, type JsonObject, own } from '../core/base/json.ts';
import { type Api, apiError, statusOf } from './api.ts';
import { collectionPath, type LiveKind, readTypes } from './kinds.ts';
import { versionNumber } from './resource-version.ts';

/** How a watch ended, and the last version that it reached. */
export interface WatchEnd {
  readonly version: string;
  readonly reason: /** The server ended it after the timeout. */
    | 'closed'
    /** The server no longer has the version: the list must be read again. */
    | 'expired'
    /** No event and no bookmark arrived in time. */
    | 'silence'
    /** The connection broke, or the server is overloaded. */
    | 'broken'
    /** The server rejected the watch. */
    | 'refused'
    | 'stopped';
  readonly error?: Error | undefined;
}

export interface WatchOptions {
  readonly from: string;
  /** The server ends the watch after this time. */
  readonly timeoutSeconds: number;
  /** The watch is ended after this time without an event or a bookmark. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  readonly opened: () => void;
  readonly changed: (object: JsonObject) => void;
  readonly deleted: (object: JsonObject) => void;
  /** Called for every event and bookmark, after it was handled. */
  readonly alive: (version: string | undefined) => void;
}

/** Runs one watch from a version until it ends. Never rejects. */
export function watchSession(api: Api, kind: LiveKind, options: WatchOptions): Promise<WatchEnd> {
  const { timeoutSeconds, silenceMs, signal } = options;
  let version = options.from;
  return new Promise((resolve) => {
    let stop = () => {};
    let silence: NodeJS.Timeout | undefined;
    const end = (reason: WatchEnd['reason'], error?: Error) => {
      clearTimeout(silence);
      signal.removeEventListener('abort', stopped);
      stop();
      resolve(error === undefined ? { version, reason } : { version, reason, error });
    };
    const stopped = () => end('stopped');
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(
        () => end('silence', new Error(`no event or bookmark for ${silenceMs / 1000} s`)),
        silenceMs,
      );
    };
    const event = (type: string, object: JsonObject) => {
      if (type === 'ERROR') {
        const code = Number(own(object, 'code'));
        return failed(apiError(asString(own(object, 'message')) ?? 'the watch failed', code));
      }
      listen();
      const reached = asString(at(object, ['metadata', 'resourceVersion']));
      const isOlder = versionNumber(reached) < versionNumber(version);
      if (isOlder && type === 'BOOKMARK') return options.alive(undefined);
      // An old state must not replace a new one: list again.
      if (isOlder)
        return end('refused', new Error(`the watch went back from version ${version} to ${reached}`));
      if (type === 'ADDED' || type === 'MODIFIED') options.changed(object);
      else if (type === 'DELETED') options.deleted(object);
      if (reached !== undefined && reached !== '') version = reached;
      options.alive(reached);
    };
    const failed = (error: Error) => {
      const status = statusOf(error);
      if (status === 410) end('expired', error);
      else if (status === undefined || status === 429 || status === 503) end('broken', error);
      else end('refused', error);
    };
    if (signal.aborted) return resolve({ version, reason: 'stopped' });
    signal.addEventListener('abort', stopped, { once: true });
    listen();
    stop = api.watch(
      collectionPath(kind),
      { resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds },
      readTypes(kind).object,
      // A second safeguard in the client, which counts bytes in place of events.
      2 * silenceMs,
      {
        opened: options.opened,
        event,
        done: (error) => (error === undefined ? end('closed') : failed(error)),
      },
    );
  });
}
