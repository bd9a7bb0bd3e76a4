/** Longest stretch of work between two pauses, in milliseconds: less than a review should wait. */
const STRETCH_MS = 1;

/**
 * For work that is long and not urgent, on the thread that answers reviews: a function to call between its
 * steps. It gives a promise where it is time to let others go first.
 */
export function pauses(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH_MS) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        since = performance.now();
        resolve();
      });
    });
  };
}
