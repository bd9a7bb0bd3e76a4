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
 * Time limits of Node for slow callers; its own are 120 s for the handshake, 60 s for the headers and 300 s for a
 * request. Node counts the headers from the start of a connection. An apiserver opens more connections than it uses
 * at once and keeps them for 90 s, so {@link limitConnections} closes unfinished headers, and `limitBodies`
 * unfinished bodies. The limit for the headers cannot be longer than that for the request.
 */
export const CALLER_TIMEOUTS = {
  handshakeTimeout: 10_000,
  headersTimeout: 120_000,
  requestTimeout: 120_000,
  connectionsCheckingInterval: 2_000,
} as const;

/** An apiserver sends a request at once. */
const UNFINISHED_MS = 5_000;

interface Connection {
  readonly socket: Socket;
  /** The decrypted side of {@link socket}; undefined before the handshake is done. */
  stream: Socket | undefined;
  /** True after a successful answer. */
  answered: boolean;
  requests: number;
  /** The `bytesRead` of the stream between two requests; undefined while the rest of an answered one arrives. */
  idleAt: number | undefined;
  /** Since when the headers of a request are not complete, or no more of an answered one has arrived. */
  unfinishedSince: number | undefined;
  /** The `bytesRead` of the stream when that was last checked. */
  checkedAt: number;
}

/**
 * Closes connections beyond a maximum: first the oldest without a successful answer, so that those of the apiserver
 * stay. Without such a connection the new one is closed. Closes a connection whose next headers do not arrive
 * completely, but not one that is not used. The rest of a body that is answered already is read as long as it
 * arrives: a caller that still sends when its connection is closed does not see the answer.
 */
export function limitConnections(
  server: HttpServer | HttpsServer,
  max: number,
  unfinishedMs = UNFINISHED_MS,
): void {
  const open = new Map<string, Connection>();
  // By address: the server has another object for the decrypted side of a connection.
  const keyOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;
  const isTls = 'setSecureContext' in server;
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    const connection: Connection = {
      socket,
      stream: isTls ? undefined : socket,
      answered: false,
      requests: 0,
      idleAt: 0,
      unfinishedSince: undefined,
      checkedAt: 0,
    };
    open.set(key, connection);
    socket.once('close', () => {
      if (open.get(key) === connection) open.delete(key);
    });
    if (open.size <= max) return;
    const oldest = [...open.values()].find((each) => !each.answered) ?? connection;
    oldest.socket.destroy();
  });
  server.on('secureConnection', (stream: Socket) => {
    const connection = open.get(keyOf(stream));
    if (connection !== undefined) connection.stream = stream;
  });
  server.on('request', (request, response) => {
    const connection = open.get(keyOf(request.socket));
    if (connection === undefined) return;
    connection.requests += 1;
    connection.unfinishedSince = undefined;
    response.once('finish', () => {
      connection.answered ||= response.statusCode === 200;
    });
    response.once('close', () => {
      connection.requests -= 1;
      const setIdle = () => {
        connection.idleAt = connection.stream?.bytesRead;
      };
      connection.idleAt = undefined;
      if (request.complete) setIdle();
      else request.once('end', setIdle);
    });
  });
  const closeUnfinished = () => {
    const now = performance.now();
    for (const connection of open.values()) {
      const { stream, requests, idleAt } = connection;
      if (stream === undefined || requests > 0) continue;
      const { bytesRead } = stream;
      const stillArrives = idleAt === undefined && bytesRead !== connection.checkedAt;
      connection.checkedAt = bytesRead;
      if (bytesRead === idleAt) connection.unfinishedSince = undefined;
      else if (stillArrives) connection.unfinishedSince = now;
      else connection.unfinishedSince ??= now;
      if (now - (connection.unfinishedSince ?? now) >= unfinishedMs) connection.socket.destroy();
    }
  };
  const timer = setInterval(closeUnfinished, unfinishedMs / 5).unref();
  server.once('close', () => clearInterval(timer));
}
