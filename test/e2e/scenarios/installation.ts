import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { encodeLedger } from '../../../src/cluster/ledger/codec.ts';
import { LEDGER_ANNOTATION } from '../../../src/cluster/ledger/lease-store.ts';
import { type Manifest, NAMESPACE } from '../../deploy/objects.ts';
import { Cluster, expectOk } from '../support/cluster.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../support/control-plane.ts';
import type { Kubernetes } from '../support/kubernetes.ts';
import { Authority } from '../support/pki.ts';
import { serveWebhook, type Webhook, type WebhookOptions } from '../support/webhook.ts';
import { sumOf } from '../support/replica.ts';
import { argumentsOf, configurationOf, isRegistration, render } from './base.ts';
import { NAMESPACES } from './objects.ts';

const KINDS = 'iomeshclusters,zookeeperclusters,configmaps';
/** May delete anything, and is not asked why: what namespaces are cleared with where a controller manager runs. */
const CLEANER = '--as=system:serviceaccount:kube-system:namespace-controller';

const PROBE = { timeout: 20_000, interval: 20 };

export interface InstallOptions {
  /** What the configuration says besides that of the manifests. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** More flags of kube-apiserver. */
  readonly apiserverFlags?: readonly string[];
  readonly webhook?: Pick<WebhookOptions, 'flags' | 'authority'>;
}

/** deploy/kustomize/base, installed: its account, its rights, its registration; and the built server, running. */
export class Installation {
  readonly plane: ControlPlane;
  /** The administrator's view. */
  readonly cluster: Cluster;
  /** Every object of deploy/kustomize/base, the Service with an address that leads to the server. */
  readonly objects: readonly Manifest[];
  readonly #authority: Authority;
  readonly #flags: readonly string[];
  #webhook: Webhook | undefined;

  private constructor(
    cluster: Cluster,
    objects: readonly Manifest[],
    authority: Authority,
    flags: readonly string[],
  ) {
    this.plane = cluster.plane;
    this.cluster = cluster;
    this.objects = objects;
    this.#authority = authority;
    this.#flags = flags;
  }

  static async start(kubernetes: Kubernetes, options: InstallOptions = {}): Promise<Installation> {
    const { config = {}, apiserverFlags = [], webhook = {} } = options;
    const settings: ControlPlaneOptions = { kubernetes, flags: apiserverFlags };
    const plane = await startControlPlane(settings);
    try {
      const cluster = new Cluster(plane);
      await cluster.installCrds();
      const authority = webhook.authority ?? (await Authority.make('iomesh-guard end-to-end tests'));
      const objects = await render(cluster, { bundle: authority.cert });
      const file = join(plane.dir, 'iomesh-guard.yaml');
      writeFileSync(file, dump({ ...configurationOf(objects), ...config }));
      const [command, ...args] = argumentsOf(objects, { '--config': file });
      expect(command).toBe('serve');
      // A pod knows its namespace.
      const flags = [...args, '--namespace', NAMESPACE, ...(webhook.flags ?? [])];
      const installation = new Installation(cluster, objects, authority, flags);
      expectOk(await cluster.apply(objects.filter((each) => !isRegistration(each))));
      await installation.serve();
      expectOk(await cluster.apply(NAMESPACES));
      await installation.register();
      return installation;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** The running server. */
  get webhook(): Webhook {
    if (this.#webhook === undefined) throw new Error('the server does not run');
    return this.#webhook;
  }

  /** Starts the server with its ServiceAccount's rights; `kubeconfig` is the way there, if it is another one. */
  async serve(kubeconfig?: string): Promise<void> {
    const account = await this.cluster.as('iomesh-guard-system/iomesh-guard');
    const cluster = kubeconfig === undefined ? account : new Cluster(this.plane, kubeconfig);
    this.#webhook = await serveWebhook(cluster, {
      authority: this.#authority,
      flags: this.#flags,
    });
  }

  /** Registers both webhooks; from the next request on they are asked. */
  async register(): Promise<void> {
    expectOk(await this.cluster.apply(this.objects.filter(isRegistration)));
    await this.#untilAsked(true);
    await this.#untilFilled(true);
  }

  /** Takes the registration of one webhook, or of both, away. */
  async unregister(
    kinds: readonly ('mutating' | 'validating')[] = ['mutating', 'validating'],
  ): Promise<void> {
    for (const kind of kinds)
      expectOk(await this.cluster.delete(`${kind}webhookconfiguration`, 'iomesh-guard'));
    if (kinds.includes('validating')) await this.#untilAsked(false);
    if (kinds.includes('mutating')) await this.#untilFilled(false);
  }

  /** Takes every object of ours away, so that the next scenario finds nothing. */
  async clear(): Promise<void> {
    const clear = (...args: string[]) =>
      this.cluster.kubectl(['delete', '--wait=false', '--ignore-not-found', CLEANER, ...args]);
    const results = await Promise.all([
      ...NAMESPACES.map(({ metadata }) => clear(KINDS, '--all', '-n', metadata['name'] ?? '')),
      clear('storageclasses,nodes', '--all'),
    ]);
    for (const result of results) expectOk(result);
    await this.#forget();
  }

  /** The sum of a metric's values, over all series that carry these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const text = await (await fetch(`${this.webhook.healthUrl}/metrics`)).text();
    return sumOf(text, name, labels);
  }

  async stop(): Promise<void> {
    await this.#webhook?.stop('SIGKILL');
    await this.plane.stop();
  }

  /**
   * Nothing is under way any more. What was created and swept away before the ledger was read again would be
   * held against the next scenario for minutes.
   */
  async #forget(): Promise<void> {
    const lease = ['lease', 'iomesh-guard-ledger', '-n', NAMESPACE];
    const read = await this.cluster.kubectl(['get', ...lease, '-o', 'json']);
    expectOk(read);
    if (JSON.parse(read.stdout).metadata.annotations?.[LEDGER_ANNOTATION] === undefined) return;
    const empty = `${LEDGER_ANNOTATION}=${encodeLedger({ entries: [] })}`;
    expectOk(await this.cluster.kubectl(['annotate', ...lease, '--overwrite', empty]));
  }

  /** A change of a registration takes some milliseconds. A dry run shows them over; this one is wrong in every world. */
  async #untilAsked(yes: boolean): Promise<void> {
    const data = { clusterId: 'a', iscsiPortal: 'wrong', metaAddr: 'wrong' };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe' }, data };
    const path = '/api/v1/namespaces/iomesh-system/configmaps?dryRun=All';
    await vi.waitFor(
      async () => expect((await this.plane.api.call('POST', path, object)).status).toBe(yes ? 403 : 201),
      PROBE,
    );
  }

  /** Likewise; this one is allowed in every world, and lacks a parameter. */
  async #untilFilled(yes: boolean): Promise<void> {
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

/** One installation for the scenarios of a suite, with nothing in it when each starts. */
export function useInstallation(kubernetes: Kubernetes, options: InstallOptions = {}): () => Installation {
  let installation: Installation | undefined;
  beforeAll(async () => {
    installation = await Installation.start(kubernetes, options);
  });
  afterAll(async () => {
    await installation?.stop();
  });
  return () => {
    if (installation === undefined) throw new Error('nothing is installed');
    return installation;
  };
}
