import { clusterOf, clusterText, poolClusters } from '../iomesh/cluster.ts';
import type { ClusterId } from '../iomesh/cluster-id.ts';
import { asString, at } from '../base/json.ts';
import { displayName, type Resource } from '../base/model.ts';
import { compareNames, joined, quoted } from '../base/text.ts';
import { suggest } from '../base/suggest.ts';
import type { World } from '../world.ts';
import { canBeStored } from './shell.ts';
import type { PlanRefusal } from './types.ts';

/** Names that a message lists. */
const MAX_NAMES = 8;

/** The IOMeshCluster with a name, or with `namespace/name`; otherwise the reason. */
export function findCluster(world: World, text: string): Resource | PlanRefusal {
  const clusters = world.all('IOMeshCluster');
  const found = clusters.filter(({ ref }) => ref.name === text || `${ref.namespace}/${ref.name}` === text);
  const names = clusters.map(({ ref }) => displayName(ref)).sort();
  const [cluster, other] = found;
  if (cluster === undefined) {
    const near = suggest(text, [...names, ...clusters.map(({ ref }) => ref.name)]);
    const known = names.length === 0 ? 'the input has no IOMesh cluster' : joined(names, MAX_NAMES);
    return {
      message: `there is no IOMesh cluster ${quoted(text)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      hint: names.length === 0 ? known : `clusters: ${known}`,
    };
  }
  if (other !== undefined)
    return {
      message: `${found.length} IOMesh clusters have the name ${quoted(text)}`,
      hint: `name one of ${joined(found.map(({ ref }) => displayName(ref)).sort(), MAX_NAMES)}`,
    };
  if (!canBeStored(cluster.ref))
    return {
      message: `${quoted(displayName(cluster.ref))} is not a name that Kubernetes accepts`,
      hint: 'iomesh-guard lint names the error in the file',
    };
  return cluster;
}

/** The identity of an IOMeshCluster. */
export function idOf(cluster: Resource): ClusterId {
  const id = clusterOf(cluster.ref);
  if (id === undefined) throw new Error(`${cluster.key} is no IOMeshCluster`);
  return id;
}

/** The pools, in the order of their names. */
export function poolsByName(world: World): readonly Resource[] {
  const text = (each: Resource) => clusterText(idOf(each));
  return [...poolClusters(world)].sort((a, b) => compareNames(text(a), text(b)));
}

/** The Helm release that installed a cluster. */
export interface InstalledRelease {
  readonly name: string;
  readonly namespace: string;
  /** The version of the installed chart; undefined if the object does not show it. */
  readonly chartVersion: string | undefined;
}

/** The release that installed an object, by its labels and annotations; undefined without any. */
export function releaseThatInstalled({ json, ref }: Resource): InstalledRelease | undefined {
  const label = (key: string) => asString(at(json, ['metadata', 'labels', key]));
  const annotation = (key: string) => asString(at(json, ['metadata', 'annotations', key]));
  const chart = label('helm.sh/chart');
  const name = annotation('meta.helm.sh/release-name');
  if (name === undefined && chart === undefined && label('app.kubernetes.io/managed-by') !== 'Helm')
    return undefined;
  return {
    name: name ?? ref.name,
    namespace: annotation('meta.helm.sh/release-namespace') ?? ref.namespace ?? '',
    chartVersion: /^iomesh-(v?\d[\w.+-]*)$/.exec(chart ?? '')?.[1],
  };
}

/** The chart in the repository of the vendor, as the guides name it. */
export const VENDOR_CHART = 'iomesh/iomesh';
