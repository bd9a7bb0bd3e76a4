/** PersistentVolumeClaims. */
import { asString, at } from '../base/json.ts';
import type { Resource } from '../base/model.ts';

/** True for a claim that has its volume: it needs its StorageClass no more to be created. */
export function isBoundClaim(claim: Resource): boolean {
  const volume = asString(at(claim.json, ['spec', 'volumeName']));
  return (volume !== undefined && volume !== '') || at(claim.json, ['status', 'phase']) === 'Bound';
}
