/**
 * What users try on their own objects to get round the checks: a tenant with all rights in one namespace, and an
 * editor of the IOMesh objects of the whole cluster.
 */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { run } from '../support/run-cli.ts';
import { type Cluster, expectDenied, expectOk, expectWarned } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { affinity, all, management, on, placed, pool, refOf, term } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';

const TENANT = 'iomesh-cluster-1';
const WAIVE = 'iomesh-guard.io/waive';
const ALL_VERBS = ['*'];
/** The webhook reads its configurations every two seconds. */
const SOON = { timeout: 20_000, interval: 250 };

onKubernetes('attackers', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  let tenant: Cluster;
  let editor: Cluster;

  beforeAll(async () => {
    const { cluster } = installed();
    await cluster.createServiceAccount(`${TENANT}/tenant`, [
      // Of its own Namespace, as self-service platforms grant it.
      { apiGroups: [''], resources: ['namespaces'], resourceNames: [TENANT], verbs: ['get', 'patch'] },
    ]);
    const rbac = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'tenant', namespace: TENANT },
    };
    const everything = { apiGroups: ['*'], resources: ['*'], verbs: ALL_VERBS };
    expectOk(
      await cluster.apply([
        { ...rbac, kind: 'Role', rules: [everything] },
        {
          ...rbac,
          kind: 'RoleBinding',
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'tenant' },
          subjects: [{ kind: 'ServiceAccount', name: 'tenant', namespace: TENANT }],
        },
      ]),
    );
    await cluster.createServiceAccount('default/editor', [
      {
        apiGroups: ['iomesh.com', 'zookeeper.pravega.io'],
        resources: ['iomeshclusters', 'zookeeperclusters'],
        verbs: ALL_VERBS,
      },
    ]);
    tenant = await cluster.as(`${TENANT}/tenant`);
    editor = await cluster.as('default/editor');
  });
  afterEach(() => installed().clear());

  const overlap = () => placed(pool(), { affinity: on('k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2') });

  describe('a tenant', () => {
    it.each([
      ['IOM101=x'],
      ['affinity-overlap=x; until=9999-12-31'],
      ['IOM101=x;IOM401=x;IOM603=x;IOM301=x'],
      // A schema error must not keep the other rules from reading the field.
      ['IOM007=x'],
    ])('cannot take the nodes of another cluster with the waiver %s', async (waiver) => {
      expectOk(await installed().cluster.apply(all(management())));
      for (const object of [overlap().cluster, overlap().zookeeper]) {
        const waived = annotated(object, waiver);
        expectDenied(await tenant.apply(waived), 'IOM101', ['iomesh-system/iomesh']);
        if (waived['kind'] === 'ZookeeperCluster' && waiver.startsWith('IOM007'))
          expectDenied(await tenant.apply(unclear(waived)), 'IOM101');
        await installed().cluster.expectNotStored(...refOf(object));
      }
    });

    it('cannot annotate first and change afterwards', async () => {
      expectOk(await installed().cluster.apply(all(management(), pool())));
      const [kind, name] = refOf(pool().cluster);
      expectOk(await tenant.kubectl(['annotate', kind, name, `${WAIVE}=IOM101=x`]));
      expectDenied(await tenant.apply(annotated(overlap().cluster, 'IOM101=x')), 'IOM101', [
        `the annotation ${WAIVE} does not waive this rule in a cluster`,
      ]);
    });

    it('cannot turn denials into warnings with a label of its Namespace', async () => {
      expectOk(await installed().cluster.apply(all(management())));
      const label = (text: string) => tenant.kubectl(['label', 'namespace', TENANT, text]);
      expectOk(await label('iomesh-guard.io/mode=warn'));
      expectDenied(await tenant.apply(overlap().cluster), 'IOM101');
      expectOk(await label('iomesh-guard.io/mode-'));
      await installed().cluster.expectNotStored(...refOf(overlap().cluster));
    });

    it('cannot outvote the clusterId with waived ConfigMaps', async () => {
      const others = management();
      expectOk(await installed().cluster.apply([others.cluster, others.zookeeper]));
      for (const name of ['v1', 'v2', 'v3']) {
        const object = annotated(pool().connection, 'IOM201=x');
        object['metadata'].name = name;
        object['data'].clusterId = 'evil';
        await tenant.apply(object);
      }
      // Whether they are stored or not, they are no example for the right ones.
      expectOk(await installed().cluster.apply(others.connection));
      expectOk(await tenant.apply(pool().connection));
    });

    it('can waive an error of its own object, which is then a warning', async () => {
      expectOk(await installed().cluster.apply(all(management())));
      const object = annotated(pool().connection, 'IOM202=a portal of our own');
      object['data'].iscsiPortal = '10.0.0.1:3260';
      expectWarned(await tenant.apply(object), 'IOM202', ['the waiver arrived with what it waives']);
    });
  });

  describe('an editor', () => {
    it('cannot delete the management cluster with a waiver', async () => {
      expectOk(await installed().cluster.apply(all(management(), pool())));
      const [kind, name, namespace] = refOf(management().cluster);
      const waiver = `${WAIVE}=IOM601=x;IOM602=x;IOM606=x`;
      expectOk(await editor.kubectl(['annotate', kind, name, '-n', `${namespace}`, waiver]));
      expectDenied(await editor.delete(kind, name, namespace), 'IOM601', ['waivers.exceptions']);
    });

    it('is found by audit and by the webhook in a namespace that is not checked', async () => {
      const { cluster, webhook } = installed();
      const unchecked = () => installed().metric('iomesh_guard_unchecked_objects', { kind: 'IOMeshCluster' });
      expectOk(await cluster.apply(all(management())));
      const hidden = overlap().cluster;
      hidden['metadata'].namespace = 'kube-system';
      expectOk(await editor.apply(hidden));
      try {
        const { code, stdout } = run(['audit', '--kubeconfig', cluster.kubeconfig, '--format', 'json']);
        expect(code).toBe(1);
        expect(stdout).toContain('IOM101');
        expect(stdout).toContain('kube-system');
        await vi.waitFor(async () => expect(await unchecked()).toBe(1), SOON);
        const warning = webhook.log.find((line) =>
          line.includes('objects of IOMesh clusters are not checked'),
        );
        expect(warning).toContain(`IOMeshCluster kube-system/${hidden['metadata'].name}`);
      } finally {
        expectOk(await cluster.delete(...refOf(hidden)));
      }
      await vi.waitFor(async () => expect(await unchecked()).toBe(0), SOON);
    });
  });
});

function annotated(object: Manifest, waiver: string): Manifest {
  return { ...object, metadata: { ...object['metadata'], annotations: { [WAIVE]: waiver } } };
}

/** Adds a term with a placeholder to the node selection. */
function unclear(object: Manifest): Manifest {
  const [first] = object['spec'].pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution
    .nodeSelectorTerms as object[];
  const pod = { ...object['spec'].pod, affinity: affinity(first!, term('rack', 'In', '<rack>')) };
  return { ...object, spec: { ...object['spec'], pod } };
}
