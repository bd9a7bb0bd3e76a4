/** The thread that evaluates the standing findings of `serve`. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type Api, reasonOf } from '../cluster/api.ts';
import { openApi } from '../cluster/open.ts';
import type { Resource } from '../core/base/model.ts';
import { evaluatePass } from './evaluate-pass.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSetup } from './worker-protocol.ts';

/** The longest time of a pass; the other side gives up too. */
const PASS_MS = 120_000;

// Reviews first. Elsewhere the priority is that of the whole process.
if (process.platform === 'linux') setPriority(10);

const { config, ...cluster } = workerData as WorkerSetup;
const resources = new Map<string, Resource>();
let api: Promise<Api> | undefined;

parentPort?.on('message', (request: WorkerRequest) => {
  if ('put' in request) {
    for (const key of request.drop) resources.delete(key);
    for (const resource of request.put) resources.set(resource.key, resource);
  } else {
    void answer(request.evaluate).then((message) => parentPort?.postMessage(message));
  }
});

async function answer(
  request: Extract<WorkerRequest, { evaluate: unknown }>['evaluate'],
): Promise<WorkerAnswer> {
  try {
    api ??= openApi(cluster);
    const input = { ...request, config, resources: [...resources.values()] };
    return { evaluation: await evaluatePass(await api, input, AbortSignal.timeout(PASS_MS)) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}
