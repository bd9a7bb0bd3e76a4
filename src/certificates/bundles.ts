import { asString, at } from '../core/base/json.ts';
import type { Api } from '../cluster/api.ts';
import {
  patchWebhookConfiguration,
  readWebhookConfiguration,
  type WebhookConfiguration,
  type WebhookConfigurationRef,
} from '../cluster/webhook-configuration.ts';
import { type AuthorityPem, readBundle } from './pem.ts';

/** A webhook configuration with what it trusts. */
export interface BundledConfiguration extends WebhookConfiguration {
  /** The caBundle of each of its webhooks, in PEM. */
  readonly bundles: readonly string[];
}

/** Reads a webhook configuration, which may not exist. */
export async function readBundles(
  api: Api,
  ref: WebhookConfigurationRef,
  signal: AbortSignal,
): Promise<BundledConfiguration> {
  const configuration = await readWebhookConfiguration(api, ref, signal);
  const bundles = configuration.webhooks.map((each) => {
    const text = asString(at(each, ['clientConfig', 'caBundle'])) ?? '';
    return Buffer.from(text, 'base64').toString('utf8');
  });
  return { ...configuration, bundles };
}

/** The CAs of iomesh-guard that every webhook of every existing configuration trusts. */
export function trustedByAll(configurations: readonly BundledConfiguration[]): readonly AuthorityPem[] {
  const bundles = configurations.flatMap((each) => each.bundles).map(readBundle);
  const [first = [], ...others] = bundles;
  return first.filter(({ id }) => others.every((bundle) => bundle.some((each) => each.id === id)));
}

/** The CAs of iomesh-guard that any webhook trusts. */
export function trustedByAny(configurations: readonly BundledConfiguration[]): readonly AuthorityPem[] {
  return configurations.flatMap((each) => each.bundles).flatMap(readBundle);
}

/**
 * Sets the caBundle of every webhook in a configuration. Returns false if the configuration was changed
 * since it was read.
 */
export async function writeBundle(
  api: Api,
  configuration: BundledConfiguration,
  bundle: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { object, bundles } = configuration;
  if (object === undefined || bundles.every((each) => each === bundle)) return true;
  const value = Buffer.from(bundle).toString('base64');
  const patch = bundles.map((_, index) => ({
    op: 'add' as const,
    path: `/webhooks/${index}/clientConfig/caBundle`,
    value,
  }));
  return await patchWebhookConfiguration(api, configuration, patch, signal);
}
