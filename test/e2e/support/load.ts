import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../../deploy/objects.ts';
import type { Answer, Api } from './api.ts';
import { pool } from './objects.ts';

const PATH = '/api/v1/namespaces/iomesh-cluster-1/configmaps';
const PAUSE_MS = 5;

/**
 * A load of users who create, change and delete connection ConfigMaps. Each creation needs both webhooks: it
 * must have the defaults of the mutating one.
 */
export class Load {
  /** Descriptions of unexpected results. */
  readonly failures: string[] = [];
  readonly #api: Api;
  readonly #running: Promise<void>[];
  #calls = 0;
  #stopping = false;

  /** Starts the load; the two clusters must exist. */
  constructor(api: Api, workers = 6) {
    this.#api = api;
    this.#running = Array.from({ length: workers }, (_, worker) => this.#work(worker));
  }

  /** The number of answered calls. */
  get calls(): number {
    return this.#calls;
  }

  /** Resolves after so many more answered calls. */
  async more(calls: number): Promise<void> {
    for (const goal = this.#calls + calls; this.#calls < goal; ) await sleep(20);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
  }

  async #work(worker: number): Promise<void> {
    const complete = pool().connection;
    for (let turn = 0; !this.#stopping; turn++) {
      const name = `iomesh-load-${worker}-${turn}`;
      const made = await this.#expect(201, 'POST', PATH, connection(name));
      const filled = made?.body.data;
      if (made !== undefined && filled.iscsiPortal !== complete['data'].iscsiPortal)
        this.failures.push(`${name} has no defaults: ${JSON.stringify(filled)}`);
      const change = { metadata: { labels: { turn: String(turn) } } };
      await this.#expect(200, 'PATCH', `${PATH}/${name}`, change, 'application/merge-patch+json');
      await this.#expect(200, 'DELETE', `${PATH}/${name}`);
      await sleep(PAUSE_MS);
    }
  }

  async #expect(status: number, ...call: Parameters<Api['call']>): Promise<Answer | undefined> {
    const answer = await this.#api.call(...call).catch((error: Error) => error);
    this.#calls += 1;
    if (!(answer instanceof Error) && answer.status === status) return answer;
    const reason =
      answer instanceof Error ? answer.message : `${answer.status} ${JSON.stringify(answer.body.message)}`;
    this.failures.push(`${call[0]} ${call[1]}: ${reason}`);
    return undefined;
  }
}

/** A connection of the pool without the fields that have defaults. */
function connection(name: string): Manifest {
  const { connection: object } = pool();
  object['metadata'] = { name, namespace: 'iomesh-cluster-1' };
  object['data'] = { clusterId: 'k8s-cluster' };
  return object;
}
