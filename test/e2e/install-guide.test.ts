/**
 * Runs the commands of docs/install.md with its files in a copy of the repository. Pods are processes with
 * the arguments, volumes and permissions of the Deployment.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { all, management, NAMESPACES, on, placed, pool } from './support/objects.ts';
import { componentForRelease, forRelease } from './support/base-manifests.ts';
import { Cluster, expectDenied, expectOk, expectWarned } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { anything } from './support/crds.ts';
import { Guide } from './support/guide.ts';
import { Authority } from './support/pki.ts';
import { onKubernetes } from './support/suite.ts';
import { Terminal } from './support/terminal.ts';
import { Workloads } from './support/workloads.ts';

const NAMESPACE = 'iomesh-guard-system';
const REPOSITORY = 'registry.example.com/storage';
const WAIT = { timeout: 120_000, interval: 250 };
const LONG = 300_000;

const overlapping = placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') }).cluster;

onKubernetes('the install guide', (kubernetes) => {
  const guide = new Guide('install.md');
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let terminal: Terminal;
  let workloads: Workloads;

  /** Runs a block of the guide, with the words in capitals replaced. It must succeed. */
  const type = async (text: string, where?: string) => {
    const commands = text.replaceAll('REPOSITORY', REPOSITORY).replaceAll('NAME', 'iomesh-cluster-1');
    const result = await terminal.type(forRelease(kubernetes, commands), where);
    expectOk(result);
    return result;
  };
  const denied = () =>
    expect.poll(async () => (await cluster.dryRun(overlapping)).stderr, WAIT).toContain('IOM101');
  const warned = () =>
    expect.poll(async () => (await cluster.dryRun(overlapping)).stderr, WAIT).toMatch(/^Warning: IOM101/m);
  const caBundle = async () =>
    (await cluster.expectStored('validatingwebhookconfiguration', 'iomesh-guard'))['webhooks'][0].clientConfig
      .caBundle as string | undefined;
  /** The objects that `kubectl delete -k` and `helm uninstall` must delete. */
  const leftovers = async () => {
    const kinds =
      'clusterroles,clusterrolebindings,validatingwebhookconfigurations,mutatingwebhookconfigurations';
    const found = await cluster.kubectl(['get', `${kinds},namespaces`, '-o', 'name']);
    expectOk(found);
    return found.stdout.split('\n').filter((each) => each.includes('iomesh-guard'));
  };

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    expectOk(await cluster.apply([...NAMESPACES, ...all(management(), pool())]));
    terminal = await Terminal.open(plane, ['kustomize', 'helm']);
    workloads = new Workloads(cluster, NAMESPACE);
  }, 30 * 60_000);
  afterAll(async () => {
    await workloads?.stop();
    await plane?.stop();
    terminal?.close();
  });

  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(workloads.lastWords());
  });

  it(
    'installs with kustomize and denies a wrong change',
    async () => {
      const [pushed] = guide.next('Installing the webhook').text.split('\n').slice(-1);
      await type(guide.next('With kustomize').text);
      expect(`docker push ${[...workloads.images][0]}`).toBe(pushed!.replace('REPOSITORY', REPOSITORY));
      expect(await cluster.expectStored('deployment', 'iomesh-guard', NAMESPACE)).toMatchObject({
        status: { readyReplicas: 2 },
      });
      expectDenied(await cluster.apply(overlapping), 'IOM101', ['k8s-worker-2']);
      expectOk(await cluster.apply(all(management(), pool())));
    },
    LONG,
  );

  it(
    'installs with a directory of your own',
    async () => {
      // The CRDs of the Prometheus operator.
      expectOk(
        await cluster.apply(
          ['ServiceMonitor', 'PrometheusRule'].map((kind) => anything('monitoring.coreos.com/v1', kind)),
        ),
      );
      await cluster.untilServed();
      const own = join(terminal.folder, 'own');
      mkdirSync(own);
      const file = guide.next('With kustomize', 'yaml');
      // A later section adds to this file.
      const more = guide.next('Upgrading', 'yaml');
      expect(more.text).toContain('--ledger-hold');
      const component = '  - PATH/deploy/kustomize/components/monitoring\n';
      expect(file.text).toContain(component);
      const text = `${file.text}\n${more.text}\n`.replace(
        component,
        `${component}${componentForRelease(kubernetes, 'PATH')}`,
      );
      writeFileSync(
        join(own, 'kustomization.yaml'),
        text.replaceAll('PATH', '..').replaceAll('REPOSITORY', REPOSITORY),
      );
      const configure = (mode: string) => writeFileSync(join(own, 'iomesh-guard.yaml'), `mode: ${mode}\n`);
      const apply = guide.next('With kustomize').text;
      configure('enforce');
      await type(apply, 'own');
      await cluster.expectStored('servicemonitor', 'iomesh-guard', NAMESPACE);
      const { spec } = await cluster.expectStored('deployment', 'iomesh-guard', NAMESPACE);
      expect(spec.template.spec.containers[0].args).toContain('--ledger-hold=360');
      const pods = workloads.pods;
      configure('warn');
      await type(apply, 'own');
      // A changed configuration restarts the pods.
      expect(workloads.pods.filter((each) => pods.includes(each))).toEqual([]);
      await warned();
      configure('enforce');
      await type(apply, 'own');
      await denied();
    },
    LONG,
  );

  it('limits the network, and excludes a namespace, with patches', () => {
    // test/deploy/render.test.ts builds them: the apiservers of this suite have no such address.
    expect(guide.next('Excluded namespaces', 'yaml').text).toContain('/namespaceSelector/');
    for (const what of ['cidr', 'port: 53']) {
      const { text } = guide.next('Network', 'yaml');
      expect(text).toContain('kind: NetworkPolicy');
      expect(text).toContain(what);
    }
  });

  it(
    'rolls out with warnings first',
    async () => {
      await type(guide.next('Rolling it out').text);
      await warned();
      expectWarned(await cluster.apply(overlapping), 'IOM101');
      expectOk(await cluster.apply(pool().cluster));
      // The output of `kubectl logs`, which needs a kubelet.
      const logs = guide.next('Rolling it out').text;
      expect(logs).toMatch(
        /^kubectl -n iomesh-guard-system logs -l app\.kubernetes\.io\/name=iomesh-guard --tail=-1$/,
      );
      const lines = workloads.log.filter((line) => line.includes('"warned":["IOM101"'));
      expect(lines.length).toBeGreaterThan(0);
      const metrics = (await Promise.all(workloads.pods.map((pod) => pod.metrics()))).join('\n');
      expect(metrics).toMatch(
        /iomesh_guard_findings_total\{rule="IOM101",operation="\w+",outcome="warned"\} [1-9]/,
      );

      // Changes are admitted also while the webhook is not running.
      expectOk(await cluster.kubectl(['-n', NAMESPACE, 'scale', 'deployment/iomesh-guard', '--replicas=0']));
      await expect.poll(() => workloads.pods.length, WAIT).toBe(0);
      expectOk(await cluster.apply(overlapping));
      expectOk(await cluster.apply(pool().cluster));

      const list = guide.next('Rolling it out', 'yaml').text;
      expect(list).toBe('warnNamespaces: [NAME]');
      const base = join(terminal.folder, 'deploy/kustomize/base/iomesh-guard.yaml');
      const file = readFileSync(base, 'utf8');
      writeFileSync(base, `${file}${list.replace('NAME', 'iomesh-cluster-1')}\n`);
      const enforce = guide.next('Rolling it out').text;
      await type(enforce);
      expectOk(await cluster.kubectl(['-n', NAMESPACE, 'rollout', 'status', 'deployment/iomesh-guard']));
      // The base denies, except in the listed namespace.
      const wrong = pool().connection;
      wrong['data'].iscsiPortal = '10.0.0.1:3260';
      wrong['metadata'].namespace = 'iomesh-system';
      wrong['metadata'].name = 'wrong';
      await expect.poll(async () => (await cluster.dryRun(wrong)).stderr, WAIT).toContain('IOM202');
      expectDenied(await cluster.dryRun(wrong), 'IOM202');
      await warned();
      writeFileSync(base, file);
      await type(enforce);
      await denied();
    },
    LONG,
  );

  it(
    'admits a finding with an exception',
    async () => {
      const waivers = new Guide('waivers.md');
      expect(waivers.next('Annotation', 'yaml').text).toContain(
        'iomesh-guard.io/waive: "IOM604=planned doubling, ticket 4711; until=2027-01-31"',
      );
      const base = join(terminal.folder, 'deploy/kustomize/base/iomesh-guard.yaml');
      const file = readFileSync(base, 'utf8');
      const exception = waivers
        .next('Exception', 'yaml')
        .text.replace('IOM401', 'IOM101')
        .replace('2027', '2999');
      writeFileSync(base, `${file}${exception}\n`);
      const apply = 'kubectl apply -k deploy/kustomize/base';
      await type(apply);
      await type(waivers.next('Exception').text);
      await warned();
      expectWarned(await cluster.dryRun(overlapping), 'IOM101', ['waived by the configuration']);
      writeFileSync(base, file);
      await type(apply);
      await denied();
    },
    LONG,
  );

  it(
    'upgrades without an interruption',
    async () => {
      const lease = () => cluster.expectStored('lease', 'iomesh-guard-ledger', NAMESPACE);
      const [bundle, { metadata }] = [await caBundle(), await lease()];
      expect(bundle).toBeDefined();
      // The last pod of the rollout before can still be stopping.
      await expect.poll(() => workloads.pods.length, WAIT).toBe(2);
      const pods = workloads.pods;
      const calls = keepAsking(cluster);
      await type(guide.next('From an older version').text);
      const first = new Guide('install.md').next('With kustomize').text;
      await type(first.replace(':0.1.0', ':0.2.0'));
      // Until the last old pod has stopped.
      await Promise.all(pods.map((pod) => pod.ended));
      const { failures, count } = await calls.stop();
      expect([...workloads.images]).toContain(`${REPOSITORY}/iomesh-guard:0.2.0`);
      expect(workloads.pods.filter((each) => pods.includes(each))).toEqual([]);
      expect(failures).toEqual([]);
      expect(count).toBeGreaterThan(20);
      expect(await Promise.all(pods.map((pod) => pod.ended))).toEqual([0, 0]);
      expect(await caBundle()).toBe(bundle);
      expect((await lease()).metadata['uid']).toBe(metadata['uid']);
      await denied();
    },
    LONG,
  );

  it(
    'turns the webhook off with one command, and on again',
    async () => {
      const [command, audit] = [
        guide.next('Emergency: turn the webhook off'),
        guide.next('Emergency: turn the webhook off'),
      ];
      const { metadata } = await cluster.expectStored('deployment', 'iomesh-guard', NAMESPACE);
      await type(command.text);
      await expect.poll(async () => (await cluster.apply(overlapping)).code, WAIT).toBe(0);
      expect((await terminal.type(audit.text)).stdout).toContain('error[IOM101]');
      // The alert for this state, and none for the opposite.
      for (const pod of workloads.pods) {
        await expect
          .poll(() => pod.metrics(), WAIT)
          .toContain('iomesh_guard_registered{webhook="validating"} 0');
        expect(await pod.metrics()).toContain('iomesh_guard_ready 1');
      }
      await type('kubectl apply -k deploy/kustomize/base');
      const began = Date.now();
      await expect.poll(async () => (await cluster.apply(pool().cluster)).code, WAIT).toBe(0);
      console.log(`after an emergency: evaluated again after ${Math.round((Date.now() - began) / 1000)} s`);
      expect(Date.now() - began).toBeLessThan(45_000);
      await denied();
      const audited = await terminal.type(audit.text);
      expect(audited.stdout).not.toContain('error[');
      expect(audited.code).toBe(0);
      // No pod was restarted.
      const after = await cluster.expectStored('deployment', 'iomesh-guard', NAMESPACE);
      expect(after.metadata['generation']).toBe(metadata['generation']);
    },
    LONG,
  );

  it(
    'uninstalls completely',
    async () => {
      await type(guide.next('Uninstalling').text);
      expect(await leftovers()).toEqual([]);
      expectOk(await cluster.apply(overlapping));
      expectOk(await cluster.apply(pool().cluster));
      await expect.poll(() => workloads.pods.length, WAIT).toBe(0);
    },
    LONG,
  );

  it(
    'installs, changes, restores and uninstalls with Helm',
    async () => {
      await type(guide.next('With Helm').text);
      await denied();
      await type(guide.next('With Helm').text);
      await warned();
      expect([...workloads.images]).toContain(`${REPOSITORY}/iomesh-guard:0.1.0`);
      await type(`${guide.next('Upgrading').text} --set config.mode=enforce`);
      await denied();
      const { spec } = await cluster.expectStored('deployment', 'iomesh-guard', NAMESPACE);
      expect(spec.template.spec.containers[0].image).toBe(`${REPOSITORY}/iomesh-guard:0.1.0`);

      await type(new Guide('install.md').next('Emergency: turn the webhook off').text);
      await expect.poll(async () => (await cluster.dryRun(overlapping)).code, WAIT).toBe(0);
      await type(new Guide('install.md').next('Upgrading').text);
      await denied();

      await type(guide.next('Uninstalling').text);
      expect(await leftovers()).toEqual([]);
      await expect.poll(() => workloads.pods.length, WAIT).toBe(0);
    },
    LONG,
  );

  it(
    'installs with cert-manager, which the test simulates',
    async () => {
      expectOk(
        await cluster.apply(['Issuer', 'Certificate'].map((kind) => anything('cert-manager.io/v1', kind))),
      );
      await cluster.untilServed();
      await type('kubectl apply -k deploy/kustomize/overlays/cert-manager');
      const certificate = await cluster.expectStored('certificate', 'iomesh-guard-tls', NAMESPACE);
      const authority = await Authority.make('cert-manager');
      const { dnsNames, secretName } = certificate['spec'];
      const { cert, key } = await authority.issue({ name: 'iomesh-guard', dnsNames });
      expectOk(
        await cluster.apply({
          apiVersion: 'v1',
          kind: 'Secret',
          type: 'kubernetes.io/tls',
          metadata: { name: secretName, namespace: NAMESPACE },
          stringData: { 'tls.crt': cert, 'tls.key': key, 'ca.crt': authority.cert },
        }),
      );
      expectOk(
        await cluster.kubectl([
          '-n',
          NAMESPACE,
          'rollout',
          'status',
          'deployment/iomesh-guard',
          '--timeout=60s',
        ]),
      );
      await denied();
      await cluster.expectNotStored('secret', 'iomesh-guard-certificates', NAMESPACE);
      const uninstall = new Guide('install.md').next('Uninstalling').text;
      await type(uninstall.replace('deploy/kustomize/base', 'deploy/kustomize/overlays/cert-manager'));
      expect(await leftovers()).toEqual([]);
      await expect.poll(() => workloads.pods.length, WAIT).toBe(0);
    },
    LONG,
  );

  it(
    'answers the apiserver with the files for mutual TLS',
    async () => {
      const clients = await Authority.make('clients');
      const identity = await clients.issue({ name: 'kube-apiserver' });
      const file = (name: string, text: string) => {
        writeFileSync(join(terminal.folder, name), text);
        return join(terminal.folder, name);
      };
      const [admission, kubeconfig] = [guide.next('Mutual TLS', 'yaml'), guide.next('Mutual TLS', 'yaml')];
      const users = kubeconfig.text
        .replace('/etc/kubernetes/pki/webhook-client.crt', file('client.crt', identity.cert))
        .replace('/etc/kubernetes/pki/webhook-client.key', file('client.key', identity.key));
      // If the Service has another port than 443, the apiserver looks for a user with that port.
      const other = users.slice(users.indexOf('  - name:')).replace('.svc\n', '.svc:8443\n');
      const path = file('webhooks.kubeconfig', `${users}\n${other}\n`);
      const second = await startControlPlane({
        kubernetes,
        flags: [
          `--admission-control-config-file=${file('admission.yaml', admission.text.replaceAll('/etc/kubernetes/webhooks.kubeconfig', path))}`,
        ],
      });
      const there = new Cluster(second);
      const shell = await Terminal.open(second, []);
      const pods = new Workloads(there, NAMESPACE);
      try {
        await there.installCrds();
        expectOk(await there.apply([...NAMESPACES, ...all(management(), pool())]));
        const own = join(shell.folder, 'own');
        mkdirSync(own);
        writeFileSync(join(shell.folder, 'ca.crt'), clients.cert);
        writeFileSync(
          join(own, 'kustomization.yaml'),
          `resources: [../deploy/kustomize/base]\ncomponents:\n  - ../deploy/kustomize/components/client-certificate\n${componentForRelease(kubernetes, '..')}`,
        );
        expectOk(await shell.type('kubectl apply -f deploy/kustomize/base/namespace.yaml'));
        expectOk(await shell.type(guide.inline('kubectl -n iomesh-guard-system create configmap')));
        const started = await shell.type(
          'kubectl apply -k own && kubectl -n iomesh-guard-system rollout status deployment/iomesh-guard --timeout=60s',
        );
        expectOk(started);
        const answer = () => there.dryRun(overlapping);
        await expect.poll(async () => (await answer()).stderr, WAIT).toContain('denied the request');
        expectDenied(await answer(), 'IOM101');
      } finally {
        await pods.stop();
        await second.stop();
        shell.close();
      }
    },
    LONG,
  );

  it('runs every block of the guide', () => {
    expect(guide.left.map(({ heading, text }) => `${heading}: ${text.split('\n')[0]}`)).toEqual([]);
  });
});

/** Sends dry-run creates, one after another, until it is stopped. */
function keepAsking(cluster: Cluster): { stop(): Promise<{ count: number; failures: string[] }> } {
  const failures: string[] = [];
  let count = 0;
  let on = true;
  const { connection } = pool();
  connection['metadata'].name = 'asked';
  const path = '/api/v1/namespaces/iomesh-cluster-1/configmaps?dryRun=All';
  const loop = (async () => {
    while (on) {
      const { status, body } = await cluster.plane.api.call('POST', path, connection);
      count += 1;
      if (status !== 201) failures.push(`${status} ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      on = false;
      await loop;
      return { count, failures };
    },
  };
}
