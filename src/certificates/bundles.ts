import { asString, at, isObject, type Json, own } from '../core/base/json.ts';
import type { Api } from '../cluster/api.ts';
import {
  patchWebhookConfiguration,
  readWebhookConfiguration,
  type WebhookConfiguration,
  type WebhookConfigurationKind,
  type WebhookConfigurationRef,
  type WebhookPatch,
} from '../cluster/webhook-configuration.ts';
import { isPathSecret } from './path-plan.ts';
import { type AuthorityPem, hasSameCertificates, readBundle } from './pem.ts';

/** A webhook configuration with what it trusts, and the secrets in its paths. */
export interface BundledConfiguration extends WebhookConfiguration {
  /** The caBundle of each of its webhooks, in PEM. */
  readonly bundles: readonly string[];
  /** The secret in the path of each of its webhooks that call a Service; {@link FIXED_PATH}; undefined for another path. */
  readonly secrets: readonly (string | undefined)[];
}

/** What the webhooks of a configuration need to call the replicas. */
export interface WebhookClientConfig {
  /** In PEM; undefined if it stays as it is. */
  readonly bundle: string | undefined;
  /** The secret in the path; undefined if the path stays as it is. */
  readonly secret: string | undefined;
}

/** Reads a webhook configuration, which may not exist. */
export async function readBundles(
  api: Api,
  ref: WebhookConfigurationRef,
  signal: AbortSignal,
): Promise<BundledConfiguration> {
  return withBundles(await readWebhookConfiguration(api, ref, signal));
}

/** A webhook configuration that was read, with what it trusts and the secrets in its paths. */
export function withBundles(configuration: WebhookConfiguration): BundledConfiguration {
  const prefix = PREFIXES[configuration.kind];
  const bundles = configuration.webhooks.map((each) => {
    const text = asString(at(each, ['clientConfig', 'caBundle'])) ?? '';
    return Buffer.from(text, 'base64').toString('utf8');
  });
  const secrets = configuration.webhooks.flatMap((each) => {
    if (!isObject(serviceOf(each))) return [];
    const path = asString(own(serviceOf(each), 'path')) ?? '';
    const secret = path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
    if (`${path}/` === prefix) return [FIXED_PATH];
    return [isPathSecret(secret) ? secret : undefined];
  });
  return { ...configuration, bundles, secrets };
}

/** In place of a secret: the path is `/validate` or `/mutate`, which is all that older versions answer. */
export const FIXED_PATH = '';

const PREFIXES: Record<WebhookConfigurationKind, string> = {
  ValidatingWebhookConfiguration: '/validate/',
  MutatingWebhookConfiguration: '/mutate/',
};

function serviceOf(webhook: Json): Json | undefined {
  return at(webhook, ['clientConfig', 'service']);
}

/** The CAs of iomesh-guard that any webhook trusts. */
export function trustedByAny(configurations: readonly BundledConfiguration[]): readonly AuthorityPem[] {
  return configurations.flatMap((each) => each.bundles).flatMap(readBundle);
}

/** True if a webhook of a configuration has another caBundle or path. */
function isStale({ object, bundles, secrets }: BundledConfiguration, wanted: WebhookClientConfig): boolean {
  const { bundle, secret } = wanted;
  const trusts = bundle === undefined || bundles.every((each) => hasSameCertificates(each, bundle));
  const calls = secret === undefined || secrets.every((each) => each === secret);
  return object !== undefined && !(trusts && calls);
}

/**
 * Sets the caBundle and the path of every webhook in the configurations that have others. Returns true if none had;
 * also if one was changed since it was read, which the next pass looks at.
 */
export async function updateClientConfigs(
  api: Api,
  configurations: readonly BundledConfiguration[],
  wanted: WebhookClientConfig,
  signal: AbortSignal,
): Promise<boolean> {
  const stale = configurations.filter((each) => isStale(each, wanted));
  const written = await Promise.all(stale.map((each) => writeClientConfig(api, each, wanted, signal)));
  return stale.length === 0 || !written.every(Boolean);
}

/**
 * Sets the caBundle and the path of every webhook in a configuration, in one patch. Returns false if the
 * configuration was changed since it was read.
 */
async function writeClientConfig(
  api: Api,
  configuration: BundledConfiguration,
  { bundle, secret }: WebhookClientConfig,
  signal: AbortSignal,
): Promise<boolean> {
  const { kind, webhooks } = configuration;
  const value = bundle === undefined ? undefined : Buffer.from(bundle).toString('base64');
  const patch = webhooks.flatMap((webhook, index): WebhookPatch[] => {
    const clientConfig = `/webhooks/${index}/clientConfig`;
    const path = secret === FIXED_PATH ? PREFIXES[kind].slice(0, -1) : `${PREFIXES[kind]}${secret}`;
    return [
      ...(value === undefined ? [] : [{ op: 'add' as const, path: `${clientConfig}/caBundle`, value }]),
      ...(secret !== undefined && isObject(serviceOf(webhook))
        ? [{ op: 'add' as const, path: `${clientConfig}/service/path`, value: path }]
        : []),
    ];
  });
  return await patchWebhookConfiguration(api, configuration, patch, signal);
}
