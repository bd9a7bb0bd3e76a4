import { isObject, own } from '../../core/base/json.ts';
import { type Api, statusOf } from '../api.ts';
import { readWebhookConfiguration } from '../webhook-configuration.ts';

export interface InstallationTraces {
  readonly namespace: string;
  /** The Secret that the replicas fill after their start; undefined if there is none. */
  readonly secret: string | undefined;
  readonly validatingConfiguration: string;
}

/**
 * True if no change can have been admitted through an earlier ledger: the replicas have not filled their Secret yet,
 * which they do after they have opened the ledger, or no apiserver calls the webhook. A missing ledger was then not lost.
 */
export async function isNewInstallation(
  api: Api,
  { namespace, secret, validatingConfiguration }: InstallationTraces,
  signal: AbortSignal,
): Promise<boolean> {
  if (secret !== undefined && (await isUnfilled(api, namespace, secret, signal))) return true;
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
