/**
 * A load of HTTPS requests over keep-alive connections. Each connection sends its next request after the
 * response to the previous one. Uses plain sockets, so that the client takes less CPU time than the server.
 */
import { connect } from 'node:tls';

/** The latencies of all responses within `seconds` in milliseconds, and the number of failed requests. Sends the bodies in turn. */
export async function load({ port, ca, path, bodies, connections, seconds }) {
  const requests = bodies.map((body) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
  let turn = 0;
  const latencies = [];
  let failed = 0;
  const end = performance.now() + seconds * 1000;
  const one = () =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost' });
      socket.setNoDelay(true);
      let sent = 0;
      let received = '';
      const next = () => {
        if (performance.now() >= end) return socket.destroy();
        received = '';
        sent = performance.now();
        socket.write(requests[turn++ % requests.length]);
      };
      socket.on('secureConnect', next);
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        const head = received.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
        if (received.length < head + 4 + length) return;
        latencies.push(performance.now() - sent);
        if (!received.startsWith('HTTP/1.1 200')) failed += 1;
        next();
      });
      socket.on('error', () => {
        failed += 1;
        resolve();
      });
      socket.on('close', resolve);
    });
  await Promise.all(Array.from({ length: connections }, one));
  return { latencies, failed, perSecond: latencies.length / seconds };
}

export function percentile(latencies, share) {
  const sorted = [...latencies].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
