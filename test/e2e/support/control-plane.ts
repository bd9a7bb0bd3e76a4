import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from './api.ts';
import { type Result, runKubectl } from './kubectl.ts';
import { kubeconfig } from './kubeconfig.ts';
import type { Kubernetes } from './kubernetes.ts';
import { claimBlock, freePorts, type LoopbackBlock } from './loopback.ts';
import { Authority, type KeyPair } from './pki.ts';

export interface ControlPlaneOptions {
  readonly kubernetes: Kubernetes;
  /** The folder for data, certificates and logs; default: a temporary folder, removed at the end. */
  readonly dir?: string;
  /** More flags for kube-apiserver. */
  readonly flags?: readonly string[];
}

/** A running etcd and kube-apiserver, empty at the start. */
export interface ControlPlane {
  readonly kubernetes: Kubernetes;
  readonly dir: string;
  readonly url: string;
  /** The CA bundle of the apiserver, in PEM. */
  readonly ca: string;
  /** The path of a kubeconfig file with all permissions. */
  readonly kubeconfig: string;
  /** The loopback addresses of its Services. */
  readonly block: LoopbackBlock;
  /** The time until it was ready. */
  readonly startMs: number;
  readonly pid: number;
  kubectl(args: readonly string[], input?: string): Promise<Result>;
  /** A client with all permissions. */
  readonly api: Api;
  /** The log of both servers so far. */
  log(): string;
  stop(): Promise<void>;
}

/** An idle machine needs 3 s; a busy one with cold caches ten times as long. */
const START_MS = 90_000;
const STOP_MS = 10_000;
/** The address of the apiserver in its block; the Service `kubernetes` has the first. */
const APISERVER = 2;

/**
 * Starts a control plane and waits until it is ready. It ends with `stop` or with this process. Throws with the
 * end of its log if it does not become ready.
 */
export async function startControlPlane({
  kubernetes,
  dir,
  flags = [],
}: ControlPlaneOptions): Promise<ControlPlane> {
  const started = performance.now();
  const home = dir ?? mkdtempSync(join(tmpdir(), 'iomesh-guard-control-plane-'));
  const data = join(home, 'etcd');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const block = await claimBlock();
  const host = block.address(APISERVER);
  const [port, client, peer] = (await freePorts(host, 3)) as [number, number, number];
  const url = `https://${host}:${port}`;
  const identity = await writeIdentity(home, url, host);

  const logFile = join(home, 'control-plane.log');
  const child = launch(kubernetes, logFile, [
    '-etcd-dir',
    data,
    '-etcd-client',
    `http://${host}:${client}`,
    '-etcd-peer',
    `http://${host}:${peer}`,
    '--',
    `--bind-address=${host}`,
    `--advertise-address=${host}`,
    `--secure-port=${port}`,
    `--service-cluster-ip-range=${block.cidr}`,
    '--endpoint-reconciler-type=none',
    '--authorization-mode=RBAC',
    // Without a controller manager no namespace has the ServiceAccount that this plugin requires.
    '--disable-admission-plugins=ServiceAccount',
    `--service-account-issuer=${url}`,
    `--cert-dir=${home}`,
    '--profiling=false',
    ...identity.flags,
    ...flags,
  ]);
  const log = () => readFileSync(logFile, 'utf8');
  const api = new Api({ url, ca: identity.ca, user: identity.admin });
  const stop = async () => {
    api.close();
    await end(child);
    block.release();
    rmSync(dir === undefined ? home : data, { recursive: true, force: true });
  };
  try {
    await untilReady(child, api);
  } catch (error) {
    const tail = log().split('\n').slice(-25).join('\n');
    await stop();
    throw new Error(`Kubernetes ${kubernetes.release} did not start: ${(error as Error).message}\n${tail}`);
  }
  const options = { program: join(kubernetes.folder, 'kubectl'), kubeconfig: identity.kubeconfig, home };
  return {
    kubernetes,
    dir: home,
    url,
    ca: identity.ca,
    kubeconfig: identity.kubeconfig,
    block,
    startMs: Math.round(performance.now() - started),
    pid: child.pid ?? 0,
    kubectl: (args, input) => runKubectl(options, args, input),
    api,
    log,
    stop,
  };
}

interface Identity {
  readonly ca: string;
  readonly admin: KeyPair;
  readonly kubeconfig: string;
  readonly flags: readonly string[];
}

/** Writes the certificates of the apiserver and the administrator, the key for tokens, and the kubeconfig. */
async function writeIdentity(home: string, url: string, host: string): Promise<Identity> {
  const authority = await Authority.make('end-to-end tests');
  const server = await authority.issue({ name: 'kube-apiserver', addresses: [host] });
  const admin = await authority.issue({ name: 'admin', organization: 'system:masters' });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const write = (name: string, text: string) => {
    const file = join(home, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const tokens = write('tokens.key', privateKey.export({ type: 'sec1', format: 'pem' }) as string);
  return {
    ca: authority.cert,
    admin,
    kubeconfig: write('kubeconfig', kubeconfig({ url, ca: authority.cert, user: admin })),
    flags: [
      `--client-ca-file=${write('ca.crt', authority.cert)}`,
      `--tls-cert-file=${write('server.crt', server.cert)}`,
      `--tls-private-key-file=${write('server.key', server.key)}`,
      `--service-account-key-file=${tokens}`,
      `--service-account-signing-key-file=${tokens}`,
    ],
  };
}

function launch({ folder, separate }: Kubernetes, logFile: string, args: readonly string[]): ChildProcess {
  const [program, ...before] = separate
    ? [
        process.execPath,
        join(import.meta.dirname, 'supervisor.mjs'),
        join(folder, 'etcd'),
        join(folder, 'kube-apiserver'),
      ]
    : [join(folder, 'control-plane')];
  const log = openSync(logFile, 'w');
  // Its own process group: an interrupt in the terminal reaches only the tests, which stop it.
  const child = spawn(program ?? '', [...before, ...args], { stdio: ['pipe', log, log], detached: true });
  closeSync(log);
  return child;
}

/** Waits for /readyz and the namespace `default`, which the apiserver creates later. */
async function untilReady(child: ChildProcess, api: Api): Promise<void> {
  let failed: string | undefined;
  child.once('error', (error) => {
    failed = error.message;
  });
  child.once('exit', (code, signal) => {
    failed = `it ended with ${signal ?? code}`;
  });
  const deadline = Date.now() + START_MS;
  for (const path of ['/readyz', '/api/v1/namespaces/default']) {
    while ((await statusOf(api, path)) !== 200) {
      if (failed !== undefined) throw new Error(failed);
      if (Date.now() > deadline) throw new Error(`${path} did not exist after ${START_MS / 1000} s`);
      await sleep(25);
    }
  }
}

function statusOf(api: Api, path: string): Promise<number | undefined> {
  return api.call('GET', path).then(
    ({ status }) => status,
    () => undefined,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  const pid = child.pid;
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
