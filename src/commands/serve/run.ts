import { describeError, errorCode } from '../../system-error.ts';
import { type Logger, pino } from 'pino';
import type { CertificateSource } from '../../admission/certificate-source.ts';
import { certificateInDirectory } from '../../certificates/directory.ts';
import { MountedCertificate } from '../../certificates/mounted.ts';
import { SelfManagedCertificates } from '../../certificates/self-managed.ts';
import type { StoredPaths } from '../../certificates/stored-paths.ts';
import { accessReviews } from '../../cluster/access-review.ts';
import type { Api } from '../../cluster/api.ts';
import { openApi } from '../../cluster/open.ts';
import { LiveWorld } from '../../cluster/live-world.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../core/base/config.ts';
import { FileWorld, type FileWorldOptions } from '../../world-files/file-world.ts';
import { Metrics } from '../../webhook/metrics.ts';
import { anyAddress, type RunningServer, type ServerOptions, startServer } from '../../webhook/server.ts';
import type { WorldSource } from '../../admission/world-source.ts';
import type { Arguments } from '../command.ts';
import { firstSignal } from '../first-signal.ts';
import { EXIT, type Io } from '../io.ts';
import { UsageError } from '../../usage-error.ts';
import {
  coverNewCluster,
  openLedger,
  openScope,
  openSelfManaged,
  openStanding,
  openStoredPaths,
} from './live.ts';
import { logOutput } from './log-output.ts';
import { logVersion } from './log-version.ts';
import { type ServeOptions, serveOptions } from './options.ts';

/** Starts the webhook and runs it until a signal ends it. */
export async function runServe(args: Arguments, io: Io): Promise<number> {
  const options = serveOptions(args, io.cwd);
  const config = loadConfig(options.config, io.cwd);
  const logger = pino(
    { level: options.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    logOutput(),
  );
  const metrics = new Metrics();
  const world = await openWorld(options, { config, metrics, logger, today: io.today });
  const { port, healthPort, clientName, timeoutMs, drainMs, tlsMinVersion } = options;
  const host = options.host ?? (await anyAddress());
  const server = await open(options, config, world, {
    config,
    host,
    port,
    healthPort,
    clientName,
    timeoutMs,
    drainMs,
    tlsMinVersion,
    source: logVersion(world.source, logger),
    metrics,
    logger,
  }).catch(async (error: unknown) => {
    // Open watches would keep the process running.
    await world.close();
    throw error;
  });
  logger.info({ host, port: server.port, healthPort: server.healthPort, mode: config.mode }, 'serving');
  const signal = await firstSignal();
  logger.info({ signal, drainMs }, 'shutting down');
  await server.stop();
  await world.close();
  logger.info('stopped');
  return EXIT.clean;
}

type WorldContext = Omit<FileWorldOptions, 'folder' | 'observer'> & { readonly metrics: Metrics };

/** A source of worlds, and how to close it. */
interface OpenWorld {
  readonly source: WorldSource;
  /** Undefined for a directory. */
  readonly live?: { readonly api: Api; readonly world: LiveWorld };
  close(): Promise<void>;
}

async function openWorld(options: ServeOptions, context: WorldContext): Promise<OpenWorld> {
  const { world, ledgerHoldMs, listEveryMs } = options;
  if ('folder' in world) {
    const files = await FileWorld.open({ ...context, folder: world.folder, observer: context.metrics });
    return { source: files, close: async () => files.close() };
  }
  const api = await openApi(world);
  context.logger.info({ server: api.server, context: api.context }, 'watching the cluster');
  // A change whose entry expired was stored long before.
  const timings = { provenMs: Math.min(listEveryMs, ledgerHoldMs / 3) };
  const live = LiveWorld.open({ ...context, api, registry: context.metrics.registry, timings });
  context.metrics.worldAge(() => live.metrics.oldest());
  const standing = openStanding(api, live, options, context);
  return {
    source: live,
    live: { api, world: live },
    async close() {
      await standing.close();
      await live.close();
    },
  };
}

/** Starts the server with its certificate and, in a namespace, the ledger of its replicas. */
async function open(
  options: ServeOptions,
  config: Config,
  { live }: OpenWorld,
  common: Omit<ServerOptions, 'certificate' | 'ledger'>,
): Promise<RunningServer> {
  const { namespace } = options;
  const { logger } = common;
  const ledger =
    live === undefined || namespace === undefined
      ? undefined
      : await openLedger(live.api, live.world, namespace, options, {
          logger,
          registry: common.metrics.registry,
        });
  if (live !== undefined && ledger === undefined)
    logger.warn(
      'the namespace is unknown, so there is no ledger; two replicas can admit conflicting changes',
    );
  let keeper: SelfManagedCertificates | StoredPaths | undefined;
  const scope =
    live === undefined
      ? undefined
      : await openScope(live.api, live.world, options, config, common, (each) => keeper?.observe(each));
  const parts: ({ close(): void } | undefined)[] = [ledger, scope];
  try {
    const certificate = await openCertificate(options, config, live?.api, logger);
    const stored = await openPaths(options, certificate, live?.api, logger);
    parts.push(stored);
    keeper = certificate instanceof SelfManagedCertificates ? certificate : stored;
    const server = await start({
      ...common,
      paths: keeper instanceof SelfManagedCertificates ? keeper.paths : keeper,
      access: live && accessReviews(live.api),
      ledger,
      certificate,
      onAdmit: scope && ((request) => coverNewCluster(scope, request)),
      problem: scope && (() => scope.problem),
    });
    return closing(server, parts);
  } catch (error) {
    for (const part of parts) part?.close();
    throw error;
  }
}

/** The server, which closes the ledger and the scope when it stops. */
function closing(server: RunningServer, parts: readonly ({ close(): void } | undefined)[]): RunningServer {
  return {
    ...server,
    async stop() {
      // First, so that a replica that is uninstalled does not create the deleted ledger again.
      for (const part of parts) part?.close();
      await server.stop();
    },
  };
}

async function start(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (error) {
    const code = errorCode(error);
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    const address = error instanceof Error && 'port' in error ? `${host}:${String(error.port)}` : host;
    if (code === 'EADDRINUSE')
      throw new UsageError(`${address} is in use by another program`, 'set another --port or --health-port');
    if (code === 'EACCES' && error instanceof Error && 'port' in error)
      throw new UsageError(`no permission to listen on ${address}`, 'set a --port above 1023');
    if (code === 'EADDRNOTAVAIL')
      throw new UsageError(`${options.host} is not an address of this machine`, 'set another --host');
    throw error;
  }
}

async function openCertificate(
  options: ServeOptions,
  config: Config,
  api: Api | undefined,
  logger: Logger,
): Promise<CertificateSource> {
  const { certDir, caBundle, clientCa, namespace, pathSecret } = options;
  if (certDir === undefined) {
    if (api === undefined || namespace === undefined) throw new UsageError('--cert-dir DIR is required');
    return await openSelfManaged(api, options, namespace, config, logger);
  }
  try {
    const files = { folder: certDir, caBundle, clientCa };
    return pathSecret === undefined ? certificateInDirectory(files) : new MountedCertificate(files);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'EACCES')
      throw new UsageError(
        `cannot read the certificate in ${certDir}: ${describeError(error)}`,
        'for development, run npm run certs and set --cert-dir certs',
      );
    throw new UsageError(`the certificate in ${certDir} is invalid: ${describeError(error)}`);
  }
}

/** The secret path of a mounted certificate; undefined if the self-managed certificates have it, or it is not secret. */
async function openPaths(
  options: ServeOptions,
  certificate: CertificateSource,
  api: Api | undefined,
  logger: Logger,
): Promise<StoredPaths | undefined> {
  const { namespace, pathSecret } = options;
  if (api === undefined || namespace === undefined || pathSecret === undefined) return undefined;
  if (certificate instanceof SelfManagedCertificates) return undefined;
  const mounted = certificate instanceof MountedCertificate ? certificate : undefined;
  return await openStoredPaths(api, options, namespace, pathSecret, mounted, logger);
}
