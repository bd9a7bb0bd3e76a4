import { createdOrDeletedCluster } from '../../iomesh/affected.ts';
import { relatedField, relatedObject } from '../../finding.ts';
import { type ClusterId, clusterText } from '../../iomesh/cluster.ts';
import { addressedCluster, connectionsOf, metaAddrOf } from '../../iomesh/connection.ts';
import { readString } from '../../schema/read-field.ts';
import { changedObject, displayName, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import {
  classesOfCluster,
  classesOfConnection,
  isIomeshClass,
  readReference,
  referenceParameters,
} from '../../iomesh/storage-class.ts';
import { quoted, quotedInFull } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { RECREATE } from '../../iomesh/class-parameters.ts';
import { connectionFor } from '../../iomesh/references.ts';

export const classContradiction: Rule = {
  code: 'IOM505',
  name: 'class-contradiction',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'shown',
  kinds: ['StorageClass'],
  check(subject, world, report) {
    const sides = contradiction(subject, world);
    if (sides === undefined) return;
    const { connection, addressed, cluster } = sides;
    const named = clusterText(cluster.ref as ClusterId);
    const there = clusterText(addressed);
    const rightConnection = connectionFor(world, cluster.ref as ClusterId);
    const connectionValue =
      rightConnection === undefined ? `the ConfigMap of ${quoted(named)}` : quotedInFull(rightConnection);
    const ofClass = `to use ${quoted(named)}, set parameters.clusterConnection to ${connectionValue}; to use ${quoted(there)}, set parameters.iomeshCluster to ${quotedInFull(there)}; ${RECREATE}`;
    const ofConnection = `set data.metaAddr of ConfigMap ${displayName(connection.ref)} to ${quotedInFull(metaAddrOf(cluster.ref as ClusterId, world.config.clusterDomain))}`;
    report({
      path: ['parameters', 'iomeshCluster'],
      message: `iomeshCluster names ${quoted(named)}, but clusterConnection points to ${quoted(there)} (metaAddr of ConfigMap ${displayName(connection.ref)})`,
      // First the object that was changed.
      help:
        changedObject(world.change ?? {})?.key === connection.key
          ? `${ofConnection}. If the class is wrong, ${ofClass}`
          : `${ofClass}. If the ConfigMap is wrong, ${ofConnection}`,
      other: connection,
      // Either object can be the wrong one, so a change of either introduces the finding.
      symmetric: true,
      related: [
        relatedField(subject, ['parameters', 'clusterConnection']),
        relatedField(connection, ['data', 'metaAddr']),
        relatedObject(cluster, `IOMeshCluster ${named}`),
      ],
      evidence: [`${named}|${there}`],
      fix: { safety: 'shown', description: 'set both parameters to the same cluster' },
    });
  },
  *affected(change, before, after) {
    const changed = changedObject(change);
    if (changed?.kind === 'ConfigMap') {
      yield* classesOfConnection(after, changed.ref);
    }
    const id = createdOrDeletedCluster(change);
    if (id !== undefined) {
      yield* classesOfCluster(after, id);
      for (const connection of connectionsOf(before, id)) yield* classesOfConnection(after, connection.ref);
    }
  },
};

interface Contradiction {
  readonly connection: Resource;
  readonly addressed: ClusterId;
  readonly cluster: Resource;
}

function contradiction(subject: Resource, world: World): Contradiction | undefined {
  if (!isIomeshClass(subject, world.config) || referenceParameters(world.iomeshVersion).length < 2)
    return undefined;
  const [to, of] = [
    readReference(world, subject, 'clusterConnection'),
    readReference(world, subject, 'iomeshCluster'),
  ];
  if (to.state !== 'present' || of.state !== 'present') return undefined;
  const connection = world.get('ConfigMap', to.id.namespace, to.id.name);
  const cluster = world.get('IOMeshCluster', of.id.namespace, of.id.name);
  if (connection === undefined || cluster === undefined) return undefined;
  if (readString(world, connection, ['data', 'metaAddr']).state !== 'present') return undefined;
  const addressed = addressedCluster(connection);
  if (addressed === undefined || clusterText(addressed) === clusterText(of.id)) return undefined;
  const known = world.get('IOMeshCluster', addressed.namespace, addressed.name) !== undefined;
  return known ? { connection, addressed, cluster } : undefined;
}
