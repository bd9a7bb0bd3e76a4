/** A rolling restart, and idle connections. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectOk } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { Load } from './support/load.ts';
import { all, management, pool } from './support/objects.ts';

/** Longer than the default keep-alive timeout of Node.js, after which a request could be lost. */
const PAUSE_MS = 6_000;
const BURSTS = 5;
const CONCURRENCY = 10;

onKubernetes('rollout', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  beforeAll(async () => {
    deployment = await RunningDeployment.start(kubernetes);
    expectOk(await deployment.cluster.apply(all(management(), pool())));
  });
  afterAll(() => deployment?.stop());

  it('replaces both replicas under load without a failed call', async () => {
    const { plane } = deployment!;
    const before = deployment!.replicas;
    const load = new Load(plane.api);
    await load.more(100);
    const codes = await deployment!.roll();
    await load.more(100);
    await load.stop();
    console.log(`rolling restart: ${load.failures.length} of ${load.calls} calls failed`);
    expect(load.failures).toEqual([]);
    expect(codes).toEqual([0, 0]);
    // Both the old and the new replicas answered reviews.
    for (const { lines } of [...before, ...deployment!.replicas])
      expect(lines.filter(({ msg }) => msg === 'decision').length).toBeGreaterThan(50);
    expect(deployment!.replicas.some((each) => before.includes(each))).toBe(false);
    expect(await deployment!.unanswered()).toEqual({ refused: 0, ignored: 0, log: [] });
  }, 180_000);

  it(`answers creates that are ${PAUSE_MS / 1000} s apart over kept connections without a failure`, async () => {
    const { plane, service } = deployment!;
    const path = '/api/v1/namespaces/iomesh-cluster-1/configmaps';
    const burst = (number: number) =>
      Promise.all(
        Array.from({ length: CONCURRENCY }, (_, each) => {
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
    console.log(`${answers.length} creates, ${service.taken - opened} connections opened after the first`);
    const failed = answers.filter(({ status }) => status !== 201);
    expect(failed.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).toEqual([]);
    // As many connections again would mean that none was kept.
    expect(service.taken - opened).toBeLessThan(CONCURRENCY);
    expect(await deployment!.unanswered()).toEqual({ refused: 0, ignored: 0, log: [] });
  });
});
