import { isObject, own } from '../../core/base/json.ts';
import { type Api, statusOf } from '../api.ts';
import { readWebhookConfiguration } from '../webhook-configuration.ts';

export interface InstallationTraces {
  readonly namespace: string;
  /** The Secrets that the replicas fill after their start. Another source of certificates fills only one of them. */
  readonly secrets: readonly string[];
  readonly validatingConfiguration: string;
}

/**
 * True if no change can have been admitted through an earlier ledger: the replicas have not filled their Secrets yet,
 * which they do after they have opened the ledger, or no apiserver calls the webhook. A missing ledger was then not lost.
 */
export async function isNewInstallation(
  api: Api,
  { namespace, secrets, validatingConfiguration }: InstallationTraces,
  signal: AbortSignal,
): Promise<boolean> {
  const unfilled = await Promise.all(secrets.map((each) => isUnfilled(api, namespace, each, signal)));
  if (unfilled.length > 0 && unfilled.every(Boolean)) return true;
  const ref = { kind: 'ValidatingWebhookConfiguration', name: validatingConfiguration } as const;
  return (await readWebhookConfiguration(api, ref, signal)).object === undefined;
}

async function isUnfilled(api: Api, namespace: string, name: string, signal: AbortSignal): Promise<boolean> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
  try {
    const data = own(await api.request('GET', path, { signal }), 'data');
    return !isObject(data) || Object.keys(data).length === 0;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    throw error;
  }
}
