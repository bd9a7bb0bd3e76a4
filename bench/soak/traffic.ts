import type { JsonObject } from '../../src/core/base/json.ts';
import { toResource } from '../../src/core/base/model.ts';
import type { Manifest } from '../../test/deploy/objects.ts';
import type { Api } from '../../test/e2e/support/api.ts';
import { on, placed, poolNumber } from '../../test/e2e/support/objects.ts';

/** One request, and its answer. */
export interface Attempt {
  readonly text: string;
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  /** The revisions of the store before it was sent and after it was answered. */
  readonly from: number;
  readonly to: number;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number;
  readonly message: string;
  /** The object as it was stored. */
  readonly stored: JsonObject | undefined;
}

const PATHS: Readonly<Record<string, string>> = {
  IOMeshCluster: '/apis/iomesh.com/v1alpha1/namespaces/NAMESPACE/iomeshclusters',
  ZookeeperCluster: '/apis/zookeeper.pravega.io/v1beta1/namespaces/NAMESPACE/zookeeperclusters',
  ConfigMap: '/api/v1/namespaces/NAMESPACE/configmaps',
  StorageClass: '/apis/storage.k8s.io/v1/storageclasses',
  Node: '/api/v1/nodes',
};
const MARKER = '/api/v1/namespaces/default/configmaps';

/** Random changes of some pools. About a third breaks a rule. */
export class Traffic {
  readonly attempts: Attempt[] = [];
  readonly #api: Api;
  readonly #pools: number;

  constructor(api: Api, pools: number) {
    this.#api = api;
    this.#pools = pools;
  }

  /** Sends one change. */
  async next(): Promise<void> {
    if (Math.random() < 0.01) return await this.#relabel();
    const number = 1 + this.#pick(this.#pools);
    const { cluster, zookeeper, connection, storageClass } = poolNumber(number);
    const object = [cluster, cluster, zookeeper, connection, storageClass][this.#pick(5)]!;
    const collection = collectionOf(object);
    const path = `${collection}/${object['metadata'].name}`;
    const { status, body } = await this.#api.call('GET', path);
    if (status === 404) await this.#send('POST', collection, undefined, this.#edited(object, number));
    else if (Math.random() < 0.25) await this.#send('DELETE', path, body, undefined);
    else {
      const { resourceVersion } = body.metadata;
      const edited = this.#edited(object, number);
      await this.#send('PUT', path, body, {
        ...edited,
        metadata: { ...edited['metadata'], resourceVersion },
      });
    }
  }

  /** The revision of the store. */
  async revision(): Promise<number> {
    const { body } = await this.#api.call('GET', '/api/v1/namespaces?limit=1');
    return Number(body.metadata.resourceVersion);
  }

  /** Stores a ConfigMap of another application, so that all that was stored before has a later revision. Returns its revision. */
  async mark(): Promise<number> {
    const name = `mark-${this.#pick(2 ** 31)}`;
    const { body } = await this.#api.call('POST', MARKER, { metadata: { name } });
    return Number(body.metadata.resourceVersion);
  }

  #edited(object: Manifest, number: number): Manifest {
    const edited = structuredClone(object);
    switch (edited['kind']) {
      case 'IOMeshCluster': {
        const set = { ...poolNumber(number), cluster: edited };
        const kind = this.#pick(6);
        // Its own nodes, or one of another pool, which may not exist at the moment.
        const first = 3 * (kind === 0 ? 1 + this.#pick(this.#pools) : number);
        if (kind < 3) placed(set, { affinity: on(...[0, 1, 2].map((each) => `k8s-worker-${first + each}`)) });
        if (kind === 3) edited['spec'].chunk.image.tag = `v5.3.${this.#pick(3)}-rc1`;
        if (kind === 4) edited['spec'].chunk.replicas = 3 + this.#pick(2);
        break;
      }
      case 'ZookeeperCluster':
        edited['spec'].replicas = [3, 3, 5, 2][this.#pick(4)];
        break;
      case 'ConfigMap':
        if (this.#pick(3) === 0) edited['data'].clusterId = 'another';
        if (this.#pick(6) === 0) edited['data'].iomeshClusterId = 'another';
        break;
      default:
        if (this.#pick(4) === 0) edited['parameters'].clusterConnection = 'iomesh-system/missing';
        if (this.#pick(4) === 0) edited['allowVolumeExpansion'] = this.#pick(2) === 0;
    }
    return edited;
  }

  async #relabel(): Promise<void> {
    const path = `${PATHS['Node']}/k8s-worker-${3 + this.#pick(3 * this.#pools)}`;
    const { body } = await this.#api.call('GET', path);
    body.metadata.labels['soak'] = String(this.#pick(3));
    await this.#api.call('PUT', path, body);
  }

  async #send(
    method: string,
    path: string,
    before: Manifest | undefined,
    after: Manifest | undefined,
  ): Promise<void> {
    const from = await this.revision();
    const sentAt = Date.now();
    const { status, body } = await this.#api.call(method, path, after);
    const answeredAt = Date.now();
    const isStored = status < 300;
    const subject = before ?? after!;
    this.attempts.push({
      text: `${method} ${subject['kind']} ${subject['metadata'].name}`,
      key: toResource(subject as unknown as JsonObject)!.key,
      before: before as JsonObject | undefined,
      after: after as JsonObject | undefined,
      from,
      to: await this.revision(),
      sentAt,
      answeredAt,
      status,
      message: isStored ? '' : String(body.message),
      stored: isStored && method !== 'DELETE' ? body : undefined,
    });
  }

  #pick(count: number): number {
    return Math.floor(Math.random() * count);
  }
}

function collectionOf({ kind, metadata }: Manifest): string {
  return PATHS[kind]!.replace('NAMESPACE', metadata.namespace ?? '');
}
