import { createServer, type Server } from 'node:net';

/**
 * A block of loopback addresses for one control plane. Its Services have addresses in the block, so a Service
 * with the clusterIP 127.0.n.10 leads to a server that listens on 127.0.n.10.
 */
export interface LoopbackBlock {
  /** For --service-cluster-ip-range. */
  readonly cidr: string;
  /** An address of the block. The apiserver assigns 17 and above; 1 is its own Service. */
  address(host: number): string;
  release(): void;
}

/** This port is open while a block is in use, so that the claim ends with its process. */
const CLAIM = { host: 254, port: 20_443 };

/** Claims a block 127.0.n.0/24 that no other control plane on this machine uses. */
export async function claimBlock(): Promise<LoopbackBlock> {
  for (let n = 1; n < 255; n++) {
    const claim = await listen(`127.0.${n}.${CLAIM.host}`, CLAIM.port);
    if (claim === undefined) continue;
    claim.unref();
    return {
      cidr: `127.0.${n}.0/24`,
      address: (host) => `127.0.${n}.${host}`,
      release: () => claim.close(),
    };
  }
  throw new Error(
    'all blocks from 127.0.1.0/24 to 127.0.254.0/24 are in use; stop the running control planes',
  );
}

/** Different free ports of an address. */
export async function freePorts(host: string, count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(host, 0)));
  const ports = servers.map((server) => {
    const address = server?.address();
    if (address === null || typeof address !== 'object') throw new Error(`no free port on ${host}`);
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server?.close(resolve))));
  return ports;
}

/** True if this process can listen there: the port is free and permitted. */
export async function canListen(host: string, port: number): Promise<boolean> {
  const server = await listen(host, port, ['EADDRINUSE', 'EACCES']);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

function listen(host: string, port: number, refusals = ['EADDRINUSE']): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (refusals.includes(error.code ?? '')) resolve(undefined);
      else if (error.code === 'EADDRNOTAVAIL')
        reject(
          new Error(
            `${host} is not an address of this machine; only Linux has all addresses of 127.0.0.0/8. Run the end-to-end tests on Linux or in a container`,
          ),
        );
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}
