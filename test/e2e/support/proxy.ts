import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import type { Cluster } from './cluster.ts';
import { freePorts } from './loopback.ts';

/** A proxy that delays responses. */
export interface SlowProxy {
  /** A kubeconfig file with the same user, for the proxy. */
  readonly kubeconfig: string;
  /** The delay of each part of a response, in milliseconds. */
  delay: number;
  stop(): Promise<void>;
}

/** Starts a TCP proxy on the address of the apiserver, so that its certificate is valid. */
export async function startProxy(cluster: Cluster): Promise<SlowProxy> {
  const { hostname, port: target } = new URL(cluster.plane.url);
  const [port] = await freePorts(hostname, 1);
  const open = new Set<Socket>();
  const proxy = { delay: 0 };
  const server = createServer((client) => {
    const upstream = createConnection(Number(target), hostname);
    // In order, also if the delay becomes shorter.
    let due = 0;
    upstream.on('data', (piece) => {
      due = Math.max(due, Date.now() + proxy.delay);
      setTimeout(() => client.write(piece), due - Date.now());
    });
    client.on('data', (piece) => upstream.write(piece));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(port, hostname, resolve));
  const kubeconfig = `${cluster.kubeconfig}.slow`;
  const text = readFileSync(cluster.kubeconfig, 'utf8');
  writeFileSync(kubeconfig, text.replaceAll(cluster.plane.url, `https://${hostname}:${port}`), {
    mode: 0o600,
  });
  return Object.assign(proxy, {
    kubeconfig,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
