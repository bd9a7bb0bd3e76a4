import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { type Manifest, NAMESPACE, one } from '../../deploy/objects.ts';
import { MountedSecret } from '../../support/tls.ts';
import { Cluster, expectOk } from '../support/cluster.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane.ts';
import type { Kubernetes } from '../support/kubernetes.ts';
import type { KeyPair } from '../support/pki.ts';
import { Replica } from '../support/replica.ts';
import { Service } from '../support/service.ts';
import { argumentsOf, configurationOf, render } from './base.ts';
import { NAMESPACES } from './objects.ts';

/** Where the addresses of pods begin in the block; the Service's is the one before. */
const FIRST_POD = 11;
const PODS = 6;
/** How soon a Service hears that a pod is ready, or no longer. */
const NOTICED_MS = 500;

export interface FleetOptions {
  readonly replicas?: number;
  /** More flags of kube-apiserver. */
  readonly apiserverFlags?: readonly string[];
  /** Certificates of somebody else, as overlays/cert-manager installs them; of the replicas' own making if not given. */
  readonly certificate?: { readonly pair: KeyPair; readonly bundle: string };
  /** The way of the replicas to the apiserver, if it is another one than everybody's. */
  readonly way?: (account: Cluster) => Promise<string>;
  /** Done when all is installed and nothing runs yet. */
  readonly before?: (cluster: Cluster) => Promise<void>;
}

/** The Deployment of deploy/: its replicas with its flags and the rights of its account, behind its Service. */
export class Fleet {
  readonly plane: ControlPlane;
  /** The administrator's view. */
  readonly cluster: Cluster;
  /** What was installed, as kustomize gives it. */
  readonly objects: readonly Manifest[];
  readonly service: Service;
  /** The mounted certificate, which all replicas share, where they do not make their own. */
  readonly mounted: MountedSecret | undefined;
  readonly #args: readonly string[];
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

  /** Installs everything, starts all replicas at the same moment, and waits until they are ready. */
  static async start(kubernetes: Kubernetes, options: FleetOptions = {}): Promise<Fleet> {
    const { replicas = 2, apiserverFlags = [], certificate, way, before } = options;
    const plane = await startControlPlane({ kubernetes, flags: apiserverFlags });
    let fleet: Fleet | undefined;
    try {
      const cluster = new Cluster(plane);
      await cluster.installCrds();
      const objects = await render(
        cluster,
        certificate === undefined ? {} : { folder: 'overlays/cert-manager', bundle: certificate.bundle },
      );
      expectOk(await cluster.apply(NAMESPACES));
      // cert-manager does not run here: the tests do what it would.
      const known = objects.filter(({ apiVersion }) => !apiVersion.startsWith('cert-manager.io/'));
      expectOk(await cluster.apply(known));
      await before?.(cluster);
      const config = join(plane.dir, 'iomesh-guard.yaml');
      writeFileSync(config, dump(configurationOf(objects)));
      const mounted = certificate === undefined ? undefined : new MountedSecret(certificate.pair);
      const account = await cluster.as(`${NAMESPACE}/iomesh-guard`);
      const { clusterIP, ports } = one(objects, 'Service')['spec'];
      const service = await Service.listen(clusterIP, ports[0].port);
      fleet = new Fleet(cluster, objects, service, mounted, [
        ...argumentsOf(objects, { '--config': config, '--cert-dir': mounted?.folder ?? '' }),
        // What a pod finds mounted without being told.
        ...['--kubeconfig', (await way?.(account)) ?? account.kubeconfig, '--namespace', NAMESPACE],
      ]);
      void fleet.#followReadiness();
      await Promise.all(Array.from({ length: replicas }, () => fleet?.add()));
      return fleet;
    } catch (error) {
      await (fleet?.stop() ?? plane.stop());
      throw error;
    }
  }

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  /** Starts one more replica; resolves when the Service leads to it. */
  async add(): Promise<Replica> {
    const replica = new Replica(this.plane.block.address(FIRST_POD + (this.#next++ % PODS)), this.#args);
    this.#replicas = [...this.#replicas, replica];
    await replica.untilReady();
    while (!this.service.endpoints.includes(replica)) await sleep(20);
    return replica;
  }

  /** Ends a replica as a kubelet does; gives its exit code. */
  async remove(replica: Replica, signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined> {
    const code = await replica.stop(signal);
    this.#replicas = this.#replicas.filter((each) => each !== replica);
    return code;
  }

  /** As the Deployment is rolled: one more, then one less, until none is left of those before. Gives their exit codes. */
  async roll(): Promise<(number | undefined)[]> {
    const codes: (number | undefined)[] = [];
    for (const old of [...this.#replicas]) {
      await this.add();
      codes.push(await this.remove(old));
    }
    return codes;
  }

  /** What the apiserver counts and logs of calls that did not get an answer from us. */
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

  /** What the controller of EndpointSlices does. */
  async #followReadiness(): Promise<void> {
    while (!this.#closed) {
      const ready = await Promise.all(
        this.#replicas.map(async (each) => (!each.stopping && (await each.ready()) ? [each] : [])),
      );
      this.service.endpoints = ready.flat();
      await sleep(NOTICED_MS);
    }
  }
}
