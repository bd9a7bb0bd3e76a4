import type { AdmissionRequest } from './review.ts';
import type { Intent } from './admit.ts';
import { addedOwners, needsPermission } from '../core/iomesh/owner-reference.ts';

/** Answers whether users have a permission. */
export interface AccessSource {
  /**
   * True if the user of a request may delete its object. Rejects with WorldUnreadable if that cannot be found
   * out before the signal aborts.
   */
  mayDelete(request: AdmissionRequest, signal: AbortSignal): Promise<boolean>;
}

/**
 * The intent with the permission of the user, if that decides: an update that adds an owner can delete the
 * object. Most requests add none, so nothing is asked.
 */
export async function withPermission(
  access: AccessSource | undefined,
  request: AdmissionRequest,
  intent: Intent,
  signal: AbortSignal,
): Promise<Intent> {
  if (access === undefined || intent.kind !== 'change' || intent.before === undefined) return intent;
  if (!addedOwners(intent).some(needsPermission)) return intent;
  return { ...intent, mayDelete: await access.mayDelete(request, signal) };
}
