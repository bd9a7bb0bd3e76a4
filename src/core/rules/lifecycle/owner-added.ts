import { type Change, describe, type Resource } from '../../base/model.ts';
import { withFields } from '../../base/help-text.ts';
import { quoted } from '../../base/text.ts';
import { addException } from '../../base/waivers.ts';
import { isOfIomesh } from '../../iomesh/cluster.ts';
import { isConnection } from '../../iomesh/connection.ts';
import {
  addedOwners,
  isOrphan,
  isOwnedBy,
  needsPermission,
  type OwnerReference,
  ownerState,
} from '../../iomesh/owner-reference.ts';
import type { ReportViolation, Rule } from '../../rule.ts';
import type { World } from '../../world.ts';

/** IOM608: an object gets an owner with which the garbage collector deletes it. */
export const ownerAdded: Rule = {
  code: 'IOM608',
  name: 'owner-added',
  severity: { lint: 'none', admission: 'deny' },
  minor: { lint: 'none', admission: 'warn' },
  kinds: ['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap'],
  checkChange(change, was, world, report) {
    const { before, after } = change;
    if (after === undefined) {
      if (before !== undefined) reportOwned(before, was, world, report);
      return;
    }
    if (before === undefined ? !isProtected(world, after) : !isProtected(was, before)) return;
    for (const owner of addedOwners(change)) {
      const loss = lossBy(owner, after, change, world);
      if (loss === undefined) continue;
      report({
        path: owner.path,
        message: `${describe(after.ref)} gets the owner ${owner.kindText} ${quoted(owner.name)}, ${loss.reason}`,
        help: withFields`remove ${owner.path}; if this owner is intended, ${addException('IOM608')}`,
        identity: `${after.key}|${owner.text}`,
        minor: !loss.denied,
      });
    }
  },
};

function isProtected(world: World, resource: Resource): boolean {
  return resource.kind === 'ConfigMap' ? isConnection(world, resource) : isOfIomesh(world, resource);
}

/** Reports what the garbage collector deletes with an owner. An IOMeshCluster owns what an operator creates for it. */
function reportOwned(owner: Resource, was: World, world: World, report: ReportViolation): void {
  const kinds = ['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap'] as const;
  for (const kind of owner.kind === 'IOMeshCluster' ? kinds.slice(0, 1) : kinds)
    for (const each of was.inNamespace(kind, owner.ref.namespace ?? ''))
      if (isOwnedBy(each, owner) && isProtected(was, each) && !isOrphan(was, each) && isOrphan(world, each))
        report({
          path: [],
          message: `the garbage collector deletes ${describe(each.ref)} with ${describe(owner.ref)}, which is its only owner`,
          help: `remove the owner from metadata.ownerReferences of ${describe(each.ref)} first; if it must be deleted too, delete it before`,
          other: each,
          symmetric: true,
          minor: kind === 'ConfigMap',
          identity: `${each.key}|owner deleted`,
        });
}

interface Loss {
  /** Follows the name of the owner and a comma. */
  readonly reason: string;
  readonly denied: boolean;
}

function lossBy(
  owner: OwnerReference,
  subject: Resource,
  { before, mayDelete }: Change,
  world: World,
): Loss | undefined {
  const state = ownerState(world, subject, owner);
  // A new object holds nothing that could be lost.
  const isNew = before === undefined;
  if (state === 'missing' || state === 'leaving')
    return {
      reason: `which ${state === 'leaving' ? 'is being deleted' : 'does not exist in its namespace with this uid'}, so the garbage collector deletes the ${subject.kind}`,
      denied: !isNew,
    };
  if (isNew || !needsPermission(owner)) return undefined;
  if (mayDelete === false)
    return {
      reason: 'so the garbage collector can delete it, but the user has no permission to delete it',
      denied: true,
    };
  return {
    reason:
      state === 'present'
        ? `so the ${subject.kind} is deleted with it`
        : `of a kind that is not checked; if it does not exist, the garbage collector deletes the ${subject.kind}`,
    denied: false,
  };
}
