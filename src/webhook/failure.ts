/** Why a review was not answered, as an apiserver understands it. */
export interface FailureStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: object;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly code: number;
}

/**
 * The body of an HTTP error: a Kubernetes `Status`. Of any other body the apiserver tells its user
 * nothing but the HTTP status in words of its own.
 */
export function failureStatus(code: number, message: string): FailureStatus {
  const reason = code === 503 ? 'ServiceUnavailable' : code >= 500 ? 'InternalError' : 'BadRequest';
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}
