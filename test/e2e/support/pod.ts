import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Manifest } from '../../deploy/objects.ts';

const DIST = join(import.meta.dirname, '../../../dist');
const SCRIPT = join(import.meta.dirname, 'pod.sh');
const LEASH = join(import.meta.dirname, 'leash.mjs');
const ACCOUNT = '/run/secrets/kubernetes.io/serviceaccount';

/** The files of a volume, by name. */
export type Files = Readonly<Record<string, string>>;

export interface PodOptions {
  /** The stored spec of the pod template. */
  readonly spec: Manifest;
  /** The address of the pod. */
  readonly address: string;
  /** The files of each volume, by the name of the volume. */
  readonly volumes: Readonly<Record<string, Files>>;
  /** The files of the ServiceAccount: token, ca.crt, namespace. */
  readonly account: Files;
  /** The environment variables with the address of the apiserver. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The process of a pod, as in its template: the arguments and the address of the pod, the mounted volumes, the
 * ServiceAccount, a read-only root file system, and, if this process may change it, the user of the image
 * without capabilities.
 */
export class Pod {
  readonly address: string;
  readonly log: string[] = [];
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #probes: { readonly ready: string; readonly metrics: string };
  readonly #graceMs: number;
  #stopping = false;

  constructor({ spec, address, volumes, account, env }: PodOptions) {
    this.address = address;
    this.#graceMs = spec['terminationGracePeriodSeconds'] * 1000;
    const [container] = spec['containers'] as Manifest[];
    const { name, args, ports, readinessProbe, volumeMounts, securityContext } = container!;
    const probe = readinessProbe.httpGet;
    const port = ports.find((each: Manifest) => each['name'] === probe.port).containerPort;
    const origin = `http://${address}:${port}`;
    this.#probes = { ready: `${origin}${probe.path}`, metrics: `${origin}/metrics` };

    const home = mkdtempSync(join(tmpdir(), 'iomesh-guard-pod-'));
    chmodSync(home, 0o755);
    const app = join(home, 'app');
    // As in the image: without the code cache, which another run may write at this moment.
    cpSync(DIST, join(app, 'dist'), { recursive: true, filter: (path) => !path.includes('main.cache') });
    cpSync(LEASH, join(app, 'leash.mjs'));
    const mounts = [`${ACCOUNT}=${volume(join(home, 'account'), account)}`];
    for (const mount of volumeMounts as Manifest[]) {
      const files = volumes[mount['name']];
      if (files === undefined) throw new Error(`${name}: volume ${mount['name']} not found`);
      mounts.push(`${mount['mountPath']}=${volume(join(home, mount['name']), files)}`);
    }
    if (securityContext.readOnlyRootFilesystem !== true)
      throw new Error(`${name} has a writable root file system`);
    const root = process.getuid?.() === 0;
    const command = [
      ...['--mount', ...(root ? [] : ['--map-root-user']), 'sh', SCRIPT, ...mounts, '--'],
      ...(root ? asUserOfTheImage() : []),
      ...[process.execPath, '--import', join(app, 'leash.mjs'), join(app, 'dist/cli.js'), ...args],
      ...['--host', address],
    ];
    this.#child = spawn('unshare', command, {
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream !== null) createInterface(stream).on('line', (line) => this.log.push(line));
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.log.push(error.message);
        resolve(null);
      });
      this.#child.once('close', resolve);
    });
    void this.ended.then(() => rmSync(home, { recursive: true, force: true }));
  }

  /** True after it was stopped or has ended. */
  get stopping(): boolean {
    return this.#stopping || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** True if its readiness probe succeeds. */
  async ready(): Promise<boolean> {
    if (this.stopping) return false;
    try {
      return (await fetch(this.#probes.ready, { signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false;
    }
  }

  /** The text of /metrics. */
  async metrics(): Promise<string> {
    return await (await fetch(this.#probes.metrics)).text();
  }

  /** Stops it as the kubelet does, and resolves when it has ended. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    this.#stopping = true;
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#graceMs);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }
}

/** The user of the Dockerfile, without capabilities as in restricted Pod Security. */
function asUserOfTheImage(): string[] {
  const user = ['--reuid=65532', '--regid=65532', '--clear-groups'];
  return ['setpriv', ...user, '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];
}

function volume(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
