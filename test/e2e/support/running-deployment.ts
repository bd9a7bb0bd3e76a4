import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { type Manifest, NAMESPACE, one } from '../../deploy/objects.ts';
import { MountedSecret } from '../../support/tls.ts';
import { Cluster, expectOk } from './cluster.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import type { Kubernetes } from './kubernetes.ts';
import type { KeyPair } from './pki.ts';
import { Replica } from './replica.ts';
import { Service } from './service.ts';
import { argumentsOf, configurationOf, PATH_SECRET, render } from './base-manifests.ts';
import { NAMESPACES } from './objects.ts';

/** The first address of a pod in the block; that of the Service is the one before. */
const FIRST_POD = 11;
const PODS = 6;
/** The delay until the Service has a change of readiness. */
const READINESS_MS = 500;

export interface RunningDeploymentOptions {
  readonly replicas?: number;
  /** More flags of kube-apiserver. */
  readonly apiserverFlags?: readonly string[];
  /** Mounted certificates as in overlays/cert-manager; default: self-managed ones. */
  readonly certificate?: { readonly pair: KeyPair; readonly bundle: string };
  /** The path and the arguments of a version that answers `/validate` and `/mutate` only, until {@link RunningDeployment.upgrade}. */
  readonly fixedPaths?: boolean;
  /** Components of deploy/kustomize/components. */
  readonly components?: readonly string[];
  /** Returns the kubeconfig file of the replicas, for example for a proxy. */
  readonly connect?: (account: Cluster) => Promise<string>;
  /** How the manifests are applied; default: `kubectl apply`. */
  readonly apply?: (cluster: Cluster, objects: readonly Manifest[]) => Promise<void>;
  /** Runs after the installation, before the replicas start. */
  readonly before?: (cluster: Cluster) => Promise<void>;
}

/** The replicas of the Deployment in deploy/, with its flags and ServiceAccount, behind its Service. */
export class RunningDeployment {
  readonly plane: ControlPlane;
  /** The cluster as an administrator. */
  readonly cluster: Cluster;
  /** The installed objects, from kustomize. */
  readonly objects: readonly Manifest[];
  readonly service: Service;
  /** The mounted certificate; undefined if it is self-managed. */
  readonly mounted: MountedSecret | undefined;
  #args: readonly string[];
  #replicas: Replica[] = [];
  #next = 0;
  #closed = false;

  private constructor(
    cluster: Cluster,
    objects: readonly Manifest[],
    service: Service,
    mounted: MountedSecret | undefined,
    args: readonly string[],
  ) {
    this.plane = cluster.plane;
    this.cluster = cluster;
    this.objects = objects;
    this.service = service;
    this.mounted = mounted;
    this.#args = args;
  }

  /** Installs the objects, starts all replicas at the same time, and waits until they are ready. */
  static async start(
    kubernetes: Kubernetes,
    options: RunningDeploymentOptions = {},
  ): Promise<RunningDeployment> {
    const { replicas = 2, apiserverFlags = [], certificate, components = [], connect, before } = options;
    const { fixedPaths = false } = options;
    const apply = options.apply ?? (async (on, known) => expectOk(await on.apply(known)));
    const plane = await startControlPlane({ kubernetes, flags: apiserverFlags });
    let deployment: RunningDeployment | undefined;
    try {
      const cluster = new Cluster(plane);
      await cluster.installCrds();
      const objects = await render(
        cluster,
        certificate === undefined
          ? { fixedPaths, components }
          : { folder: 'overlays/cert-manager', bundle: certificate.bundle, fixedPaths, components },
      );
      expectOk(await cluster.apply(NAMESPACES));
      // cert-manager does not run; the tests create the certificates.
      const known = objects.filter(({ apiVersion }) => !apiVersion.startsWith('cert-manager.io/'));
      await apply(cluster, known);
      await before?.(cluster);
      const config = join(plane.dir, 'iomesh-guard.yaml');
      writeFileSync(config, dump(configurationOf(objects)));
      const mounted = certificate === undefined ? undefined : new MountedSecret(certificate.pair);
      const account = await cluster.as(`${NAMESPACE}/iomesh-guard`);
      const { clusterIP, ports } = one(objects, 'Service')['spec'];
      const service = await Service.listen(clusterIP, ports[0].port);
      deployment = new RunningDeployment(cluster, objects, service, mounted, [
        ...argumentsOf(objects, { '--config': config, '--cert-dir': mounted?.folder ?? '' }),
        // In a pod both are found without flags.
        ...['--kubeconfig', (await connect?.(account)) ?? account.kubeconfig, '--namespace', NAMESPACE],
      ]);
      if (fixedPaths) deployment.#args = deployment.#args.filter((each) => !each.startsWith(PATH_SECRET));
      void deployment.#followReadiness();
      await Promise.all(Array.from({ length: replicas }, () => deployment?.add()));
      return deployment;
    } catch (error) {
      await (deployment?.stop() ?? plane.stop());
      throw error;
    }
  }

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  /** Starts one more replica. Resolves when it is an endpoint of the Service. */
  async add(): Promise<Replica> {
    const replica = new Replica(this.plane.block.address(FIRST_POD + (this.#next++ % PODS)), this.#args);
    this.#replicas = [...this.#replicas, replica];
    await replica.untilReady();
    while (!this.service.endpoints.includes(replica)) await sleep(20);
    return replica;
  }

  /** Stops a replica as the kubelet does. Returns its exit code. */
  async remove(replica: Replica, signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined> {
    const code = await replica.stop(signal);
    this.#replicas = this.#replicas.filter((each) => each !== replica);
    return code;
  }

  /** Replaces the replicas as a rolling update does: add one, remove one. Returns the exit codes. */
  async roll(): Promise<(number | undefined)[]> {
    const codes: (number | undefined)[] = [];
    for (const old of [...this.#replicas]) {
      await this.add();
      codes.push(await this.remove(old));
    }
    return codes;
  }

  /** Replaces the replicas by those of the version with a secret path. */
  async upgrade(): Promise<(number | undefined)[]> {
    this.#args = [
      ...this.#args,
      ...argumentsOf(this.objects, { '--config': '', '--cert-dir': '' }).filter((each) =>
        each.startsWith(PATH_SECRET),
      ),
    ];
    return await this.roll();
  }

  /** The calls without an answer of the webhook, from the metrics and log of the apiserver. */
  async unanswered(): Promise<{ refused: number; ignored: number; log: string[] }> {
    const { body } = await this.plane.api.call('GET', '/metrics');
    const sum = (name: string, label = '') =>
      (body as string)
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
        .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
    return {
      refused: sum('apiserver_admission_webhook_rejection_count', 'error_type="calling_webhook_error"'),
      ignored: sum('apiserver_admission_webhook_fail_open_count'),
      log: this.plane
        .log()
        .split('\n')
        .filter((line) => /x509|failed calling webhook/i.test(line)),
    };
  }

  async stop(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#replicas.map((each) => each.stop('SIGKILL')));
    await this.service.close();
    this.mounted?.remove();
    await this.plane.stop();
  }

  /** Updates the endpoints of the Service, as the EndpointSlice controller does. */
  async #followReadiness(): Promise<void> {
    while (!this.#closed) {
      const ready = await Promise.all(
        this.#replicas.map(async (each) => (!each.stopping && (await each.ready()) ? [each] : [])),
      );
      this.service.endpoints = ready.flat();
      await sleep(READINESS_MS);
    }
  }
}
