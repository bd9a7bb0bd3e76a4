/** Which connections are closed beyond the maximum. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { limitConnections } from '../../src/webhook/connection-limits.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function start(max: number) {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/validate' ? 200 : 404;
    response.end();
  });
  limitConnections(server, max);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    closing.push(() => socket.destroy());
    return socket;
  };
}

async function ask(socket: Socket, path: string): Promise<void> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  const closed = once(socket, 'close').then(() => {
    throw new Error('closed');
  });
  await Promise.race([once(socket, 'data'), closed]);
}

const closed = (socket: Socket) => once(socket.resume(), 'close');

describe('a connection beyond the maximum', () => {
  it('closes the oldest that had no successful answer', async () => {
    const open = await start(3);
    const answered = await open();
    await ask(answered, '/validate');
    const refused = await open();
    await ask(refused, '/other');
    const silent = await open();
    const gone = closed(refused);
    await ask(await open(), '/validate');
    await gone;
    const next = closed(silent);
    await ask(await open(), '/validate');
    await next;
    await ask(answered, '/validate');
  });

  it('is closed itself if all others had an answer', async () => {
    const open = await start(2);
    const kept = [await open(), await open()];
    for (const socket of kept) await ask(socket, '/validate');
    await closed(await open());
    for (const socket of kept) await ask(socket, '/validate');
    kept[0]!.destroy();
    await once(kept[0]!, 'close');
    // The server may not have seen yet that the first is closed.
    const attempt = async () => {
      await ask(await open(), '/validate');
      return 'answered';
    };
    await expect.poll(() => attempt().catch(() => 'closed')).toBe('answered');
  });
});
