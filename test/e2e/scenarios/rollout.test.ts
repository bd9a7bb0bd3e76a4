/** Replicas that come and go, and connections that wait. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectOk } from '../support/cluster.ts';
import { onKubernetes } from '../support/suite.ts';
import { Fleet } from './fleet.ts';
import { Load } from './load.ts';
import { all, management, pool } from './objects.ts';

/** Node's own limit for a connection that waits is less; a request that meets its end is lost. */
const PAUSE_MS = 6_000;
const BURSTS = 5;
const AT_ONCE = 10;

onKubernetes('rollout', (kubernetes) => {
  let fleet: Fleet | undefined;
  beforeAll(async () => {
    fleet = await Fleet.start(kubernetes);
    expectOk(await fleet.cluster.apply(all(management(), pool())));
  });
  afterAll(() => fleet?.stop());

  it('24 both replicas are replaced under load, and no call fails', async () => {
    const { plane } = fleet!;
    const before = fleet!.replicas;
    const load = new Load(plane.api);
    await load.more(100);
    const codes = await fleet!.roll();
    await load.more(100);
    await load.stop();
    console.log(`24: rolling restart: ${load.failures.length} of ${load.calls} calls failed`);
    expect(load.failures).toEqual([]);
    expect(codes).toEqual([0, 0]);
    // Those that went had work until the end, those that came have it now.
    for (const { lines } of [...before, ...fleet!.replicas])
      expect(lines.filter(({ msg }) => msg === 'decision').length).toBeGreaterThan(50);
    expect(fleet!.replicas.some((each) => before.includes(each))).toBe(false);
    expect(await fleet!.unanswered()).toEqual({ refused: 0, ignored: 0, log: [] });
  }, 180_000);

  it(`24 creates ${PAUSE_MS / 1000} s apart over connections that are kept: none fails`, async () => {
    const { plane, service } = fleet!;
    const path = '/api/v1/namespaces/iomesh-cluster-1/configmaps';
    const burst = (number: number) =>
      Promise.all(
        Array.from({ length: AT_ONCE }, (_, each) => {
          const { connection } = pool();
          connection['metadata'].name = `spaced-${number}-${each}`;
          return plane.api.call('POST', path, connection);
        }),
      );
    const answers = await burst(0);
    const opened = service.taken;
    for (let number = 1; number < BURSTS; number++) {
      await sleep(PAUSE_MS);
      answers.push(...(await burst(number)));
    }
    console.log(
      `24: ${answers.length} creates, ${service.taken - opened} connections opened after the first`,
    );
    const failed = answers.filter(({ status }) => status !== 201);
    expect(failed.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).toEqual([]);
    // The connections are those of the first burst: as many again would mean that none was kept.
    expect(service.taken - opened).toBeLessThan(AT_ONCE);
    expect(await fleet!.unanswered()).toEqual({ refused: 0, ignored: 0, log: [] });
  });
});
