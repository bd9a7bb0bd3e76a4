/**
 * The manifests on a real apiserver, without a running webhook: a request that the apiserver sends to the
 * validating webhook is rejected, any other is admitted. Run with vitest.e2e.config.mts.
 */
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SelfManagedCertificates } from '../../src/certificates/self-managed.ts';
import { openApi } from '../../src/cluster/open.ts';
import { LeaseStore } from '../../src/cluster/ledger/lease-store.ts';
import { LiveWorld } from '../../src/cluster/live-world.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { Cluster, expectOk } from '../e2e/support/cluster.ts';
import { type ControlPlane, startControlPlane } from '../e2e/support/control-plane.ts';
import { render } from '../e2e/support/base-manifests.ts';
import { hasAdmissionPolicies, hasMatchConditions, minorOf } from '../e2e/support/kubernetes.ts';
import { onKubernetes } from '../e2e/support/suite.ts';
import { CHART, type Manifest, NAMESPACE, one, written } from './objects.ts';
import { BUILD_MS, type Run, run, tool } from './tools.ts';

const ACCOUNT = `system:serviceaccount:${NAMESPACE}:iomesh-guard`;
const ENDS = 'kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration iomesh-guard';
const LABEL = 'app.kubernetes.io/name=iomesh-guard';
/** Kinds of our objects that are in no namespace. */
const OUTSIDE =
  'clusterroles,clusterrolebindings,validatingwebhookconfigurations,mutatingwebhookconfigurations,flowschemas,prioritylevelconfigurations';
const POLICIES = 'validatingadmissionpolicies,validatingadmissionpolicybindings';
const CONNECTION = { clusterId: 'k8s', iscsiPortal: '127.0.0.1:3260', metaAddr: 'a' };

onKubernetes('the installed manifests', (kubernetes) => {
  let plane: ControlPlane | undefined;
  let cluster: Cluster;
  let objects: Manifest[];
  let configurations: Manifest[];

  beforeAll(async () => {
    plane = await startControlPlane({ kubernetes });
    cluster = new Cluster(plane);
    await cluster.installCrds();
    // Objects that exist before the webhooks.
    expectOk(await cluster.apply([configMap('connection', CONNECTION), configMap('afterwards', CONNECTION)]));
    expectOk(await cluster.apply([configMap('plain', { a: 'b' }), storageClass('ours', true)]));
    expectOk(await cluster.apply([storageClass('theirs', false), configMap('swept', CONNECTION)]));
    expectOk(await cluster.apply([zookeeper('running'), zookeeper('leaving', ['example.com/hold'])]));
    const held = { finalizers: ['example.com/hold'] };
    for (const each of [configMap('leaving', CONNECTION), storageClass('leaving', true)])
      expectOk(await cluster.apply({ ...each, metadata: { ...each['metadata'], ...held } }));
    expectOk(await cluster.delete('zookeepercluster', 'leaving', 'default'));
    expectOk(await cluster.delete('configmap', 'leaving', 'default'));
    expectOk(await cluster.delete('storageclass', 'leaving'));
    objects = await render(cluster);
    configurations = objects.filter((each) => each['kind'].endsWith('WebhookConfiguration'));
    const rest = objects.filter((each) => !configurations.includes(each));
    // Strict validation by the server came with kubectl 1.25; before, kubectl validates by the OpenAPI of the server.
    const validate = minorOf(kubernetes) < 25 ? '--validate=true' : '--validate=strict';
    expectOk(await cluster.apply(rest, validate));
    expectOk(await cluster.apply(configurations, validate));
  });
  afterAll(async () => {
    await plane?.stop();
  });

  it('are stored unchanged: a second apply changes nothing', async () => {
    const versions = async () => {
      const applied = await cluster.apply(objects, '-o', 'json');
      expectOk(applied);
      return JSON.parse(applied.stdout).items.map((each: Manifest) => each['metadata'].resourceVersion);
    };
    expect(await versions()).toEqual(await versions());
  });

  /** Sets the caBundle and the path of the first webhook, as the replicas do. Returns its clientConfig. */
  async function setClientConfig(kind: string): Promise<Manifest> {
    const caBundle = Buffer.from(plane?.ca ?? '').toString('base64');
    const patch = [
      { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: caBundle },
      { op: 'add', path: '/webhooks/0/clientConfig/service/path', value: `/validate/${'a2'.repeat(26)}` },
    ];
    const how = ['--type=json', '-p', JSON.stringify(patch)];
    expectOk(await cluster.kubectl(['patch', kind, 'iomesh-guard', ...how]));
    const { clientConfig } = (await cluster.expectStored(kind, 'iomesh-guard'))['webhooks'][0];
    expect(clientConfig).toMatchObject({ caBundle, service: { path: `/validate/${'a2'.repeat(26)}` } });
    return clientConfig;
  }

  it.each([
    ['kubectl apply', []],
    ['a server-side apply', ['--server-side', '--field-manager=argocd-controller', '--force-conflicts']],
    ['a repeated server-side apply', ['--server-side', '--field-manager=argocd-controller']],
  ])('keep the caBundle and the path after %s', async (_how, flags) => {
    const kind = 'validatingwebhookconfiguration';
    const clientConfig = await setClientConfig(kind);
    expectOk(await cluster.apply(configurations, ...flags));
    const stored = await cluster.expectStored(kind, 'iomesh-guard');
    expect(stored['webhooks'][0].clientConfig).toEqual(clientConfig);
  });

  it('keep the secret path', async () => {
    const [secret] = written().get('base/rbac-paths.yaml')!;
    const { name, namespace } = secret!['metadata'];
    expectOk(await cluster.apply(secret!));
    const data = JSON.stringify({ data: { 'paths.json': 'e30=' } });
    expectOk(await cluster.kubectl(['patch', 'secret', name, '-n', namespace, '--type=merge', '-p', data]));
    expectOk(await cluster.apply(secret!));
    const server = ['--server-side', '--field-manager=argocd-controller', '--force-conflicts'];
    expectOk(await cluster.apply(secret!, ...server));
    expect((await cluster.expectStored('secret', name, namespace))['data']).toEqual({ 'paths.json': 'e30=' });
  });

  describe('without an answer', () => {
    /** Without matchConditions these have failurePolicy Ignore: those of others would be rejected too. */
    const SHARED = [
      ['a connection ConfigMap is created', () => cluster.apply(configMap('new', CONNECTION))],
      ['two keys are enough', () => cluster.apply(configMap('new', { clusterId: 'x', metaAddr: 'x' }))],
      ['one key and a name of IOMesh', () => cluster.apply(configMap('my-iomesh', { clusterId: 'x' }))],
      [
        'one key and the name of the guide',
        () => cluster.apply(configMap('a-csi-configmap', { clusterId: 'x' })),
      ],
      [
        'an address of IOMesh alone',
        () => cluster.apply(configMap('new', { metaAddr: 'a-meta-client.a.svc:1' })),
      ],
      [
        'the portal of IOMesh alone',
        () => cluster.apply(configMap('new', { iscsiPortal: '127.0.0.1:3260' })),
      ],
      [
        'a connection ConfigMap is changed',
        () => cluster.apply(configMap('connection', { ...CONNECTION, clusterId: 'x' })),
      ],
      ['a connection ConfigMap loses its keys', () => cluster.apply(configMap('connection', { a: 'b' }))],
      ['a plain ConfigMap gets the keys', () => cluster.apply(configMap('plain', CONNECTION))],
      ['a connection ConfigMap is deleted', () => cluster.delete('configmap', 'connection', 'default')],
      ['a class of ours is created', () => cluster.apply(storageClass('new', true))],
      [
        'a class with a reference of IOMesh is created',
        () => cluster.apply({ ...storageClass('named', false), parameters: { iomeshCluster: 'a/b' } }),
      ],
      ['a class of ours is changed', () => cluster.kubectl(['label', 'sc', 'ours', 'a=b'])],
      ['a class of ours is deleted', () => cluster.delete('storageclass', 'ours')],
      [
        'a terminating connection ConfigMap gets another clusterId',
        () => cluster.kubectl(['patch', 'cm', 'leaving', '--type=merge', '-p', '{"data":{"clusterId":"x"}}']),
      ],
    ] as const;
    const OURS = [
      ['a cluster is created', () => cluster.apply(zookeeper('new'))],
      [
        'a cluster is changed',
        () => cluster.kubectl(['patch', 'zk', 'running', '--type=merge', '-p', '{"spec":{"replicas":5}}']),
      ],
      ['a cluster is deleted', () => cluster.delete('zookeepercluster', 'running', 'default')],
      [
        'a terminating cluster gets another spec',
        () => cluster.kubectl(['patch', 'zk', 'leaving', '--type=merge', '-p', '{"spec":{"replicas":5}}']),
      ],
    ] as const;
    /** Removing finalizers is let through by a matchCondition, and by failurePolicy Ignore. */
    const letGo = (kind: string) =>
      [
        `the finalizers of a terminating ${kind} are removed`,
        () =>
          cluster.kubectl([
            'patch',
            kind,
            'leaving',
            '--type=merge',
            '-p',
            '{"metadata":{"finalizers":null}}',
          ]),
      ] as const;
    const conditions = hasMatchConditions(kubernetes);

    it.each([...OURS, ...(conditions ? SHARED : [letGo('zk')])])(
      'is rejected: %s',
      async (_title, action) => {
        const result = await action();
        expect(result.code, result.stdout).not.toBe(0);
        expect(result.stderr).toMatch(/failed calling webhook "validate(-\w+)?\.iomesh-guard\.io"/);
      },
    );

    it.each([
      [
        'a ConfigMap with another metaAddr is created',
        () => cluster.apply(configMap('m', { metaAddr: 'weed:9333' })),
      ],
      [
        'one with another portal is created',
        () => cluster.apply(configMap('p', { iscsiPortal: '10.0.0.1:3260' })),
      ],
      [
        'one with a clusterId is created',
        () => cluster.apply(configMap('kafka', { clusterId: 'x', brokers: '3' })),
      ],
      ['a ConfigMap without the keys is created', () => cluster.apply(configMap('other', { a: 'b' }))],
      ['a ConfigMap without data is created', () => cluster.apply(configMap('empty', undefined))],
      ['a plain ConfigMap is changed', () => cluster.apply(configMap('plain', { a: 'c' }))],
      ['a plain ConfigMap is deleted', () => cluster.delete('configmap', 'plain', 'default')],
      [
        'a ConfigMap of kube-system gets a key',
        () => cluster.apply(configMap('other', CONNECTION, 'kube-system')),
      ],
      ['another class is created', () => cluster.apply(storageClass('other', false))],
      ['another class is changed', () => cluster.kubectl(['label', 'sc', 'theirs', 'a=b'])],
      ['another class is deleted', () => cluster.delete('storageclass', 'theirs')],
      [
        'the status of a cluster is written',
        async () => {
          const path = '/apis/zookeeper.pravega.io/v1beta1/namespaces/default/zookeeperclusters/running';
          await cluster.patchStatus(path, { readyReplicas: 1 });
          return cluster.kubectl(['get', 'zk', 'running']);
        },
      ],
      ['a cluster is scaled', () => cluster.kubectl(['scale', 'zk', 'running', '--replicas=4'])],
      ...(conditions ? [] : SHARED),
      ...(conditions ? ['zk', 'cm', 'sc'] : ['cm', 'sc']).map(letGo),
      [
        'the namespace controller deletes the contents of a namespace',
        () =>
          cluster.delete(
            'configmap',
            'swept',
            'default',
            '--as=system:serviceaccount:kube-system:namespace-controller',
          ),
      ],
      ['an object of another kind is created', () => cluster.kubectl(['create', 'serviceaccount', 'other'])],
      [
        'a webhook configuration of another program is deleted',
        async () => {
          expectOk(await cluster.apply(vendorWebhook()));
          return cluster.delete('validatingwebhookconfiguration', 'iomesh-validating-webhook-configuration');
        },
      ],
    ] as const)('passes: %s', async (_title, action) => expectOk(await action()));

    it('are removed by the documented command', async () => {
      expectOk(await cluster.kubectl(ENDS.split(' ').slice(1)));
      expectOk(await cluster.apply(configMap('afterwards', { ...CONNECTION, clusterId: 'x' })));
      expectOk(await cluster.apply(configurations));
    });
  });

  describe('the ServiceAccount', () => {
    const can = async (...request: string[]) =>
      (await cluster.kubectl(['auth', 'can-i', ...request, `--as=${ACCOUNT}`])).stdout.trim();

    it.each([
      ...['iomeshclusters', 'zookeeperclusters', 'storageclasses', 'configmaps'].map(
        (resource): [string, string[]] => [resource, ['get', 'list', 'watch']],
      ),
      ...['nodes', 'namespaces'].map((resource): [string, string[]] => [resource, ['list', 'watch']]),
    ])('may read but not write %s', async (resource, reads) => {
      for (const verb of ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'])
        expect(await can(verb, resource, '-A'), verb).toBe(reads.includes(verb) ? 'yes' : 'no');
    });

    it('may change only its two webhook configurations', async () => {
      for (const kind of ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']) {
        expect(await can('patch', `${kind}/iomesh-guard`)).toBe('yes');
        expect(await can('patch', `${kind}/iomesh-validating-webhook-configuration`)).toBe('no');
        for (const verb of ['create', 'delete']) expect(await can(verb, kind)).toBe('no');
      }
    });

    it('may read only its own Secret', async () => {
      expect(await can('get', 'secrets/iomesh-guard-certificates', '-n', NAMESPACE)).toBe('yes');
      expect(await can('get', 'secrets/other', '-n', NAMESPACE)).toBe('no');
      expect(await can('list', 'secrets', '-n', NAMESPACE)).toBe('no');
      expect(await can('get', 'secrets', '-A')).toBe('no');
    });

    it('has the permissions for the world and the ledger', async () => {
      const { kubeconfig } = await cluster.as(`${NAMESPACE}/iomesh-guard`);
      const api = await openApi({ kubeconfig, context: undefined });
      const live = LiveWorld.open({
        api,
        config: DEFAULT_CONFIG,
        logger: pino({ level: 'silent' }),
        registry: new Registry(),
        today: () => '2026-01-01',
      });
      try {
        await vi.waitFor(() => expect(live.ready).toBe(true), { timeout: 30_000 });
        const world = await live.current(AbortSignal.timeout(10_000));
        expect(world.get('ZookeeperCluster', 'default', 'running')).toBeDefined();
        const store = new LeaseStore({
          api,
          namespace: NAMESPACE,
          name: 'iomesh-guard-ledger',
          holder: 'test',
        });
        const signal = AbortSignal.timeout(10_000);
        const read = async () => await store.read(signal);
        expect(await store.write({ entries: [] }, (await read()).version, signal)).toMatchObject({
          result: 'ok',
        });
        expect(await read()).toMatchObject({ entries: [] });
        expectOk(await cluster.delete('lease', 'iomesh-guard-ledger', NAMESPACE));
        expect(await store.write({ entries: [] }, (await read()).version, signal)).toMatchObject({
          result: 'ok',
        });
      } finally {
        await live.close();
      }
    });

    it('has the permissions for self-managed certificates', async () => {
      const { kubeconfig } = await cluster.as(`${NAMESPACE}/iomesh-guard`);
      const api = await openApi({ kubeconfig, context: undefined });
      const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const;
      const certificates = await SelfManagedCertificates.open({
        api,
        logger: pino({ level: 'silent' }),
        namespace: NAMESPACE,
        secret: 'iomesh-guard-certificates',
        service: one(objects, 'Service')['metadata'].name,
        clusterDomain: 'cluster.local',
        configurations: kinds.map((kind) => ({ kind, name: one(objects, kind)['metadata'].name })),
      });
      try {
        const clientConfig = async (kind: string) =>
          (await cluster.expectStored(kind, 'iomesh-guard'))['webhooks'][0].clientConfig;
        const bundle = async (kind: string) => (await clientConfig(kind)).caBundle;
        await vi.waitFor(
          async () => {
            expect(certificates.problem).toBeUndefined();
            expect(Buffer.from((await bundle(kinds[0])) ?? '', 'base64').toString()).toContain('BEGIN CERT');
            expect(await bundle(kinds[1])).toBe(await bundle(kinds[0]));
            const [secret] = certificates.paths.secrets;
            expect((await clientConfig(kinds[0])).service.path).toBe(`/validate/${secret}`);
            expect((await clientConfig(kinds[1])).service.path).toBe(`/mutate/${secret}`);
          },
          { timeout: 30_000, interval: 500 },
        );
      } finally {
        certificates.close();
        await api.close();
      }
    });

    it('may not impersonate', async () => {
      expect(await can('impersonate', 'users')).toBe('no');
      expect(await can('create', 'pods', '-A')).toBe('no');
      expect(await can('escalate', 'clusterroles')).toBe('no');
    });
  });

  describe('by Helm', () => {
    const place = ['guard', CHART, '--namespace', 'elsewhere'];
    let helm: (...args: readonly string[]) => Run;

    beforeAll(async () => {
      const program = await tool('helm');
      helm = (...args) => run(program, [...args, '--kubeconfig', cluster.kubeconfig]);
      const installed = objects.filter((each) => each['kind'] !== 'Namespace');
      // Older releases of kubectl read a stream that starts with a brace as JSON, including the separators.
      const manifests = installed.map((each) => `---\n${JSON.stringify(each)}\n`).join('');
      expectOk(await cluster.kubectl(['delete', '--wait=false', '-f', '-'], manifests));
    }, BUILD_MS);

    it('is installed and prints how to turn it off', () => {
      const { code, stdout, stderr } = helm('install', ...place, '--create-namespace');
      expect(code, stderr).toBe(0);
      expect(stderr).not.toContain('would violate PodSecurity');
      expect(stdout).toContain(ENDS);
    });

    it('keeps the caBundle, the path and the ledger in an upgrade', async () => {
      const kind = 'mutatingwebhookconfiguration';
      const clientConfig = await setClientConfig(kind);
      const lease = ['lease', 'iomesh-guard-ledger', '-n', 'elsewhere'];
      // As a replica creates it.
      const ledger = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: lease[1], namespace: 'elsewhere' },
      };
      expectOk(await cluster.apply(ledger));
      expectOk(await cluster.kubectl(['annotate', ...lease, 'iomesh-guard.io/ledger=kept']));
      const { code, stderr } = helm(
        'upgrade',
        ...place,
        '--set',
        'config.mode=warn,mutator.timeoutSeconds=3',
      );
      expect(code, stderr).toBe(0);
      const [webhook] = (await cluster.expectStored(kind, 'iomesh-guard'))['webhooks'];
      expect(webhook).toMatchObject({ timeoutSeconds: 3, clientConfig });
      const { metadata } = await cluster.expectStored('lease', 'iomesh-guard-ledger', 'elsewhere');
      expect(metadata['annotations']).toMatchObject({ 'iomesh-guard.io/ledger': 'kept' });
    });

    it.each(['warn-only', 'client-certificate', 'site', 'few-rights'])(
      'is installed with the values %s: a second upgrade changes nothing',
      async (name) => {
        if (name === 'warn-only') expect(helm('uninstall', 'guard', '--namespace', 'elsewhere').code).toBe(0);
        const values = ['-f', join(CHART, 'ci', `${name}-values.yaml`)];
        const installed = helm('install', ...place, ...values);
        expect(installed.code, installed.stderr).toBe(0);
        const versions = async () => {
          const found = await cluster.kubectl([
            ...['get', OUTSIDE, '-l', LABEL, '-o'],
            'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}',
          ]);
          expectOk(found);
          return found.stdout.split('\n').sort();
        };
        const before = await versions();
        expect(before.length).toBeGreaterThan(6);
        const { code, stderr } = helm('upgrade', ...place, ...values);
        expect(code, stderr).toBe(0);
        expect(await versions()).toEqual(before);
        const removed = helm('uninstall', 'guard', '--namespace', 'elsewhere');
        expect(removed.code, removed.stderr).toBe(0);
      },
    );

    it('leaves nothing outside its namespace when it is uninstalled', async () => {
      const installed = helm('install', ...place);
      expect(installed.code, installed.stderr).toBe(0);
      const { code, stderr } = helm('uninstall', 'guard', '--namespace', 'elsewhere');
      expect(code, stderr).toBe(0);
      const left = await cluster.kubectl([
        'get',
        hasAdmissionPolicies(cluster.plane.kubernetes) ? `${OUTSIDE},${POLICIES}` : OUTSIDE,
        '-l',
        LABEL,
        '-o',
        'name',
      ]);
      expectOk(left);
      expect(left.stdout).toBe('');
      expectOk(await cluster.apply(configMap('afterwards', CONNECTION)));
    });
  });
});

/** A ConfigMap in a namespace, by default `default`. */
function configMap(name: string, data: Record<string, string> | undefined, namespace = 'default'): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, ...(data && { data }) };
}

function storageClass(name: string, ours: boolean): Manifest {
  const provisioner = ours ? 'com.iomesh.csi-driver' : 'example.com/disk';
  return { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner };
}

function zookeeper(name: string, finalizers: readonly string[] = []): Manifest {
  const metadata = { name, namespace: 'default', finalizers };
  return {
    apiVersion: 'zookeeper.pravega.io/v1beta1',
    kind: 'ZookeeperCluster',
    metadata,
    spec: { replicas: 3 },
  };
}

/** The configuration that documented upgrades of IOMesh delete first. */
function vendorWebhook(): Manifest {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'iomesh-validating-webhook-configuration' },
    webhooks: [],
  };
}
