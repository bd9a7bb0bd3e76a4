import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Cluster } from './cluster.ts';
import { freePorts } from './loopback.ts';
import { Authority } from './pki.ts';

/** A simulated failure of requests. */
export type Fault =
  /** An error status; open requests end. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** A watch gets an event of type ERROR with code 410. */
  | { readonly kind: 'gone' }
  /** The connection is reset. */
  | { readonly kind: 'reset' }
  /** The request is accepted and never answered. */
  | { readonly kind: 'silence' };

interface Open {
  readonly watch: boolean;
  readonly response: ServerResponse;
  silent: boolean;
}

const GONE = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'too old resource version' };

/**
 * An HTTP proxy to the apiserver that simulates failures of watches, or of all requests. Like a load balancer
 * that terminates TLS, it has its own certificate.
 */
export class FaultyProxy {
  /** A kubeconfig file with the same user, for the proxy. */
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
      // Errors of simulated failures.
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

  /** Lets new and open requests fail until {@link heal}. */
  break(fault: Fault, { watchesOnly = true } = {}): void {
    this.#fault = { fault, watchesOnly };
    for (const each of this.#open) if (each.watch || !watchesOnly) this.#meet(fault, each);
    if (watchesOnly) return;
    // Idle connections fail too.
    if (fault.kind === 'reset') for (const socket of this.#sockets) socket.destroy();
    if (fault.kind === 'silence') for (const socket of this.#sockets) this.#dead.add(socket);
  }

  /** Forwards new requests again; dead connections remain dead. */
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
