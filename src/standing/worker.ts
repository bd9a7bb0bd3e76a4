/** The thread that evaluates the standing findings of `serve`. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '../cluster/api.ts';
import type { Config } from '../core/base/config.ts';
import { type Resource, toResource } from '../core/base/model.ts';
import { evaluatePass } from './evaluate-pass.ts';
import { MainThreadRequests } from './main-thread-requests.ts';
import type { WorkerAnswer, WorkerMessage, WorkerRequest } from './worker-protocol.ts';

// Reviews first. Elsewhere the priority is that of the whole process.
if (process.platform === 'linux') setPriority(10);

const config = workerData as Config;
const resources = new Map<string, Resource>();
const send = (message: WorkerMessage) => parentPort?.postMessage(message);
const requests = new MainThreadRequests((read) => send({ read }));
/** The main thread ends a pass that takes too long, by ending this one. */
const { signal } = new AbortController();

parentPort?.on('message', (request: WorkerRequest) => {
  if ('put' in request) {
    for (const key of request.drop) resources.delete(key);
    for (const json of request.put) {
      // The main thread has only resources.
      const resource = toResource(json)!;
      resources.set(resource.key, resource);
    }
  } else if ('answered' in request) requests.receive(request.answered);
  else void answer(request.evaluate).then(send);
});

async function answer(
  request: Extract<WorkerRequest, { evaluate: unknown }>['evaluate'],
): Promise<WorkerAnswer> {
  try {
    const input = { ...request, config, resources: [...resources.values()] };
    return { evaluation: await evaluatePass(requests, input, signal) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}
