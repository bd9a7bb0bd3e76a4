import type { Finding, WaivedFinding } from '../core/finding.ts';
import { allow, type ReviewResponse } from './response.ts';
import type { AdmissionRequest } from './review.ts';

/** The two admission webhooks: `/validate` and `/mutate`. */
export type WebhookKind = 'validating' | 'mutating';

/** The result of a review, for the response, the log and the metrics. */
export interface Decision {
  readonly response: ReviewResponse;
  /** `passed`: admitted without evaluating any rule. */
  readonly outcome: 'allowed' | 'warned' | 'denied' | 'patched' | 'passed';
  readonly denied: readonly Finding[];
  readonly warned: readonly Finding[];
  readonly waived: readonly WaivedFinding[];
}

/** Admits a request without evaluating any rule. */
export function passed(request: AdmissionRequest): Decision {
  return { response: allow(request.uid), outcome: 'passed', denied: [], warned: [], waived: [] };
}
