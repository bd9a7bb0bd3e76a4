import { createServer, type Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { CertificateSource } from '../admission/certificate-source.ts';
import type { Ledger } from '../admission/ledger.ts';
import type { Config } from '../core/base/config.ts';
import type { WorldSource } from '../admission/world-source.ts';
import { type AppOptions, buildApp } from './app.ts';
import { buildHealthServer } from './health.ts';
import { DecisionLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { limitBodies } from './body-limits.ts';
import { limitConnections, type TlsVersion, tlsOptions } from './connection-limits.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
  readonly healthPort: number;
  /** The server closes it. */
  readonly certificate: CertificateSource;
  /** The secret paths; undefined if `/validate` and `/mutate` are answered. */
  readonly paths?: AppOptions['paths'];
  /** The name that a required client certificate must have; default: any. */
  readonly clientName?: string | undefined;
  readonly source: WorldSource;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** How long the server accepts connections after it is not ready any more, in milliseconds. */
  readonly drainMs: number;
  /** The oldest version of TLS that is accepted; default 1.3. */
  readonly tlsMinVersion?: TlsVersion | undefined;
  readonly timeoutMs?: number | undefined;
  readonly ledger?: Ledger | undefined;
  readonly access?: AppOptions['access'];
  readonly onAdmit?: AppOptions['onAdmit'];
  /** A further reason not to be ready; undefined if there is none. */
  readonly problem?: (() => string | undefined) | undefined;
}

/** A running server. */
export interface RunningServer {
  readonly port: number;
  readonly healthPort: number;
  /** Not ready, drain, close. Resolves after the last connection is closed. */
  stop(): Promise<void>;
}

/** Time for the last reviews after the server stops to accept connections. */
const LAST_REVIEWS_MS = 20_000;

const UNAUTHENTICATED =
  'callers are not authenticated: every client that reaches this port is answered; set --client-ca, or --path-secret in a cluster';

/** Three apiservers with 300 reviews each at the same time; an idle connection takes about 60 KB. */
const MAX_CONNECTIONS = 1024;
/** The kubelet and the metrics server open one each. */
const MAX_HEALTH_CONNECTIONS = 64;

/** Starts the HTTPS server of the webhook and the HTTP server of the probes. Rejects if a port is in use. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { logger, metrics, source, certificate } = options;
  metrics.certificate(certificate.current.notAfter);
  const { mutual } = certificate;
  const { paths } = options;
  const countCallers = () => metrics.callersAuthenticated(mutual || paths?.fixed === false);
  countCallers();
  if (!mutual && paths === undefined) logger.warn(UNAUTHENTICATED);
  const protocol = tlsOptions(options.tlsMinVersion ?? '1.3');
  const app = buildApp({
    config: options.config,
    source,
    metrics,
    log: new DecisionLog(logger),
    tls: { ...certificate.current.context, ...protocol, requestCert: mutual, rejectUnauthorized: mutual },
    paths,
    clientName: mutual ? options.clientName : undefined,
    timeoutMs: options.timeoutMs,
    access: options.access,
    ledger: options.ledger,
    onAdmit: options.onAdmit,
  });
  limitBodies(app);
  const https = app.server as unknown as HttpsServer;
  limitConnections(https, MAX_CONNECTIONS);
  certificate.onChange({
    changed(next) {
      https.setSecureContext({ ...next.context, ...protocol });
      metrics.certificate(next.notAfter);
      logger.info({ notAfter: next.notAfter.toISOString() }, 'certificate reloaded');
    },
    failed: (error) =>
      logger.warn({ reason: error.message }, 'the new certificate is invalid; keeping the current one'),
  });

  let stopping = false;
  const readiness = () => {
    countCallers();
    if (stopping) return 'shutting down';
    const reason = source.ready
      ? (certificate.problem ?? paths?.problem ?? options.problem?.())
      : 'the world is not loaded yet';
    if (reason !== undefined) paths?.expose();
    return reason;
  };
  const health = buildHealthServer(readiness, metrics);
  limitConnections(health, MAX_HEALTH_CONNECTIONS);
  try {
    await app.listen({ host: options.host, port: options.port });
    await listen(health, options.host, options.healthPort);
  } catch (error) {
    certificate.close();
    health.close();
    await app.close();
    throw error;
  }

  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping = true;
    // Each response closes its connection. New connections are accepted until the endpoints are updated.
    app.drain();
    await sleep(options.drainMs);
    certificate.close();
    const closed = app.close();
    https.closeIdleConnections();
    const giveUp = setTimeout(() => https.closeAllConnections(), LAST_REVIEWS_MS).unref();
    await closed;
    clearTimeout(giveUp);
    health.closeAllConnections();
    await new Promise((resolve) => health.close(resolve));
  };
  return {
    port: portOf(https),
    healthPort: portOf(health),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** The address for all addresses of this machine: `::` accepts IPv4 as well, but a kernel without IPv6 does not know it. */
export async function anyAddress(): Promise<string> {
  const probe = createServer();
  try {
    await listen(probe, '::', 0);
    return '::';
  } catch {
    return '0.0.0.0';
  } finally {
    probe.close();
  }
}

function listen(server: HttpServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: HttpServer | HttpsServer): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
