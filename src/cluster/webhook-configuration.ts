import { asString, at, isArray, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Api, statusOf } from './api.ts';

export type WebhookConfigurationKind = 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';

/** A webhook configuration of this installation. */
export interface WebhookConfigurationRef {
  readonly kind: WebhookConfigurationKind;
  readonly name: string;
}

/** A webhook configuration in the cluster. */
export interface WebhookConfiguration extends WebhookConfigurationRef {
  /** Undefined if it does not exist. */
  readonly object: JsonObject | undefined;
  readonly webhooks: readonly Json[];
}

/** A field to set in a webhook configuration. */
export interface WebhookPatch {
  readonly op: 'add' | 'replace';
  /** A JSON pointer. */
  readonly path: string;
  readonly value: Json;
}

const PLURALS: Record<WebhookConfigurationKind, string> = {
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
};

/** Reads a webhook configuration, whether it exists or not. */
export async function readWebhookConfiguration(
  api: Api,
  ref: WebhookConfigurationRef,
  signal: AbortSignal,
): Promise<WebhookConfiguration> {
  try {
    const object = await api.request('GET', pathOf(ref), { signal });
    const webhooks = own(object, 'webhooks');
    return { ...ref, object, webhooks: isArray(webhooks) ? webhooks : [] };
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return { ...ref, object: undefined, webhooks: [] };
  }
}

/** Patches a webhook configuration. Returns false without a write if it was changed since it was read. */
export async function patchWebhookConfiguration(
  api: Api,
  { kind, name, object }: WebhookConfiguration,
  patch: readonly WebhookPatch[],
  signal: AbortSignal,
): Promise<boolean> {
  const version = asString(at(object, ['metadata', 'resourceVersion'])) ?? '';
  const body: Json = [
    { op: 'test', path: '/metadata/resourceVersion', value: version },
    ...patch.map(({ op, path, value }) => ({ op, path, value })),
  ];
  try {
    await api.request('PATCH', pathOf({ kind, name }), {
      body,
      contentType: 'application/json-patch+json',
      signal,
    });
    return true;
  } catch (error) {
    // 422: the test of the version failed. 409, 404: it changed or was deleted in the meantime.
    if ([404, 409, 422].includes(statusOf(error) ?? 0)) return false;
    throw error;
  }
}

/** True if a webhook has a rule for a resource. */
export function hasRuleFor(webhook: Json, resource: string): boolean {
  const rules = own(webhook, 'rules');
  return (
    isArray(rules) &&
    rules.some((rule) => {
      const resources = own(rule, 'resources');
      return isArray(resources) && (resources.includes(resource) || resources.includes('*'));
    })
  );
}

/** True if a webhook has matchConditions. */
export function hasConditions(webhook: Json): boolean {
  const conditions = own(webhook, 'matchConditions');
  return isArray(conditions) && conditions.length > 0;
}

function pathOf({ kind, name }: WebhookConfigurationRef): string {
  return `/apis/admissionregistration.k8s.io/v1/${PLURALS[kind]}/${encodeURIComponent(name)}`;
}
