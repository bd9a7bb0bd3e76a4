/** docs/install.md, done word for word: its commands as they stand there, in a copy of what is deployed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { all, management, pool, placed, on } from './scenarios/objects.ts';
import { Cluster, expectDenied, expectOk, expectWarned } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { Guide } from './support/guide.ts';
import { onKubernetes } from './support/suite.ts';
import { Terminal } from './support/terminal.ts';
import { Workloads } from './support/workloads.ts';

const NAMESPACE = 'iomesh-guard-system';
const REPOSITORY = 'registry.example.com/storage';

onKubernetes('the install guide', (kubernetes) => {
  const guide = new Guide('install.md');
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let terminal: Terminal;
  let workloads: Workloads;

  const type = async (commands: string, where?: string) => {
    const result = await terminal.type(commands.replaceAll('REPOSITORY', REPOSITORY), where);
    expectOk(result);
    return result;
  };

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    terminal = await Terminal.open(plane, ['kustomize', 'helm']);
    workloads = new Workloads(cluster, NAMESPACE);
  }, 600_000);
  afterAll(async () => {
    await workloads?.stop();
    await plane?.stop();
    terminal?.close();
  });

  it('kustomize', async () => {
    const t = Date.now();
    const r = await type(guide.next('With kustomize').text);
    console.log(r.stdout, r.stderr, Date.now() - t);
    console.log([...workloads.images], workloads.log.slice(0, 12).join('\n'));
    expectOk(await cluster.apply([{apiVersion:'v1',kind:'Namespace',metadata:{name:'iomesh-system'}},{apiVersion:'v1',kind:'Namespace',metadata:{name:'iomesh-cluster-1'}}]));
    expectOk(await cluster.apply(all(management(), pool())));
    expectDenied(await cluster.apply(placed(pool(), {affinity: on('k8s-worker-2')}).cluster), 'IOM101');
    const un = await type(guide.next('Uninstalling').text);
    console.log(un.stdout, un.stderr, Date.now() - t);
  });
});
