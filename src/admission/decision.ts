import type { Finding } from '../core/finding.ts';
import { allow, type ReviewResponse } from './response.ts';
import type { AdmissionRequest } from './review.ts';

/** Which of the two webhooks was asked. */
export type Door = 'validate' | 'mutate';

/** What was decided, for the answer, the log and the metrics. */
export interface Decision {
  readonly response: ReviewResponse;
  readonly outcome: 'allowed' | 'warned' | 'denied' | 'patched' | 'passed';
  readonly denied: readonly Finding[];
  readonly warned: readonly Finding[];
  readonly waived: readonly Finding[];
}

/** Let through without a judgement. */
export function passed(request: AdmissionRequest): Decision {
  return { response: allow(request.uid), outcome: 'passed', denied: [], warned: [], waived: [] };
}
