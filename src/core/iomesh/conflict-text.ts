import type { Claim } from './node-claims.ts';
import { type ClusterId, clusterText } from './cluster.ts';
import type { Related } from '../finding.ts';
import { displayName } from '../base/model.ts';
import { formatPath, type Path } from '../base/path.ts';
import type { Requirement, Term } from '../node-selector/index.ts';
import { joined } from '../base/text.ts';
import type { Clash, Conflict } from './cluster-conflicts.ts';
import { valuePath } from './listed-nodes.ts';
import { type Meeting, meetingOf } from './meeting.ts';

/** The place of one side of a conflict: what to mark, and what to write under it. */
export interface Side {
  readonly path: Path;
  readonly label: string;
}

/** Where the subject's side of a conflict is written. */
export function mySide(conflict: Conflict): Side {
  const meeting = meetingOf(conflict);
  return side(conflict.mine, meeting.mine, meeting.theirs, meeting);
}

/** Where the other side of a conflict is written. */
export function theirSide(conflict: Conflict): Related {
  const meeting = meetingOf(conflict);
  const { path, label } = side(conflict.theirs, meeting.theirs, meeting.mine, meeting);
  return { resource: conflict.theirs.placement.resource, path, message: label };
}

/** Both clusters of a clash with the components that stand against each other: `a/b (chunk, meta) and c/d (chunk)`. */
export function clustersText({ mine, theirs, conflicts }: Clash): string {
  return joined([
    clusterWith(
      mine,
      conflicts.map((each) => each.mine),
    ),
    clusterWith(
      theirs,
      conflicts.map((each) => each.theirs),
    ),
  ]);
}

/** A conflict by its two components, the same from either side. */
export function componentsKey({ mine, theirs }: Conflict): string {
  return [mine, theirs]
    .map(({ cluster, placement }) => `${displayName(cluster)} ${placement.component}`)
    .sort()
    .join('|');
}

/** Two clusters, the same from either side. */
export function clashKey({ mine, theirs }: Clash): string {
  return [clusterText(mine), clusterText(theirs)].sort().join('|');
}

function clusterWith(id: ClusterId, claims: readonly Claim[]): string {
  const components = new Set(claims.map(({ placement }) => placement.component));
  return `${displayName(id)} (${[...components].join(', ')})`;
}

function side({ placement }: Claim, own: Term, other: Term, { node }: Meeting): Side {
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

/** The requirement that says most about why the node is selected. */
function decisive(own: Term, other: Term, labels: Meeting['node']['labels']): Requirement | undefined {
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
