import { apiError, type RequestOptions, type Requests, responseTooLarge } from '../cluster/api.ts';
import { parseResponse, responseText } from '../cluster/response-body.ts';
import type { JsonObject } from '../core/base/json.ts';
import type { ReadAnswer, ReadRequest } from './worker-protocol.ts';

/**
 * Requests objects through the main thread, which has the credentials and the connections. Of the options only
 * `query`, `accept`, `maxBytes` and `onSize` have an effect: a pass that takes too long ends with its worker.
 */
export class MainThreadRequests implements Requests {
  readonly #send: (request: ReadRequest) => void;
  readonly #waiting = new Map<number, (answer: ReadAnswer) => void>();
  #count = 0;

  constructor(send: (request: ReadRequest) => void) {
    this.#send = send;
  }

  async request(method: string, path: string, options: RequestOptions = {}): Promise<JsonObject> {
    if (method !== 'GET') throw new Error(`the worker only reads: ${method} ${path}`);
    const { query, accept, maxBytes, onSize } = options;
    const id = ++this.#count;
    const answer = await new Promise<ReadAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ id, path, query, accept, maxBytes });
    });
    if ('bytes' in answer) {
      onSize?.(answer.bytes.length);
      return parseResponse(responseText(answer.bytes));
    }
    const { message, status, missing, tooLarge } = answer;
    if (tooLarge) throw responseTooLarge(maxBytes ?? 0);
    throw status === undefined ? new Error(message) : apiError(message, status, { missing });
  }

  /** Takes the answer to a request. */
  receive(answer: ReadAnswer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}
