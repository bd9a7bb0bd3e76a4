/** Conflicting objects that arrive at the same moment at two replicas. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectDenied, expectOk } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { all, management, on, placed, pool } from './support/objects.ts';
import { applyPairs, formatTally, pairNamespaces } from './support/conflicting-pairs.ts';

const PAIRS = 200;

onKubernetes('race', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  beforeAll(async () => {
    deployment = await RunningDeployment.start(kubernetes);
    expectOk(await deployment.cluster.apply(all(management())));
    expectOk(await deployment.cluster.apply(pairNamespaces(PAIRS)));
  });
  afterAll(() => deployment?.stop());

  it(`never stores both clusters of ${PAIRS} conflicting pairs`, async () => {
    const tally = await applyPairs(deployment!, PAIRS);
    console.log(`${formatTally(tally)}; rejected: ${JSON.stringify(Object.fromEntries(tally.reasons))}`);
    expect(tally.both).toBe(0);
    // The ledger is needed for pairs that different processes evaluate.
    expect(tally.apart).toBeGreaterThan(PAIRS / 10);
    // On a busy machine some requests get "cannot verify".
    expect(tally.one).toBeGreaterThan(PAIRS / 2);
  }, 400_000);

  it('evaluates with the objects that all replicas admitted', async () => {
    const { cluster } = deployment!;
    const late = placed(pool(), { affinity: on('pair-0-3', 'pair-1-4', 'pair-2-5') }).cluster;
    // Often enough for every replica to be called.
    for (let turn = 0; turn < 4; turn++) {
      const refused = await cluster.apply(late);
      expectDenied(refused, 'IOM101', ['pair-0-3', 'pair-1-4', 'pair-2-5']);
    }
  });
});
