import { changedObject, type Resource } from '../core/base/model.ts';
import type { Finding } from '../core/finding.ts';
import { admit, deletesContainer, type Intent } from './admit.ts';
import { findingsToWarnOf } from '../core/judge/judge.ts';
import type { Decision } from './decision.ts';
import { changesLedgerView } from './ledger-view.ts';
import type { Ledger } from './ledger.ts';
import { refusalOf } from './refusal.ts';
import { refuse, warningTexts, withNote, withWarnings } from './response.ts';
import type { AdmissionRequest } from './review.ts';

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
      user: request.username,
      dryRun: request.dryRun,
      evaluate(world) {
        const refusal = refusalOf(intent, world);
        if (refusal !== undefined) {
          const response = refuse(request.uid, refusal);
          const answer: Decision = { response, outcome: 'denied', denied: [], warned: [], waived: [] };
          return { allowed: false, answer };
        }
        const decision = admit(request, intent, world);
        return {
          allowed: decision.response.response.allowed,
          answer: decision,
          restsOn: otherObjects(decision.denied, intent),
        };
      },
      noteUndecided: (denial, seconds) => ({
        ...denial,
        response: withNote(
          denial.response,
          `conflicts with a change that was admitted moments ago but is not stored yet; if that change is rejected and not repeated, retry in ${seconds} s`,
        ),
      }),
      notePending: (decision, others, seconds) => notePending(decision, others, seconds, intent),
    },
    timeoutMs,
    signal,
  );
}

/** The other objects that findings are about; undefined if a finding is about one object only, in its surroundings. */
function otherObjects(
  denied: readonly Finding[],
  intent: Intent & { kind: 'change' },
): readonly Resource[] | undefined {
  const key = changedObject(intent)?.key;
  if (denied.length === 0 || denied.some(({ objects }) => objects.length < 2)) return undefined;
  return denied.flatMap(({ objects }) => objects.filter((each) => each.key !== key));
}

/** Marks the warnings that are not given in every possible world. */
function notePending(
  decision: Decision,
  others: readonly Decision[],
  seconds: number,
  intent: Intent & { kind: 'change' },
): Decision {
  const elsewhere = others.map((other) => new Set(findingsToWarnOf(other).map(textOf)));
  const isCertain = (finding: Finding) => elsewhere.every((texts) => texts.has(textOf(finding)));
  const listed = findingsToWarnOf(decision);
  if (listed.every(isCertain)) return decision;
  const note = `; depends on a change that was admitted moments ago but is not stored yet, for ${seconds} s at most`;
  const texts = warningTexts(listed, changedObject(intent)?.ref, (finding) =>
    isCertain(finding) ? undefined : note,
  );
  return { ...decision, response: withWarnings(decision.response, texts) };
}

function textOf({ identity, message }: Finding): string {
  return `${identity}\0${message}`;
}
