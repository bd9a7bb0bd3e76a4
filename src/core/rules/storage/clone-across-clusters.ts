import type { Resource } from '../../base/model.ts';
import { displayName } from '../../base/model.ts';
import { formatPath } from '../../base/path.ts';
import { quoted, quotedInFull } from '../../base/text.ts';
import { relatedField } from '../../finding.ts';
import { isBoundClaim, sourceOfClaim } from '../../iomesh/claims.ts';
import { servingClusterByName } from '../../iomesh/class-cluster.ts';
import { type ClusterId, clusterText } from '../../iomesh/cluster.ts';
import type { Rule } from '../../rule.ts';
import { readString } from '../../schema/read-field.ts';
import type { World } from '../../world.ts';

const PATH = ['spec', 'storageClassName'];

export const cloneAcrossClusters: Rule = {
  code: 'IOM514',
  name: 'clone-across-clusters',
  severity: { lint: 'error', admission: 'none' },
  fix: 'unsafe',
  kinds: ['PersistentVolumeClaim'],
  check(subject, world, report) {
    if (isBoundClaim(subject)) return;
    const source = sourceOfClaim(world, subject);
    const from = source && clusterOfClaim(world, source.claim);
    const to = from && clusterOfClaim(world, subject);
    if (source === undefined || from === undefined || to === undefined) return;
    const [there, here] = [clusterText(from.cluster), clusterText(to.cluster)];
    if (there === here) return;
    const { claim, snapshot, path } = source;
    const what =
      snapshot === undefined
        ? `PVC ${displayName(claim.ref)} is cloned`
        : `snapshot ${displayName(snapshot.ref)} of PVC ${displayName(claim.ref)} is restored`;
    report({
      path: PATH,
      message: `${what} from IOMesh cluster ${quoted(there)} (StorageClass ${quoted(from.className)}) to IOMesh cluster ${quoted(here)} (StorageClass ${quoted(to.className)}), which is impossible`,
      help: `set ${formatPath(PATH)} to ${quotedInFull(from.className)}; to move data to another cluster, create a PVC without data source and copy the files in a pod that mounts both`,
      related: [
        relatedField(subject, path),
        ...(snapshot === undefined
          ? []
          : [relatedField(snapshot, ['spec', 'source', 'persistentVolumeClaimName'])]),
        relatedField(claim, PATH),
      ],
      fix: {
        safety: 'unsafe',
        description: `set it to ${quotedInFull(from.className)}`,
        edits: [{ op: 'replace', path: PATH, value: from.className }],
      },
    });
  },
};

function clusterOfClaim(
  world: World,
  claim: Resource,
): { readonly className: string; readonly cluster: ClusterId } | undefined {
  const { value } = readString(world, claim, PATH);
  const cluster = value === undefined ? undefined : servingClusterByName(world, value);
  return value === undefined || cluster === undefined ? undefined : { className: value, cluster };
}
