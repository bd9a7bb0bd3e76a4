import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { MountedSecret } from '../../support/tls.ts';
import { type Cluster, expectOk } from './cluster.ts';
import { canListen } from './loopback.ts';
import { Authority } from './pki.ts';
import { SERVICE, webhookManifests } from './webhook-manifests.ts';

const CLI = join(import.meta.dirname, '../../../dist/cli.js');
const LEASH = join(import.meta.dirname, 'leash.mjs');
const START_MS = 30_000;
const STOP_MS = 15_000;

export interface WebhookOptions {
  /** A folder of manifests to judge against; the cluster itself, as its user finds it, if not given. */
  readonly world?: string;
  /** The last part of the address it listens on, which is its Service's clusterIP: 10 to 16. */
  readonly host?: number;
  /** Who vouches for it; one of its own if not given. Replicas behind one Service share one. */
  readonly authority?: Authority;
  /** Whether to wait until it says that it is ready; true if not given. */
  readonly ready?: boolean;
  /** More flags of `serve`. */
  readonly flags?: readonly string[];
}

/** The built webhook, running. */
export interface Webhook {
  readonly host: string;
  readonly port: number;
  /** Where the probes and metrics are. */
  readonly healthUrl: string;
  readonly secret: MountedSecret;
  readonly authority: Authority;
  readonly pid: number;
  /** The lines it logged so far. */
  readonly log: readonly string[];
  /** Ends it as a kubelet does, with SIGTERM, or at once, and waits; gives its exit code. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined>;
}

/**
 * Starts `iomesh-guard serve` as it is built and registers it over a Service. From then on every request that
 * concerns it waits for it.
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

/** Sends the requests of a cluster to a webhook: its address becomes that of the Service. */
export async function registerWebhook(
  cluster: Cluster,
  { host, port, authority }: Pick<Webhook, 'host' | 'port' | 'authority'>,
): Promise<void> {
  const caBundle = Buffer.from(authority.cert).toString('base64');
  expectOk(await cluster.apply(webhookManifests({ clusterIP: host, port, caBundle })));
}

/** Starts `iomesh-guard serve` as it is built, on an address of the control plane's block. */
export async function serveWebhook(cluster: Cluster, options: WebhookOptions): Promise<Webhook> {
  const { world, flags = [], ready = true } = options;
  if (!existsSync(CLI)) throw new Error('dist/cli.js is not built: run npm run build first');
  const host = cluster.plane.block.address(options.host ?? 10);
  // As in production where this process may; anyone may have the other one.
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

/** The port of the probes, which it logs once it serves. */
async function healthPort(child: ChildProcess, log: readonly string[]): Promise<number> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(20)) {
    const line = log.find((each) => each.includes('"msg":"serving"'));
    if (line !== undefined) return (JSON.parse(line) as { healthPort: number }).healthPort;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
  }
  throw new Error(`it did not say that it serves within ${START_MS / 1000} s`);
}

/** Ready: it can read its world. Where it cannot, its own words say why. */
async function untilReady(healthUrl: string): Promise<void> {
  let told = '';
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await sleep(50)) {
    const response = await fetch(`${healthUrl}/readyz`);
    told = await response.text();
    if (response.ok) return;
  }
  throw new Error(`after ${START_MS / 1000} s it says ${told.trim()}`);
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
