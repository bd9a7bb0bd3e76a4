import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Cluster } from '../support/cluster.ts';
import { freePorts } from '../support/loopback.ts';
import { Authority } from '../support/pki.ts';

/** What can happen to a request. */
export type Fault =
  /** It is answered so, and what is open ends. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** A watch is told, as an event, that its place is forgotten. */
  | { readonly kind: 'gone' }
  /** The connection is reset, whatever it is doing. */
  | { readonly kind: 'reset' }
  /** It is taken, and nothing more is heard of it, ever. */
  | { readonly kind: 'silence' };

interface Open {
  readonly watch: boolean;
  readonly response: ServerResponse;
  silent: boolean;
}

const GONE = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'too old resource version' };

/**
 * A way to the apiserver that understands what passes, so that watches, or everything, can meet with what they
 * meet with in production. Like a load balancer that ends TLS, it has a certificate of its own.
 */
export class FaultyProxy {
  /** A kubeconfig file with the same user, by way of the proxy. */
  readonly kubeconfig: string;
  readonly #target: URL;
  readonly #ca: string;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #open = new Set<Open>();
  readonly #sockets = new Set<Socket>();
  readonly #dead = new Set<Socket>();
  #fault: { readonly fault: Fault; readonly watchesOnly: boolean } | undefined;

  private constructor(cluster: Cluster, server: Server, kubeconfig: string) {
    this.#target = new URL(cluster.plane.url);
    this.#ca = cluster.plane.ca;
    this.#server = server;
    this.kubeconfig = kubeconfig;
    server.on('request', (incoming, response) => this.#take(incoming, response));
    server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // It is our doing.
      socket.on('error', () => {});
    });
  }

  static async start(cluster: Cluster): Promise<FaultyProxy> {
    const { hostname } = new URL(cluster.plane.url);
    const [port] = await freePorts(hostname, 1);
    const authority = await Authority.make('a proxy');
    const server = createServer(await authority.issue({ name: 'proxy', addresses: [hostname] }));
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(port, hostname, resolve));
    const settings = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'));
    settings.clusters[0].cluster = {
      server: `https://${hostname}:${port}`,
      'certificate-authority-data': Buffer.from(authority.cert).toString('base64'),
    };
    const kubeconfig = `${cluster.kubeconfig}.faulty`;
    writeFileSync(kubeconfig, JSON.stringify(settings), { mode: 0o600 });
    return new FaultyProxy(cluster, server, kubeconfig);
  }

  /** From now on, until {@link heal}; what is open meets with it at once. */
  break(fault: Fault, { watchesOnly = true } = {}): void {
    this.#fault = { fault, watchesOnly };
    for (const each of this.#open) if (each.watch || !watchesOnly) this.#meet(fault, each);
    if (watchesOnly) return;
    // Connections that wait for their next request are no better off than the others.
    if (fault.kind === 'reset') for (const socket of this.#sockets) socket.destroy();
    if (fault.kind === 'silence') for (const socket of this.#sockets) this.#dead.add(socket);
  }

  /** New requests pass again; a connection that is dead stays so. */
  heal(): void {
    this.#fault = undefined;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(incoming: IncomingMessage, response: ServerResponse): void {
    const watch = /[?&]watch=(true|1)/.test(incoming.url ?? '');
    const open: Open = { watch, response, silent: false };
    response.on('error', () => {});
    if (this.#dead.has(incoming.socket)) return;
    if (this.#fault !== undefined && (watch || !this.#fault.watchesOnly)) {
      if (this.#fault.fault.kind === 'silence' && watch) response.writeHead(200).flushHeaders();
      this.#meet(this.#fault.fault, open);
      return;
    }
    this.#pass(incoming, open);
  }

  #pass(incoming: IncomingMessage, open: Open): void {
    const { response } = open;
    this.#open.add(open);
    const call = request(
      new URL(incoming.url ?? '/', this.#target),
      { method: incoming.method, headers: incoming.headers, ca: this.#ca, agent: this.#agent },
      (answer) => {
        if (open.silent) {
          answer.destroy();
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.on('data', (piece) => {
          if (!open.silent) response.write(piece);
        });
        answer.on('end', () => {
          if (!open.silent) response.end();
        });
        answer.on('error', () => response.destroy());
      },
    );
    call.on('error', () => response.destroy());
    response.on('close', () => {
      this.#open.delete(open);
      call.destroy();
    });
    incoming.pipe(call);
  }

  #meet(fault: Fault, open: Open): void {
    const { response, watch } = open;
    switch (fault.kind) {
      case 'reset':
        response.socket?.destroy();
        break;
      case 'silence':
        open.silent = true;
        break;
      case 'gone':
        if (watch) response.end(`${JSON.stringify({ type: 'ERROR', object: { ...GONE, code: 410 } })}\n`);
        break;
      case 'status':
        if (response.headersSent) response.end();
        else {
          const wait = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
          response.writeHead(fault.status, { 'content-type': 'application/json', ...wait });
          response.end(JSON.stringify({ ...GONE, message: 'not now', code: fault.status }));
        }
    }
  }
}
