import { createServer, type Server } from 'node:http';
import { CALLER_TIMEOUTS } from './connection-limits.ts';
import type { Metrics } from './metrics.ts';

/** Returns why the server is not ready; undefined if it is. */
export type Readiness = () => string | undefined;

/** The plain HTTP server for `/livez`, `/readyz` and `/metrics`. */
export function buildHealthServer(readiness: Readiness, metrics: Metrics): Server {
  return createServer(CALLER_TIMEOUTS, (request, response) => {
    const send = (status: number, text: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': type });
      response.end(text);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'GET only\n');
    switch (request.url?.split('?')[0]) {
      case '/livez':
        return send(200, 'ok\n');
      case '/readyz': {
        const reason = readiness();
        return reason === undefined ? send(200, 'ok\n') : send(503, `not ready: ${reason}\n`);
      }
      case '/metrics':
        metrics.ready(readiness() === undefined);
        metrics.registry.metrics().then(
          (text) => send(200, text, metrics.registry.contentType),
          (error: unknown) => send(500, `${String(error)}\n`),
        );
        return;
      default:
        return send(404, 'use /livez, /readyz or /metrics\n');
    }
  });
}
