import { expectOk } from '../test/e2e/support/cluster.ts';
import { findKubernetes } from '../test/e2e/support/kubernetes.ts';
import { preparePath, storedPaths } from '../test/e2e/support/stored-certificates.ts';
import { sumOf } from '../test/e2e/support/replica.ts';
import { RunningDeployment } from '../test/e2e/support/running-deployment.ts';
import { all, management } from '../test/e2e/support/objects.ts';
import {
  applyPairs,
  pairNamespaces,
  removePairs,
  formatTally,
  type Tally,
} from '../test/e2e/support/conflicting-pairs.ts';

/** So many pairs are there together: more, and the world would grow with the length of the run. */
const CHUNK = 200;

export interface RaceOptions {
  readonly pairs: number;
  readonly seconds: number;
  readonly replicas: number;
  readonly atOnce: number;
  /** Replace the secret path again and again, each time after two minutes. */
  readonly rotate: boolean;
  readonly tell: (line: string) => void;
}

/** Applies pairs until there are enough, or the time is over, and says how it stands after every thousand. */
export async function race({ pairs, seconds, replicas, atOnce, rotate, tell }: RaceOptions): Promise<Tally> {
  const found = await findKubernetes(process.env, tell);
  if ('missing' in found) throw new Error(found.missing);
  const [kubernetes] = found;
  const deployment = await RunningDeployment.start(kubernetes!, { replicas });
  const rotation = rotate ? new Rotation(deployment) : undefined;
  try {
    expectOk(await deployment.cluster.apply(all(management())));
    expectOk(await deployment.cluster.apply(pairNamespaces(CHUNK)));
    const sum: Tally = { pairs: 0, both: 0, one: 0, neither: 0, apart: 0, reasons: new Map() };
    const began = Date.now();
    const until = began + seconds * 1000;
    let applied = 0;
    while (sum.pairs < pairs && Date.now() < until) {
      const count = Math.min(CHUNK, pairs - sum.pairs);
      const start = Date.now();
      const chunk = await applyPairs(deployment, count, { concurrency: atOnce, until, first: sum.pairs });
      applied += Date.now() - start;
      await removePairs(deployment, CHUNK);
      for (const key of ['pairs', 'both', 'one', 'neither', 'apart'] as const) sum[key] += chunk[key];
      for (const [reason, times] of chunk.reasons)
        sum.reasons.set(reason, (sum.reasons.get(reason) ?? 0) + times);
      if (sum.pairs % 1000 === 0)
        tell(`${formatTally(sum)}, after ${Math.round((Date.now() - began) / 1000)} s`);
    }
    tell(`${replicas} replicas, ${atOnce} pairs at once, ${Math.round((Date.now() - began) / 1000)} s:`);
    tell(formatTally(sum));
    tell(`  ${((sum.pairs * 1000) / applied).toFixed(1)} pairs a second, without their removal`);
    for (const [reason, times] of sum.reasons) tell(`  ${times} refused: ${reason}`);
    for (const { host, metrics } of await Promise.all(
      deployment.replicas.map(async (each) => ({ host: each.host, metrics: await each.metrics() })),
    ))
      tell(
        `  ${host}: ${sumOf(metrics, 'iomesh_guard_decisions_total', { webhook: 'validating' })} validated, ledger rounds ${[
          'committed',
          'read',
          'conflict',
          'yielded',
          'failed',
        ]
          .map((result) => `${sumOf(metrics, 'iomesh_guard_ledger_rounds_total', { result })} ${result}`)
          .join(', ')}`,
      );
    if (rotation !== undefined) tell(`  secret paths: ${rotation.secrets.size}`);
    const { refused, ignored } = await deployment.unanswered();
    tell(`  calls of the apiserver without an answer: ${refused} by validators, ${ignored} by mutators`);
    return sum;
  } finally {
    await rotation?.stop();
    await deployment.stop();
  }
}

/** Begins a rotation of the secret path whenever none is under way. */
class Rotation {
  readonly secrets = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor({ cluster }: RunningDeployment) {
    this.#timer = setInterval(() => {
      this.#running ??= (async () => {
        await preparePath(cluster);
        this.secrets.add((await storedPaths(cluster)).current);
      })().finally(() => (this.#running = undefined));
    }, 5_000);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
