import { asString, at, isArray, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Api, statusOf } from '../cluster/api.ts';
import { type AuthorityPem, readBundle } from './pem.ts';

export type WebhookConfigurationKind = 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';

/** A webhook configuration of this installation. */
export interface WebhookConfigurationName {
  readonly kind: WebhookConfigurationKind;
  readonly name: string;
}

/** A webhook configuration in the cluster. */
export interface WebhookConfiguration extends WebhookConfigurationName {
  /** Undefined if it does not exist. */
  readonly object: JsonObject | undefined;
  /** The caBundle of each of its webhooks. */
  readonly bundles: readonly string[];
}

const PLURALS: Record<WebhookConfigurationKind, string> = {
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
};

/** Reads a webhook configuration, which may not exist. */
export async function readConfiguration(
  api: Api,
  { kind, name }: WebhookConfigurationName,
  signal: AbortSignal,
): Promise<WebhookConfiguration> {
  try {
    const object = await api.request('GET', path(kind, name), { signal });
    const bundles = webhooksOf(object).map((each) => {
      const text = asString(at(each, ['clientConfig', 'caBundle'])) ?? '';
      return Buffer.from(text, 'base64').toString('utf8');
    });
    return { kind, name, object, bundles };
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    return { kind, name, object: undefined, bundles: [] };
  }
}

/** The CAs of iomesh-guard that every webhook of every existing configuration trusts. */
export function trustedByAll(configurations: readonly WebhookConfiguration[]): readonly AuthorityPem[] {
  const bundles = configurations.flatMap((each) => each.bundles).map(readBundle);
  const [first = [], ...others] = bundles;
  return first.filter(({ id }) => others.every((bundle) => bundle.some((each) => each.id === id)));
}

/** The CAs of iomesh-guard that any webhook trusts. */
export function trustedByAny(configurations: readonly WebhookConfiguration[]): readonly AuthorityPem[] {
  return configurations.flatMap((each) => each.bundles).flatMap(readBundle);
}

/**
 * Sets the caBundle of every webhook in a configuration. Returns false if the configuration was changed
 * since it was read.
 */
export async function writeBundle(
  api: Api,
  { kind, name, object, bundles }: WebhookConfiguration,
  bundle: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (object === undefined || bundles.every((each) => each === bundle)) return true;
  const caBundle = Buffer.from(bundle).toString('base64');
  const version = asString(at(object, ['metadata', 'resourceVersion'])) ?? '';
  const body: Json = [
    { op: 'test', path: '/metadata/resourceVersion', value: version },
    ...bundles.map((_, index) => ({
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: caBundle,
    })),
  ];
  try {
    await api.request('PATCH', path(kind, name), {
      body,
      contentType: 'application/json-patch+json',
      signal,
    });
    return true;
  } catch (error) {
    // 422: another resourceVersion. 409, 404: changed or deleted in the meantime.
    if ([404, 409, 422].includes(statusOf(error) ?? 0)) return false;
    throw error;
  }
}

function webhooksOf(object: JsonObject): readonly Json[] {
  const webhooks = own(object, 'webhooks');
  return isArray(webhooks) ? webhooks : [];
}

function path(kind: WebhookConfigurationKind, name: string): string {
  return `/apis/admissionregistration.k8s.io/v1/${PLURALS[kind]}/${encodeURIComponent(name)}`;
}
