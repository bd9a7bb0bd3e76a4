import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';

/** The oldest version of TLS that the server accepts. */
export type TlsVersion = '1.2' | '1.3';

/** With TLS 1.2 only suites with authenticated encryption and forward secrecy. Those of TLS 1.3 all are. */
const SUITES_OF_1_2 = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
];
const SUITES_OF_1_3 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

/**
 * The TLS options of the server besides its certificate. Every apiserver since Kubernetes 1.21 speaks TLS 1.3: the
 * default of Go's client since 1.13 (https://go.dev/doc/go1.13#tls_1_3).
 */
export function tlsOptions(oldest: TlsVersion): SecureContextOptions {
  return oldest === '1.3'
    ? { minVersion: 'TLSv1.3', ciphers: SUITES_OF_1_3.join(':') }
    : {
        minVersion: 'TLSv1.2',
        ciphers: [...SUITES_OF_1_3, ...SUITES_OF_1_2].join(':'),
        honorCipherOrder: true,
      };
}

/**
 * Time limits for slow callers. Node's own are 120 s for the handshake, 60 s for the headers and 300 s for a request,
 * looked at every 30 s. An apiserver waits 5 s for the whole answer, unless timeoutSeconds says more.
 */
export const CALLER_TIMEOUTS = {
  handshakeTimeout: 5_000,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
} as const;

/**
 * Closes connections beyond a maximum: first the oldest without a successful answer, so that those of the apiserver
 * stay. Without such a connection the new one is closed.
 */
export function limitConnections(server: HttpServer | HttpsServer, max: number): void {
  const open = new Map<string, Socket>();
  // By address: the server has another object for the encrypted side of a connection.
  const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  const answered = new Set<string>();
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    open.set(key, socket);
    socket.once('close', () => {
      if (open.get(key) !== socket) return;
      open.delete(key);
      answered.delete(key);
    });
    if (open.size <= max) return;
    const oldest = [...open].find(([each]) => !answered.has(each));
    (oldest?.[1] ?? socket).destroy();
  });
  server.on('request', (request, response) => {
    response.once('finish', () => {
      if (response.statusCode === 200 && open.has(keyOf(request.socket))) answered.add(keyOf(request.socket));
    });
  });
}
