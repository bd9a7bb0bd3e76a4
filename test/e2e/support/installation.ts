import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { type Manifest, NAMESPACE } from '../../deploy/objects.ts';
import { Cluster, expectOk } from './cluster.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane.ts';
import type { Kubernetes } from './kubernetes.ts';
import { Authority } from './pki.ts';
import { serveWebhook, type Webhook, type WebhookOptions } from './webhook.ts';
import { sumOf } from './replica.ts';
import {
  argumentsOf,
  configurationOf,
  isWebhookConfiguration,
  PATH_SECRET,
  render,
} from './base-manifests.ts';
import { NAMESPACES } from './objects.ts';
import { emptyLedger } from './stored-ledger.ts';

const KINDS = 'iomeshclusters,zookeeperclusters,configmaps';
/** Deletions by the namespace controller are always admitted. */
const CLEANER = '--as=system:serviceaccount:kube-system:namespace-controller';

const PROBE = { timeout: 20_000, interval: 20 };

export interface InstallOptions {
  /** Added to the configuration of the manifests. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** More flags of kube-apiserver. */
  readonly apiserverFlags?: readonly string[];
  readonly webhook?: Pick<WebhookOptions, 'flags' | 'authority'>;
}

/** deploy/kustomize/base with its ServiceAccount and webhook configurations, and the running webhook. */
export class Installation {
  readonly plane: ControlPlane;
  /** The cluster as an administrator. */
  readonly cluster: Cluster;
  /** Every object of deploy/kustomize/base; the Service has the address of the webhook. */
  readonly objects: readonly Manifest[];
  readonly #authority: Authority;
  readonly #flags: readonly string[];
  /** The configuration that it starts with. */
  readonly #config: object;
  #webhook: Webhook | undefined;

  private constructor(
    cluster: Cluster,
    objects: readonly Manifest[],
    authority: Authority,
    flags: readonly string[],
    config: object,
  ) {
    this.plane = cluster.plane;
    this.cluster = cluster;
    this.objects = objects;
    this.#authority = authority;
    this.#flags = flags;
    this.#config = config;
  }

  static async start(kubernetes: Kubernetes, options: InstallOptions = {}): Promise<Installation> {
    const { config = {}, apiserverFlags = [], webhook = {} } = options;
    const settings: ControlPlaneOptions = { kubernetes, flags: apiserverFlags };
    const plane = await startControlPlane(settings);
    try {
      const cluster = new Cluster(plane);
      await cluster.installCrds();
      const authority = webhook.authority ?? (await Authority.make('iomesh-guard end-to-end tests'));
      const objects = await render(cluster, { bundle: authority.cert, fixedPaths: true });
      const file = join(plane.dir, 'iomesh-guard.yaml');
      const whole = { ...configurationOf(objects), ...config };
      writeFileSync(file, dump(whole));
      const [command, ...args] = argumentsOf(objects, { '--config': file });
      expect(command).toBe('serve');
      // In a pod the namespace is found without a flag.
      const named = args.filter((each) => !each.startsWith(PATH_SECRET));
      const flags = [...named, '--namespace', NAMESPACE, ...(webhook.flags ?? [])];
      const installation = new Installation(cluster, objects, authority, flags, whole);
      expectOk(await cluster.apply(objects.filter((each) => !isWebhookConfiguration(each))));
      await installation.serve();
      expectOk(await cluster.apply(NAMESPACES));
      await installation.register();
      return installation;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** The running webhook. */
  get webhook(): Webhook {
    if (this.#webhook === undefined) throw new Error('the webhook is not running');
    return this.#webhook;
  }

  /** Starts the webhook with the permissions of its ServiceAccount; `kubeconfig` can select a proxy. */
  async serve(kubeconfig?: string): Promise<void> {
    const account = await this.cluster.as('iomesh-guard-system/iomesh-guard');
    const cluster = kubeconfig === undefined ? account : new Cluster(this.plane, kubeconfig);
    this.#webhook = await serveWebhook(cluster, {
      authority: this.#authority,
      flags: this.#flags,
    });
  }

  /** Restarts the webhook with more configuration than it started with. */
  async configure(config: object): Promise<void> {
    const file = join(this.plane.dir, 'iomesh-guard.yaml');
    writeFileSync(file, dump({ ...this.#config, ...config }));
    await this.#webhook?.stop();
    await this.serve();
    await this.#untilValidated(true);
  }

  /** Registers both webhooks and waits until they are called. */
  async register(): Promise<void> {
    expectOk(await this.cluster.apply(this.objects.filter(isWebhookConfiguration)));
    await this.#untilValidated(true);
    await this.#untilDefaulted(true);
  }

  /** Removes one or both webhook configurations. */
  async unregister(
    kinds: readonly ('mutating' | 'validating')[] = ['mutating', 'validating'],
  ): Promise<void> {
    for (const kind of kinds)
      expectOk(await this.cluster.delete(`${kind}webhookconfiguration`, 'iomesh-guard'));
    if (kinds.includes('validating')) await this.#untilValidated(false);
    if (kinds.includes('mutating')) await this.#untilDefaulted(false);
  }

  /** Deletes all IOMesh objects before the next test. */
  async clear(): Promise<void> {
    const clear = (...args: string[]) =>
      this.cluster.kubectl(['delete', '--wait=false', '--ignore-not-found', CLEANER, ...args]);
    const results = await Promise.all([
      ...NAMESPACES.map(({ metadata }) => clear(KINDS, '--all', '-n', metadata['name'] ?? '')),
      clear('storageclasses,nodes', '--all'),
    ]);
    for (const result of results) expectOk(result);
    await emptyLedger(this.cluster);
  }

  /** The sum of all series of a metric with these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const text = await (await fetch(`${this.webhook.healthUrl}/metrics`)).text();
    return sumOf(text, name, labels);
  }

  async stop(): Promise<void> {
    await this.#webhook?.stop('SIGKILL');
    await this.plane.stop();
  }

  /** A change of a webhook configuration takes some milliseconds. This dry run is denied in every world. */
  async #untilValidated(yes: boolean): Promise<void> {
    const data = { clusterId: 'a', iscsiPortal: 'wrong', metaAddr: 'wrong' };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' }, data };
    const path = '/api/v1/namespaces/iomesh-system/configmaps?dryRun=All';
    await vi.waitFor(
      async () => expect((await this.plane.api.call('POST', path, object)).status).toBe(yes ? 403 : 201),
      PROBE,
    );
  }

  /** This dry run is admitted in every world and gets a default. */
  async #untilDefaulted(yes: boolean): Promise<void> {
    const object = {
      ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'probe' } },
      provisioner: 'com.iomesh.csi-driver',
      parameters: { clusterConnection: 'default/probe', iomeshCluster: 'default/probe' },
    };
    await vi.waitFor(async () => {
      const path = '/apis/storage.k8s.io/v1/storageclasses?dryRun=All';
      const { body, status } = await this.plane.api.call('POST', path, object);
      expect(status, JSON.stringify(body)).toBe(201);
      expect('thinProvision' in body.parameters).toBe(yes);
    }, PROBE);
  }
}

/** One installation for the tests of a suite. */
export function useInstallation(kubernetes: Kubernetes, options: InstallOptions = {}): () => Installation {
  let installation: Installation | undefined;
  beforeAll(async () => {
    installation = await Installation.start(kubernetes, options);
  });
  afterAll(async () => {
    await installation?.stop();
  });
  return () => {
    if (installation === undefined) throw new Error('the installation has not started');
    return installation;
  };
}
