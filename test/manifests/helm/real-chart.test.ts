/**
 * Random values: the objects and findings that we read from them are those of `helm template` with a real
 * chart. IOMESH_CHART names the chart of IOMesh 1.0: a folder or a .tgz.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import type { Json, JsonObject } from '../../../src/core/base/json.ts';
import { CHART_IMAGES, CHART_VALUES, CREATE_VALUES, ROOT } from '../../../src/core/helm/chart.ts';
import { mergeValues } from '../../../src/manifests/helm/merge.ts';
import { BUILD_MS, tool } from '../../deploy/tools.ts';
import { compareWithRendered } from '../../support/rendered-chart.ts';
import { editorSchemas } from '../../support/schema-files.ts';

const CHART = process.env['IOMESH_CHART'];
const RUNS = Number(process.env['IOMESH_CHART_RUNS'] ?? 500);
/** Files that Helm renders at the same time. */
const PARALLEL = 2;
const RUN_MS = 60 * 60_000;
const CONFIG = { ...DEFAULT_CONFIG, iomeshVersion: '1.0' } as const;

const scalar = fc.constantFrom<Json>(
  ...['', 'x', 'community', 'enterprise', 'hygon_x86_64', '10.1.0.0/16', '10.1.0.7/16', '12', '1.5', 'true'],
  ...['v1.0.1', 'ex4', '1Gi', 'a # b', '~', 'Retain', 'delete', 'allFlash', ' y '],
  ...[0, 1, 2, 3, 4, 5, 1.5, true, false, null],
);
const nodes = (names: readonly string[]): JsonObject => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: names }] },
      ],
    },
  },
});
const section = fc.constantFrom<Json>(
  {},
  [],
  null,
  { pool: 'a' },
  nodes(['n1', 'n2', 'n3']),
  nodes([]),
  { limits: { cpu: 1, memory: '1Gi' } },
  { dataStore: { selector: { matchLabels: { 'iomesh.com/bd-deviceType': 'disk' } } } },
  { replicaFactor: '1', 'csi.storage.k8s.io/fstype': null, iops: 5 },
  [{ key: 'a', operator: 'Exists' }],
);

const OTHER_PATHS: readonly (readonly string[])[] = [
  ...['appVersion', 'operatorVersion', 'edition', 'platform', 'licenseSecretName', 'nobody'].map((key) => [
    ROOT,
    key,
  ]),
  ...['labels', 'resources'].map((key) => [ROOT, 'zookeeper', 'podPolicy', key]),
  [ROOT, 'zookeeper', 'persistence', 'reclaimPolicy'],
  ['csi-driver', 'nameOverride'],
  ['csi-driver', 'storageClass', 'default'],
  ['global', 'registry'],
  ['meta', 'replicaCount'],
];
/** A template prints a mapping as Go does, which no rule needs: they have scalars only. */
const PRINTED = [
  ...CHART_VALUES.filter(({ form }) => form !== 'copied').map(({ path }) => path),
  ...CHART_IMAGES.map(({ values: path }) => [...path, 'tag']),
  ...CREATE_VALUES.map(({ path }) => path.map(String)),
  ...OTHER_PATHS,
];
const COPIED = [
  ...CHART_VALUES.filter(({ form }) => form === 'copied').map(({ path }) => path),
  ...['meta', 'chunk', 'redirector', 'zookeeper'].map((component) => [ROOT, component, 'podPolicy']),
  ['csi-driver'],
];

const oneValue = fc.oneof(
  fc.tuple(fc.constantFrom(...PRINTED), scalar).map(([path, value]) => nested(path, value)),
  fc
    .tuple(fc.constantFrom(...COPIED), section)
    // A mapping of tolerations would end up beside them: the template indents it too little.
    .map(([path, value]) =>
      nested(path, path.at(-1) === 'tolerations' && !Array.isArray(value) ? null : value),
    ),
);
const values = fc
  .array(oneValue, { minLength: 1, maxLength: 6 })
  .map((all) => all.reduce(mergeValues, nested([ROOT, 'chunk', 'dataCIDR'], '10.40.0.0/16')));

function nested(path: readonly string[], value: Json): JsonObject {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value) as JsonObject;
}

describe.skipIf(CHART === undefined)('a real chart (needs IOMESH_CHART: a chart of IOMesh 1.0)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-chart-'));
  const execute = promisify(execFile);
  let helm: string;

  beforeAll(async () => {
    helm = await tool('helm');
  }, BUILD_MS);

  /** What Helm renders; undefined if it fails. */
  async function render(file: string): Promise<string | undefined> {
    const { name, namespace } = CONFIG.managementCluster;
    try {
      const { stdout } = await execute(helm, ['template', name, CHART!, '-n', namespace, '-f', file], {
        maxBuffer: 1 << 26,
      });
      return stdout;
    } catch {
      return undefined;
    }
  }

  it(
    `renders ${RUNS} random values files as we read them`,
    async () => {
      const seed = Number(process.env['IOMESH_CHART_SEED'] ?? Date.now() % 1_000_000_007);
      process.stderr.write(`IOMESH_CHART_SEED=${seed}\n`);
      const samples = fc.sample(values, { numRuns: RUNS, seed });
      let compared = 0;
      let next = 0;
      const worker = async (id: number): Promise<void> => {
        for (let index = next++; index < samples.length; index = next++) {
          const text = JSON.stringify(samples[index]);
          const file = join(folder, `${id}.yaml`);
          writeFileSync(file, text);
          const rendered = await render(file);
          if (rendered === undefined) continue;
          const { objects, findings } = compareWithRendered(text, rendered, CONFIG.managementCluster, CONFIG);
          expect(objects.read, `IOMESH_CHART_SEED=${seed}: ${text}`).toEqual(objects.rendered);
          expect(findings.read, `IOMESH_CHART_SEED=${seed}: ${text}`).toEqual(findings.rendered);
          compared += 1;
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, (_, id) => worker(id)));
      process.stderr.write(
        `${compared} of ${samples.length} values files compared; Helm rejects the others\n`,
      );
      expect(compared).toBeGreaterThan(RUNS / 2);
    },
    RUN_MS,
  );

  it('has values that the editor schema accepts', async () => {
    const { stdout } = await execute(helm, ['show', 'values', CHART!]);
    const check = editorSchemas().getSchema('helm-values.schema.json')!;
    check(load(stdout));
    expect(check.errors ?? []).toEqual([]);
  });
});
