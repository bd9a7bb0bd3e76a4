import { hostname } from 'node:os';
import { join } from 'node:path';
import { getAsset, isSea } from 'node:sea';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Api } from '../../cluster/api.ts';
import { SelfManagedCertificates } from '../../certificates/self-managed.ts';
import type { MountedCertificate } from '../../certificates/mounted.ts';
import { StoredPaths } from '../../certificates/stored-paths.ts';
import { LeaseStore } from '../../cluster/ledger/lease-store.ts';
import { isNewInstallation } from '../../cluster/ledger/new-installation.ts';
import { DEFAULT_HOLD_MS, ReplicatedLedger } from '../../cluster/ledger/ledger.ts';
import type { LiveWorld } from '../../cluster/live-world.ts';
import type { WebhookConfiguration, WebhookConfigurationRef } from '../../cluster/webhook-configuration.ts';
import { UncheckedObjects } from '../../cluster/unchecked-objects.ts';
import { WebhookScope } from '../../cluster/webhook-scope.ts';
import type { AdmissionRequest } from '../../admission/review.ts';
import type { Metrics } from '../../webhook/metrics.ts';
import type { Config } from '../../core/base/config.ts';
import { LedgerMetrics } from '../../cluster/ledger/ledger-metrics.ts';
import { evaluateInWorker, type WorkerCode } from '../../standing/in-worker.ts';
import { StandingAudit, type StandingPass } from '../../standing/standing-audit.ts';
import { StandingWriters } from '../../standing/writers.ts';
import type { ServeOptions } from './options.ts';

/** The Lease that the Role in deploy/ names. */
const LEDGER = 'iomesh-guard-ledger';

/** Opens the ledger that all replicas in a namespace share. Creates it if it does not exist. */
export async function openLedger(
  api: Api,
  reader: LiveWorld,
  namespace: string,
  options: ServeOptions,
  { logger, registry }: { readonly logger: Logger; readonly registry: Registry },
): Promise<ReplicatedLedger> {
  const { ledgerHoldMs: holdMs, certDir, certificateSecret, pathSecret, validatingConfiguration } = options;
  if (holdMs < DEFAULT_HOLD_MS)
    logger.warn(
      { holdSeconds: holdMs / 1000 },
      '--ledger-hold is less than three times the default request timeout of an apiserver; two conflicting changes may both be stored',
    );
  const metrics = new LedgerMetrics(registry);
  const store = new LeaseStore({ api, namespace, name: LEDGER, holder: hostname() });
  const ledger = new ReplicatedLedger({
    store,
    reader,
    holdMs,
    isNew: (signal) => {
      const secrets = [certDir === undefined ? certificateSecret : undefined, pathSecret].filter(
        (each) => each !== undefined,
      );
      return isNewInstallation(api, { namespace, secrets, validatingConfiguration }, signal);
    },
    observe(event) {
      metrics.observe(event);
      if (event.kind === 'failed')
        logger.warn({ namespace, ledger: LEDGER, reason: event.reason }, 'ledger failed; retrying');
    },
  });
  await ledger.start();
  return ledger;
}

/** Namespaces that no webhook of ours covers; see the manifests. */
const NEVER_COVERED = 'kube-system';
/** A first cluster in a namespace waits no longer than this until its ConfigMaps are covered. */
const INCLUDE_MS = 1_000;

/** Keeps webhooks limited to the namespaces of IOMesh clusters. */
export async function openScope(
  api: Api,
  world: LiveWorld,
  options: ServeOptions,
  config: Config,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  onRead: (configuration: WebhookConfiguration) => void,
): Promise<WebhookScope> {
  const unchecked = new UncheckedObjects({
    logger,
    objects: () => world.ownObjects(),
    namespaces: () => Array.from(world.cachedObjects('Namespace'), ({ resource }) => resource),
    counted: (kind, count) => metrics.uncheckedObjects(kind, count),
  });
  const scope = new WebhookScope({
    api,
    logger,
    configurations: configurationsOf(options),
    namespaces: () => {
      if (!world.ready) return undefined;
      const all = [
        config.managementCluster.namespace,
        ...(config.managementConnection === undefined ? [] : [config.managementConnection.namespace]),
        ...Object.keys(config.pools).map((pool) => pool.split('/')[0]!),
        ...world.clusterNamespaces(),
      ];
      return new Set(all.filter((each) => each !== NEVER_COVERED && each !== options.namespace));
    },
    onRead: (configuration) => {
      const { kind, object, webhooks } = configuration;
      const isValidating = kind === 'ValidatingWebhookConfiguration';
      metrics.registered(isValidating ? 'validating' : 'mutating', object !== undefined);
      if (isValidating && object !== undefined) unchecked.compare(webhooks);
      onRead(configuration);
    },
    onDropped: () => metrics.matchConditionsDropped(),
  });
  await scope.start();
  return scope;
}

/** Covers the namespace of a new cluster before the cluster is stored. */
export async function coverNewCluster(scope: WebhookScope, request: AdmissionRequest): Promise<void> {
  const { operation, kind, namespace } = request;
  if (operation !== 'CREATE' || namespace === undefined) return;
  if (kind !== 'IOMeshCluster' && kind !== 'ZookeeperCluster') return;
  await Promise.race([scope.include(namespace), sleep(INCLUDE_MS, undefined, { ref: false })]);
}

function configurationsOf(options: ServeOptions): readonly WebhookConfigurationRef[] {
  return [
    { kind: 'ValidatingWebhookConfiguration', name: options.validatingConfiguration },
    { kind: 'MutatingWebhookConfiguration', name: options.mutatingConfiguration },
  ];
}

/** Starts to evaluate the live world as `audit` does, in a worker, and to write the findings if the flags say so. */
export function openStanding(
  api: Api,
  world: LiveWorld,
  { namespace, reports, events }: ServeOptions,
  { config, logger, metrics: { registry }, today }: StandingContext,
): { close(): Promise<void> } {
  const source = evaluateInWorker(workerCode(), api, world, config);
  const writers =
    namespace !== undefined && (reports || events)
      ? new StandingWriters({ api, namespace, instance: hostname(), reports, events, logger, registry })
      : undefined;
  const onPass = writers && ((pass: StandingPass) => writers.passed(pass));
  const audit = new StandingAudit({ source, logger, registry, today, onPass });
  audit.start();
  return {
    async close() {
      audit.close();
      await writers?.close();
    },
  };
}

/** The bundle next to that of this file, or its text in the single executable (scripts/executable.mjs). */
function workerCode(): WorkerCode {
  const name = 'standing-worker.js';
  return isSea() ? { text: getAsset(name, 'utf8') } : { file: join(__dirname, name) };
}

interface StandingContext {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly today: () => string;
}

/** Opens the certificates that the replicas create and store in a Secret. */
export function openSelfManaged(
  api: Api,
  options: ServeOptions,
  namespace: string,
  config: Config,
  logger: Logger,
): Promise<SelfManagedCertificates> {
  return SelfManagedCertificates.open({
    api,
    logger,
    namespace,
    secret: options.certificateSecret,
    pathSecret: options.pathSecret,
    service: options.service,
    clusterDomain: config.clusterDomain,
    clientCa: options.clientCa,
    configurations: configurationsOf(options),
  });
}

/** Opens the secret path that is stored without certificates. */
export function openStoredPaths(
  api: Api,
  options: ServeOptions,
  namespace: string,
  secret: string,
  certificate: MountedCertificate | undefined,
  logger: Logger,
): Promise<StoredPaths> {
  const configurations = configurationsOf(options);
  return StoredPaths.open({ api, logger, namespace, secret, configurations, certificate });
}
