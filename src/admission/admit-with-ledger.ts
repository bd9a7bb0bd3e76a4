import { matters } from './ledger-view.ts';
import type { Ledger } from './ledger.ts';
import { admit, type Intent } from './admit.ts';
import type { Decision } from './decision.ts';
import { withNote } from './response.ts';
import type { AdmissionRequest } from './review.ts';

/** Another request was allowed, and what it asked for has not been seen stored. */
const UNDER_WAY =
  'this holds against a change that was allowed a moment ago and is not stored yet; if it never is, because the apiserver refused it, try again in some minutes';

/** True for a request that could come to conflict with another one under way. */
export function needsLedger(intent: Intent): intent is Intent & { kind: 'change' } {
  return intent.kind === 'change' && matters(intent);
}

/**
 * Judges a request beside all others under way, in whichever replica, and gives the decision once it is
 * certain that no conflicting one can be allowed any more. Rejects with WorldUnreadable where that
 * cannot be had within `timeoutMs`.
 */
export function admitWithLedger(
  ledger: Ledger,
  request: AdmissionRequest,
  intent: Intent & { kind: 'change' },
  timeoutMs: number,
): Promise<Decision> {
  const { before, after } = intent;
  return ledger.decide(
    {
      change: { ...(before && { before }), ...(after && { after }) },
      dryRun: request.dryRun,
      judge(world) {
        const decision = admit(request, intent, world);
        return { allowed: decision.response.response.allowed, answer: decision };
      },
      underWay: (decision) => ({ ...decision, response: withNote(decision.response, UNDER_WAY) }),
    },
    timeoutMs,
    AbortSignal.timeout(timeoutMs),
  );
}
