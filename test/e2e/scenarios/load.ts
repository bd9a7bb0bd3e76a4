import { setTimeout as sleep } from 'node:timers/promises';
import type { Manifest } from '../../deploy/objects.ts';
import type { Answer, Api } from '../support/api.ts';
import { pool } from './objects.ts';

const PATH = '/api/v1/namespaces/iomesh-cluster-1/configmaps';
const PAUSE_MS = 5;

/**
 * People who create, change and delete connection ConfigMaps all the time. Each creation needs both
 * webhooks: what the mutating one fills in must be there.
 */
export class Load {
  /** What did not end as it should have, in words. */
  readonly failures: string[] = [];
  readonly #api: Api;
  readonly #running: Promise<void>[];
  #calls = 0;
  #stopping = false;

  /** Starts it; the two clusters must be there. */
  constructor(api: Api, workers = 6) {
    this.#api = api;
    this.#running = Array.from({ length: workers }, (_, worker) => this.#work(worker));
  }

  /** Calls answered so far. */
  get calls(): number {
    return this.#calls;
  }

  /** Resolves when so many more calls were answered: what happened before is behind them all. */
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
      const name = `load-${worker}-${turn}`;
      const made = await this.#expect(201, 'POST', PATH, connection(name));
      const filled = made?.body.data;
      if (made !== undefined && filled.iscsiPortal !== complete['data'].iscsiPortal)
        this.failures.push(`${name} was not completed: ${JSON.stringify(filled)}`);
      const change = { metadata: { labels: { turn: String(turn) } } };
      await this.#expect(200, 'PATCH', `${PATH}/${name}`, change, 'application/merge-patch+json');
      await this.#expect(200, 'DELETE', `${PATH}/${name}`);
      await sleep(PAUSE_MS);
    }
  }

  async #expect(status: number, ...call: Parameters<Api['call']>): Promise<Answer | undefined> {
    const told = await this.#api.call(...call).catch((error: Error) => error);
    this.#calls += 1;
    if (!(told instanceof Error) && told.status === status) return told;
    const said = told instanceof Error ? told.message : `${told.status} ${JSON.stringify(told.body.message)}`;
    this.failures.push(`${call[0]} ${call[1]}: ${said}`);
    return undefined;
  }
}

/** A connection of the second cluster that leaves to the webhook what can be filled in. */
function connection(name: string): Manifest {
  const { connection: object } = pool();
  object['metadata'] = { name, namespace: 'iomesh-cluster-1' };
  object['data'] = { clusterId: 'k8s-cluster' };
  return object;
}
