/** The timeoutSeconds of our webhook configurations. */
const DEFAULT_MS = 5_000;
/** The largest timeoutSeconds that a webhook configuration can have. */
const MAX_MS = 30_000;

/**
 * The time for an answer in milliseconds: the timeout that the apiserver sends (`?timeout=5s`, a Go
 * duration:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/validating/dispatcher.go)
 * minus one tenth, so that our reason arrives before the timeout.
 */
export function deadlineOf(query: unknown, defaultMs = DEFAULT_MS): number {
  const text = typeof query === 'object' && query !== null && 'timeout' in query ? query.timeout : undefined;
  const given = typeof text === 'string' ? parseDuration(text) : undefined;
  return Math.round(Math.min(given ?? defaultMs, MAX_MS) * 0.9);
}

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};

/** Milliseconds of a Go duration such as `1m30s` or `2.5s`; undefined if the text is not one, or zero. */
function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|us|ns|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(h|ms|us|ns|m|s)/g))
    total += Number(number) * (UNITS[unit ?? ''] ?? 0);
  return total > 0 ? total : undefined;
}

/**
 * Does work whose signal aborts after `ms`, as that of `AbortSignal.timeout` does. The timer ends with the work: under
 * load, thousands of timers of answered reviews would wait for their deadline.
 */
export async function withinTime<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException('The operation timed out', 'TimeoutError'));
  const timer = setTimeout(abort, ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
