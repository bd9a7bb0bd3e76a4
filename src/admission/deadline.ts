/** Where the caller says nothing: the webhooks' own timeout. */
const DEFAULT_MS = 5_000;
const MAX_MS = 30_000;

/**
 * How long an answer may take, in milliseconds: what the apiserver says it will wait (`?timeout=5s`, a
 * Go duration), less a tenth for the way back, so that it hears our reason and not a time-out.
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

/** Milliseconds of a Go duration such as `1m30s` or `2.5s`; undefined for anything else, or for none. */
function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|us|ns|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(h|ms|us|ns|m|s)/g))
    total += Number(number) * (UNITS[unit ?? ''] ?? 0);
  return total > 0 ? total : undefined;
}
