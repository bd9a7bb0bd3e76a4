import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { MountedSecret } from '../../support/tls.ts';
import { type Cluster, expectOk } from './cluster.ts';
import { minorOf } from './kubernetes.ts';
import { canListen } from './loopback.ts';
import { Authority } from './pki.ts';
import { SERVICE, webhookManifests } from './webhook-manifests.ts';

const CLI = join(import.meta.dirname, '../../../dist/cli.js');
const LEASH = join(import.meta.dirname, 'leash.mjs');
const START_MS = 30_000;
const STOP_MS = 15_000;

export interface WebhookOptions {
  /** A folder of manifests for --world; default: the cluster. */
  readonly world?: string;
  /** The last part of its address and of the clusterIP of its Service: 10 to 16. */
  readonly host?: number;
  /** The CA of its certificate; default: a new one. Replicas of one Service share one. */
  readonly authority?: Authority;
  /** Wait until it is ready; default: true. */
  readonly ready?: boolean;
  /** More flags of `serve`. */
  readonly flags?: readonly string[];
}

/** The running webhook. */
export interface Webhook {
  readonly host: string;
  readonly port: number;
  /** The URL of probes and metrics. */
  readonly healthUrl: string;
  readonly secret: MountedSecret;
  readonly authority: Authority;
  readonly pid: number;
  /** The log lines so far. */
  readonly log: readonly string[];
  /** Stops it with SIGTERM as the kubelet does, or kills it. Returns its exit code. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined>;
}

/**
 * Starts the built `iomesh-guard serve` and registers it with a Service. From then on the apiserver calls it.
 */
export async function startWebhook(cluster: Cluster, options: WebhookOptions): Promise<Webhook> {
  const webhook = await serveWebhook(cluster, options);
  try {
    await registerWebhook(cluster, webhook);
    return webhook;
  } catch (error) {
    await webhook.stop('SIGKILL');
    throw error;
  }
}

/** Registers a webhook: its address becomes that of the Service. */
export async function registerWebhook(
  cluster: Cluster,
  { host, port, authority }: Pick<Webhook, 'host' | 'port' | 'authority'>,
): Promise<void> {
  const caBundle = Buffer.from(authority.cert).toString('base64');
  const matchConditions = minorOf(cluster.plane.kubernetes) >= 27;
  expectOk(await cluster.apply(webhookManifests({ clusterIP: host, port, caBundle, matchConditions })));
}

/** Starts the built `iomesh-guard serve` on an address in the block of the control plane. */
export async function serveWebhook(cluster: Cluster, options: WebhookOptions): Promise<Webhook> {
  const { world, flags = [], ready = true } = options;
  if (!existsSync(CLI)) throw new Error('dist/cli.js is not built: run npm run build first');
  const host = cluster.plane.block.address(options.host ?? 10);
  // Port 443 as in production if this process may use it.
  const port = (await canListen(host, 443)) ? 443 : 8443;
  const authority = options.authority ?? (await Authority.make('iomesh-guard end-to-end tests'));
  const dnsNames = [`${SERVICE.name}.${SERVICE.namespace}.svc`];
  const secret = new MountedSecret(await authority.issue({ name: SERVICE.name, dnsNames }));
  const child = spawn(
    process.execPath,
    [
      ...['--import', LEASH, CLI, 'serve', '--cert-dir', secret.folder],
      ...(world === undefined ? ['--kubeconfig', cluster.kubeconfig] : ['--world', world]),
      ...['--host', host, '--port', String(port), '--health-port', '0', '--drain', '0'],
      ...flags,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const log: string[] = [];
  createInterface(child.stderr).on('line', (line) => log.push(line));
  createInterface(child.stdout).on('line', (line) => log.push(line));
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    const code = await end(child, signal);
    secret.remove();
    return code;
  };
  try {
    const healthUrl = `http://${host}:${await healthPort(child, log)}`;
    if (ready) await untilReady(healthUrl);
    return { host, port, healthUrl, secret, authority, pid: child.pid ?? 0, log, stop };
  } catch (error) {
    await stop('SIGKILL');
    throw new Error(`the webhook did not start: ${(error as Error).message}\n${log.join('\n')}`);
  }
}

/** The port of the probes, from the log. */
async function healthPort(child: ChildProcess, log: readonly string[]): Promise<number> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(20)) {
    const line = log.find((each) => each.includes('"msg":"serving"'));
    if (line !== undefined) return (JSON.parse(line) as { healthPort: number }).healthPort;
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
  }
  throw new Error(`it was not serving after ${START_MS / 1000} s`);
}

/** Waits until it is ready. Throws with the reason of /readyz. */
async function untilReady(healthUrl: string): Promise<void> {
  let reason = '';
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(50)) {
    const response = await fetch(`${healthUrl}/readyz`);
    reason = await response.text();
    if (response.ok) return;
  }
  throw new Error(`not ready after ${START_MS / 1000} s: ${reason.trim()}`);
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined> {
  if (child.pid === undefined) return undefined;
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
  return child.exitCode ?? undefined;
}
