import { admit, deletesContainer, type Intent } from './admit.ts';
import type { Decision } from './decision.ts';
import { changesLedgerView } from './ledger-view.ts';
import type { Ledger } from './ledger.ts';
import { withNote } from './response.ts';
import type { AdmissionRequest } from './review.ts';

const UNDECIDED =
  'conflicts with a change that was admitted moments ago but is not stored yet; if that change is rejected, retry in about 3 minutes';

/**
 * True for a request that can conflict with another pending change. The deletion of a Namespace cannot: the
 * apiserver creates nothing in a namespace that is being deleted.
 */
export function needsLedger(intent: Intent): intent is Intent & { kind: 'change' } {
  return intent.kind === 'change' && !deletesContainer(intent) && changesLedgerView(intent);
}

/**
 * The decision of the validating webhook that also considers the pending changes of all replicas. Of two
 * conflicting changes it admits at most one. Rejects with WorldUnreadable if there is no decision within
 * `timeoutMs` or before the signal aborts.
 */
export function admitWithLedger(
  ledger: Ledger,
  request: AdmissionRequest,
  intent: Intent & { kind: 'change' },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Decision> {
  return ledger.decide(
    {
      change: intent,
      dryRun: request.dryRun,
      evaluate(world) {
        const decision = admit(request, intent, world);
        return { allowed: decision.response.response.allowed, answer: decision };
      },
      noteUndecided: (denial) => ({ ...denial, response: withNote(denial.response, UNDECIDED) }),
    },
    timeoutMs,
    signal,
  );
}
