/** Conflicting objects that arrive at the same moment, through two replicas. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectDenied, expectOk } from '../support/cluster.ts';
import { onKubernetes } from '../support/suite.ts';
import { Fleet } from './fleet.ts';
import { all, management, on, placed, pool } from './objects.ts';
import { applyPairs, pairNamespaces, told } from './pairs.ts';

const PAIRS = 200;

onKubernetes('race', (kubernetes) => {
  let fleet: Fleet | undefined;
  beforeAll(async () => {
    fleet = await Fleet.start(kubernetes);
    expectOk(await fleet.cluster.apply(all(management())));
    expectOk(await fleet.cluster.apply(pairNamespaces(PAIRS)));
  });
  afterAll(() => fleet?.stop());

  it(`21 of ${PAIRS} pairs of conflicting clusters never both are stored`, async () => {
    const tally = await applyPairs(fleet!, PAIRS);
    console.log(`21: ${told(tally)}; refused: ${JSON.stringify(Object.fromEntries(tally.reasons))}`);
    expect(tally.both).toBe(0);
    // The ledger is there for those that are judged in different processes.
    expect(tally.apart).toBeGreaterThan(PAIRS / 10);
    // On a machine that is busy elsewhere some are told that it cannot be verified in time.
    expect(tally.one).toBeGreaterThan(PAIRS / 2);
  });

  it('21 afterwards each replica judges by what all of them let in', async () => {
    const { cluster } = fleet!;
    const late = placed(pool(), { affinity: on('pair-0-3', 'pair-1-4', 'pair-2-5') }).cluster;
    // Enough times for every replica to be asked.
    for (let turn = 0; turn < 4; turn++) {
      const refused = await cluster.apply(late);
      expectDenied(refused, 'IOM101', ['pair-0-3', 'pair-1-4', 'pair-2-5']);
    }
  });
});
