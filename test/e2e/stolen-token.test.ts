/** What a token of the ServiceAccount permits, for somebody who has stolen it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Manifest, NAMESPACE } from '../deploy/objects.ts';
import { type Cluster, expectOk } from './support/cluster.ts';
import { hasAdmissionPolicies } from './support/kubernetes.ts';
import { all, management, pool } from './support/objects.ts';
import { RunningDeployment } from './support/running-deployment.ts';
import { onDay61, SECRET } from './support/stored-certificates.ts';
import { onKubernetes } from './support/suite.ts';

const ACCOUNT = `${NAMESPACE}/iomesh-guard`;
const VALIDATING = 'validatingwebhookconfiguration';
const MUTATING = 'mutatingwebhookconfiguration';
const CONFIGURATIONS = [VALIDATING, MUTATING] as const;
const REFUSED = "ValidatingAdmissionPolicy 'iomesh-guard' with binding 'iomesh-guard' denied request";
const SELECTOR = '/webhooks/0/namespaceSelector';
/** The webhook for Namespaces. */
const LIST = '/webhooks/4/namespaceSelector/matchExpressions/0';
const ALL_SECRETS = { apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations: ['*'] };
const STEPS = { timeout: 120_000, interval: 500 };

/** Each turns a webhook off, or makes it send what it must not; the last two in the validating configuration. */
const ATTACKS: readonly [title: string, change: object, kinds?: readonly string[]][] = [
  ['rules for Secrets', { op: 'add', path: '/webhooks/0/rules/-', value: ALL_SECRETS }],
  ['no matchConditions', { op: 'remove', path: '/webhooks/0/matchConditions' }],
  ['no namespaceSelector', { op: 'remove', path: SELECTOR }],
  [
    'another namespaceSelector',
    { op: 'add', path: `${SELECTOR}/matchExpressions/0/values/-`, value: 'victim' },
  ],
  [
    'one more requirement',
    { op: 'add', path: `${SELECTOR}/matchExpressions/-`, value: { key: 'x', operator: 'Exists' } },
  ],
  ['labels in the namespaceSelector', { op: 'add', path: `${SELECTOR}/matchLabels`, value: { x: 'y' } }],
  [
    'an objectSelector',
    { op: 'add', path: '/webhooks/0/objectSelector', value: { matchLabels: { x: 'y' } } },
  ],
  ['timeoutSeconds', { op: 'add', path: '/webhooks/0/timeoutSeconds', value: 1 }],
  ['matchPolicy', { op: 'add', path: '/webhooks/0/matchPolicy', value: 'Exact' }],
  [
    'a URL',
    { op: 'replace', path: '/webhooks/0/clientConfig', value: { url: 'https://thief.example.com/review' } },
  ],
  ['another Service', { op: 'replace', path: '/webhooks/0/clientConfig/service/name', value: 'thief' }],
  ['another namespace', { op: 'replace', path: '/webhooks/0/clientConfig/service/namespace', value: 'x' }],
  ['another port', { op: 'replace', path: '/webhooks/0/clientConfig/service/port', value: 8444 }],
  ['another name', { op: 'replace', path: '/webhooks/0/name', value: 'x.iomesh-guard.io' }],
  ['one webhook less', { op: 'remove', path: '/webhooks/1' }],
  ['no webhook', { op: 'replace', path: '/webhooks', value: [] }],
  ['a label', { op: 'add', path: '/metadata/labels/x', value: 'y' }],
  ['an annotation', { op: 'add', path: '/metadata/annotations', value: { x: 'y' } }],
  ['a finalizer', { op: 'add', path: '/metadata/finalizers', value: ['example.com/x'] }],
  [
    'an owner, with which the garbage collector deletes it',
    {
      op: 'add',
      path: '/metadata/ownerReferences',
      value: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'x' }],
    },
  ],
  ['failurePolicy', { op: 'add', path: '/webhooks/0/failurePolicy', value: 'Ignore' }, [VALIDATING]],
  ['sideEffects', { op: 'add', path: '/webhooks/0/sideEffects', value: 'None' }, [VALIDATING]],
];

onKubernetes('a stolen token', (kubernetes) => {
  const isLimited = hasAdmissionPolicies(kubernetes);
  let deployment: RunningDeployment | undefined;
  let thief: Cluster;

  const patch = (kind: string, change: object | readonly object[], ...flags: readonly string[]) =>
    thief.kubectl([
      ...['patch', kind, 'iomesh-guard', '--type=json'],
      ...['-p', JSON.stringify([change].flat()), ...flags],
    ]);
  const secret = (more: object): Manifest => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' },
    metadata: { name: SECRET, namespace: NAMESPACE },
    ...more,
  });
  const create = (object: object) =>
    thief.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(object));

  beforeAll(async () => {
    deployment = await RunningDeployment.start(kubernetes);
    const { cluster } = deployment;
    expectOk(await cluster.apply(all(management(), pool())));
    thief = await cluster.as(ACCOUNT);
    // A policy is in force some moments after it was stored.
    if (isLimited)
      await vi.waitFor(async () => {
        const first = { op: 'add', path: '/webhooks/0/timeoutSeconds', value: 1 };
        expect((await patch(VALIDATING, first, '--dry-run=server')).code).not.toBe(0);
      }, STEPS);
  });
  afterAll(() => deployment?.stop());

  it.runIf(!isLimited)('turns the webhooks off before Kubernetes 1.30', async () => {
    const ignore = { op: 'add', path: '/webhooks/0/failurePolicy', value: 'Ignore' };
    for (const kind of CONFIGURATIONS) expectOk(await patch(kind, ignore, '--dry-run=server'));
  });

  describe.runIf(isLimited)('from Kubernetes 1.30 on', () => {
    it.each(ATTACKS)(
      'cannot change a webhook configuration: %s',
      async (_, change, kinds = CONFIGURATIONS) => {
        for (const kind of kinds) {
          const { stderr, stdout } = await patch(kind, change, '--dry-run=server');
          expect(`${stderr}${stdout}`).toContain(REFUSED);
        }
      },
    );

    it('cannot turn off the webhook for Namespaces', async () => {
      for (const change of [
        { op: 'replace', path: `${LIST}/operator`, value: 'NotIn' },
        { op: 'replace', path: `${LIST}/key`, value: 'x' },
        { op: 'add', path: '/webhooks/4/timeoutSeconds', value: 1 },
      ])
        expect((await patch(VALIDATING, change, '--dry-run=server')).stderr).toContain(REFUSED);
    });

    it('can change what the replicas change', async () => {
      const namespaces = { op: 'replace', path: `${LIST}/values`, value: ['a', 'b'] };
      expectOk(await patch(VALIDATING, namespaces, '--dry-run=server'));
      for (const kind of CONFIGURATIONS) {
        const changes = [
          { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: '' },
          { op: 'add', path: '/webhooks/0/clientConfig/service/path', value: '/validate/a' },
        ];
        expectOk(await patch(kind, changes, '--dry-run=server'));
      }
    });

    it('cannot get a token that never expires', async () => {
      const { cluster } = deployment!;
      // The Secret has another creator while its name is free.
      const account = { 'kubernetes.io/service-account.name': 'iomesh-guard' };
      const named = { name: SECRET, namespace: NAMESPACE };
      const stored = await cluster.expectStored('secret', SECRET, NAMESPACE);
      const restart = await stopReplicas();
      expectOk(await cluster.delete('secret', SECRET, NAMESPACE));
      const token = 'kubernetes.io/service-account-token';
      for (const object of [
        secret({ type: token, metadata: { ...named, annotations: account } }),
        secret({ metadata: { ...named, annotations: account } }),
        secret({ type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } }),
        secret({ metadata: { ...named, name: 'other' } }),
      ])
        expect((await create(object)).stderr).toContain(REFUSED);
      expectOk(await create(secret({})));
      expectOk(await cluster.apply(secret({ data: stored['data'] })));
      await restart();
    }, 120_000);

    it('is refused by the policy even if a role permits everything on these kinds', async () => {
      const { cluster } = deployment!;
      const rules = [
        {
          apiGroups: ['admissionregistration.k8s.io'],
          resources: CONFIGURATIONS.map((each) => `${each}s`),
          verbs: ['*'],
        },
        { apiGroups: [''], resources: ['secrets'], verbs: ['*'] },
      ];
      const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'too-much' } };
      const [namespace, name] = ACCOUNT.split('/');
      const granted = [
        { ...rbac, kind: 'ClusterRole', rules },
        {
          ...rbac,
          kind: 'ClusterRoleBinding',
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'too-much' },
          subjects: [{ kind: 'ServiceAccount', name, namespace }],
        },
      ];
      expectOk(await cluster.apply(granted));
      const other = (kind: string) => ({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind,
        metadata: { name: 'other' },
      });
      try {
        for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
          await vi.waitFor(async () => expect((await create(other(kind))).stderr).toContain(REFUSED), STEPS);
          expectOk(await cluster.apply(other(kind)));
          const annotate = ['annotate', kind, 'other', 'x=y', '--dry-run=server'];
          expect((await thief.kubectl(annotate)).stderr).toContain(REFUSED);
          for (const each of ['other', 'iomesh-guard'])
            expect((await thief.delete(kind, each, undefined, '--dry-run=server')).stderr).toContain(REFUSED);
        }
        expect((await create(secret({ metadata: { name: 'x', namespace: 'default' } }))).stderr).toContain(
          REFUSED,
        );
        expect((await thief.delete('secret', SECRET, NAMESPACE, '--dry-run=server')).stderr).toContain(
          REFUSED,
        );
      } finally {
        for (const { kind, metadata } of granted) expectOk(await cluster.delete(kind, metadata.name));
      }
    }, 120_000);

    it('is refused for every field that a webhook of this release has', async () => {
      const { body } = await deployment!.plane.api.call(
        'GET',
        '/openapi/v3/apis/admissionregistration.k8s.io/v1',
      );
      const known = new Set([
        ...ATTACKS.map(([, change]) => /^\/webhooks\/0\/(\w+)/.exec((change as { path: string }).path)?.[1]),
        // Required: a webhook without them is not valid.
        ...['admissionReviewVersions', 'reinvocationPolicy'],
      ]);
      for (const kind of ['ValidatingWebhook', 'MutatingWebhook']) {
        const { properties } = body.components.schemas[`io.k8s.api.admissionregistration.v1.${kind}`];
        expect(Object.keys(properties).filter((field) => !known.has(field))).toEqual([]);
      }
      const reinvoke = { op: 'add', path: '/webhooks/0/reinvocationPolicy', value: 'Never' };
      const versions = { op: 'add', path: '/webhooks/0/admissionReviewVersions', value: ['v1', 'v1beta1'] };
      for (const change of [reinvoke, versions])
        expect((await patch(MUTATING, change, '--dry-run=server')).stderr).toContain(REFUSED);
    });

    it('does not hinder the replicas: a new CA, a renewed certificate, a new namespace', async () => {
      const { cluster } = deployment!;
      const bundle = async (kind: string) =>
        (await cluster.expectStored(kind, 'iomesh-guard'))['webhooks'][0].clientConfig.caBundle;
      const before = await bundle(VALIDATING);
      expectOk(await cluster.delete('secret', SECRET, NAMESPACE));
      await vi.waitFor(async () => {
        await cluster.expectStored('secret', SECRET, NAMESPACE);
        for (const kind of CONFIGURATIONS) expect(await bundle(kind)).not.toBe(before);
      }, STEPS);
      const aged = Buffer.from((await onDay61(cluster)).leaf.cert).toString('base64');
      await vi.waitFor(async () => {
        const { data } = await cluster.expectStored('secret', SECRET, NAMESPACE);
        expect(data['tls.crt']).not.toBe(aged);
      }, STEPS);
      const webhooks = (await cluster.expectStored(VALIDATING, 'iomesh-guard'))['webhooks'];
      expect(webhooks[4].namespaceSelector.matchExpressions[0].values).toEqual([
        'iomesh-cluster-1',
        'iomesh-system',
      ]);
      for (const { lines } of deployment!.replicas)
        expect(lines.filter((line) => JSON.stringify(line).includes('denied request'))).toEqual([]);
    }, 300_000);
  });

  /** Stops the replicas; the returned function starts as many again. */
  async function stopReplicas(): Promise<() => Promise<void>> {
    const replicas = [...deployment!.replicas];
    for (const each of replicas) await deployment!.remove(each, 'SIGKILL');
    return async () => {
      for (const _ of replicas) await deployment!.add();
    };
  }
});
