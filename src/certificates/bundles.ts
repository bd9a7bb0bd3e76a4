import { asString, at, isArray, type Json, type JsonObject, own } from '../core/base/json.ts';
import { type Api, statusOf } from '../cluster/api.ts';
import { type KeptAuthority, readBundle } from './pem.ts';

export type ConfigurationKind = 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';

/** A webhook configuration that calls us. */
export interface ConfigurationName {
  readonly kind: ConfigurationKind;
  readonly name: string;
}

/** A webhook configuration as it was read. */
export interface Configuration extends ConfigurationName {
  /** Undefined where it is not there. */
  readonly object: JsonObject | undefined;
  /** Of each of its webhooks: what it trusts. */
  readonly bundles: readonly string[];
}

const PLURALS: Record<ConfigurationKind, string> = {
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
};

/** Reads a webhook configuration, there or not. */
export async function readConfiguration(
  api: Api,
  { kind, name }: ConfigurationName,
  signal: AbortSignal,
): Promise<Configuration> {
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

/** The authorities of ours that every webhook of every configuration trusts, of those that are there. */
export function trustedByAll(configurations: readonly Configuration[]): readonly KeptAuthority[] {
  const bundles = configurations.flatMap((each) => each.bundles).map(readBundle);
  const [first = [], ...others] = bundles;
  return first.filter(({ id }) => others.every((bundle) => bundle.some((each) => each.id === id)));
}

/** The authorities of ours that any of them trusts. */
export function trustedByAny(configurations: readonly Configuration[]): readonly KeptAuthority[] {
  return configurations.flatMap((each) => each.bundles).flatMap(readBundle);
}

/**
 * Makes every webhook of a configuration trust exactly this bundle. Gives false where the configuration
 * is no longer as it was read, true where it needed nothing or was changed.
 */
export async function writeBundle(
  api: Api,
  { kind, name, object, bundles }: Configuration,
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
    // 422: the version is another. 409, 404: changed or gone in the meantime.
    if ([404, 409, 422].includes(statusOf(error) ?? 0)) return false;
    throw error;
  }
}

function webhooksOf(object: JsonObject): readonly Json[] {
  const webhooks = own(object, 'webhooks');
  return isArray(webhooks) ? webhooks : [];
}

function path(kind: ConfigurationKind, name: string): string {
  return `/apis/admissionregistration.k8s.io/v1/${PLURALS[kind]}/${encodeURIComponent(name)}`;
}
