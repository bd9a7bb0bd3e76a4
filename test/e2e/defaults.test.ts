/** Defaults of the mutating webhook. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { expectDenied, expectOk, warnings } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { useInstallation } from './support/installation.ts';
import {
  affinity,
  all,
  contentOf,
  OF_DEFINITION,
  management,
  node,
  placed,
  pool,
  least,
  refOf,
  sparse,
  term,
  third,
} from './support/objects.ts';
import { addMutator } from './support/other-mutator.ts';

const LABEL = 'iomesh-guard.io/pool';
const pools = { 'iomesh-cluster-1/iomesh-cluster-1': { [LABEL]: ['first'] } };
const labelled = (value: string) => ({ affinity: affinity(term(LABEL, 'In', value)) });

onKubernetes('defaults', (kubernetes) => {
  const installed = useInstallation(kubernetes, { config: { pools } });
  afterEach(() => installed().clear());

  describe('the affinity', () => {
    it('comes from another component of the cluster', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management())));
      const { cluster: object, zookeeper } = pool();
      for (const name of ['chunk', 'redirector']) delete object['spec'][name].podPolicy;
      delete zookeeper['spec'].pod.affinity.nodeAffinity;
      const result = await cluster.apply([object, zookeeper]);
      expectOk(result);
      const expected = pool();
      for (const each of [expected.cluster, expected.zookeeper])
        expect(contentOf(await cluster.expectStored(...refOf(each)))).toEqual(contentOf(each));
    });

    it('comes from the configured pool or from the label of a node, without overlaps', async () => {
      const { cluster } = installed();
      const pooled = ['iomesh-system', 'first', 'iomesh-cluster-2'];
      const nodes = pooled.flatMap((value) =>
        [0, 1, 2].map((each) => node(`${value}-${each}`, { [LABEL]: value })),
      );
      expectOk(await cluster.apply(nodes));
      const sets = [management(), pool(), third()];
      for (const set of sets) {
        for (const name of ['meta', 'chunk', 'redirector']) delete set.cluster['spec'][name].podPolicy;
        delete set.zookeeper['spec'].pod.affinity.nodeAffinity;
      }
      // A ZookeeperCluster that leaves its nodes out waits for its IOMeshCluster.
      const result = await cluster.apply(
        sets.flatMap((set) => [set.cluster, set.zookeeper, set.connection, set.storageClass]),
      );
      expectOk(result);
      expect(warnings(result).filter((line) => !line.includes('IOM701'))).toEqual([]);
      const expected = [management(), pool(), third()].map((set, at) => placed(set, labelled(pooled[at]!)));
      for (const [at, { cluster: object, zookeeper }] of expected.entries()) {
        zookeeper['spec'].pod.securityContext = sets[at]!.zookeeper['spec'].pod.securityContext;
        for (const each of [object, zookeeper])
          expect(contentOf(await cluster.expectStored(...refOf(each)))).toEqual(contentOf(each));
      }
    });
  });

  it('fill in required fields before the apiserver validates the object', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    // Without the webhook the apiserver rejects the object.
    const minimal = sparse();
    await installed().unregister(['mutating', 'validating']);
    const refused = await cluster.dryRun(minimal[0]!, ...cluster.forIncomplete);
    expect(refused.code).toBe(1);
    for (const field of ['spec.storageClass', 'spec.reclaimPolicy', 'spec.chunk.dataCIDR', 'spec.meta.image'])
      expect(refused.stderr).toContain(`${field}: Required value`);
    await installed().register();

    const result = await cluster.apply(minimal, ...cluster.forIncomplete);
    expectOk(result);
    const expected = pool();
    // The pool has none, so it gets that of the management cluster.
    for (const name of ['chunk', 'redirector']) expected.cluster['spec'][name].dataCIDR = '10.234.1.0/24';
    for (const object of all(expected))
      expect(contentOf(await cluster.expectStored(...refOf(object)))).toEqual(contentOf(object));
  });

  it('change nothing when objects are applied again, also by several field managers', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    expectOk(await cluster.apply(sparse(), ...cluster.forIncomplete));
    const patched = () => installed().metric('iomesh_guard_decisions_total', { outcome: 'patched' });
    const asked = () => installed().metric('iomesh_guard_decisions_total', { webhook: 'mutating' });
    const [patchedBefore, askedBefore] = [await patched(), await asked()];
    const versions = async () =>
      Promise.all(
        sparse().map(async (each) => (await cluster.expectStored(...refOf(each))).metadata.resourceVersion),
      );
    const before = await versions();
    const again = await cluster.apply(sparse(), ...cluster.forIncomplete);
    expectOk(again);
    for (const line of again.stdout.trim().split('\n')) expect(line).toMatch(/ unchanged$/);
    expect(await versions()).toEqual(before);

    const [object] = sparse() as [Manifest];
    const as = (manager: string, each: Manifest) =>
      cluster.apply(each, '--server-side', `--field-manager=${manager}`, ...cluster.forIncomplete);
    const { apiVersion, kind, metadata } = object;
    const bobs = { apiVersion, kind, metadata, spec: { licenseSecretName: 'licence' } };
    const owned = async (manager: string) => {
      const { stdout } = await cluster.kubectl([
        ...['get', 'iomeshcluster', metadata.name, '-n', metadata.namespace],
        ...['--show-managed-fields', '-o', 'json'],
      ]);
      const entries = JSON.parse(stdout).metadata.managedFields as { manager: string; fieldsV1: object }[];
      return entries.filter((each) => each.manager === manager).map(({ fieldsV1 }) => fieldsV1);
    };
    // The first server-side apply takes over the fields of the client-side apply.
    expectOk(await as('kubectl', object));
    expectOk(await as('bob', bobs));
    const ofBob = await owned('bob');
    expect(ofBob).toEqual([{ 'f:spec': { 'f:licenseSecretName': {} } }]);
    for (const [manager, each] of [
      ['kubectl', object],
      ['carol', object],
      ['bob', bobs],
      ['kubectl', object],
    ] as const)
      expectOk(await as(manager, each));
    expect(await owned('bob')).toEqual(ofBob);
    expect(await owned('carol')).toEqual(await owned('kubectl'));
    expect(await asked()).toBeGreaterThan(askedBefore);
    expect(await patched()).toBe(patchedBefore);
    const stored = await cluster.expectStored(...refOf(object));
    expect(stored['spec'].storageClass).toBe('hostpath');
  });

  describe('of a pool of which only the decisions are written', () => {
    const ORDERS = ['CIZS', 'CISZ', 'SICZ', 'ZCSI', 'SZCI', 'ZSIC'];
    const SERVER_SIDE = ['--server-side'];

    it.each([
      ...ORDERS.map((order) => [order, 'after', []] as const),
      ['CISZ', 'before', []] as const,
      ['ZCSI', 'before', SERVER_SIDE] as const,
      ['SICZ', 'after', SERVER_SIDE] as const,
    ])('are the same in the order %s, %s the management cluster %j', async (order, when, flags) => {
      const { cluster } = installed();
      const set = least();
      const pooled = [...order].map((letter) => set[letter as keyof typeof set]);
      const ordered =
        when === 'after' ? [...all(management()), ...pooled] : [...pooled, ...all(management())];
      // As a GitOps tool: what was refused is sent again, what was stored is not.
      let waiting = ordered;
      for (let pass = 1; waiting.length > 0; pass += 1) {
        expect(pass, waiting.map(({ kind }) => kind).join()).toBeLessThan(6);
        const refused: Manifest[] = [];
        for (const each of waiting) {
          const result = await cluster.apply(each, ...flags, ...cluster.forIncomplete);
          if (result.code === 0) continue;
          refused.push(each);
          expect(result.stderr).toContain('IOM409');
          expect(result.stderr).toContain('apply this object again after it');
        }
        waiting = refused;
      }
      const expected = pool();
      for (const name of ['chunk', 'redirector']) expected.cluster['spec'][name].dataCIDR = '10.234.1.0/24';
      delete expected.cluster['spec'].chunk.deviceMap;
      delete expected.zookeeper['spec'].pod.securityContext;
      for (const object of all(expected))
        expect(contentOf(await cluster.expectStored(...refOf(object)))).toEqual(contentOf(object));
    });
  });

  it('of an image are not filled in by a label, and kept if they are left out', async () => {
    const { cluster } = installed();
    const older = pool().cluster;
    older['spec'].chunk.image.tag = 'v5.2.0-rc13-enterprise';
    delete older['spec'].meta.image.tag;
    await installed().unregister(['mutating', 'validating']);
    expectOk(await cluster.apply([...all(management()), older]));
    await installed().register();
    const where = ['iomeshcluster', 'iomesh-cluster-1', '-n', 'iomesh-cluster-1'];
    const before = await cluster.expectStored(...refOf(older));
    expectOk(await cluster.kubectl(['label', ...where, 'team=a']));
    const after = await cluster.expectStored(...refOf(older));
    expect(after['spec']).toEqual(before['spec']);
    expect(after.metadata['generation']).toBe(before.metadata['generation']);

    delete older['spec'].chunk.image.tag;
    expectOk(await cluster.kubectl(['replace', '-f', '-'], JSON.stringify(older)));
    expect((await cluster.expectStored(...refOf(older)))['spec']).toEqual(before['spec']);
  });

  it('can be changed by another field manager', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const [object] = sparse() as [Manifest];
    expectOk(await cluster.apply(object, '--server-side', '--field-manager=alice', ...cluster.forIncomplete));
    const { apiVersion, kind, metadata } = object;
    const bobs = {
      apiVersion,
      kind,
      metadata,
      spec: { reclaimPolicy: { volume: 'Retain', blockdevice: 'Delete' } },
    };
    expectOk(await cluster.apply(bobs, '--server-side', '--field-manager=bob', ...cluster.forIncomplete));
    expectOk(await cluster.apply(object, '--server-side', '--field-manager=alice', ...cluster.forIncomplete));
    const stored = await cluster.expectStored(...refOf(object));
    expect(stored['spec'].reclaimPolicy).toEqual({ volume: 'Retain', blockdevice: 'Delete' });
  });

  describe('with another mutating webhook after this one', () => {
    it('are the same when the apiserver calls this webhook again', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management())));
      const stamp = { op: 'add', path: '/spec/licenseSecretName', value: 'licence' };
      const other = await addMutator(
        installed(),
        ({ spec }) => (spec.licenseSecretName ? [] : [stamp]),
        'IfNeeded',
      );
      const asked = () =>
        installed().metric('iomesh_guard_decisions_total', { webhook: 'mutating', kind: 'IOMeshCluster' });
      const before = await asked();
      const [object] = sparse() as [Manifest];
      expectOk(await cluster.apply(object, ...cluster.forIncomplete));
      expect((await asked()) - before).toBe(2);
      const stored = await cluster.expectStored(...refOf(object));
      const expected = pool().cluster;
      for (const name of ['chunk', 'redirector']) expected['spec'][name].dataCIDR = '10.234.1.0/24';
      expect(stored['spec']).toEqual({ ...OF_DEFINITION, ...expected['spec'], licenseSecretName: 'licence' });
      expect((await cluster.apply(object, ...cluster.forIncomplete)).stdout).toMatch(/ unchanged$/m);
      expect((await cluster.expectStored(...refOf(object))).metadata.resourceVersion).toBe(
        stored.metadata.resourceVersion,
      );
      await other.remove();
    });

    it('are validated if the other webhook removes one', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management())));
      const path = '/spec/chunk/devicemanager/blockDeviceNamespace';
      const strip = ({ spec }: Manifest) =>
        spec.chunk.devicemanager.blockDeviceNamespace ? [{ op: 'remove', path }] : [];
      const other = await addMutator(installed(), strip, 'IfNeeded');
      const [object] = sparse() as [Manifest];
      expectDenied(await cluster.apply(object, ...cluster.forIncomplete), 'IOM301', ['blockDeviceNamespace']);
      await cluster.expectNotStored(...refOf(object));
      await other.remove();
    });
  });
});
