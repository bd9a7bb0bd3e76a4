import { KubeConfig, Watch } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../src/core/base/json.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import type { Manifest } from '../../test/deploy/objects.ts';
import type { ControlPlane } from '../../test/e2e/support/control-plane.ts';

const COLLECTIONS = [
  '/api/v1/nodes',
  '/api/v1/namespaces',
  '/api/v1/configmaps',
  '/apis/storage.k8s.io/v1/storageclasses',
  '/apis/iomesh.com/v1alpha1/iomeshclusters',
  '/apis/zookeeper.pravega.io/v1beta1/zookeeperclusters',
];

/** A stored change of an object. */
export interface StoredEvent {
  readonly revision: number;
  readonly key: string;
  /** Undefined after a deletion. */
  readonly resource: Resource | undefined;
}

/** Everything that a kube-apiserver stored of the kinds of IOMesh, in the order of the store. */
export class History {
  readonly #watches: AbortController[] = [];
  readonly #events: StoredEvent[] = [];
  #stopped = false;

  /** Lists and watches all kinds. */
  static async follow(plane: ControlPlane): Promise<History> {
    const history = new History();
    const config = new KubeConfig();
    config.loadFromFile(plane.kubeconfig);
    for (const path of COLLECTIONS) {
      const { body } = await plane.api.call('GET', path);
      const type = { apiVersion: body.apiVersion, kind: body.kind.replace(/List$/, '') };
      for (const item of body.items as Manifest[]) history.#add('ADDED', { ...type, ...item });
      await history.#watch(new Watch(config), path, body.metadata.resourceVersion);
    }
    return history;
  }

  /** Resolves when all changes up to a revision have come, which is that of a change of a ConfigMap. */
  async settle(revision: number): Promise<void> {
    while (!this.#events.some((each) => each.revision >= revision)) await sleep(100);
    // The other watches are as far a moment later.
    await sleep(2_000);
  }

  /** All changes, the oldest first. */
  get events(): readonly StoredEvent[] {
    return this.#events.toSorted((a, b) => a.revision - b.revision);
  }

  stop(): void {
    this.#stopped = true;
    for (const each of this.#watches) each.abort();
  }

  async #watch(watch: Watch, path: string, from: string): Promise<void> {
    let version = from;
    const begin = async (): Promise<void> => {
      const open = await watch.watch(
        path,
        { resourceVersion: version },
        (type: string, object: Manifest) => {
          if (type === 'ERROR') throw new Error(`the watch of ${path} has a gap: ${JSON.stringify(object)}`);
          version = object['metadata']['resourceVersion'];
          this.#add(type, object);
        },
        () => {
          if (!this.#stopped) void begin();
        },
      );
      this.#watches.push(open);
    };
    await begin();
  }

  #add(type: string, object: Manifest): void {
    const resource = toResource(object as unknown as JsonObject);
    if (resource === undefined) return;
    const revision = Number(object['metadata']['resourceVersion']);
    this.#events.push({ revision, key: resource.key, resource: type === 'DELETED' ? undefined : resource });
  }
}
