/** Timeouts and limits of the live world. */
export interface Timings {
  /** The server ends a watch after this time; it is then started again. */
  readonly timeoutSeconds: number;
  /** A watch without an event or a bookmark for this time is broken. */
  readonly silenceMs: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** The interval of retries for a kind that is not installed, or that may not be listed. */
  readonly absentMs: number;
  readonly forbiddenMs: number;
  /** The timeout of a list with all its pages. */
  readonly listMs: number;
  readonly pageSize: number;
  /** The timeout of a consistent read. */
  readonly readMs: number;
  /** The cache is used for this time after a list has shown that it lacks nothing; 0: never. */
  readonly provenMs: number;
  /** How long a read waits until the watches show what the ledger says was stored. */
  readonly shownMs: number;
}

export const TIMINGS: Timings = {
  // Less than silenceMs: an older apiserver whose etcd sends no progress has no bookmark for a kind without changes
  // (https://github.com/kubernetes/kubernetes/blob/v1.27.8/staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go#L914).
  timeoutSeconds: 120,
  // Newer ones send a bookmark every minute.
  silenceMs: 150_000,
  backoffMs: 500,
  maxBackoffMs: 30_000,
  absentMs: 15_000,
  forbiddenMs: 60_000,
  listMs: 120_000,
  pageSize: 500,
  readMs: 5_000,
  provenMs: 5_000,
  shownMs: 20,
};
