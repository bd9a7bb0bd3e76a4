import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const CLI = join(import.meta.dirname, '../../../dist/cli.js');
const LEASH = join(import.meta.dirname, 'leash.mjs');
const READY_MS = 120_000;
/** The terminationGracePeriodSeconds of the Deployment. */
const GRACE_MS = 45_000;

/** A log line of a replica. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The process of a replica, on its own address with the default ports. */
export class Replica {
  readonly host: string;
  readonly port = 8443;
  readonly healthUrl: string;
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | undefined>;
  #stopping = false;

  /** Starts it with the arguments of the container. */
  constructor(host: string, args: readonly string[]) {
    if (!existsSync(CLI)) throw new Error('dist/cli.js is not built: run npm run build first');
    this.host = host;
    this.healthUrl = `http://${host}:8081`;
    const command = ['--import', LEASH, CLI, ...args, '--host', host];
    this.#child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#ended = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code ?? undefined)));
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream !== null) createInterface(stream).on('line', (line) => this.lines.push(parsed(line)));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** True after it was stopped. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** True if its readiness probe succeeds. */
  async ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.healthUrl}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
    } catch {
      return false;
    }
  }

  /** Rejects with its log if it does not become ready. */
  async untilReady(): Promise<void> {
    for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(50)) {
      if (await this.ready()) return;
      if (this.#child.exitCode !== null) break;
    }
    throw new Error(
      `${this.host} did not become ready:\n${this.lines.map((line) => JSON.stringify(line)).join('\n')}`,
    );
  }

  /** The text of /metrics. */
  async metrics(): Promise<string> {
    return await (await fetch(`${this.healthUrl}/metrics`)).text();
  }

  /** Stops it as the kubelet does, or kills it. Returns its exit code. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | undefined> {
    this.#stopping = true;
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    const code = await this.#ended;
    clearTimeout(timer);
    return code;
  }
}

function parsed(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}

/** The sum of all series of a metric with these labels. */
export function sumOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((each) => line.includes(each)))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
