/**
 * The interface to an apiserver: JSON in, JSON out. A typed client would drop the unknown fields that rules
 * report.
 */
import type { Json, JsonObject } from '../core/base/json.ts';

/** Values of a query string; undefined values are omitted. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query | undefined;
  /** Media type of the response; default `application/json`. */
  readonly accept?: string | undefined;
  /** The request body, with `contentType` (default `application/json`). */
  readonly body?: Json | undefined;
  readonly contentType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A longer response is not read to its end: the request rejects with an error that {@link isTooLarge}. */
  readonly maxBytes?: number | undefined;
  /** Receives the size of the response in bytes. */
  readonly onSize?: ((bytes: number) => void) | undefined;
}

/** Receives the events of a watch. Handlers must not throw. */
export interface WatchHandlers {
  /** The server accepted the watch. */
  readonly opened: () => void;
  /** One event: its type, such as ADDED or BOOKMARK, and its object. */
  readonly event: (type: string, object: JsonObject) => void;
  /** Called once at the end of the watch; without an error if the server ended it. */
  readonly done: (error: Error | undefined) => void;
}

/** A connection to one apiserver as one user. */
export interface Api {
  /** Its URL, for messages. */
  readonly server: string;
  /** The kubeconfig's context, or `in-cluster`. */
  readonly context: string;
  /** The default namespace of the context, as in kubectl. */
  readonly namespace: string;
  /**
   * Sends a request and returns the JSON of the response. Rejects with an {@link ApiError} for an error
   * status, and with the system error if the server cannot be reached.
   */
  request(method: string, path: string, options?: RequestOptions): Promise<JsonObject>;
  /** The response to a GET request in bytes, in a buffer of their own. Rejects as `request` does. */
  fetchBytes(path: string, options?: RequestOptions): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Starts a watch. `silenceMs` without a byte ends it with an error. The returned function stops it
   * without calling `done`.
   */
  watch(path: string, query: Query, accept: string, silenceMs: number, handlers: WatchHandlers): () => void;
  /** Closes idle connections. */
  close(): Promise<void>;
}

/** What only requests objects needs of an {@link Api}. */
export type Requests = Pick<Api, 'request'>;

/** An error status of the apiserver, with its message. */
export interface ApiError extends Error {
  readonly name: 'ApiError';
  /** HTTP status code. */
  readonly status: number;
  /** The value of the Retry-After header. */
  readonly retryAfterMs: number | undefined;
  /** The name that the apiserver reports as not found; undefined if it does not serve the path at all. */
  readonly missing: string | undefined;
}

/** Creates an {@link ApiError}. */
export function apiError(
  message: string,
  status: number,
  { retryAfterMs, missing }: Partial<Pick<ApiError, 'retryAfterMs' | 'missing'>> = {},
): ApiError {
  const error = new Error(message);
  return Object.assign(error, { name: 'ApiError' as const, status, retryAfterMs, missing });
}

/** The HTTP status of an {@link ApiError}. Compares the name, because the client is in another bundle. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && error.name === 'ApiError' ? (error as ApiError).status : undefined;
}

/** Creates the error for a response that has more bytes than the request allows. */
export function responseTooLarge(maxBytes: number): Error {
  return Object.assign(new Error(`the response is larger than ${maxBytes / 2 ** 20} MiB`), {
    name: 'ResponseTooLarge',
  });
}

/** True for an error of {@link responseTooLarge}. Compares the name, as {@link statusOf} does. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResponseTooLarge';
}

/** True if an object does not exist, and false if the apiserver does not serve its kind. */
export function isMissingObject(error: unknown): boolean {
  return statusOf(error) === 404 && (error as ApiError).missing !== undefined;
}

/** The Retry-After time of an {@link ApiError}. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof Error && error.name === 'ApiError' ? (error as ApiError).retryAfterMs : undefined;
}

/** The message of an error, or of its cause in the network. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error.name === 'TimeoutError') return 'no answer in time';
  const inner = error instanceof AggregateError ? error.errors[0] : cause;
  if (inner instanceof Error && inner.message !== '') return inner.message;
  return error.message === '' ? error.name : error.message;
}
