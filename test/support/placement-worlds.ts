/** Random small worlds of clusters with node selectors, as fast-check arbitraries. */
import fc from 'fast-check';
import { type Component, COMPONENTS, type ClusterId, zookeeperName } from '../../src/core/iomesh/cluster.ts';
import { type ConfiguredNode, DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import type { IomeshVersion } from '../../src/core/base/iomesh-version.ts';
import type { Json, JsonObject } from '../../src/core/base/json.ts';
import { type Resource, toResource } from '../../src/core/base/model.ts';
import { World } from '../../src/core/world.ts';

/** What a requirement asks; written as JSON into the objects, and judged by the brute force as it is. */
export interface Wanted {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}
/** Terms of requirements, or nothing required. */
export type Terms = readonly (readonly Wanted[])[] | undefined;

export interface ClusterSpec {
  readonly id: ClusterId;
  readonly terms: Readonly<Record<Component, Terms>>;
  readonly replicas: number;
  readonly zookeeper: boolean;
  readonly mesh: boolean;
}

export interface WorldSpec {
  readonly clusters: readonly ClusterSpec[];
  /** Undefined: nobody says which nodes there are. */
  readonly nodes: readonly ConfiguredNode[] | undefined;
  /** 1.0 by default. */
  readonly iomeshVersion?: IomeshVersion;
}

export const HOSTNAME = 'kubernetes.io/hostname';
/** Every key a selector may ask for, and the values it may ask for. */
export const VALUES: Readonly<Record<string, readonly string[]>> = {
  [HOSTNAME]: ['n0', 'n1', 'n2', 'n3'],
  zone: ['a', 'b'],
  disk: ['ssd'],
};
const KEYS = Object.keys(VALUES);

const wanted: fc.Arbitrary<Wanted> = fc
  .constantFrom(HOSTNAME, HOSTNAME, ...KEYS)
  .chain((key) =>
    fc.oneof(
      { weight: 4, arbitrary: listed(key, 'In') },
      { weight: 1, arbitrary: listed(key, 'NotIn') },
      { weight: 1, arbitrary: fc.constant<Wanted>({ key, operator: 'Exists', values: [] }) },
      { weight: 1, arbitrary: fc.constant<Wanted>({ key, operator: 'DoesNotExist', values: [] }) },
    ),
  );

function listed(key: string, operator: 'In' | 'NotIn'): fc.Arbitrary<Wanted> {
  return fc
    .uniqueArray(fc.constantFrom(...(VALUES[key] ?? [])), { minLength: 1, maxLength: 2 })
    .map((values) => ({ key, operator, values }));
}

const terms: fc.Arbitrary<Terms> = fc.option(
  fc.array(fc.array(wanted, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  { nil: undefined, freq: 6 },
);

/** A cluster of a given number; `alike` clusters have one selection for all components, as real ones do. */
export function cluster(number: number): fc.Arbitrary<ClusterSpec> {
  const name = number === 0 ? 'iomesh' : `pool-${number}`;
  const namespace = number === 0 ? 'iomesh-system' : `ns-${number}`;
  const each = fc.record({ chunk: terms, meta: terms, redirector: terms, zookeeper: terms });
  const alike = terms.map((one) => ({ chunk: one, meta: one, redirector: one, zookeeper: one }));
  return fc.record({
    id: fc.constant({ namespace, name }),
    terms: fc.oneof(each, alike),
    replicas: fc.integer({ min: 1, max: 5 }),
    zookeeper: fc.boolean(),
    mesh: fc.boolean().map((yes) => yes || number === 0),
  });
}

const node: fc.Arbitrary<Record<string, string>> = fc.record(
  { zone: fc.constantFrom('a', 'b'), disk: fc.constantFrom('ssd', 'hdd') },
  { requiredKeys: [] },
);

export const worldSpec: fc.Arbitrary<WorldSpec> = fc.integer({ min: 2, max: 5 }).chain((count) =>
  fc.record({
    clusters: fc.tuple(...Array.from({ length: count }, (_, number) => cluster(number))),
    nodes: fc.option(
      fc
        .array(node, { minLength: 1, maxLength: 4 })
        .map((all) =>
          all.map((labels, number) => ({ name: `n${number}`, labels: { ...labels, rank: '1' } })),
        ),
      { nil: undefined },
    ),
    iomeshVersion: fc.constantFrom('1.0' as const, '1.1' as const, '1.2' as const),
  }),
);

/** The objects of a cluster. */
export function resourcesOf(spec: ClusterSpec): Resource[] {
  const { id, replicas } = spec;
  const policy = (component: Component) => podPolicy(spec.terms[component]);
  const objects: JsonObject[] = [];
  if (spec.mesh)
    objects.push({
      apiVersion: 'iomesh.com/v1alpha1',
      kind: 'IOMeshCluster',
      metadata: { ...id },
      spec: {
        chunk: { replicas, podPolicy: policy('chunk') },
        meta: { replicas, podPolicy: policy('meta') },
        redirector: { podPolicy: policy('redirector') },
      },
    });
  if (spec.zookeeper)
    objects.push({
      apiVersion: 'zookeeper.pravega.io/v1beta1',
      kind: 'ZookeeperCluster',
      metadata: { namespace: id.namespace, name: zookeeperName(id.name) },
      spec: { replicas, image: { repository: 'iomesh/zookeeper' }, pod: policy('zookeeper') },
    });
  return objects.map((json) => toResource(json)!);
}

/** The components of a cluster that are there, with what they require. */
export function placed(spec: ClusterSpec): [Component, Terms][] {
  return COMPONENTS.filter((each) => (each === 'zookeeper' ? spec.zookeeper : spec.mesh)).map((each) => [
    each,
    spec.terms[each],
  ]);
}

/** The placed components whose nodes belong to their cluster alone: at 1.0 also the redirector. */
export function claiming({ iomeshVersion = '1.0' }: WorldSpec, spec: ClusterSpec): [Component, Terms][] {
  return placed(spec).filter(([component]) => component !== 'redirector' || iomeshVersion === '1.0');
}

/** The world of a specification; nodes are configured, or objects of their own. */
export function toWorld(spec: WorldSpec, nodesAsObjects = false): World {
  const resources = spec.clusters.flatMap(resourcesOf);
  if (nodesAsObjects) resources.push(...(spec.nodes ?? []).map(nodeResource));
  const { iomeshVersion = '1.0' } = spec;
  const config = { ...DEFAULT_CONFIG, iomeshVersion, nodes: nodesAsObjects ? undefined : spec.nodes };
  return World.of({ resources, config, today: '2026-11-23' });
}

export function nodeResource({ name, labels }: ConfiguredNode): Resource {
  return toResource({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { ...labels } } })!;
}

/** Whether a node with these labels satisfies all requirements: the brute force's own reading. */
export function satisfies(term: readonly Wanted[], labels: Readonly<Record<string, string>>): boolean {
  return term.every(({ key, operator, values }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const among = value !== undefined && values.includes(value);
    return operator === 'In' ? among : !among;
  });
}

function podPolicy(wantedTerms: Terms): Json {
  if (wantedTerms === undefined) return {};
  const nodeSelectorTerms = wantedTerms.map((term) => ({
    matchExpressions: term.map(({ key, operator, values }) =>
      values.length === 0 ? { key, operator } : { key, operator, values },
    ),
  }));
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}
