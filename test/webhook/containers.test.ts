/** Deletions of Namespaces and CustomResourceDefinitions, and in a terminating namespace; kinds with failurePolicy Ignore. */
import { expect, it } from 'vitest';
import { WorldUnreadable } from '../../src/admission/world-source.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { StoredObjects } from '../../src/core/base/objects.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { appFor, ask, fixed, metric, reviewOf } from '../support/webhook.ts';

const world = readWorld(caseText({ name: 'containers' }), { name: 'containers' });
const namespace = world.get('Namespace', undefined, 'iomesh-cluster-1')!;
const cluster = world.get('IOMeshCluster', 'iomesh-cluster-1', 'iomesh-cluster-1')!;
const connection = world.all('ConfigMap')[0]!;
const storageClass = world.all('StorageClass')[0]!;

function definition(name: string): Resource {
  const metadata = { name };
  return toResource({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata })!;
}

const unreadable = {
  ready: true,
  current: () => Promise.reject(new WorldUnreadable('the apiserver did not answer in time')),
};

it.each([
  ['Namespace', namespace],
  ['CustomResourceDefinition', definition('iomeshclusters.iomesh.com')],
])(
  'denies the deletion of a %s that cannot be verified: failurePolicy Ignore would admit it',
  async (_, before) => {
    const { app, metrics } = appFor(unreadable);
    const { status, response } = await ask(app, '/validate', reviewOf({ before }));
    expect(status).toBe(200);
    expect(response).toMatchObject({
      allowed: false,
      status: { code: 503, message: 'cannot verify: the apiserver did not answer in time' },
    });
    expect(await metric(metrics, 'iomesh_guard_failures_total', { reason: 'unreadable' })).toBe(1);
    // failurePolicy Fail decides about other kinds.
    expect((await ask(app, '/validate', reviewOf({ before: cluster }))).status).toBe(503);
  },
);

it.each([
  ['the change of a ConfigMap', { before: connection, after: connection }],
  ['the creation of a StorageClass', { after: storageClass }],
])(
  'denies %s that cannot be verified: before Kubernetes 1.28 failurePolicy Ignore would admit it',
  async (_, change) => {
    const { app } = appFor(unreadable);
    const { status, response } = await ask(app, '/validate', reviewOf(change));
    expect(status).toBe(200);
    expect(response).toMatchObject({
      allowed: false,
      status: { code: 503, message: 'cannot verify: the apiserver did not answer in time' },
    });
  },
);

it('denies the deletion of a Namespace whose volumes cannot be read, with the reason', async () => {
  const failure = 'persistentvolumes cannot be read: forbidden';
  const volumes = async () =>
    ({ kind: 'PersistentVolume', objects: new StoredObjects([]), failure }) as const;
  const { app } = appFor({ ...fixed(world), volumes });
  const { response } = await ask(app, '/validate', reviewOf({ before: namespace }));
  expect(response.allowed).toBe(false);
  expect(response.status?.message).toContain(`cannot verify that no volume needs them: ${failure}`);
});

it('warns of it if the configuration only warns', async () => {
  const { app } = appFor(unreadable, { config: { ...DEFAULT_CONFIG, mode: 'warn' } });
  const { response } = await ask(app, '/validate', reviewOf({ before: namespace }));
  expect(response).toMatchObject({ allowed: true, warnings: [expect.stringContaining('cannot verify')] });
});

it('reads nothing for the definition of another operator, or for an update', async () => {
  const { app } = appFor(unreadable);
  const foreign = reviewOf({ before: definition('issuers.cert-manager.io') });
  expect((await ask(app, '/validate', foreign)).response).toMatchObject({ allowed: true });
  const update = reviewOf({ before: namespace, after: namespace });
  expect((await ask(app, '/validate', update)).response).toMatchObject({ allowed: true });
});

it('admits a deletion in a terminating namespace', async () => {
  const terminating = toResource({
    ...namespace.json,
    metadata: { name: 'iomesh-system', deletionTimestamp: '2026-11-28T00:00:00Z' },
  })!;
  const before = world.get('IOMeshCluster', 'iomesh-system', 'iomesh')!;
  const decide = async (within: World) =>
    (await ask(appFor(fixed(within)).app, '/validate', reviewOf({ before }))).response;
  expect(await decide(world)).toMatchObject({ allowed: false });
  const others = world.resources.filter(({ key }) => key !== terminating.key);
  const deleting = World.of({ ...world, resources: [...others, terminating] });
  const response = await decide(deleting);
  expect(response).toMatchObject({ allowed: true });
  expect(response.warnings).toBeUndefined();
});

it('admits the removal of a finalizer whatever numbers the object has', async () => {
  const big = { ...cluster.json, spec: { ...(cluster.json['spec'] as object), number: 2n ** 60n + 1n } };
  const metadata = { ...(cluster.json['metadata'] as object), deletionTimestamp: '2026-11-28T00:00:00Z' };
  const after = toResource({ ...big, metadata })!;
  const before = toResource({ ...big, metadata: { ...metadata, finalizers: ['example.com/keep'] } })!;
  const review = JSON.stringify(reviewOf({ before, after }), (_, value) =>
    typeof value === 'bigint' ? '@big' : value,
  ).replaceAll('"@big"', '1152921504606846977');
  const { app } = appFor(unreadable);
  const reply = await app.inject({
    method: 'POST',
    url: '/validate',
    payload: review,
    headers: { 'content-type': 'application/json' },
  });
  expect(reply.statusCode).toBe(200);
  expect(reply.json().response).toMatchObject({ allowed: true });
});
