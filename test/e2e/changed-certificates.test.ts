/** Another source of certificates, and a failed change, under load: `helm upgrade` and kustomize. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { NAMESPACE } from '../deploy/objects.ts';
import { forRelease } from './support/base-manifests.ts';
import { Cluster, expectOk } from './support/cluster.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { anything } from './support/crds.ts';
import { Load } from './support/load.ts';
import { all, management, NAMESPACES, pool } from './support/objects.ts';
import { Authority } from './support/pki.ts';
import { bundles, certificatesIn, trust } from './support/served-certificate.ts';
import { onKubernetes } from './support/suite.ts';
import { Terminal } from './support/terminal.ts';
import { Workloads } from './support/workloads.ts';

const LONG = 300_000;
const NAME = `iomesh-guard.${NAMESPACE}.svc`;
const UPGRADE = `helm upgrade iomesh-guard deploy/helm/iomesh-guard -n ${NAMESPACE} --reuse-values`;
const ROLLED = `kubectl -n ${NAMESPACE} rollout status deployment/iomesh-guard`;

const SOURCES = {
  'self-managed': '--set certificates.source=self-managed',
  secret:
    '--set certificates.source=secret --set certificates.secret.name=own-tls --set-file certificates.secret.caBundle=own-ca.crt',
  'cert-manager': '--set certificates.source=cert-manager',
} as const;

onKubernetes('a change of the source of certificates', (kubernetes) => {
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let terminal: Terminal;
  let workloads: Workloads;
  let certManager: CertManager;

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    expectOk(
      await cluster.apply(['Issuer', 'Certificate'].map((kind) => anything('cert-manager.io/v1', kind))),
    );
    await cluster.untilServed();
    expectOk(await cluster.apply([...NAMESPACES, ...all(management(), pool())]));
    terminal = await Terminal.open(plane, ['kustomize', 'helm']);
    workloads = new Workloads(cluster, NAMESPACE);
    certManager = new CertManager(cluster, await Authority.make('cert-manager'));
    expectOk(await terminal.type(`kubectl create namespace ${NAMESPACE}`));
    const own = await Authority.make('own');
    await storeSecret(cluster, 'own-tls', own, false);
    writeFileSync(join(terminal.folder, 'own-ca.crt'), own.cert);
    expectOk(await terminal.type(`helm install iomesh-guard deploy/helm/iomesh-guard -n ${NAMESPACE}`));
    expectOk(await terminal.type(ROLLED));
  }, 30 * 60_000);
  afterAll(async () => {
    await certManager?.stop();
    await workloads?.stop();
    await plane?.stop();
    terminal?.close();
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(workloads.lastWords());
  });

  /** Runs commands under load, until the last former pod has stopped. No call may fail. */
  const underLoad = async (what: string, commands: () => Promise<void>, replaces = true) => {
    const former = workloads.pods;
    const before = cluster.plane.log().length;
    // Few workers: this is about certificates, and up to four replicas share the ledger during a change.
    const load = new Load(cluster.plane.api, 2);
    await load.more(50);
    await commands();
    if (replaces) await Promise.all(former.map((pod) => pod.ended));
    await load.more(100);
    await load.stop();
    const unanswered = cluster.plane
      .log()
      .slice(before)
      .split('\n')
      .filter((line) => /x509|failed calling webhook/i.test(line));
    const x509 = unanswered.filter((line) => line.includes('x509')).length;
    console.log(`${what}: ${load.failures.length} of ${load.calls} calls refused, ${x509} x509`);
    expect(load.failures).toEqual([]);
    expect(unanswered).toEqual([]);
    expect(workloads.pods.some((pod) => former.includes(pod))).toBe(!replaces);
  };

  it.each<[keyof typeof SOURCES, keyof typeof SOURCES]>([
    ['self-managed', 'secret'],
    ['secret', 'cert-manager'],
    ['cert-manager', 'self-managed'],
    ['self-managed', 'cert-manager'],
    ['cert-manager', 'secret'],
    ['secret', 'self-managed'],
  ])(
    'from %s to %s with Helm refuses no call',
    async (from, to) => {
      await underLoad(`${from} -> ${to}`, async () => {
        expectOk(await terminal.type(`${UPGRADE} ${SOURCES[to]}`));
        expectOk(await terminal.type(ROLLED));
      });
      const [bundle = ''] = await bundles(cluster);
      // The former CA stays for a day.
      expect(certificatesIn(bundle).length).toBeGreaterThan(1);
    },
    LONG,
  );

  it(
    'that fails and is rolled back refuses no call',
    async () => {
      await underLoad(
        'failed',
        async () => {
          const failed = await terminal.type(
            `${UPGRADE} ${SOURCES.secret.replace('own-tls', 'missing')} --atomic --timeout 20s`,
          );
          expect(failed.code).not.toBe(0);
          expectOk(await terminal.type(ROLLED));
        },
        false,
      );
    },
    LONG,
  );

  it(
    'to a CA that has not signed the certificate refuses no call, and fails',
    async () => {
      writeFileSync(join(terminal.folder, 'own-ca.crt'), (await Authority.make('another')).cert);
      await underLoad(
        'wrong CA',
        async () => {
          const failed = await terminal.type(`${UPGRADE} ${SOURCES.secret} --atomic --timeout 20s`);
          expect(failed.code).not.toBe(0);
          expectOk(await terminal.type(ROLLED));
        },
        false,
      );
    },
    LONG,
  );

  it(
    'between kustomizations refuses no call',
    async () => {
      expectOk(await terminal.type(`helm uninstall iomesh-guard -n ${NAMESPACE}`));
      await Promise.all(workloads.pods.map((pod) => pod.ended));
      const apply = async (folder: string) => {
        expectOk(await terminal.type(forRelease(kubernetes, `kubectl apply -k deploy/kustomize/${folder}`)));
        expectOk(await terminal.type(ROLLED));
      };
      await apply('base');
      await underLoad('base -> cert-manager', () => apply('overlays/cert-manager'));
      await underLoad('cert-manager -> base', () => apply('base'));
    },
    LONG,
  );
});

/** Stores a certificate for the Service as `kubectl create secret tls` does, or as cert-manager with its CA. */
async function storeSecret(cluster: Cluster, name: string, ca: Authority, withCa: boolean): Promise<void> {
  const { cert, key } = await ca.issue({ name: 'iomesh-guard', dnsNames: [NAME] });
  expectOk(
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name, namespace: NAMESPACE },
      stringData: { 'tls.crt': cert, 'tls.key': key, ...(withCa ? { 'ca.crt': ca.cert } : {}) },
    }),
  );
}

/**
 * What cert-manager does for a Certificate: its controller writes certificate and CA into the Secret, in one write.
 * Then its CA injector applies `ca.crt` of the Secret by force, as the only CA, to each configuration with the
 * annotation, and again whenever the configuration or the Secret changes:
 * https://github.com/cert-manager/cert-manager/blob/v1.18.2/pkg/controller/cainjector/reconciler.go
 */
class CertManager {
  readonly #cluster: Cluster;
  readonly #ca: Authority;
  #stopped = false;
  readonly #loop: Promise<void>;

  constructor(cluster: Cluster, ca: Authority) {
    this.#cluster = cluster;
    this.#ca = ca;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { api } = this.#cluster.plane;
    const secret = `/api/v1/namespaces/${NAMESPACE}/secrets/iomesh-guard-tls`;
    const certificate = `/apis/cert-manager.io/v1/namespaces/${NAMESPACE}/certificates/iomesh-guard-tls`;
    const configuration =
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/iomesh-guard';
    while (!this.#stopped) {
      await sleep(200);
      const hasSecret = (await api.call('GET', secret)).status === 200;
      if (!hasSecret && (await api.call('GET', certificate)).status === 200)
        await storeSecret(this.#cluster, 'iomesh-guard-tls', this.#ca, true);
      const { status, body } = await api.call('GET', configuration);
      const wants = status === 200 && body.metadata.annotations?.['cert-manager.io/inject-ca-from'];
      if (hasSecret && wants !== undefined && wants !== false) await trust(this.#cluster, this.#ca.cert);
    }
  }
}
