import { displayName } from '../core/base/model.ts';
import { factOf } from '../core/base/version-evidence.ts';
import type { World } from '../core/world.ts';

/** The field that decided the release of IOMesh; undefined if the configuration sets it, or if nothing shows one. */
export function versionReason({ evidence }: World): string | undefined {
  if (evidence?.resource === undefined) return evidence && factOf(evidence);
  return `${factOf(evidence)} in ${evidence.resource.kind} ${displayName(evidence.resource.ref)}`;
}

/** A note about the release of IOMesh whose rules apply, if it was not configured and is not the oldest. */
export function versionNotes(world: World): readonly string[] {
  const reason = versionReason(world);
  if (reason === undefined || world.iomeshVersion === '1.0') return [];
  return [`the rules of IOMesh ${world.iomeshVersion} apply: ${reason}`];
}
