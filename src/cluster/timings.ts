/** How patient the live world is. */
export interface Timings {
  /** After which the server ends a watch; it is then begun again. */
  readonly timeoutSeconds: number;
  /** Without an event or a bookmark for that long, a watch is dead. */
  readonly silenceMs: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** How often a kind that is not installed, or may not be listed, is tried again. */
  readonly absentMs: number;
  readonly forbiddenMs: number;
  /** Longest a list of all pages may take. */
  readonly listMs: number;
  readonly pageSize: number;
  /** Longest a consistent read may take. */
  readonly readMs: number;
}

export const TIMINGS: Timings = {
  timeoutSeconds: 240,
  // The server sends a bookmark a minute: two are missing, and the third is not early.
  silenceMs: 150_000,
  backoffMs: 500,
  maxBackoffMs: 30_000,
  absentMs: 15_000,
  forbiddenMs: 60_000,
  listMs: 120_000,
  pageSize: 500,
  readMs: 5_000,
};
