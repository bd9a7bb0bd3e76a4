/** `helm uninstall` of IOMesh while other clusters exist: what is gone when the webhook denies, and the way back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Manifest } from '../deploy/objects.ts';
import { BUILD_MS, missingTools } from '../deploy/tools.ts';
import { expectDenied, expectOk } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { all, management, pool, refOf, volumeInUse } from './support/objects.ts';
import { onKubernetes } from './support/suite.ts';
import { Terminal } from './support/terminal.ts';

const labels = { app: 'operator' };
const OPERATOR = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'operator', namespace: 'iomesh-system' },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'operator', image: 'operator' }] } },
  },
};
const CHART_CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'iomesh-csi-driver' },
  provisioner: 'com.iomesh.csi-driver',
};

function refArgs(object: Manifest): string[] {
  const [kind, name, namespace] = refOf(object);
  return [kind, name, ...(namespace === undefined ? [] : ['-n', namespace])];
}

describe.skipIf(missingTools() !== undefined)('helm uninstall of IOMesh', () => {
  onKubernetes('the webhook', (kubernetes) => {
    const installed = useInstallation(kubernetes);
    let terminal: Terminal;
    beforeAll(async () => {
      terminal = await Terminal.open(installed().plane, ['helm']);
      const { cluster, zookeeper } = management();
      const templates = join(terminal.folder, 'chart/templates');
      mkdirSync(templates, { recursive: true });
      writeFileSync(
        join(terminal.folder, 'chart/Chart.yaml'),
        'apiVersion: v2\nname: iomesh\nversion: 1.0.1\n',
      );
      for (const each of [OPERATOR, CHART_CLASS, cluster, zookeeper])
        writeFileSync(join(templates, `${each['kind']}.yaml`), JSON.stringify(each));
    }, BUILD_MS);
    afterAll(() => terminal.close());
    afterEach(() => installed().clear());

    it('stops halfway while a pool exists, and helm rollback brings back what is gone', async () => {
      const { cluster } = installed();
      expectOk(await terminal.type('helm install iomesh ./chart -n iomesh-system'));
      expectOk(await cluster.apply(all(pool())));
      const ask = 'kubectl delete iomesh iomesh -n iomesh-system --dry-run=server';
      expectDenied(await terminal.type(ask), 'IOM601');

      const stopped = await terminal.type('helm uninstall iomesh -n iomesh-system');
      expect(stopped.code).not.toBe(0);
      expect(stopped.stderr).toContain('failed to delete release: iomesh');
      for (const gone of [OPERATOR, CHART_CLASS]) await cluster.expectNotStored(...refOf(gone));
      const { cluster: object, zookeeper } = management();
      for (const kept of [object, zookeeper]) await cluster.expectStored(...refOf(kept));

      expectOk(await terminal.type('helm history iomesh -n iomesh-system'));
      expectOk(await terminal.type('helm rollback iomesh 1 -n iomesh-system'));
      for (const back of [OPERATOR, CHART_CLASS]) await cluster.expectStored(...refOf(back));

      // The denial is shown with --debug only.
      const shown = await terminal.type('helm uninstall iomesh -n iomesh-system --debug');
      expect(shown.stderr + shown.stdout).toContain('IOM601');
      expectOk(await terminal.type('helm rollback iomesh -n iomesh-system'));

      for (const each of all(pool())) expectOk(await cluster.delete(...refOf(each)));
      expectOk(await terminal.type(ask));
      expectOk(await terminal.type('helm uninstall iomesh -n iomesh-system'));
      for (const gone of [OPERATOR, object, zookeeper]) await cluster.expectNotStored(...refOf(gone));
    });

    it('stops halfway while a volume exists, and the dry run says so before', async () => {
      const { cluster } = installed();
      expectOk(await terminal.type('helm install iomesh ./chart -n iomesh-system'));
      const { cluster: object, zookeeper } = management();
      const [volume, claim] = volumeInUse('iomesh');
      volume['spec'].csi.volumeAttributes = { iomeshCluster: 'iomesh-system/iomesh' };
      expectOk(await cluster.apply([volume, claim]));
      expectDenied(
        await terminal.type('kubectl delete iomesh iomesh -n iomesh-system --dry-run=server'),
        'IOM606',
        ['default/db-0'],
      );
      const stopped = await terminal.type('helm uninstall iomesh -n iomesh-system --debug');
      expect(stopped.code).not.toBe(0);
      expect(stopped.stderr + stopped.stdout).toContain('IOM606');
      for (const kept of [object, zookeeper]) await cluster.expectStored(...refOf(kept));

      for (const each of [claim, volume]) {
        expectOk(
          await cluster.kubectl(['patch', ...refArgs(each), '-p', '{"metadata":{"finalizers":null}}']),
        );
        expectOk(await cluster.kubectl(['delete', ...refArgs(each), '--ignore-not-found']));
      }
      expectOk(await terminal.type('helm rollback iomesh 1 -n iomesh-system'));
      expectOk(await terminal.type('helm uninstall iomesh -n iomesh-system'));
      for (const gone of [object, zookeeper]) await cluster.expectNotStored(...refOf(gone));
    });
  });
});
