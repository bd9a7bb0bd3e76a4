import type { Config } from '../core/base/config.ts';
import type { Resource } from '../core/base/model.ts';
import type { VersionEvidence } from '../core/base/version-evidence.ts';
import type { PassResult } from './evaluate-pass.ts';

/** `workerData` of the worker. */
export interface WorkerSetup {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly config: Config;
}

/** A message to the worker: objects that changed, or the request to evaluate all of them. */
export type WorkerRequest =
  | { readonly put: readonly Resource[]; readonly drop: readonly string[] }
  | { readonly evaluate: { readonly today: string; readonly definition: VersionEvidence | undefined } };

/** The answer to a request to evaluate. */
export type WorkerAnswer = { readonly evaluation: PassResult } | { readonly failure: string };
