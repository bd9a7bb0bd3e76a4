import type { Logger } from 'pino';
import { asString, at, isArray, type Json } from '../core/base/json.ts';
import { type Api, reasonOf } from './api.ts';
import {
  hasConditions,
  hasRuleFor,
  patchWebhookConfiguration,
  readWebhookConfiguration,
  type WebhookConfiguration,
  type WebhookConfigurationRef,
  type WebhookPatch,
} from './webhook-configuration.ts';

/** The label that the apiserver sets on each Namespace, since 1.21. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

export interface WebhookScopeOptions {
  readonly api: Api;
  readonly logger: Logger;
  readonly configurations: readonly WebhookConfigurationRef[];
  /** The namespaces of IOMesh clusters and of their connection ConfigMaps; undefined while they are unknown. */
  readonly namespaces: () => ReadonlySet<string> | undefined;
  /** Called each time a configuration was read. */
  readonly onRead?: ((configuration: WebhookConfiguration) => void) | undefined;
  /** Called if a configuration lost its matchConditions. */
  readonly onDropped?: (() => void) | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic?: (() => number) | undefined;
  /** How often the namespaces are compared, and how often the configurations are read, in milliseconds. */
  readonly compareMs?: number | undefined;
  readonly readMs?: number | undefined;
}

const COMPARE_MS = 250;
/** Applying the manifests again resets the list. */
const READ_MS = 2_000;
const REQUEST_MS = 5_000;
/** A namespace leaves the list only after this time: the watches of replicas do not move in step. */
const KEEP_MS = 120_000;

/** The reason and the fix if the apiserver did not store matchConditions. */
export const DROPPED_CONDITIONS =
  'the apiserver does not store matchConditions (Kubernetes before 1.28): install the kustomize overlay kubernetes-1.23, or the chart with matchConditions: false';

/** What to change in one webhook configuration. */
export interface ScopePlan {
  readonly patch: readonly WebhookPatch[];
  /** The configuration was written with matchConditions, and the apiserver did not store them. */
  readonly dropped: boolean;
  /** A webhook for ConfigMaps has no matchConditions, so new namespaces must not wait. */
  readonly isLimited: boolean;
}

/**
 * What a configuration needs so that it sends only the wanted Namespaces, and only ConfigMaps in them.
 *
 * A matchCondition cannot know which namespaces have a cluster, so a webhook for Namespaces always has the
 * list. A webhook for ConfigMaps either has matchConditions, which the apiserver evaluates, or a namespaceSelector
 * with `In`, whose list is kept up to date here. One with neither would send every ConfigMap of the cluster,
 * and with failurePolicy Fail reject them all while no replica answers: that is limited at once.
 */
export function planScope(webhooks: readonly Json[], wanted: ReadonlySet<string>): ScopePlan {
  const patch: WebhookPatch[] = [];
  const unconditional = webhooks.filter((each) => hasRuleFor(each, 'configmaps') && !hasConditions(each));
  const dropped = unconditional.some((each) => selectorOf(each)?.operator !== 'In');
  const values = [...wanted].sort();
  for (const [index, webhook] of webhooks.entries()) {
    const at = `/webhooks/${index}`;
    const shared = hasRuleFor(webhook, 'configmaps') || hasRuleFor(webhook, 'storageclasses');
    if (dropped && shared && !hasConditions(webhook))
      patch.push({ op: 'add', path: `${at}/failurePolicy`, value: 'Ignore' });
    const isLimited = hasRuleFor(webhook, 'configmaps') && !hasConditions(webhook);
    if (!isLimited && !hasRuleFor(webhook, 'namespaces')) continue;
    const selector = selectorOf(webhook);
    if (selector?.operator !== 'In') {
      const expression = { key: NAME_LABEL, operator: 'In', values };
      patch.push({ op: 'add', path: `${at}/namespaceSelector`, value: { matchExpressions: [expression] } });
    } else if (selector.values.join('\0') !== values.join('\0')) {
      const path = `${at}/namespaceSelector/matchExpressions/${selector.index}/values`;
      patch.push({ op: 'replace', path, value: values });
    }
  }
  return { patch, dropped, isLimited: unconditional.length > 0 };
}

/**
 * Keeps the webhook for Namespaces limited to those of IOMesh clusters, and the webhooks for ConfigMaps too if
 * the apiserver has no matchConditions. Every replica does it; a write that conflicts with another one is
 * repeated.
 */
export class WebhookScope {
  readonly #options: WebhookScopeOptions;
  readonly #monotonic: () => number;
  /** When each namespace was last wanted. */
  readonly #lastWanted = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** False once both configurations were read, and the apiserver evaluates their matchConditions. */
  #limited = true;
  /** The namespaces that both configurations have, as {@link listOf} writes them. */
  #written = '';
  #readAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #problem: string | undefined;
  #failure: string | undefined;
  #closed = false;

  constructor(options: WebhookScopeOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? (() => performance.now());
  }

  /** Reads the configurations once, then periodically. A failure is logged and retried. */
  async start(): Promise<void> {
    await this.#update();
    this.#schedule();
  }

  /** Why no request should be served: the wrong manifests are installed. It stays until the process ends. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Adds a namespace now, before the first cluster in it is stored: the ConfigMap of the same `kubectl apply`
   * follows within milliseconds. Never rejects; a failure is retried later.
   */
  async include(namespace: string): Promise<void> {
    this.#lastWanted.set(namespace, this.#monotonic());
    if (this.#limited) await this.#update();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    const { compareMs = COMPARE_MS, readMs = READ_MS } = this.#options;
    this.#timer = setTimeout(async () => {
      const isDue = this.#monotonic() - this.#readAt >= readMs;
      const wanted = this.#wanted();
      const isStale = wanted !== undefined && listOf(wanted) !== this.#written;
      // After a failure, for instance without the permission, only the period counts.
      if (isDue || (isStale && this.#failure === undefined)) await this.#update();
      this.#schedule();
    }, compareMs).unref();
  }

  /** Runs once at a time; a call during a run waits for the next one. */
  async #update(): Promise<void> {
    const before = this.#running;
    const run = (async () => {
      await before;
      await this.#reconcile();
    })();
    this.#running = run;
    await run;
  }

  async #reconcile(): Promise<void> {
    const wanted = this.#wanted();
    if (wanted === undefined || this.#closed) return;
    const { api, logger, configurations, onRead, onDropped } = this.#options;
    const signal = AbortSignal.timeout(REQUEST_MS);
    try {
      let done = true;
      let limited = false;
      for (const ref of configurations) {
        const configuration = await readWebhookConfiguration(api, ref, signal);
        onRead?.(configuration);
        const { patch, dropped, isLimited } = planScope(configuration.webhooks, wanted);
        // One that does not exist yet may be limited: the manifests create the Deployment first.
        limited ||= isLimited || configuration.object === undefined;
        if (dropped && this.#problem === undefined) {
          this.#problem = DROPPED_CONDITIONS;
          onDropped?.();
          logger.error(
            { configuration: ref.name, kind: ref.kind, reason: DROPPED_CONDITIONS },
            'wrong manifests',
          );
        }
        if (patch.length === 0) continue;
        if (!(await patchWebhookConfiguration(api, configuration, patch, signal))) done = false;
        else logger.info({ kind: ref.kind, namespaces: wanted.size }, 'webhook namespaces changed');
      }
      this.#failure = undefined;
      this.#limited = limited;
      this.#readAt = this.#monotonic();
      this.#written = done ? listOf(wanted) : '';
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== this.#failure) logger.warn({ reason }, 'webhook namespaces cannot be updated; retrying');
      this.#failure = reason;
      this.#readAt = this.#monotonic();
    }
  }

  /** The namespaces of the clusters, and those that had one until recently. */
  #wanted(): ReadonlySet<string> | undefined {
    const now = this.#monotonic();
    const current = this.#options.namespaces();
    if (current === undefined) return undefined;
    for (const namespace of current) this.#lastWanted.set(namespace, now);
    for (const [namespace, last] of this.#lastWanted)
      if (now - last > KEEP_MS) this.#lastWanted.delete(namespace);
    return new Set(this.#lastWanted.keys());
  }
}

/** A set of namespaces as text, to compare it. */
function listOf(namespaces: ReadonlySet<string>): string {
  return [...namespaces].sort().join('\0');
}

interface NameSelector {
  readonly index: number;
  readonly operator: string | undefined;
  readonly values: readonly string[];
}

function selectorOf(webhook: Json): NameSelector | undefined {
  const expressions = at(webhook, ['namespaceSelector', 'matchExpressions']);
  if (!isArray(expressions)) return undefined;
  const index = expressions.findIndex((each) => at(each, ['key']) === NAME_LABEL);
  const values = at(expressions[index], ['values']);
  return index < 0
    ? undefined
    : {
        index,
        operator: asString(at(expressions[index], ['operator'])),
        values: isArray(values) ? values.map(String) : [],
      };
}
