import { setTimeout as sleep } from 'node:timers/promises';
import { toConfig } from '../../src/config/to-config.ts';
import type { Json } from '../../src/core/base/json.ts';
import { configurationOf } from '../../test/e2e/support/base-manifests.ts';
import { expectOk } from '../../test/e2e/support/cluster.ts';
import { FaultyProxy } from '../../test/e2e/support/faulty-proxy.ts';
import { findKubernetes } from '../../test/e2e/support/kubernetes.ts';
import { all, management, NAMESPACES, node } from '../../test/e2e/support/objects.ts';
import { sumOf } from '../../test/e2e/support/replica.ts';
import { RunningDeployment } from '../../test/e2e/support/running-deployment.ts';
// @ts-expect-error a script without types
import { residentMemory } from '../resident-memory.mjs';
import { History } from './history.ts';
import { compareAnswers } from './replay.ts';
import { type Attempt, Traffic } from './traffic.ts';

export interface SoakOptions {
  readonly seconds: number;
  /** Changes a second. */
  readonly rate: number;
  readonly tell: (line: string) => void;
}

const POOLS = 6;
const CUT_MS = 60_000;
const KILL_MS = 300_000;
/** A call to a killed replica fails within the timeout of the webhook. */
const KILLED_MS = 15_000;
const SAMPLE_MS = 5_000;

/** Runs the changes, compares the answers with what was stored, and says how many were wrong or missing. */
export async function soak({
  seconds,
  rate,
  tell,
}: SoakOptions): Promise<{ wrong: number; unanswered: number }> {
  const found = await findKubernetes(process.env, tell);
  if ('missing' in found) throw new Error(found.missing);
  let proxy: FaultyProxy | undefined;
  const connect = async (account: Parameters<typeof FaultyProxy.start>[0]) => {
    proxy = await FaultyProxy.start(account);
    return proxy.kubeconfig;
  };
  const deployment = await RunningDeployment.start(found[0]!, { connect });
  const { plane } = deployment;
  let history: History | undefined;
  const timers: NodeJS.Timeout[] = [];
  try {
    await prepare(deployment);
    history = await History.follow(plane);
    const traffic = new Traffic(plane.api, POOLS);
    const kills: number[] = [];
    const memory: number[] = [];
    const began = Date.now();
    timers.push(
      setInterval(() => cut(proxy!), CUT_MS),
      setInterval(() => {
        kills.push(Date.now());
        void replaceKilled(deployment);
      }, KILL_MS),
      setInterval(
        () => memory.push(...deployment.replicas.flatMap(({ pid }) => residentMegabytes(pid))),
        SAMPLE_MS,
      ),
    );
    const running = new Set<Promise<void>>();
    for (let sent = 0; Date.now() < began + seconds * 1000; sent++) {
      const change = traffic.next().catch((error: Error) => tell(`a request failed: ${error.message}`));
      running.add(change);
      void change.finally(() => running.delete(change));
      await sleep(Math.max(0, began + ((sent + 1) * 1000) / rate - Date.now()));
    }
    await Promise.all(running);
    for (const each of timers) clearInterval(each);
    await history.settle(await traffic.mark());
    const { attempts } = traffic;
    tell(
      `${attempts.length} changes in ${Math.round((Date.now() - began) / 1000)} s, ${kills.length} kills:`,
    );
    const isKilled = ({ sentAt }: Attempt) => kills.some((at) => Math.abs(sentAt - at) < KILLED_MS);
    const count = (what: string, pattern: RegExp) => {
      const those = attempts.filter(({ message }) => pattern.test(message));
      const away = those.filter((each) => !isKilled(each));
      tell(`  ${what}: ${those.length}, of them ${away.length} not near a kill`);
      for (const each of away.slice(0, 5)) tell(`    ${each.text}: ${each.message.slice(0, 300)}`);
      return away.length;
    };
    const unanswered = count('without an answer', /failed calling webhook/);
    count('"cannot verify"', /cannot verify/);
    const times = attempts.map((each) => each.answeredAt - each.sentAt).sort((a, b) => a - b);
    tell(
      `  time of a change: median ${times[times.length >> 1]} ms, p99 ${times[Math.floor(times.length * 0.99)]} ms, longest ${times.at(-1)} ms`,
    );
    const third = Math.ceil(memory.length / 3);
    const peaks = [0, 1, 2].map((part) => Math.max(0, ...memory.slice(part * third, (part + 1) * third)));
    tell(`  memory of a replica, highest in each third of the time: ${peaks.join(', ')} MB`);
    for (const each of deployment.replicas) {
      const metrics = await each.metrics();
      const worlds = (labels = {}) => sumOf(metrics, 'iomesh_guard_ledger_worlds_total', labels);
      const watched = worlds({ source: 'watch' });
      tell(`  ${each.host}: ${watched} worlds of its watches, ${worlds() - watched} of lists`);
    }
    const config = toConfig(configurationOf(deployment.objects) as Json);
    const { stored, denied, refused, wrong } = compareAnswers(attempts, history.events, config);
    tell(
      `  ${stored} stored, ${denied} denied, ${refused} refused by the apiserver; wrong answers: ${wrong.length}`,
    );
    for (const each of wrong.slice(0, 20)) tell(`    ${each}`);
    return { wrong: wrong.length, unanswered };
  } finally {
    for (const each of timers) clearInterval(each);
    history?.stop();
    await deployment.stop();
    await proxy?.stop();
  }
}

async function prepare({ cluster }: RunningDeployment): Promise<void> {
  const nodes = Array.from({ length: 3 * (POOLS + 1) }, (_, index) => node(`k8s-worker-${index}`));
  const namespaces = Array.from({ length: POOLS }, (_, index) => ({
    ...NAMESPACES[0]!,
    metadata: { name: `iomesh-cluster-${index + 1}` },
  }));
  expectOk(await cluster.apply([...nodes, ...namespaces]));
  expectOk(await cluster.apply(all(management())));
}

function cut(proxy: FaultyProxy): void {
  proxy.break({ kind: 'reset' });
  proxy.heal();
}

async function replaceKilled(deployment: RunningDeployment): Promise<void> {
  await deployment.remove(deployment.replicas[0]!, 'SIGKILL');
  await deployment.add();
}

function residentMegabytes(pid: number): number[] {
  try {
    return [residentMemory(pid).now];
  } catch {
    // It was killed meanwhile.
    return [];
  }
}
