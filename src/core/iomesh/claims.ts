/** PersistentVolumeClaims. */
import { asString, at } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import type { World } from '../world.ts';

/** True for a claim that has its volume: it needs its StorageClass no more to be created. */
export function isBoundClaim(claim: Resource): boolean {
  const volume = asString(at(claim.json, ['spec', 'volumeName']));
  return (volume !== undefined && volume !== '') || at(claim.json, ['status', 'phase']) === 'Bound';
}

/** The claim whose data another claim starts with. */
export interface ClaimSource {
  readonly claim: Resource;
  /** Set if the data comes from a snapshot of that claim. */
  readonly snapshot: Resource | undefined;
  /** The field that names the source. */
  readonly path: Path;
}

const SOURCE_FIELDS = ['dataSourceRef', 'dataSource'] as const;
const SNAPSHOT_GROUP = 'snapshot.storage.k8s.io';

/** The claim that a claim is cloned from, or whose snapshot it restores, if the world has it. */
export function sourceOfClaim(world: World, claim: Resource): ClaimSource | undefined {
  for (const field of SOURCE_FIELDS) {
    const path = ['spec', field];
    const text = (key: string) => asString(at(claim.json, [...path, key])) ?? '';
    const [kind, group, name] = [text('kind'), text('apiGroup'), text('name')];
    if (name === '') continue;
    const namespace = text('namespace') || claim.ref.namespace;
    const found = (source: Resource | undefined, snapshot?: Resource) =>
      source === undefined ? undefined : { claim: source, snapshot, path: [...path, 'name'] };
    if (kind === 'PersistentVolumeClaim' && group === '')
      return found(world.get('PersistentVolumeClaim', namespace, name));
    if (kind !== 'VolumeSnapshot' || group !== SNAPSHOT_GROUP) return undefined;
    const snapshot = world.get('VolumeSnapshot', namespace, name);
    if (snapshot === undefined) return undefined;
    const source = asString(at(snapshot.json, ['spec', 'source', 'persistentVolumeClaimName']));
    return found(
      source === undefined ? undefined : world.get('PersistentVolumeClaim', namespace, source),
      snapshot,
    );
  }
  return undefined;
}
