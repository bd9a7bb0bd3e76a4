import { pino } from 'pino';
import { connect } from '../../cluster/connect.ts';
import { LiveWorld } from '../../cluster/live-world.ts';
import { loadConfig } from '../../config/load.ts';
import { describeError, errorCode } from '../../manifests/collect.ts';
import type { CertificateFiles } from '../../webhook/certificate.ts';
import { FileWorld } from '../../webhook/file-world.ts';
import { logOutput } from '../../webhook/log-output.ts';
import { Metrics } from '../../webhook/metrics.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../webhook/server.ts';
import type { WorldSource } from '../../webhook/world-source.ts';
import type { Arguments } from '../command.ts';
import { EXIT, type Io } from '../io.ts';
import { UsageError } from '../../config/usage-error.ts';
import { type ServeOptions, serveOptions } from './options.ts';

/** Starts the webhook and runs it until a signal ends it. */
export async function runServe(args: Arguments, io: Io): Promise<number> {
  const options = serveOptions(args, io.cwd);
  const config = loadConfig(options.config, io.cwd);
  const logger = pino(
    { level: options.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    logOutput(pino.destination({ dest: 1, sync: true })),
  );
  const metrics = new Metrics();
  const source = await openWorld(options.world, { config, metrics, logger, today: io.today });
  const { host, port, healthPort, timeoutMs, drainMs, certDir, clientCa } = options;
  const certificate = { folder: certDir, clientCa };
  const server = await start({
    host,
    port,
    healthPort,
    timeoutMs,
    drainMs,
    certificate,
    source,
    metrics,
    logger,
  }).catch(async (error: unknown) => {
    // Watches that go on would keep the process from ending.
    await source.close();
    throw error;
  });
  logger.info({ host, port: server.port, healthPort: server.healthPort, mode: config.mode }, 'serving');
  const signal = await firstSignal();
  logger.info({ signal, drainMs }, 'shutting down');
  await server.stop();
  await source.close();
  logger.info('stopped');
  return EXIT.clean;
}

type WorldContext = Omit<Parameters<typeof FileWorld.open>[0], 'folder'>;

async function openWorld(
  world: ServeOptions['world'],
  context: WorldContext,
): Promise<WorldSource & { close(): void | Promise<void> }> {
  if ('folder' in world) return await FileWorld.open({ ...context, folder: world.folder });
  const api = await connect(world);
  context.logger.info({ server: api.server, context: api.context }, 'watching the cluster');
  const live = LiveWorld.open({ ...context, api, registry: context.metrics.registry });
  context.metrics.worldAge(() => live.metrics.oldest());
  return live;
}

async function start(options: ServerOptions & { certificate: CertificateFiles }): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (error) {
    const code = errorCode(error);
    const address =
      error instanceof Error && 'port' in error ? `${options.host}:${String(error.port)}` : options.host;
    if (code === 'EADDRINUSE')
      throw new UsageError(
        `${address} is taken by another program`,
        'choose another --port or --health-port',
      );
    if (code === 'EACCES' && error instanceof Error && 'port' in error)
      throw new UsageError(`this user may not listen on ${address}`, 'choose a --port above 1023');
    if (code === 'EADDRNOTAVAIL')
      throw new UsageError(`${options.host} is no address of this machine`, 'choose another --host');
    if (code === 'ENOENT' || code === 'EACCES')
      throw new UsageError(
        `cannot read the certificate in ${options.certificate.folder}: ${describeError(error)}`,
        'npm run certs makes one for development',
      );
    throw new UsageError(
      `the certificate in ${options.certificate.folder} is no good: ${describeError(error)}`,
    );
  }
}

function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
