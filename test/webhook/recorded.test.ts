/** Reviews that a real kube-apiserver sent. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { volume } from '../cases/objects.ts';
import { appFor, ask, fixed, reviewOf } from '../support/webhook.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/admission-reviews');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const EMPTY = World.of({ resources: [], today: '2026-11-23' });
const load = (name: string) =>
  JSON.parse(readFileSync(join(FOLDER, FILES.find((each) => each.startsWith(`${name}-`))!), 'utf8'));

/** Reviews of other kinds. The webhook configurations do not send them, so they are errors. */
const NOT_OURS = ['19', '21', '23', '26'];

describe.each(FILES)('%s', (file) => {
  const review = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
  const ours = !NOT_OURS.some((number) => file.startsWith(number));

  it.each(['/validate', '/mutate'] as const)(
    `${ours ? 'is answered' : 'is rejected as another kind'} by %s`,
    async (path) => {
      const { app } = appFor(fixed(EMPTY));
      const { status, response } = await ask(app, path, review);
      if (!ours) {
        expect(status).toBe(422);
        return;
      }
      expect(status).toBe(200);
      expect(response.uid).toBe(review.request.uid);
      for (const warning of response.warnings ?? []) {
        expect(warning).not.toMatch(/[\r\n]/);
        expect(Buffer.byteLength(warning)).toBeLessThanOrEqual(1024);
      }
    },
  );
});

describe('without evaluating a rule, the webhook admits', () => {
  const world = readWorld(caseText({ name: 'recorded' }), { name: 'recorded' });

  it.each(['11', '22', '25'])('status updates and connections: %s', async (number) => {
    const { app, lines } = appFor({
      ready: false,
      current: () => {
        throw new Error('no world is needed');
      },
    });
    const { status, response } = await ask(app, '/validate', load(number));
    expect([status, response.allowed]).toEqual([200, true]);
    expect(lines[0]?.['outcome']).toBe('passed');
  });

  it('the removal of a finalizer from a terminating object', async () => {
    const { app } = appFor(fixed(EMPTY));
    const { response } = await ask(app, '/validate', load('30'));
    expect(response).toMatchObject({ allowed: true });
  });

  it.each(['namespace-controller', 'generic-garbage-collector'])(
    'deletions of the %s',
    async (controller) => {
      const { app } = appFor(fixed(world));
      const before = world.get('IOMeshCluster', 'iomesh-system', 'iomesh')!;
      const username = `system:serviceaccount:kube-system:${controller}`;
      const cleaned = await ask(
        app,
        '/validate',
        reviewOf({ before }, { userInfo: { username, groups: [] } }),
      );
      expect(cleaned.response.allowed).toBe(true);
      const person = await ask(app, '/validate', reviewOf({ before }));
      expect(person.response.allowed).toBe(false);
      expect(person.response.status?.message).toContain('IOM601');
    },
  );

  it('a StorageClass of another provisioner', async () => {
    const { app, lines } = appFor(fixed(world));
    const json = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'other' },
      provisioner: 'example.com/disk',
    };
    const { response } = await ask(app, '/validate', reviewOf({ after: toResource(json)! }));
    expect(response.allowed).toBe(true);
    expect(lines[0]?.['outcome']).toBe('passed');
  });

  it('but not the deletion of a Namespace with clusters by the garbage collector', async () => {
    const { app } = appFor(fixed(world));
    const json = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'iomesh-system' } };
    const username = 'system:serviceaccount:kube-system:generic-garbage-collector';
    const { response } = await ask(
      app,
      '/validate',
      reviewOf({ before: toResource(json)! }, { userInfo: { username, groups: [] } }),
    );
    expect(response.allowed).toBe(false);
    expect(response.status?.message).toContain('IOM607');
  });
});

describe('names', () => {
  it('of the items of a delete-collection are taken from oldObject', async () => {
    const review = load('31');
    expect(review.request.name).toBeUndefined();
    const { app } = appFor(fixed(EMPTY));
    expect((await ask(app, '/validate', review)).response.allowed).toBe(true);

    const used = { name: 'collection', add: volume('pv-1', { class: 'iomesh-cluster-1' }) };
    const world = readWorld(caseText(used), used);
    const before = world.get('ConfigMap', 'iomesh-cluster-1', 'iomesh-cluster-1-csi-configmap')!;
    const { response } = await ask(
      appFor(fixed(world)).app,
      '/validate',
      reviewOf({ before }, { name: undefined }),
    );
    expect(response.allowed).toBe(false);
    expect(response.status?.message).toContain('IOM606');
  });

  it('may be missing in a mutating review with generateName', async () => {
    const { app } = appFor(fixed(EMPTY));
    const review = load('28');
    expect(review.request.object.metadata.name).toBeUndefined();
    expect((await ask(app, '/mutate', review)).response.allowed).toBe(true);
  });
});

describe('a scale request', () => {
  it('is never denied, and gets a warning for a step of more than one', async () => {
    const { app } = appFor(fixed(worldWithIomesh(load('10').request.namespace)));
    const review = load('10');
    review.request.oldObject.spec.replicas = 3;
    review.request.object.spec.replicas = 6;
    const { response } = await ask(app, '/validate', review);
    expect(response.allowed).toBe(true);
    expect(response.warnings?.join('\n')).toContain('IOM604');
    review.request.object.spec.replicas = 4;
    const step = await ask(app, '/validate', review);
    expect(step.response.allowed).toBe(true);
    expect(step.response.warnings?.join('\n') ?? '').not.toMatch(/^IOM604/m);
  });
});

function worldWithIomesh(namespace: string): World {
  const name = load('10').request.name as string;
  const text = caseText({ name: 'scale' })
    .replaceAll('iomesh-cluster-1', name)
    .replaceAll(`namespace: ${name}`, `namespace: ${namespace}`);
  return readWorld(text, { name: 'scale' });
}
