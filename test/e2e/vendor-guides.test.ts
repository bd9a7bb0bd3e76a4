/** The objects of the vendor's guides, word for word, under the vendor's own definitions. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isObject, type JsonObject } from '../../src/core/base/json.ts';
import type { Manifest } from '../deploy/objects.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { run } from '../support/run-cli.ts';
import { DEFAULT_CLASS } from '../../src/core/iomesh/storage-class.ts';
import { VENDOR, worldOfGuide } from '../support/vendor-guides.ts';
import { expectOk } from './support/cluster.ts';
import { useInstallation } from './support/installation.ts';
import { onKubernetes } from './support/suite.ts';

/**
 * The folder, the definition, the tags of the operator that the chart of that release sets, and the warnings of an
 * audit. Each is true, and something can be done about it.
 */
const GUIDES = [
  ['1.0.4-multi-cluster', 'iomeshclusters-1.0.1.yaml', 'v1.0.0', ['IOM501', 'IOM509', 'IOM509']],
  [
    '1.2-multi-cluster',
    'iomeshclusters-1.1.0.yaml',
    undefined,
    [...Array(4).fill('IOM102'), 'IOM518', 'IOM518'],
  ],
  ['1.2-multi-cluster-with-affinity', 'iomeshclusters-1.1.0.yaml', undefined, ['IOM518', 'IOM518']],
] as const;
const ZOOKEEPER = 'zookeeperclusters-0.2.14.yaml';
/** Not objects of the cluster. */
const OTHER_FILES = ['iomesh-values.yaml', 'iomesh-guard.yaml'];

describe.skipIf(VENDOR === '')("the vendor's guides (needs IOMESH_VENDOR_DATA)", () => {
  onKubernetes('the webhook', (kubernetes) => {
    const installed = useInstallation(kubernetes);
    afterEach(async () => {
      const { cluster } = installed();
      await installed().clear();
      const { stdout } = await cluster.kubectl(['get', 'pvc', '-n', 'default', '-o', 'name']);
      // No controller removes their finalizers.
      const release = ['-n', 'default', '-p', '{"metadata":{"finalizers":null}}'];
      for (const each of stdout.split('\n').filter(Boolean)) {
        expectOk(await cluster.kubectl(['patch', each, ...release]));
        expectOk(await cluster.kubectl(['delete', each, '-n', 'default']));
      }
    });

    it.each(
      GUIDES.flatMap(([folder, crd, tag, warnings]) =>
        [false, true].map((reversed) => ({ folder, crd, tag, warnings, reversed })),
      ),
    )('admits $folder with $crd, reversed: $reversed', async ({ folder, crd, tag, warnings, reversed }) => {
      const { cluster } = installed();
      for (const name of [crd, ZOOKEEPER])
        expectOk(
          await cluster.applyFiles([join(VENDOR, 'crds', name)], '--server-side', '--force-conflicts'),
        );
      await cluster.untilServed();
      const path = join(VENDOR, 'guides', folder);
      const files = readdirSync(path).filter((name) => !OTHER_FILES.includes(name));
      // What Helm installs from the values of the guide.
      const { helmValues, resources } = worldOfGuide(folder, DEFAULT_CONFIG);
      expect(helmValues).not.toEqual([]);
      const fromHelm = resources.filter(
        ({ ref }) =>
          (ref.namespace === 'iomesh-system' && ref.kind !== 'ConfigMap') || ref.name === DEFAULT_CLASS,
      );
      const steps = [
        () => cluster.apply(fromHelm.map(({ json }) => withOperatorTags(json, tag))),
        ...files.map((name) => () => cluster.applyFiles([join(path, name)])),
      ];
      for (const step of reversed ? steps.reverse() : steps) {
        const applied = await step();
        expect(applied.stderr).not.toContain('denied');
        expectOk(applied);
      }
      const audit = run(['audit', '--kubeconfig', cluster.kubeconfig, '--format', 'json']);
      const { findings } = JSON.parse(audit.stdout) as { findings: { code: string; severity: string }[] };
      expect([...new Set(findings.map(({ severity }) => severity))]).toEqual(['warning']);
      expect(findings.map(({ code }) => code).sort()).toEqual(warnings);
      expect(audit.code).toBe(0);
    });
  });
});

/** With the tags of the operator, which the chart sets and the values do not. */
function withOperatorTags(json: JsonObject, tag: string | undefined): object {
  const { spec } = json;
  if (tag === undefined || json['kind'] !== 'IOMeshCluster' || !isObject(spec)) return json;
  const copy = structuredClone(spec) as Manifest;
  for (const component of [copy['chunk'].devicemanager, copy['probe'], copy['toolbox']])
    component.image.tag = tag;
  return { ...json, spec: copy };
}
