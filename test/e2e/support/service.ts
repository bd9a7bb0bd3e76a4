import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/** A target of connections. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * A TCP load balancer like kube-proxy: a new connection goes to the next endpoint, an open one stays at its
 * endpoint.
 */
export class Service {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #endpoints: readonly Endpoint[] = [];
  #turn = 0;
  #taken = 0;

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#lead(socket));
  }

  static async listen(host: string, port: number): Promise<Service> {
    const service = new Service();
    await new Promise<void>((resolve, reject) => {
      service.#server.once('error', reject);
      service.#server.listen(port, host, resolve);
    });
    return service;
  }

  /** The number of connections so far. */
  get taken(): number {
    return this.#taken;
  }

  get endpoints(): readonly Endpoint[] {
    return this.#endpoints;
  }

  set endpoints(endpoints: readonly Endpoint[]) {
    this.#endpoints = endpoints;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #lead(client: Socket): void {
    this.#taken += 1;
    const endpoint = this.#endpoints[this.#turn++ % Math.max(1, this.#endpoints.length)];
    if (endpoint === undefined) {
      client.destroy();
      return;
    }
    const server = dial({ ...endpoint, allowHalfOpen: true });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => this.#open.delete(socket));
      // Ends the other half when this one ends.
      socket.pipe(other);
    }
  }
}
