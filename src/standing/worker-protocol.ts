import type { JsonObject } from '../core/base/json.ts';
import type { RequestOptions } from '../cluster/api.ts';
import type { VersionEvidence } from '../core/base/version-evidence.ts';
import type { PassResult } from './evaluate-pass.ts';

/**
 * A message to the worker: objects that changed, the request to evaluate all of them, or what it asked for. Objects are
 * sent as JSON: of a resource, whose reference and key repeat what the JSON has, a structured clone copies each text.
 */
export type WorkerRequest =
  | { readonly put: readonly JsonObject[]; readonly drop: readonly string[] }
  | { readonly evaluate: { readonly today: string; readonly definition: VersionEvidence | undefined } }
  | { readonly answered: ReadAnswer };

/** The answer to the request to evaluate. */
export type WorkerAnswer = { readonly evaluation: PassResult } | { readonly failure: string };

/** A message of the worker: an answer, or a request of its own. */
export type WorkerMessage = WorkerAnswer | { readonly read: ReadRequest };

/** A GET request that the main thread sends for the worker. */
export interface ReadRequest extends Pick<RequestOptions, 'query' | 'accept' | 'maxBytes'> {
  readonly id: number;
  readonly path: string;
}

/** Its response, or what is needed of the error: structured clones lose the properties of errors. */
export type ReadAnswer = { readonly id: number } & (
  | { readonly bytes: Uint8Array }
  | {
      readonly message: string;
      readonly status: number | undefined;
      readonly missing: string | undefined;
      readonly tooLarge: boolean;
    }
);
