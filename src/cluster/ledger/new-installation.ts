import { asString, isObject, type Json, own } from '../../core/base/json.ts';
import { type Api, statusOf } from '../api.ts';
import { readWebhookConfiguration } from '../webhook-configuration.ts';

export interface InstallationTraces {
  readonly namespace: string;
  /** The Secrets that the replicas fill after they have opened the ledger. Another source of certificates fills only one. */
  readonly secrets: readonly string[];
  /** The replicas set its caBundles and paths after that. */
  readonly validatingConfiguration: string;
}

/**
 * True if no replica can have admitted a change yet, so that a missing ledger was not lost: none has filled a Secret,
 * and no webhook can call one.
 */
export async function isNewInstallation(
  api: Api,
  { namespace, secrets, validatingConfiguration }: InstallationTraces,
  signal: AbortSignal,
): Promise<boolean> {
  const ref = { kind: 'ValidatingWebhookConfiguration', name: validatingConfiguration } as const;
  try {
    const { webhooks } = await readWebhookConfiguration(api, ref, signal);
    if (!webhooks.every(isUnset)) return false;
    const unfilled = await Promise.all(secrets.map((each) => isUnfilled(api, namespace, each, signal)));
    return unfilled.every(Boolean);
  } catch (error) {
    // Without the permission it is unknown, for example for a pod whose source of certificates was replaced.
    if (statusOf(error) === 403) return false;
    throw error;
  }
}

/** True for a webhook of the manifests: without a caBundle and a path it calls no replica. */
function isUnset(webhook: Json): boolean {
  const clientConfig = own(webhook, 'clientConfig');
  const service = own(clientConfig, 'service');
  return isObject(service) && isEmpty(own(service, 'path')) && isEmpty(own(clientConfig, 'caBundle'));
}

function isEmpty(text: Json | undefined): boolean {
  return (asString(text) ?? '') === '';
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
