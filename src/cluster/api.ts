/**
 * What this project asks of an apiserver: raw JSON in and out. Typed clients drop fields they do not
 * know, and an unknown field is just what a rule may have to report.
 */
import type { Json, JsonObject } from '../core/base/json.ts';

/** Values of a query string; an undefined one is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query | undefined;
  /** Media type of the answer; default `application/json`. */
  readonly accept?: string | undefined;
  /** What is sent, with `contentType` (default `application/json`). */
  readonly body?: Json | undefined;
  readonly contentType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a watch tells. Handlers must not throw. */
export interface WatchHandlers {
  /** The server has accepted it. */
  readonly opened: () => void;
  /** One event: its type, such as ADDED or BOOKMARK, and its object. */
  readonly event: (type: string, object: JsonObject) => void;
  /** Called once, when the watch is over: without an error where the server ended it. */
  readonly done: (error: Error | undefined) => void;
}

/** A connection to one apiserver as one user. */
export interface Api {
  /** Its URL, for messages. */
  readonly server: string;
  /** The kubeconfig's context, or `in-cluster`. */
  readonly context: string;
  /** Where a namespaced object goes that names no namespace, as kubectl has it. */
  readonly namespace: string;
  /**
   * One request; gives the answer's JSON. Rejects with an {@link ApiError} where the server says no, and
   * with the system's error where it cannot be reached.
   */
  request(method: string, path: string, options?: RequestOptions): Promise<JsonObject>;
  /** Starts a watch; `silenceMs` without a byte ends it with an error. The function it gives stops it: `done` is then not called. */
  watch(path: string, query: Query, accept: string, silenceMs: number, handlers: WatchHandlers): () => void;
  /** Closes idle connections. */
  close(): Promise<void>;
}

/** The apiserver's refusal, in its own words. */
export interface ApiError extends Error {
  readonly name: 'ApiError';
  /** HTTP status code. */
  readonly status: number;
  /** What Retry-After asks for. */
  readonly retryAfterMs: number | undefined;
}

/** Makes an {@link ApiError}. */
export function apiError(message: string, status: number, retryAfterMs?: number): ApiError {
  const error = new Error(message);
  return Object.assign(error, { name: 'ApiError' as const, status, retryAfterMs });
}

/** The HTTP status of an error, if it is an apiserver's. By name: the client may lie in a bundle of its own. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && error.name === 'ApiError' ? (error as ApiError).status : undefined;
}

/** How long an error asks to wait. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof Error && error.name === 'ApiError' ? (error as ApiError).retryAfterMs : undefined;
}

/** An error in plain words, with the cause that the network gives. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error.name === 'TimeoutError') return 'no answer in time';
  const inner = error instanceof AggregateError ? error.errors[0] : cause;
  if (inner instanceof Error && inner.message !== '') return inner.message;
  return error.message === '' ? error.name : error.message;
}
