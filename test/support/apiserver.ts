/**
 * A small apiserver for tests. It supports list and watch: pages with continue tokens, one version for all
 * objects, watches from a version with bookmarks and a timeout, 410 for compacted versions. Unlike the real
 * one in test/e2e it can simulate failures.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AUDITED } from '../../src/cluster/kinds.ts';
import { encodeMetadataList } from './protobuf.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind.
export type Obj = Record<string, any>;

export interface ReceivedRequest {
  readonly verb: 'list' | 'watch' | 'get';
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  readonly accept: string;
}

/** A simulated failure of a request. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: number; readonly message?: string }
  | 'reset'
  | 'hang'
  /** A watch that opens and sends nothing. */
  | 'mute'
  /** A watch that opens and breaks. */
  | 'break'
  /** A watch that opens and ends at once. */
  | 'end';

interface Event {
  readonly type: string;
  readonly object: Obj;
  readonly version: number;
}

interface Watcher {
  readonly plural: string;
  readonly response: ServerResponse;
  readonly partial: boolean;
  readonly timers: NodeJS.Timeout[];
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const INITIAL = 1000;
const DEFINITION = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/iomeshclusters.iomesh.com';

export class ApiServer {
  readonly requests: ReceivedRequest[] = [];
  /** Returns the simulated failure of a request. */
  fault: (request: ReceivedRequest) => Fault | undefined = () => undefined;
  /** The delay of events in milliseconds. */
  lagMs = 0;
  /** The delay of answers in milliseconds, by plural. */
  readonly answerMs = new Map<string, number>();
  bookmarkMs = 100;
  /** The namespace of the kubeconfig's context. */
  namespace: string | undefined;
  /** The installed definition of IOMeshClusters, if it is to be found. */
  definition: Obj | undefined;
  readonly missing = new Set<string>();
  readonly forbidden = new Set<string>();
  /** The versions in which a kind is served, by plural; default: the one that the program knows. */
  readonly served = new Map<string, readonly string[]>();
  readonly #objects = new Map<string, Map<string, Obj>>();
  readonly #history = new Map<string, Event[]>();
  readonly #watchers = new Set<Watcher>();
  readonly #snapshots = new Map<string, { items: Obj[]; version: number; from: number }>();
  readonly #server: Server;
  readonly #folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-cluster-'));
  #port = 0;
  #version = INITIAL;
  #compacted = 0;
  #tokens = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<ApiServer> {
    const server = new ApiServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.#port = (server.#server.address() as AddressInfo).port;
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A kubeconfig file for this server. */
  get kubeconfig(): string {
    const file = join(this.#folder, 'kubeconfig');
    const cluster = { server: this.url, 'insecure-skip-tls-verify': true };
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'here', cluster }],
        users: [{ name: 'tester', user: { token: 'secret' } }],
        contexts: [
          { name: 'testing', context: { cluster: 'here', user: 'tester', namespace: this.namespace } },
          { name: 'nowhere', context: { cluster: 'gone', user: 'tester' } },
        ],
        'current-context': 'testing',
      }),
    );
    return file;
  }

  get openWatches(): number {
    return this.#watchers.size;
  }

  count(verb: ReceivedRequest['verb'], plural: string): number {
    return this.requests.filter((each) => each.verb === verb && each.plural === plural).length;
  }

  /** Creates or updates an object. */
  put(object: Obj): Obj {
    const { plural } = kindOf(object);
    const all = this.#all(plural);
    const key = keyOf(object);
    const before = all.get(key);
    this.#version += 1;
    const stored = {
      ...object,
      metadata: {
        uid: before?.['metadata'].uid ?? `uid-${this.#version}`,
        ...object['metadata'],
        resourceVersion: String(this.#version),
        managedFields: [{ manager: 'kubectl', fieldsV1: {} }],
      },
    };
    all.set(key, stored);
    this.#emit(plural, {
      type: before === undefined ? 'ADDED' : 'MODIFIED',
      object: stored,
      version: this.#version,
    });
    return stored;
  }

  delete(kind: string, name: string, namespace = ''): void {
    const { plural } = AUDITED.find((each) => each.kind === kind)!;
    const all = this.#all(plural);
    const object = all.get(`${namespace}/${name}`);
    if (object === undefined) throw new Error(`${kind} ${namespace}/${name} not found`);
    all.delete(`${namespace}/${name}`);
    this.#version += 1;
    const last = { ...object, metadata: { ...object['metadata'], resourceVersion: String(this.#version) } };
    this.#emit(plural, { type: 'DELETED', object: last, version: this.#version });
  }

  /** Compacts the history: open watches end with 410. */
  compact(): void {
    this.#compacted = this.#version;
    this.#history.clear();
    this.#snapshots.clear();
    const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
    for (const watcher of this.#watchers) {
      write(watcher, { type: 'ERROR', object: status });
      this.#end(watcher);
    }
  }

  /** Sends all events of a kind again. */
  repeatEvents(plural: string): void {
    for (const event of this.#history.get(plural) ?? [])
      for (const watcher of this.#watchers) if (watcher.plural === plural) write(watcher, event);
  }

  /** Returns a function that restores the present state, with its versions. The watches break. */
  backup(): () => void {
    const version = this.#version;
    const objects = [...this.#objects].map(([plural, all]) => [plural, new Map(all)] as const);
    return () => {
      this.#version = version;
      for (const [plural, all] of objects) this.#objects.set(plural, all);
      this.#history.clear();
      this.breakWatches();
    };
  }

  /** Breaks every open watch. */
  breakWatches(): void {
    for (const { response } of this.#watchers) response.destroy();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Stops listening during a function, then listens again on the same port. */
  async away<T>(meanwhile: () => Promise<T>): Promise<T> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    try {
      return await meanwhile();
    } finally {
      await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    }
  }

  #all(plural: string): Map<string, Obj> {
    let all = this.#objects.get(plural);
    if (all === undefined) {
      all = new Map();
      this.#objects.set(plural, all);
    }
    return all;
  }

  #emit(plural: string, event: Event): void {
    const history = this.#history.get(plural) ?? [];
    history.push(event);
    this.#history.set(plural, history);
    const send = () => {
      for (const watcher of this.#watchers) if (watcher.plural === plural) write(watcher, event);
    };
    if (this.lagMs === 0) send();
    else setTimeout(send, this.lagMs).unref();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const target = parse(url.pathname);
    if (request.headers.authorization !== 'Bearer secret') return sendStatus(response, 401, 'Unauthorized');
    if (url.pathname === DEFINITION && this.definition !== undefined) return reply(response, this.definition);
    const [, group, groupVersion] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (group !== undefined) return this.#discover(group, groupVersion, response);
    if (target === undefined)
      return sendStatus(response, 404, 'the server could not find the requested resource');
    const { plural, namespace, name } = target;
    const verb = name !== undefined ? 'get' : url.searchParams.get('watch') === 'true' ? 'watch' : 'list';
    const accept = request.headers.accept ?? '';
    const received: ReceivedRequest = { verb, plural, namespace, query: url.searchParams, accept };
    this.requests.push(received);
    const delay = this.answerMs.get(plural);
    const send = () => this.#send(received, target, response);
    if (delay === undefined) send();
    else setTimeout(send, delay);
  }

  #send(received: ReceivedRequest, target: Target, response: ServerResponse): void {
    const { verb, plural, accept } = received;
    const { version, namespace, name } = target;
    const fault = this.fault(received);
    if (fault === 'reset') return void response.socket?.destroy();
    if (fault === 'hang') return;
    if (typeof fault === 'object')
      return sendStatus(response, fault.status, fault.message ?? 'simulated failure', fault.retryAfter);
    const kind = AUDITED.find((each) => each.plural === plural)!;
    if (!this.#versionsOf(kind).includes(version))
      return sendStatus(response, 404, 'the server could not find the requested resource');
    if (this.forbidden.has(plural))
      return sendStatus(response, 403, `${plural} is forbidden: User "tester" cannot ${verb}`);
    const partial = accept.includes('as=PartialObjectMetadata');
    if (verb === 'get') {
      const object = this.#all(plural).get(`${namespace ?? ''}/${name}`);
      return object === undefined
        ? sendStatus(response, 404, `${name} not found`, undefined, { name: name ?? '', kind: plural })
        : reply(response, shape(object, partial));
    }
    if (verb === 'list') return this.#list(received, response);
    this.#watch(received, partial, fault, response);
  }

  #versionsOf({ plural, apiVersion }: (typeof AUDITED)[number]): readonly string[] {
    if (this.missing.has(plural)) return [];
    return this.served.get(plural) ?? [apiVersion.split('/').at(-1) ?? ''];
  }

  /** An APIGroup, or an APIResourceList of one of its versions. */
  #discover(group: string, version: string | undefined, response: ServerResponse): void {
    const kinds = AUDITED.filter(({ apiVersion }) => apiVersion.startsWith(`${group}/`));
    const versions = [...new Set(kinds.flatMap((each) => this.#versionsOf(each)))].map((each) => ({
      groupVersion: `${group}/${each}`,
      version: each,
    }));
    const served = kinds.filter((each) => this.#versionsOf(each).includes(version ?? ''));
    if (version === undefined ? versions.length === 0 : served.length === 0)
      return sendStatus(response, 404, 'the server could not find the requested resource');
    if (version === undefined)
      return reply(response, { kind: 'APIGroup', name: group, versions, preferredVersion: versions[0] });
    const resources = served.flatMap(({ kind, plural }) => [
      { name: `${plural}/status`, kind },
      { name: plural, kind },
    ]);
    reply(response, { kind: 'APIResourceList', groupVersion: `${group}/${version}`, resources });
  }

  #list({ plural, namespace, query, accept }: ReceivedRequest, response: ServerResponse): void {
    const token = query.get('continue');
    const snapshot =
      token === null
        ? {
            items: [...this.#all(plural).values()].filter(
              ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
            ),
            version: this.#version,
            from: 0,
          }
        : this.#snapshots.get(token);
    if (snapshot === undefined)
      return sendStatus(response, 410, 'The provided continue parameter is too old');
    const limit = Number(query.get('limit') ?? 0) || snapshot.items.length;
    const end = snapshot.from + limit;
    const metadata: Obj = { resourceVersion: String(snapshot.version) };
    if (end < snapshot.items.length) {
      this.#tokens += 1;
      metadata['continue'] = `token-${this.#tokens}`;
      this.#snapshots.set(metadata['continue'], { ...snapshot, from: end });
    }
    // Items of a built-in kind have no kind and apiVersion.
    const items = snapshot.items
      .slice(snapshot.from, end)
      .map((each) => shape(each, accept.includes('as=PartialObjectMetadata')))
      .map(({ kind, apiVersion, ...rest }) =>
        String(apiVersion).includes('iomesh') ? { kind, apiVersion, ...rest } : rest,
      );
    if (accept.startsWith(PROTOBUF)) {
      response.writeHead(200, { 'content-type': PROTOBUF });
      response.end(encodeMetadataList({ metadata, items }));
    } else reply(response, { kind: 'List', apiVersion: 'v1', metadata, items });
  }

  #watch(
    { plural, query }: ReceivedRequest,
    partial: boolean,
    fault: Fault | undefined,
    response: ServerResponse,
  ): void {
    const from = Number(query.get('resourceVersion'));
    if (from < this.#compacted) return sendStatus(response, 410, 'too old resource version');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const timers: NodeJS.Timeout[] = [];
    const watcher: Watcher = { plural, response, partial, timers };
    if (fault === 'end') return void response.end();
    if (fault === 'break') return void setTimeout(() => response.destroy(), 5);
    if (fault !== 'mute') {
      for (const event of this.#history.get(plural) ?? []) if (event.version > from) write(watcher, event);
      this.#watchers.add(watcher);
      timers.push(
        setInterval(() => {
          const object = { metadata: { resourceVersion: String(this.#version) } };
          if (query.get('allowWatchBookmarks') === 'true' && this.lagMs === 0)
            write(watcher, { type: 'BOOKMARK', object });
        }, this.bookmarkMs),
        setTimeout(() => this.#end(watcher), Number(query.get('timeoutSeconds')) * 1000),
      );
    }
    response.on('close', () => this.#forget(watcher));
  }

  /** Ends a watch. It is closed some time later; nothing is written to it in between. */
  #end(watcher: Watcher): void {
    this.#forget(watcher);
    watcher.response.end();
  }

  #forget(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    for (const timer of watcher.timers) clearTimeout(timer);
  }
}

function kindOf(object: Obj) {
  const found = AUDITED.find((each) => each.kind === object['kind']);
  if (found === undefined) throw new Error(`unknown kind: ${object['kind']}`);
  return found;
}

function keyOf({ metadata }: Obj): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

interface Target {
  readonly plural: string;
  readonly version: string;
  readonly namespace?: string;
  readonly name?: string;
}

function parse(path: string): Target | undefined {
  const match =
    /^\/(?:api\/(v1)|apis\/[^/]+\/([^/]+))(?:\/namespaces\/([^/]+)(?=\/))?\/([a-z]+)(?:\/([^/]+))?$/.exec(
      path,
    );
  const [, core, custom, namespace, plural, name] = match ?? [];
  if (plural === undefined || !AUDITED.some((each) => each.plural === plural)) return undefined;
  return {
    plural,
    version: core ?? custom ?? '',
    ...(namespace === undefined ? {} : { namespace: decodeURIComponent(namespace) }),
    ...(name === undefined ? {} : { name: decodeURIComponent(name) }),
  };
}

function shape(object: Obj, partial: boolean): Obj {
  return partial
    ? { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object['metadata'] }
    : object;
}

function write({ response, partial }: Watcher, { type, object }: Omit<Event, 'version'>): void {
  const isObject = type !== 'BOOKMARK' && type !== 'ERROR';
  response.write(`${JSON.stringify({ type, object: isObject ? shape(object, partial) : object })}\n`);
}

function reply(response: ServerResponse, body: Obj): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  retryAfter?: number,
  details?: { readonly name: string; readonly kind: string } | undefined,
): void {
  response.writeHead(code, {
    'content-type': 'application/json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  response.end(JSON.stringify({ kind: 'Status', status: 'Failure', message, code, details }));
}
