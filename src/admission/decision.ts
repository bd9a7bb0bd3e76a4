import type { Finding } from '../core/finding.ts';
import { allow, type ReviewResponse } from './response.ts';
import type { AdmissionRequest } from './review.ts';

/** Which of the two webhooks was asked. */
export type Door = 'validate' | 'mutate';

/** As much of a finding as log and metrics tell. */
export type Told = Pick<Finding, 'code'>;

/** What was decided, for the answer, the log and the metrics. */
export interface Decision {
  readonly response: ReviewResponse;
  readonly outcome: 'allowed' | 'warned' | 'denied' | 'patched' | 'passed';
  readonly denied: readonly Told[];
  readonly warned: readonly Told[];
  readonly waived: readonly Told[];
}

/** Let through without a judgement. */
export function passed(request: AdmissionRequest): Decision {
  return { response: allow(request.uid), outcome: 'passed', denied: [], warned: [], waived: [] };
}

/** The same decision as an answer to another request. */
export function answerTo(request: AdmissionRequest, decision: Decision): Decision {
  const { response } = decision.response;
  if (response.uid === request.uid) return decision;
  return { ...decision, response: { ...decision.response, response: { ...response, uid: request.uid } } };
}
