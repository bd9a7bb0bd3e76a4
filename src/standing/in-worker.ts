import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { beforeAbort } from '../before-abort.ts';
import { type Api, type ApiError, isTooLarge, reasonOf, statusOf } from '../cluster/api.ts';
import type { Config } from '../core/base/config.ts';
import type { Resource } from '../core/base/model.ts';
import type { PassResult } from './evaluate-pass.ts';
import type { StandingSource } from './standing-audit.ts';
import { readWatched, type WatchedWorld } from './watched-objects.ts';
import type { ReadRequest, WorkerAnswer, WorkerMessage, WorkerRequest } from './worker-protocol.ts';

/** Copying so many objects takes about a millisecond; reviews wait no longer. */
const CHUNK = 50;
/** The container is limited to 512 MiB. If the worker needs more, the pass fails, and no review does. */
const MAX_HEAP_MB = 192;
/** Three times a half of the young generation: 1 MB, where the flags of the image allow 4. No review waits for a pass. */
const MAX_YOUNG_MB = 3;

/** The bundle of worker.ts. */
export type WorkerCode = { readonly file: string } | { readonly text: string };

/**
 * Evaluates in a worker: a pass over 1 000 clusters and 10 000 nodes takes a second or more, in which no review could
 * be answered. The worker has a copy of the objects. Only those that changed are sent.
 */
export function evaluateInWorker(
  code: WorkerCode,
  api: Pick<Api, 'fetchBytes'>,
  world: WatchedWorld,
  config: Config,
): StandingSource {
  let thread: CopyingWorker | undefined;
  return {
    world,
    async evaluate(today, signal) {
      const { resources, definition } = await readWatched(world, signal);
      thread ??= new CopyingWorker(code, api, config);
      try {
        await thread.copy(resources, signal);
        return await thread.evaluate({ today, definition }, signal);
      } catch (error) {
        // The state of the copy is unknown. The next pass begins with a new worker.
        thread.end();
        thread = undefined;
        throw error;
      }
    },
    close() {
      thread?.end();
      thread = undefined;
    },
  };
}

class CopyingWorker {
  readonly #worker: Worker;
  #copied: ReadonlyMap<string, Resource> = new Map();
  #failure: Error | undefined;
  #settle: ((answer: WorkerAnswer) => void) | undefined;
  readonly #reads = new AbortController();

  constructor(code: WorkerCode, api: Pick<Api, 'fetchBytes'>, config: Config) {
    this.#worker = new Worker('file' in code ? code.file : code.text, {
      eval: 'text' in code,
      workerData: config,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_YOUNG_MB },
    });
    this.#worker.unref();
    this.#worker.on('message', (message: WorkerMessage) => {
      if ('read' in message) void this.#read(api, message.read);
      else this.#settle?.(message);
    });
    const ended = (error: Error) => {
      this.#failure ??= error;
      this.#settle?.({ failure: error.message });
    };
    this.#worker.on('error', ended);
    this.#worker.on('exit', () => ended(new Error('the worker has ended')));
  }

  /** Sends the objects that differ from those sent before. */
  async copy(resources: readonly Resource[], signal: AbortSignal): Promise<void> {
    const copied = this.#copied;
    const current = new Map(resources.map((resource) => [resource.key, resource]));
    const put = resources.filter((resource) => copied.get(resource.key) !== resource);
    const drop = [...copied.keys()].filter((key) => !current.has(key));
    this.#post({ put: [], drop });
    for (let start = 0; start < put.length; start += CHUNK) {
      signal.throwIfAborted();
      this.#post({ put: put.slice(start, start + CHUNK).map(({ json }) => json), drop: [] });
      await nextTurn();
    }
    this.#copied = current;
  }

  async evaluate(
    request: Extract<WorkerRequest, { evaluate: unknown }>['evaluate'],
    signal: AbortSignal,
  ): Promise<PassResult> {
    const answered = new Promise<WorkerAnswer>((resolve) => {
      if (this.#failure !== undefined) return resolve({ failure: this.#failure.message });
      this.#settle = resolve;
      this.#post({ evaluate: request });
    });
    const answer = await beforeAbort(answered, signal, () => new Error('no result in time'));
    this.#settle = undefined;
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.evaluation;
  }

  end(): void {
    this.#reads.abort();
    void this.#worker.terminate();
  }

  /** Requests what the worker asks for. The bytes are moved to it, not copied. */
  async #read(api: Pick<Api, 'fetchBytes'>, { id, path, ...options }: ReadRequest): Promise<void> {
    try {
      const bytes = await api.fetchBytes(path, { ...options, signal: this.#reads.signal });
      this.#worker.postMessage({ answered: { id, bytes } } satisfies WorkerRequest, [bytes.buffer]);
    } catch (error) {
      const status = statusOf(error);
      const missing = status === undefined ? undefined : (error as ApiError).missing;
      const failed = { id, message: reasonOf(error), status, missing, tooLarge: isTooLarge(error) };
      this.#post({ answered: failed });
    }
  }

  #post(request: WorkerRequest): void {
    this.#worker.postMessage(request);
  }
}
