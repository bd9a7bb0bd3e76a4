import { clusterOf, clusterText, objectsOf } from '../../iomesh/cluster.ts';
import { addressedCluster, connectionValue } from '../../iomesh/connection.ts';
import { META_ADDR } from '../../iomesh/meta-address.ts';
import { describe, displayName, type Resource } from '../../base/model.ts';
import { addException } from '../../base/waivers.ts';
import { planRemoval } from '../../iomesh/removal.ts';
import type { Rule, Violation } from '../../rule.ts';
import { quoted, quotedInFull } from '../../base/text.ts';
import {
  unknownVolumesText,
  type VolumeLoss,
  volumeLoss,
  volumeLossByUpdate,
} from '../../iomesh/volume-loss.ts';
import { volumesText } from '../../iomesh/volumes.ts';
import type { World } from '../../world.ts';

const LIST_PERMISSION =
  'let the ServiceAccount of the webhook list persistentvolumes, and try again; kubectl get pv lists the volumes';

/** IOM606: an object is deleted, or a ConfigMap leads elsewhere, while volumes need it. */
export const volumesLost: Rule = {
  code: 'IOM606',
  name: 'volumes-lost',
  severity: { lint: 'none', admission: 'deny' },
  kinds: ['ConfigMap', 'IOMeshCluster', 'ZookeeperCluster'],
  checkChange({ before, after }, was, _is, report) {
    if (before === undefined) return;
    if (after !== undefined) {
      const loss = before.kind === 'ConfigMap' ? volumeLossByUpdate(was, before, after) : undefined;
      if (loss !== undefined) report(ofUpdate(was, before, loss));
      return;
    }
    const loss = volumeLoss(was, before);
    if (loss === undefined) return;
    report({
      path: ['metadata', 'name'],
      message: messageOf(was, before, loss),
      help: `${firstStep(was, before, loss)}; to delete or re-create ${displayName(before.ref)} all the same, ${addException('IOM606')}`,
    });
  },
};

/** The violation of a ConfigMap that does not address its previous cluster any more. */
function ofUpdate(world: World, before: Resource, loss: VolumeLoss): Violation {
  const left = clusterText(addressedCluster(before)!);
  const first =
    loss.unread === undefined
      ? `set data.metaAddr back to ${quotedInFull(connectionValue(before, 'metaAddr') ?? '')}, and keep it until these volumes are gone (kubectl get pv lists them)`
      : LIST_PERMISSION;
  return {
    path: META_ADDR,
    message: `metaAddr of ${displayName(before.ref)} does not lead to ${quoted(left)} any more; ${messageOf(world, before, loss)}`,
    help: `${first}; to change it all the same, ${addException('IOM606')}`,
    evidence: [left],
  };
}

function messageOf(world: World, deleted: Resource, { volumes, unknown, unread }: VolumeLoss): string {
  if (unread !== undefined) return `cannot verify that no volume needs ${describe(deleted.ref)}: ${unread}`;
  const parts = [
    ...(volumes.length === 0 ? [] : [`${holder(world, deleted)} ${volumesText(volumes)}`]),
    ...unknownVolumesText(unknown),
  ];
  return parts.join('; ');
}

function holder(world: World, { kind, ref }: Resource): string {
  if (kind === 'ConfigMap') return `through ${describe(ref)} the CSI driver reaches`;
  if (kind === 'IOMeshCluster') return `${describe(ref)} holds the data of`;
  const id = clusterOf(ref);
  const { cluster } = id === undefined ? {} : objectsOf(world, id);
  return cluster === undefined
    ? `the cluster of ${describe(ref)} holds the data of`
    : `${describe(cluster.ref)}, which cannot run without ${describe(ref)}, holds the data of`;
}

function firstStep(world: World, { kind, ref }: Resource, { volumes, unread }: VolumeLoss): string {
  if (unread !== undefined) return LIST_PERMISSION;
  if (volumes.length === 0)
    return 'find out which cluster holds them: the StorageClass of a volume is gone, or names no cluster (kubectl get pv lists the volumes); a StorageClass of that name, as it was, shows it again';
  if (kind === 'ConfigMap')
    return 'keep the ConfigMap until these volumes are gone (kubectl get pv lists them)';
  const id = clusterOf(ref);
  return `move their data to another cluster first, or remove the claims whose data is not needed (kubectl get pv lists the volumes)${id === undefined ? '' : `; ${planRemoval(world, id)} prints all steps`}`;
}
