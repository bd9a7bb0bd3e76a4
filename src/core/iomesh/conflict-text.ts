import type { NodeClaim } from './node-claims.ts';
import { type ClusterId, clusterText } from './cluster.ts';
import type { RelatedPlace } from '../finding.ts';
import { displayName } from '../base/model.ts';
import { formatPath, type Path } from '../base/path.ts';
import type { KnownNode, Requirement, Term } from '../node-selector/index.ts';
import { joined } from '../base/text.ts';
import { type ClaimPair, type ClusterConflict, sharedNodeOf } from './cluster-conflicts.ts';
import { valuePath } from './listed-nodes.ts';

/** Where one claim of a pair is written: the field to mark, and the label under it. */
export interface ClaimPlace {
  readonly path: Path;
  readonly label: string;
}

/** Where the subject's claim of a pair is written. */
export function placeOfMine(pair: ClaimPair): ClaimPlace {
  const shared = sharedNodeOf(pair);
  return placeOf(pair.mine, shared.mine, shared.theirs, shared.node);
}

/** Where the other cluster's claim of a pair is written. */
export function placeOfTheirs(pair: ClaimPair): RelatedPlace {
  const shared = sharedNodeOf(pair);
  const { path, label } = placeOf(pair.theirs, shared.theirs, shared.mine, shared.node);
  return { resource: pair.theirs.placement.resource, path, message: label };
}

/** Both clusters of a conflict with the components that overlap: `a/b (chunk, meta) and c/d (chunk)`. */
export function clustersText({ mine, theirs, pairs }: ClusterConflict): string {
  return joined([
    clusterWith(
      mine,
      pairs.map((each) => each.mine),
    ),
    clusterWith(
      theirs,
      pairs.map((each) => each.theirs),
    ),
  ]);
}

/** A key of the two components of a pair, the same from either side. */
export function pairKey({ mine, theirs }: ClaimPair): string {
  return [mine, theirs]
    .map(({ cluster, placement }) => `${displayName(cluster)} ${placement.component}`)
    .sort()
    .join('|');
}

/** A key of the two clusters of a conflict, the same from either side. */
export function conflictKey({ mine, theirs }: ClusterConflict): string {
  return [clusterText(mine), clusterText(theirs)].sort().join('|');
}

function clusterWith(id: ClusterId, claims: readonly NodeClaim[]): string {
  const components = new Set(claims.map(({ placement }) => placement.component));
  return `${displayName(id)} (${[...components].join(', ')})`;
}

function placeOf({ placement }: NodeClaim, own: Term, other: Term, node: KnownNode): ClaimPlace {
  const { component, resource } = placement;
  const field = component === 'zookeeper' ? placement.path : placement.owner;
  const requirement = decisive(own, other, node.labels);
  const path =
    requirement === undefined
      ? placement.placement.path
      : valuePath(
          resource,
          requirement,
          requirement.kind === 'field' ? node.name : (node.labels[requirement.key] ?? ''),
        );
  return { path, label: `${displayName(resource.ref)}, ${formatPath(field)}` };
}

/**
 * The requirement that best explains why the node is selected: one that lists its value and that both terms
 * have.
 */
function decisive(own: Term, other: Term, labels: KnownNode['labels']): Requirement | undefined {
  const lists = ({ kind, key, operator, values }: Requirement) =>
    operator === 'In' && (kind === 'field' || values.includes(labels[key] ?? ''));
  const common = ({ kind, key }: Requirement) =>
    other.requirements.some((each) => each.kind === kind && each.key === key);
  const { requirements } = own;
  return (
    requirements.find((each) => lists(each) && common(each)) ??
    requirements.find(common) ??
    requirements.find(lists) ??
    requirements[0]
  );
}
