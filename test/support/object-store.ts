import { type Api, apiError, type RequestOptions } from '../../src/cluster/api.ts';
import { at, type Json, type JsonObject } from '../../src/core/base/json.ts';

/**
 * An apiserver that only stores objects, by path, with resourceVersion and uid. `meddle` runs before each
 * request, to simulate other writers and failures.
 */
export class ObjectStore implements Api {
  readonly server = 'https://store.test';
  readonly context = 'test';
  readonly namespace = 'default';
  readonly objects = new Map<string, JsonObject>();
  readonly requests: string[] = [];
  meddle: (method: string, path: string) => void | Promise<void> = () => undefined;
  #counter = 0;

  async request(method: string, path: string, options: RequestOptions = {}): Promise<JsonObject> {
    options.signal?.throwIfAborted();
    this.requests.push(`${method} ${path}`);
    await this.meddle(method, path);
    const body = structuredClone(options.body ?? {}) as JsonObject;
    if (method === 'GET') return structuredClone(this.#existing(path));
    if (method === 'POST') {
      const name = at(body, ['metadata', 'name']);
      const own = `${path}/${String(name)}`;
      if (this.objects.has(own)) throw apiError(`${String(name)} already exists`, 409);
      return this.put(own, body);
    }
    const before = this.#existing(path);
    const was = before['metadata'] as JsonObject;
    if (method === 'PUT') {
      const is = body['metadata'] as JsonObject;
      for (const key of ['resourceVersion', 'uid'])
        if (is[key] !== undefined && is[key] !== was[key])
          throw apiError(`${key} is ${String(was[key])}`, 409);
      return this.put(path, body);
    }
    if (method === 'DELETE') {
      this.objects.delete(path);
      return before;
    }
    if (method === 'PATCH' && options.contentType === 'application/json-patch+json')
      return this.put(path, patched(before, options.body as readonly JsonObject[]));
    throw apiError(`${method} is not supported`, 405);
  }

  async fetchBytes(path: string, options?: RequestOptions): Promise<Uint8Array<ArrayBuffer>> {
    return new TextEncoder().encode(JSON.stringify(await this.request('GET', path, options)));
  }

  /** Stores an object with the next resourceVersion. */
  put(path: string, object: JsonObject): JsonObject {
    const uid =
      (this.objects.get(path)?.['metadata'] as JsonObject | undefined)?.['uid'] ?? `uid-${this.#next()}`;
    const metadata = { ...(object['metadata'] as JsonObject), uid, resourceVersion: this.#next() };
    const stored = { ...object, metadata };
    this.objects.set(path, stored);
    return structuredClone(stored);
  }

  watch(): () => void {
    throw new Error('watch is not supported');
  }

  async close(): Promise<void> {}

  #existing(path: string): JsonObject {
    const found = this.objects.get(path);
    if (found === undefined)
      throw apiError(`${path.split('/').pop()} not found`, 404, { missing: path.split('/').pop() });
    return found;
  }

  #next(): string {
    this.#counter += 1;
    return String(this.#counter);
  }
}

/** A subset of RFC 6902: test, add and replace at an existing path. */
function patched(object: JsonObject, operations: readonly JsonObject[]): JsonObject {
  const result = structuredClone(object) as Record<string, Json>;
  for (const { op, path, value } of operations as unknown as { op: string; path: string; value: Json }[]) {
    const keys = path
      .slice(1)
      .split('/')
      .map((each) => each.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop()!;
    let target = result as Record<string, Json>;
    for (const key of keys) {
      if (target[key] === undefined) throw apiError(`no ${path}`, 422);
      target = target[key] as Record<string, Json>;
    }
    if (op === 'test') {
      if (JSON.stringify(target[last]) !== JSON.stringify(value))
        throw apiError(`test of ${path} failed`, 422);
    } else target[last] = value;
  }
  return result;
}
