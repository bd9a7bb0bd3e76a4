/** A burst of changes by another account does not keep the replicas from the apiserver. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Answer, Api } from './support/api.ts';
import { expectOk } from './support/cluster.ts';
import { all, management, pool } from './support/objects.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { onKubernetes } from './support/suite.ts';

/** A small control plane: the seats that requests of all accounts share. */
const FLAGS = ['--max-requests-inflight=20', '--max-mutating-requests-inflight=10'];
const BURST = 100;
const PATH = '/api/v1/namespaces/iomesh-cluster-1/configmaps';
const GITOPS = 'argocd/argocd-application-controller';
const ALL = ['*'];

onKubernetes('flow control', (kubernetes) => {
  let deployment: RunningDeployment | undefined;
  let gitops: Api | undefined;
  beforeAll(async () => {
    deployment = await RunningDeployment.start(kubernetes, { apiserverFlags: FLAGS });
    const { cluster, plane } = deployment;
    expectOk(await cluster.apply(all(management(), pool())));
    await cluster.createServiceAccount(GITOPS, [{ apiGroups: ALL, resources: ALL, verbs: ALL }]);
    gitops = new Api({ url: plane.url, ca: plane.ca, user: { token: await cluster.token(GITOPS) } });
  });
  afterAll(async () => {
    gitops?.close();
    await deployment?.stop();
  });

  it.each([10, 30, BURST])(
    'stores all of %i changes that a ServiceAccount makes at the same time',
    async (count) => {
      const started = Date.now();
      const answers = await Promise.all(
        Array.from({ length: count }, (_, each) => {
          const { connection } = pool();
          connection['metadata'].name = `copy-${count}-${each}`;
          return retried(() => gitops!.call('POST', PATH, connection));
        }),
      );
      const failed = answers.filter(({ status }) => status !== 201).map(({ body }) => body.message);
      console.log(`${count} at once: ${failed.length} rejected, ${Date.now() - started} ms`);
      expect(failed).toEqual([]);
    },
    120_000,
  );

  it('has a priority level of its own, which the apiserver applies to the ServiceAccount', async () => {
    const { cluster, plane } = deployment!;
    const { body } = await plane.api.call('GET', '/metrics');
    const served = (body as string)
      .split('\n')
      .filter((line) => line.startsWith('apiserver_flowcontrol_dispatched_requests_total{'))
      .filter((line) => line.includes('flow_schema="iomesh-guard"'));
    expect(served.length).toBeGreaterThan(0);
    for (const line of served) expect(line).toContain('priority_level="iomesh-guard"');
    const schema = await cluster.expectStored('flowschema', 'iomesh-guard');
    const [dangling] = schema['status'].conditions;
    expect(dangling).toMatchObject({ type: 'Dangling', status: 'False' });
  });
});

/** Repeats a call that the apiserver has no seat for, as every client of Kubernetes does. */
async function retried(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await call();
    if (answer.status !== 429) return answer;
    await sleep(1000);
  }
}
