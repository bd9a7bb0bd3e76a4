import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../../deploy/objects.ts';
import type { Cluster } from './cluster.ts';
import { type Files, Pod } from './pod.ts';
import { Service } from './service.ts';

const NAME = 'iomesh-guard';
/** Addresses that the apiserver does not assign to Services. */
const POD_ADDRESSES = [11, 12, 13, 14, 15, 16];
const EVERY_MS = 150;
/** The kinds of objects in the namespace of the webhook. */
const CONTENT = [
  '/api/v1/*/configmaps',
  '/api/v1/*/secrets',
  '/api/v1/*/services',
  '/api/v1/*/serviceaccounts',
  '/apis/apps/v1/*/deployments',
  '/apis/coordination.k8s.io/v1/*/leases',
  '/apis/networking.k8s.io/v1/*/networkpolicies',
  '/apis/policy/v1/*/poddisruptionbudgets',
  '/apis/rbac.authorization.k8s.io/v1/*/roles',
  '/apis/rbac.authorization.k8s.io/v1/*/rolebindings',
];

interface Replica {
  readonly pod: Pod;
  /** Its pod template. */
  readonly template: string;
  ready: boolean;
}

/**
 * Simulates the controller manager, kubelets and kube-proxy for the Deployment, the Service and the namespace of
 * the webhook: pods as processes, rolling updates, connections to ready pods, the status of the Deployment, and
 * the deletion of the namespace. It reads only stored objects.
 */
export class Workloads {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  #replicas: Replica[] = [];
  readonly #leaving = new Set<Pod>();
  #front: { readonly at: string; readonly service: Service } | undefined;
  #status: object | undefined;
  #stopped = false;
  readonly #loop: Promise<void>;
  /** The images of created pods. */
  readonly images = new Set<string>();

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#loop = this.#run();
  }

  /** The pods that are not stopping. */
  get pods(): readonly Pod[] {
    return this.#replicas.map(({ pod }) => pod);
  }

  /** The log of all running and stopping pods. */
  get log(): readonly string[] {
    return [...this.pods, ...this.#leaving].flatMap(({ log }) => log);
  }

  /** The last log lines of the pods and the apiserver, for a failed test. */
  lastWords(): string {
    const calls = this.#cluster.plane
      .log()
      .split('\n')
      .filter((line) => /calling webhook/.test(line));
    return ['the pods:', ...this.log.slice(-60), 'the apiserver:', ...calls.slice(-10)].join('\n');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    await Promise.all([...this.pods, ...this.#leaving].map((pod) => pod.stop('SIGKILL')));
    await this.#front?.service.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#reconcile();
      } catch (error) {
        // Reported and retried, as in a controller.
        if (!this.#stopped) console.error(`workloads: ${(error as Error).message}`);
      }
      await sleep(EVERY_MS);
    }
  }

  async #reconcile(): Promise<void> {
    const place = `namespaces/${this.#namespace}`;
    const namespace = await this.#read(`/api/v1/${place}`);
    const deployment = await this.#read(`/apis/apps/v1/${place}/deployments/${NAME}`);
    const gone = deployment === undefined || deployment['metadata'].deletionTimestamp !== undefined;
    if (gone) for (const each of [...this.#replicas]) this.#end(each);
    else await this.#roll(deployment);
    await this.#serve(await this.#read(`/api/v1/${place}/services/${NAME}`));
    if (!gone) await this.#tell(deployment);
    // The namespace exists as long as its pods.
    const empty = this.#replicas.length + this.#leaving.size === 0;
    if (namespace?.['metadata'].deletionTimestamp !== undefined) await this.#finalize(namespace, empty);
  }

  /** One step of a rolling update: no pod stops before another is ready. */
  async #roll({ spec }: Manifest): Promise<void> {
    this.#replicas = this.#replicas.filter(({ pod }) => !pod.stopping);
    for (const each of this.#replicas) each.ready = await each.pod.ready();
    const template = JSON.stringify(spec['template']);
    const current = this.#replicas.filter((each) => each.template === template);
    const former = this.#replicas.filter((each) => each.template !== template);
    const { maxSurge } = spec['strategy'].rollingUpdate;
    if (current.length < spec['replicas'] && this.#replicas.length < spec['replicas'] + maxSurge) {
      const pod = await this.#pod(spec['template'].spec);
      if (pod !== undefined) this.#replicas.push({ pod, template, ready: false });
    }
    const ready = this.#replicas.filter((each) => each.ready);
    if (current.length > spec['replicas']) this.#end(current[0]!);
    const [one] = former;
    if (one !== undefined && (!one.ready || ready.length > spec['replicas'])) this.#end(one);
  }

  /** Creates a pod if there is an address and all its volumes exist. */
  async #pod(spec: Manifest): Promise<Pod | undefined> {
    const taken = new Set([...this.pods, ...this.#leaving].map((each) => each.address));
    const address = POD_ADDRESSES.map((each) => this.#cluster.plane.block.address(each)).find(
      (each) => !taken.has(each),
    );
    const volumes: Record<string, Files> = {};
    for (const { name, configMap, secret } of spec['volumes'] as Manifest[]) {
      const files = configMap
        ? (await this.#read(`/api/v1/namespaces/${this.#namespace}/configmaps/${configMap.name}`))?.['data']
        : decoded(await this.#read(`/api/v1/namespaces/${this.#namespace}/secrets/${secret.secretName}`));
      if (files === undefined) return undefined;
      volumes[name] = files;
    }
    const token = await this.#token(spec['serviceAccountName']);
    if (address === undefined || token === undefined) return undefined;
    this.images.add(spec['containers'][0].image);
    const { hostname, port } = new URL(this.#cluster.plane.url);
    return new Pod({
      spec,
      address,
      volumes,
      account: { token, 'ca.crt': this.#cluster.plane.ca, namespace: this.#namespace },
      env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    });
  }

  async #token(account: string): Promise<string | undefined> {
    const path = `/api/v1/namespaces/${this.#namespace}/serviceaccounts/${account}/token`;
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const answer = await this.#cluster.plane.api.call('POST', path, body);
    return answer.status === 201 ? answer.body.status.token : undefined;
  }

  #end(replica: Replica): void {
    this.#replicas = this.#replicas.filter((each) => each !== replica);
    this.#leaving.add(replica.pod);
    void replica.pod.stop().then(() => this.#leaving.delete(replica.pod));
  }

  /** Connects the address of the Service to the ready pods. */
  async #serve(service: Manifest | undefined): Promise<void> {
    const address: string | undefined = service?.['spec'].clusterIP;
    const port: number | undefined = service?.['spec'].ports[0].port;
    const at = address === undefined ? undefined : `${address}:${port}`;
    if (this.#front !== undefined && this.#front.at !== at) {
      await this.#front.service.close();
      this.#front = undefined;
    }
    if (address === undefined || at === undefined || port === undefined) return;
    this.#front ??= { at, service: await Service.listen(address, port) };
    this.#front.service.endpoints = this.#replicas
      .filter(({ ready, pod }) => ready && !pod.stopping)
      .map(({ pod }) => ({ host: pod.address, port: 8443 }));
  }

  /** The status for `kubectl rollout status`. */
  async #tell({ metadata, spec }: Manifest): Promise<void> {
    const template = JSON.stringify(spec.template);
    const ready = this.#replicas.filter((each) => each.ready).length;
    const status = {
      observedGeneration: metadata.generation,
      replicas: this.#replicas.length,
      updatedReplicas: this.#replicas.filter((each) => each.template === template).length,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [{ type: 'Available', status: ready >= spec.replicas ? 'True' : 'False' }],
    };
    if (isDeepStrictEqual(status, this.#status)) return;
    const path = `/apis/apps/v1/namespaces/${this.#namespace}/deployments/${NAME}/status`;
    const answer = await this.#cluster.plane.api.call(
      'PATCH',
      path,
      { status },
      'application/merge-patch+json',
    );
    if (answer.status !== 200)
      throw new Error(`PATCH ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.#status = status;
  }

  /** Deletes the contents of a terminating namespace and removes its finalizer. */
  async #finalize(namespace: Manifest, empty: boolean): Promise<void> {
    const { api } = this.#cluster.plane;
    for (const path of CONTENT) await api.call('DELETE', path.replace('*', `namespaces/${this.#namespace}`));
    if (!empty) return;
    const finalized = { ...namespace, spec: { finalizers: [] } };
    await api.call('PUT', `/api/v1/namespaces/${this.#namespace}/finalize`, finalized);
  }

  async #read(path: string): Promise<Manifest | undefined> {
    const { status, body } = await this.#cluster.plane.api.call('GET', path);
    if (status === 200) return body as Manifest;
    if (status === 404) return undefined;
    throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  }
}

function decoded(secret: Manifest | undefined): Files | undefined {
  if (secret === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(secret['data'] as Record<string, string>).map(([name, text]) => [
      name,
      Buffer.from(text, 'base64').toString(),
    ]),
  );
}
