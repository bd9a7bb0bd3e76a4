import { readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import type { Cluster } from '../support/cluster.ts';
import { freePorts } from '../support/loopback.ts';

export interface SlowWay {
  /** A kubeconfig file like the one that was given, by way of the proxy. */
  readonly kubeconfig: string;
  /** How many milliseconds each piece of an answer is held back. */
  delay: number;
  stop(): Promise<void>;
}

/** A way to the apiserver that can be made slow; it stands at the apiserver's own address, so its certificate holds. */
export async function startProxy(cluster: Cluster): Promise<SlowWay> {
  const { hostname, port: target } = new URL(cluster.plane.url);
  const [port] = await freePorts(hostname, 1);
  const open = new Set<Socket>();
  const proxy = { delay: 0 };
  const server = createServer((client) => {
    const upstream = createConnection(Number(target), hostname);
    // One after the other: a later piece never overtakes one that was held back for longer.
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
