/**
 * The objects of the vendor's guides for several clusters, word for word: lint finds no error in them, and the
 * webhook admits each of them, in any order. True warnings are listed with their reason.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { type Config, DEFAULT_CONFIG } from '../src/core/base/config.ts';
import type { Json } from '../src/core/base/json.ts';
import { definitionEvidence, type VersionEvidence } from '../src/core/base/version-evidence.ts';
import { describe as describeRef, type Resource } from '../src/core/base/model.ts';
import { mutate } from '../src/core/defaults/mutate.ts';
import type { Finding } from '../src/core/finding.ts';
import { type ChangeResult, judge, judgeChange } from '../src/core/judge/judge.ts';
import { World } from '../src/core/world.ts';
import { VENDOR, worldOfGuide } from './support/vendor-guides.ts';

const TODAY = '2026-11-23';
const ORDERS = 100;

/** `code kind namespace/name` of a finding, and why it is true. */
type Reasons = Readonly<Record<string, string>>;

interface Guide {
  readonly folder: string;
  readonly version: Config['iomeshVersion'];
  /** The warnings of lint and of the webhook. There is no error and no denial. */
  readonly warnings: Reasons;
  /** The warnings of lint alone. */
  readonly lintWarnings?: Reasons;
}

const OF_1_0: Reasons = {
  'IOM501 StorageClass iomesh-csi-driver':
    'the chart makes it; the guide tells not to use it next to several clusters',
  'IOM509 StorageClass iomesh': 'reclaimPolicy is not a parameter of a class; the guide writes it there',
  'IOM509 StorageClass iomesh-cluster-1': 'the same',
};
const SHARED = 'the pods of two clusters can run on one node';
const WITHOUT_AFFINITY: Reasons = {
  'IOM102 IOMeshCluster iomesh-system/iomesh': SHARED,
  'IOM102 IOMeshCluster iomesh-cluster-1/iomesh-cluster-1': SHARED,
  'IOM102 ZookeeperCluster iomesh-system/iomesh-zookeeper': SHARED,
  'IOM102 ZookeeperCluster iomesh-cluster-1/iomesh-cluster-1-zookeeper': SHARED,
};
const SIZES: Reasons = {
  'IOM518 PersistentVolumeClaim default/iomesh-pvc': 'the guide asks for 1Gi, but names 2Gi as the unit',
  'IOM518 PersistentVolumeClaim default/iomesh-cluster-1-pvc': 'the same',
};
/** Warnings of the webhook about an object that is not created yet. */
const NOT_CREATED_YET = ['IOM204', 'IOM503', 'IOM504', 'IOM512', 'IOM701', 'IOM705'];

// Several clusters without connection ConfigMaps came with 1.1, so the guide of 1.2 holds for 1.1 as well.
const GUIDES: readonly Guide[] = [
  { folder: '1.0.4-multi-cluster', version: '1.0', warnings: OF_1_0 },
  { folder: '1.0.4-multi-cluster', version: 'auto', warnings: OF_1_0 },
  { folder: '1.2-multi-cluster', version: '1.1', warnings: WITHOUT_AFFINITY },
  { folder: '1.2-multi-cluster', version: '1.2', warnings: WITHOUT_AFFINITY, lintWarnings: SIZES },
  { folder: '1.2-multi-cluster', version: 'auto', warnings: WITHOUT_AFFINITY, lintWarnings: SIZES },
  { folder: '1.2-multi-cluster-with-affinity', version: '1.1', warnings: {} },
  { folder: '1.2-multi-cluster-with-affinity', version: '1.2', warnings: {}, lintWarnings: SIZES },
  { folder: '1.2-multi-cluster-with-affinity', version: 'auto', warnings: {}, lintWarnings: SIZES },
];

describe.skipIf(VENDOR === '').each(GUIDES)(
  'guide $folder at $version (needs IOMESH_VENDOR_DATA)',
  (guide) => {
    const config: Config = { ...DEFAULT_CONFIG, iomeshVersion: guide.version };
    const expected = Object.keys(guide.warnings).sort();

    it('has only true findings in lint, and no error', () => {
      const { findings } = judge(worldOfGuide(guide.folder, config));
      expect(findings.filter(({ severity }) => severity === 'error').map(textOf)).toEqual([]);
      const inLint = [...expected, ...Object.keys(guide.lintWarnings ?? {})].sort();
      expect(findings.map(nameOf).sort()).toEqual(inLint);
    });

    it('is admitted in the order of the files, reversed, and in other orders', () => {
      const { resources } = worldOfGuide(guide.folder, config);
      const definition = definitionOf(guide.folder.startsWith('1.0') ? '1.0' : '1.1');
      for (const order of orders(resources, ORDERS)) {
        const { denied, warned } = applied(order, config, definition);
        const inOrder = order.map(({ ref }) => describeRef(ref)).join(', ');
        expect(denied.map(textOf), inOrder).toEqual([]);
        const lasting = warned.filter(({ code }) => !NOT_CREATED_YET.includes(code));
        expect([...new Set(lasting.map(nameOf))].sort(), inOrder).toEqual(expected);
      }
    });
  },
);

/** What the installed definition shows; 1.1 has the fields that 1.2 is known by. */
function definitionOf(version: '1.0' | '1.1'): VersionEvidence | undefined {
  const file = join(import.meta.dirname, `e2e/crds/iomeshclusters-${version}.yaml`);
  return definitionEvidence(load(readFileSync(file, 'utf8')) as Json);
}

function nameOf({ code, object }: Finding): string {
  return `${code} ${object === undefined ? '' : describeRef(object)}`;
}

function textOf(finding: Finding): string {
  return `${nameOf(finding)}: ${finding.message}`;
}

/** The findings of the webhook if objects are created one after another, each completed before it is checked. */
function applied(
  order: readonly Resource[],
  config: Config,
  definition: VersionEvidence | undefined,
): Pick<ChangeResult, 'denied' | 'warned'> {
  const input = { config, definition, today: TODAY };
  let world = World.of({ ...input, resources: [] }).inMode('admission');
  const denied: Finding[] = [];
  const warned: Finding[] = [];
  for (const each of order) {
    const after = mutate(each, world, 'CREATE').resource;
    const result = judgeChange(world, { after });
    denied.push(...result.denied);
    warned.push(...result.warned);
    world = World.of({ ...input, resources: [...world.resources, after] }).inMode('admission');
  }
  return { denied, warned };
}

/** Random orders of a list, always the same, after the list itself and its reverse. */
function* orders<T>(list: readonly T[], count: number): Iterable<readonly T[]> {
  yield list;
  yield [...list].reverse();
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let index = 0; index < count; index += 1) {
    const rest = [...list];
    const order: T[] = [];
    while (rest.length > 0) order.push(...rest.splice(random(rest.length), 1));
    yield order;
  }
}
